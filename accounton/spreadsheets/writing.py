"""The one writer of workbooks. Every cell is text that a spreadsheet never runs: write_string with a quote prefix.

Nothing else in the house writes workbooks, and nothing here calls another write method: `=1+1` stays a text, is shown
as it is and comes back the same when read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import xlsxwriter

HEADER = {"bold": True, "bg_color": "#E6F4F2", "font_color": "#08544F", "bottom": 1, "text_wrap": True}
TEXT = {"num_format": "@", "quote_prefix": True}
EXAMPLE = {"italic": True, "font_color": "#667085"}
LAST_ROW = 1_048_575
LONGEST_LIST = 255
"""Excel takes no longer list of choices inside a validation."""
COMMENT = {"x_scale": 2, "y_scale": 1.4}


@dataclass(frozen=True)
class ColumnSpec:
    """A column: its header, the comment on it, what may be chosen in it, and how wide it is in characters."""

    header: str
    comment: str = ""
    choices: Sequence[str] = ()
    width: int = 16
    wrap: bool = False


@dataclass(frozen=True)
class SheetSpec:
    """A sheet with a frozen header row. Of `rows`, the first `examples` are shown as such."""

    name: str
    columns: Sequence[ColumnSpec]
    rows: Iterable[Sequence[str]] = field(default_factory=list)
    examples: int = 0


def write_workbook(
    target: BinaryIO,
    sheets: Sequence[SheetSpec],
    properties: Mapping[str, str] | None = None,
    *,
    streamed: bool = False,
) -> None:
    """Write sheets as a workbook (.xlsx).

    Everything is kept in memory until it is whole. Only a list without secrets may be `streamed`: it then needs little
    memory, but its rows pass through a temporary file.
    """
    book = xlsxwriter.Workbook(target, {"constant_memory": streamed, "in_memory": not streamed})
    book.set_properties(dict(properties or {}))
    for sheet in sheets:
        _write_sheet(book, sheet)
    book.close()


def _write_sheet(book: Any, spec: SheetSpec) -> None:
    sheet = book.add_worksheet(spec.name)
    plain, example = book.add_format(TEXT), book.add_format(TEXT | EXAMPLE)
    wrapped = book.add_format(TEXT | {"text_wrap": True, "valign": "top"})
    header = book.add_format(TEXT | HEADER)
    formats = [wrapped if column.wrap else plain for column in spec.columns]
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(spec.columns):
        # The whole column is text, also where nothing stands yet: a number typed there keeps its zeros.
        sheet.set_column(place, place, column.width, formats[place])
        sheet.write_string(0, place, column.header, header)
        if column.comment:
            sheet.write_comment(0, place, column.comment, COMMENT)
        _offer(sheet, place, column.choices)
    for number, row in enumerate(spec.rows, 1):
        for place, text in enumerate(row):
            if text:
                sheet.write_string(number, place, text, example if number <= spec.examples else formats[place])


def _offer(sheet: Any, place: int, choices: Sequence[str]) -> None:
    offered: list[str] = []
    for choice in choices:
        if len(",".join([*offered, choice])) > LONGEST_LIST:
            break
        offered.append(choice)
    if offered:
        rule = {"validate": "list", "source": offered, "error_type": "warning"}
        sheet.data_validation(1, place, LAST_ROW, place, rule)
