"""Headers of other packages' exports with what their columns become: exactly, or one that is spelt nearly so.

`synonyms.csv` has real spellings in four languages with the package that writes them, and our own additions.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from accounton.rows.columns import COLUMNS
from accounton.rows.headers import squeezed
from accounton.rows.mapping_targets import NONE
from accounton.rows.whose import names_another

_FILE = Path(__file__).with_name("synonyms.csv")
_CLOSE = 88
_SHORTEST_CLOSE = 5
_OWN = 9
_REMEMBERED = 5000
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|\*")
_CUSTOMERS = re.compile(
    r"\b(?:(?:van de|du|de la|of the) )?(?:klant|cli[eë]nte?|customer|kunde|belastingplichtige|contribuable)\b",
    re.IGNORECASE,
)
"""Words that only say that a column is the customer's own."""
_STREETS = ("street_and_number", "street")


class Known(NamedTuple):
    """What is known of a header: what its column becomes, and the known header that it is spelt like."""

    target: str
    header: str


@lru_cache(_REMEMBERED)
def exactly(header: str) -> str | None:
    """Give what a column with this header becomes, also without what stands in brackets and the word for a customer.

    None where it is not known.
    """
    known = _targets()
    if target := known.get(squeezed(header)):
        return target
    for said in (_ASIDE, _CUSTOMERS):
        # "E-mail (zoon)" is not the customer's e-mail.
        if (target := known.get(squeezed(said.sub("", header)))) and not names_another(header):
            return target
    parts = {known.get(squeezed(part)) for part in header.split("/")}
    return parts.pop() if len(parts) == 1 else None


def closely(header: str) -> Known | None:
    """Give what a column becomes whose header is one slip or two away from a known one."""
    text = squeezed(_ASIDE.sub("", header))
    if len(text) < _SHORTEST_CLOSE:
        return None
    # Loading it takes 10 ms: only lists with unknown headers pay for it.
    from rapidfuzz import fuzz, process  # noqa: PLC0415

    found = process.extractOne(text, _targets().keys(), scorer=fuzz.ratio, score_cutoff=_CLOSE)
    return Known(_targets()[found[0]], _spellings()[found[0]]) if found else None


@cache
def _targets() -> dict[str, str]:
    found: dict[str, Counter[str]] = {}
    for header, target in _all():
        found.setdefault(squeezed(header), Counter())[target] += 1
    return {header: _likeliest(targets) for header, targets in found.items() if header}


@cache
def _spellings() -> dict[str, str]:
    return {squeezed(header): header for header, _ in reversed(list(_all()))}


def _likeliest(targets: Counter[str]) -> str:
    if set(targets) <= set(_STREETS):
        return next(target for target in _STREETS if target in targets)
    most = max(targets.values())
    likely = [target for target, count in targets.items() if count == most]
    return NONE if NONE in likely else likely[0]


def _all() -> Iterable[tuple[str, str]]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        yield from ((row["header"], row["target"]) for row in csv.DictReader(file))
    for column in COLUMNS:
        # "Type" means other things in other lists: only our own header stands for the kind of client.
        own_key = () if column.key == "type" else (column.key,)
        for header in (*column.headers.values(), *column.aliases, *own_key):
            # Our own goes before all others.
            yield from [(header, column.key)] * _OWN
