"""The template workbook, made from the one list of columns; and lists in its shape."""

from collections.abc import Callable, Iterable, Sequence
from typing import BinaryIO

from accounton.rows.columns import COLUMNS, EXPLANATION_SHEETS, N_, Column
from accounton.rows.rules import LANGUAGES
from accounton.spreadsheets.writing import ColumnSpec, SheetSpec, write_workbook

SHEET = "customers"
READERS = tuple(EXPLANATION_SHEETS)
COLUMN, HEADER, EXPLANATION = N_("Column"), N_("Header"), N_("What it takes")
REQUIRED, OPTIONAL = N_("required"), N_("optional")
CANNOT_WRITE = N_("This file cannot be written.")


def write_template(
    target: BinaryIO,
    *,
    language: str = "nl",
    staff: Sequence[str] = (),
    languages: Sequence[str] = LANGUAGES,
    gettext: Callable[[str], str] = str,
) -> None:
    """Write the empty template for a reader of `language` (nl, fr, en); `gettext` puts the help into it.

    `staff` are the e-mails offered for the responsible colleague, `languages` those in which the office works.
    """
    offered = {"responsible": staff, "language": languages}
    columns = [
        ColumnSpec(
            column.headers[language],
            comment=_comment(column, gettext),
            choices=offered.get(column.key, column.choices),
            width=column.width,
        )
        for column in COLUMNS
    ]
    example = [column.example for column in COLUMNS]
    write_workbook(
        target,
        [SheetSpec(SHEET, columns, [example], examples=1), _explanation(language, gettext)],
        {"title": "Accounton"},
    )


def write_list(target: BinaryIO, rows: Iterable[Sequence[str]], *, language: str = "en") -> None:
    """Write a list of made-up customers in the template's shape: texts in the order of COLUMNS, a sequence a row."""
    columns = [ColumnSpec(column.headers[language], width=column.width) for column in COLUMNS]
    write_workbook(target, [SheetSpec(SHEET, columns, rows)], streamed=True)


def _comment(column: Column, gettext: Callable[[str], str]) -> str:
    return f"{gettext(column.help)} ({gettext(REQUIRED if column.required else OPTIONAL)})"


def _explanation(language: str, gettext: Callable[[str], str]) -> SheetSpec:
    headers = (COLUMN, HEADER, EXPLANATION)
    columns = [
        ColumnSpec(gettext(header), width=width, wrap=True) for header, width in zip(headers, (10, 34, 90), strict=True)
    ]
    rows = [[column.letter, column.headers[language], _comment(column, gettext)] for column in COLUMNS]
    return SheetSpec(EXPLANATION_SHEETS[language], columns, rows)
