"""Translating outside a web request: the catalogues of the pure rooms through the standard library's gettext."""

import gettext
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from accounton.rows.messages import Gettext

LANGUAGES = ("nl", "fr", "en")
_HOUSE = Path(__file__).parent.parent
_ROOMS = ("rows", "spreadsheets")


def language_of_environment(environment: Mapping[str, str] = os.environ) -> str:
    """Give the language that LC_ALL, LC_MESSAGES or LANG names, the first that is set; English where it is another."""
    named = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environment.get(name))), "")
    return named[:2].lower() if named[:2].lower() in LANGUAGES else "en"


@cache
def gettext_in(language: str) -> Gettext:
    """Give the gettext of a language; where its catalogues are not compiled, texts stay English."""
    found = gettext.NullTranslations()
    for room in _ROOMS:
        folder = _HOUSE / room / "locale"
        found = _before(gettext.translation("django", folder, [language], fallback=True), found)
    return found.gettext


def _before(first: gettext.NullTranslations, then: gettext.NullTranslations) -> gettext.NullTranslations:
    first.add_fallback(then)
    return first
