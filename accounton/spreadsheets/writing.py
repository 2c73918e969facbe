"""The one writer of workbooks. Every cell is written as text, so that no spreadsheet ever runs one as a formula.

Nothing else in the house writes workbooks (`unseen` keeps this one's rows in memory). The format carries Excel's quote
prefix: the stored text is unchanged and reads back the same, and a cell edited later stays text (OWASP CSV injection;
ASVS 5.0 1.2.10).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from accounton.spreadsheets.unseen import UnseenWorkbook

LONGEST_TEXT = 32_767
LAST_ROW = 1_048_576
_LONGEST_CHOICES = 255
"""Longer lists of choices than this cannot stand in a drop-down itself; they go to a sheet that nobody sees."""
_CHOICES_SHEET = "lists"
_ON_DISK = {"constant_memory": True}
_COMMENT_LINE = 34
_COMMENT_LINE_HEIGHT = 17
_COMMENT_WIDTH = 240


@dataclass(frozen=True, slots=True)
class CellSpec:
    """A cell with a background colour ("#FFC7CE") or a comment, or one that breaks its long text over lines."""

    text: str
    fill: str = ""
    comment: str = ""
    wrap: bool = False


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column. `choices` become a drop-down; another value than these is still accepted after a question."""

    header: str
    width: float = 16
    comment: str = ""
    choices: Sequence[str] = ()
    choices_title: str = ""
    choices_message: str = ""
    required: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """One sheet: a header row, frozen, and rows of texts below it.

    `wrap` breaks long texts over several lines; `filtered` gives each header the list by which rows are filtered.
    """

    name: str
    columns: Sequence[ColumnSpec]
    rows: Iterable[Sequence[str | CellSpec]] = field(default=())
    wrap: bool = False
    filtered: bool = False


class TooManyRows(ValueError):
    """A sheet cannot hold so many rows."""


def write_workbook(target: BinaryIO | Path, sheets: Sequence[SheetSpec], *, private: bool = True) -> None:
    """Write a workbook; its first sheet is the one that opens. Raises TooManyRows.

    With `private` everything stays in memory until it is in `target`: see `unseen` for how much. Without, rows go
    through temporary files on disk: only for what may be seen by anybody.
    """
    options = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    out = target if not isinstance(target, Path) else str(target)
    with UnseenWorkbook(out, options) if private else xlsxwriter.Workbook(out, options | _ON_DISK) as book:
        writer = _Writer(book)
        for sheet in sheets:
            writer.sheet(sheet)
        writer.long_choices()


class _Writer:
    """Writes sheets into one workbook, each kind of format made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._formats: dict[tuple[str, bool], Any] = {}
        self._long_choices: list[Sequence[str]] = []
        self._column = book.add_format({"num_format": "@", "valign": "top"})

    def sheet(self, sheet: SheetSpec) -> None:
        """Write one sheet, row by row, never back to an earlier one."""
        page = self._book.add_worksheet(sheet.name)
        page.freeze_panes(1, 0)
        for at, column in enumerate(sheet.columns):
            page.set_column(at, at, column.width, self._column, {"hidden": column.hidden})
            page.write_string(0, at, column.header, self._header(column.required))
            _comment(page, 0, at, column.comment)
            if column.choices:
                page.data_validation(1, at, LAST_ROW - 1, at, self._drop_down(column))
        for number, row in enumerate(sheet.rows, 1):
            if number >= LAST_ROW:
                raise TooManyRows(sheet.name)
            self._row(page, number, row, sheet.wrap)
        if sheet.filtered:
            page.autofilter(0, 0, max(page.dim_rowmax or 0, 1), len(sheet.columns) - 1)

    def long_choices(self) -> None:
        """Write the lists too long for a drop-down, in a sheet that does not even appear under "unhide"."""
        if self._long_choices:
            page = self._book.add_worksheet(_CHOICES_SHEET)
            page.very_hidden()
            for number in range(max(map(len, self._long_choices))):
                row = [choices[number] if number < len(choices) else "" for choices in self._long_choices]
                self._row(page, number, row, wrap=False)

    def _row(self, page: Any, number: int, row: Sequence[str | CellSpec], wrap: bool) -> None:
        for at, value in enumerate(row):
            cell = value if isinstance(value, CellSpec) else CellSpec(value)
            look = self._text(cell.fill, wrap or cell.wrap)
            if cell.text:
                page.write_string(number, at, shortened(cell.text), look)
            elif cell.fill:
                page.write_blank(number, at, None, look)
            _comment(page, number, at, cell.comment)

    def _text(self, fill: str, wrap: bool) -> Any:
        made = self._formats.get((fill, wrap))
        if made is None:
            properties = {"num_format": "@", "quote_prefix": True, "valign": "top", "text_wrap": wrap}
            made = self._book.add_format(properties | ({"bg_color": fill} if fill else {}))
            self._formats[fill, wrap] = made
        return made

    def _header(self, required: bool) -> Any:
        colours = {"bg_color": "#1F4E79", "font_color": "#FFFFFF"} if required else {"bg_color": "#DDE6EF"}
        return self._book.add_format({"bold": True, "quote_prefix": True, "num_format": "@", "bottom": 1} | colours)

    def _drop_down(self, column: ColumnSpec) -> dict[str, Any]:
        source: Any = list(column.choices)
        if len(",".join(source)) > _LONGEST_CHOICES or any("," in choice for choice in source):
            self._long_choices.append(source)
            letter = xlsxwriter.utility.xl_col_to_name(len(self._long_choices) - 1)
            source = f"={_CHOICES_SHEET}!${letter}$1:${letter}${len(column.choices)}"
        question = {"error_title": column.choices_title[:32], "error_message": column.choices_message[:255]}
        return {"validate": "list", "source": source, "error_type": "warning"} | question


def shortened(text: str) -> str:
    """Cut a text to what a cell can hold; the last letter then says that more stood there."""
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"


def _comment(page: Any, row: int, column: int, text: str) -> None:
    if text:
        lines = sum(1 + len(line) // _COMMENT_LINE for line in text.splitlines())
        size = {"width": _COMMENT_WIDTH, "height": _COMMENT_LINE_HEIGHT * (lines + 1)}
        page.write_comment(row, column, shortened(text), size)
