"""Which of the sheets of a workbook is read; apart from the look, for the child chooses by the same rule."""

from collections.abc import Iterable
from typing import TypeVar

from accounton.spreadsheets.problems import UnusableFile

SHEET_NAME = "customers"
"""A visible sheet of this name, in any case, goes before all others: the template's own."""

_Sheet = TypeVar("_Sheet")


def in_order(sheets: Iterable[tuple[str, bool, _Sheet]]) -> list[_Sheet]:
    """Give the visible ones of sheets (name, visible, sheet) in the order in which they are tried."""
    visible = [(name, sheet) for name, is_visible, sheet in sheets if is_visible]
    return [sheet for _, sheet in sorted(visible, key=lambda each: each[0].strip().lower() != SHEET_NAME)]


def first_fitting(sheets: Iterable[tuple[str, bool, bool]]) -> str:
    """Name the first visible sheet with data of (name, visible, has data), `customers` first. Raises UnusableFile."""
    for name, has_data in in_order((name, visible, (name, data)) for name, visible, data in sheets):
        if has_data:
            return name
    raise UnusableFile("file.no_data")
