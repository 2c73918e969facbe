"""Which of the sheets of a workbook is read; apart from the look, for the child chooses by the same rule."""

from collections.abc import Iterable
from typing import TypeVar

from accounton.belgium.numbers_in_text import masked_name
from accounton.spreadsheets.problems import UnusableFile

SHEET_NAME = "customers"
"""A visible sheet of this name, in any case, goes before all others: the template's own."""
WHOLE = {"relaties": ("gelinkte relaties", "gelinkte relatie", "instructies")}
"""Sheets that go before the others where one of these stands beside them: the workbook then is known as a whole."""
LINKS = {"relaties": ("gelinkte relaties", "gelinkte relatie")}
"""The sheets that are read together with another one: it says how the rows there belong together."""

_Sheet = TypeVar("_Sheet")


def in_order(sheets: Iterable[tuple[str, bool, _Sheet]]) -> list[_Sheet]:
    """Give the visible ones of sheets (name, visible, sheet) in the order in which they are tried."""
    every = list(sheets)
    names = {_folded(name) for name, _, _ in every}
    visible = [(name, sheet) for name, is_visible, sheet in every if is_visible]
    return [sheet for _, sheet in sorted(visible, key=lambda each: _rank(_folded(each[0]), names))]


def beside(chosen: str, sheets: Iterable[tuple[str, bool]]) -> str:
    """Name the visible sheet that is read together with the chosen one; "" where there is none."""
    wanted = LINKS.get(_folded(chosen), ())
    return next((name for name, is_visible in sheets if is_visible and _folded(name) in wanted), "")


def first_fitting(sheets: Iterable[tuple[str, bool, bool]]) -> str:
    """Name the first visible sheet with data of (name, visible, has data), `customers` first. Raises UnusableFile."""
    for name, has_data in in_order((name, visible, (name, data)) for name, visible, data in sheets):
        if has_data:
            return name
    raise UnusableFile("file.no_data")


def named(name: str, names: Iterable[str]) -> str | None:
    """Give the sheet that is meant by a name: this one, or as it is kept, with a national number in it masked."""
    every = list(names)
    return name if name in every else next((each for each in every if masked_name(each) == name), None)


def _folded(name: str) -> str:
    return " ".join(name.lower().split())


def _rank(name: str, names: set[str]) -> int:
    if name == SHEET_NAME:
        return 0
    return 2 - any(other in names for other in WHOLE.get(name, ()))
