"""The catalogues of messages: a .po file per room and language, from which the .mo that gettext reads is made."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

HOUSE = Path(__file__).resolve().parent.parent


def catalogues(house: Path = HOUSE) -> list[Path]:
    """Give the .po files of all rooms, in a fixed order."""
    return sorted(house.glob("*/locale/*/LC_MESSAGES/django.po"))


def compile_missing(house: Path = HOUSE) -> list[Path]:
    """Make each .mo that is absent or older than its .po; give those that were made."""
    made = []
    for po in catalogues(house):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
            compile_one(po)
            made.append(mo)
    return made


def compile_one(po: Path) -> None:
    """Make the .mo beside a .po. Whoever reads meanwhile sees the old one or the new one, never half of it."""
    mo = po.with_suffix(".mo")
    language = po.parent.parent.name
    unfinished = mo.with_suffix(f".{os.getpid()}")
    with po.open("rb") as source, unfinished.open("wb") as target:
        write_mo(target, read_po(source, locale=language))
    unfinished.replace(mo)
