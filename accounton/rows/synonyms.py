"""Headers of other packages' exports with what their columns become: exactly, or one that is spelt nearly so.

`synonyms.csv` has real spellings in four languages with the package that writes them, and our own additions.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from accounton.belgium.folding import fold
from accounton.rows.columns import COLUMNS
from accounton.rows.headers import squeezed
from accounton.rows.mapping_targets import NONE

_FILE = Path(__file__).with_name("synonyms.csv")
_CLOSE = 88
_SHORTEST_CLOSE = 5
_OWN = 9
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|\*")
_STREETS = ("street_and_number", "street")

_PARTNER = frozenset(
    "partner partners partenaire spouse spouses conjoint conjointe echtgenoot echtgenote epoux epouse wederhelft "
    "samenwonende cohabitant gatte gattin ehegatte".split()
)
_OTHER_PEOPLE = frozenset(
    "ouder ouders vader moeder parent parents pere mere father mother kind kinderen enfant enfants child children "
    "kinder eltern voogd tuteur werk werkgever werkadres work bureau buro business zakelijk professionnel "
    "professionnelle pro employeur employer geschaftlich dienstlich factuur facturatie facture facturation invoice "
    "rechnung billing bedrijf societe company firma boekhouder comptable notaris notaire naamouders emailouders "
    "gsmouders contactpersoon".split()
)


class Known(NamedTuple):
    """What is known of a header: what its column becomes, and the known header that it is spelt like."""

    target: str
    header: str


def exactly(header: str) -> str | None:
    """Give what a column with this header becomes, also without what stands in brackets; None where it is not known."""
    known = _targets()
    for text in (header, _ASIDE.sub("", header)):
        if target := known.get(squeezed(text)):
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


def names_partner(header: str) -> bool:
    """Say whether a header is about the partner."""
    return not _words(header).isdisjoint(_PARTNER)


def names_another(header: str) -> bool:
    """Say whether a header is about somebody or something else: a parent, a child, work, an invoice, a second one."""
    words = _words(header)
    return not words.isdisjoint(_OTHER_PEOPLE) or bool(words & {"2", "3", "secundair", "secondaire", "secondary"})


def _words(header: str) -> set[str]:
    return set(fold(re.sub(r"(?<=[a-z])(?=[A-Z0-9])", " ", header)).split())


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
