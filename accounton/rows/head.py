"""What is known of a file before its rows come. Imports nothing that parses: the parent's side starts with it."""

from dataclasses import dataclass
from typing import Any, NamedTuple

EXPLANATION_SHEETS = {"nl": "Uitleg", "fr": "Explication", "en": "Explanation"}
"""The names of the template's second sheet, which is there to be read by people only."""
OUR_SHEETS = frozenset(EXPLANATION_SHEETS.values()) | {"lists"}
"""Sheets that our own workbooks have beside the list (`lists` feeds long drop-downs): nobody misses what is in them."""


FILLING = {"second_phone": "mobile"}
"""Targets of columns that only fill what is empty in another column, with the key that this one feeds."""


class FileColumn(NamedTuple):
    """A column of the file: its header, its place counted from 0, and the keys of our columns that it feeds.

    `target` is one of mapping_targets ("none" where it is ignored), and `by` says how it was found: "given" on the
    command line, by a "person", remembered of the "user" or the "office", by its "header" or one "close" to it, by its
    "values" or not at all ("none"). `share` is how many of a hundred values were valid, 0 where nobody looked; `detail`
    is the known header that is close, or that of the column that has the same target already. `plain` is what would
    be proposed had nothing been learnt.
    """

    header: str
    place: int
    keys: tuple[str, ...] = ()
    target: str = "none"
    by: str = "none"
    share: int = 0
    detail: str = ""
    plain: str = "none"

    @property
    def letter(self) -> str:
        """The column's letter in the file."""
        return letter_of(self.place)


class FileNotice(NamedTuple):
    """Something to know about the file as a whole, or about one of its columns (`cell` is then its header's)."""

    code: str
    detail: str = ""
    cell: str = ""


@dataclass(frozen=True)
class Head:
    """What is known of a file before its rows come: which sheet and columns are read, and what is not.

    `columns` and `notices` hold plain lists and dictionaries, to be kept as JSON: a column has `header`, `letter`,
    `keys` (the column keys it feeds, none when it is ignored), `target` and `by` as FileColumn has
    them, a notice `code`, `detail` and `cell`.
    """

    sheet: str
    header_row: int
    columns: list[dict[str, Any]]
    notices: list[dict[str, str]]
    rows_expected: int
    """How many rows there may be, empty ones included: for showing progress."""

    @property
    def letters(self) -> dict[str, str]:
        """The letter of the file's column that feeds each key."""
        return {key: column["letter"] for column in self.columns for key in column["keys"]}


_BY_OF_REPORT = {
    **dict.fromkeys(("given", "header", "close"), "header"),
    **dict.fromkeys(("person", "user", "office"), "memory"),
}


def keys_of_report(column: dict[str, Any]) -> list[str]:
    """Give the keys that a column of a Head feeds, or fills, none where it is ignored."""
    keys: list[str] = column["keys"]
    return keys or [key for target, key in FILLING.items() if target == column["target"]]


def by_of_report(column: dict[str, Any]) -> str:
    """Say how a column of a Head was found as a report says it: by its header, values, memory, or none."""
    by: str = column["by"]
    if not keys_of_report(column) and by in ("header", "close"):
        return "none"
    return _BY_OF_REPORT.get(by, by)


def letter_of(place: int) -> str:
    """Name a column as Excel does, counted from 0: A, B, ... Z, AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
