"""The template workbook, made from the one list of columns; and lists in its shape."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

from accounton.rows.columns import COLUMNS, N_, Column
from accounton.rows.head import EXPLANATION_SHEETS
from accounton.rows.messages import Gettext
from accounton.rows.rules import LANGUAGES
from accounton.spreadsheets.writing import CellSpec, ColumnSpec, SheetSpec, write_workbook

SHEET = "customers"
EXAMPLE_FILL = "#EFEFEF"
EXAMPLE = N_("An example. It may stay: this row is never imported.")
NOT_OFFERED = N_("This is none of the values offered. Keep it all the same?")
COLUMN, HEADER, EXPLANATION = N_("Column"), N_("Header"), N_("What it takes")
REQUIRED, OPTIONAL = N_("required"), N_("optional")
CANNOT_WRITE = N_("This file cannot be written.")


def write_template(
    target: BinaryIO | Path,
    *,
    language: str = "nl",
    staff: Sequence[str] = (),
    languages: Sequence[str] = LANGUAGES,
    gettext: Gettext = str,
) -> None:
    """Write the empty template for a reader of `language` (nl, fr, en); `gettext` puts the help into it.

    `staff` are the e-mails offered for the responsible colleague, `languages` those in which the office works.
    """
    offered = {"responsible": staff, "language": languages}
    columns = [
        ColumnSpec(
            column.headers[language],
            width=column.width,
            comment=_comment(column, gettext),
            choices=offered.get(column.key, column.choices),
            choices_title=column.headers[language],
            choices_message=gettext(NOT_OFFERED),
            required=column.required,
        )
        for column in COLUMNS
    ]
    example = [CellSpec(column.example, EXAMPLE_FILL) for column in COLUMNS]
    example[0] = CellSpec(COLUMNS[0].example, EXAMPLE_FILL, gettext(EXAMPLE))
    write_workbook(target, [SheetSpec(SHEET, columns, [example]), _explanation(language, gettext)])


def write_list(target: BinaryIO | Path, rows: Iterable[Sequence[str]], *, language: str = "en") -> None:
    """Write a list of made-up customers in the template's shape: texts in the order of COLUMNS, a sequence a row."""
    columns = [ColumnSpec(column.headers[language], column.width, required=column.required) for column in COLUMNS]
    write_workbook(target, [SheetSpec(SHEET, columns, rows)], private=False)


def _comment(column: Column, gettext: Gettext) -> str:
    return f"{gettext(column.help)} ({gettext(REQUIRED if column.required else OPTIONAL)})"


def _explanation(language: str, gettext: Gettext) -> SheetSpec:
    columns = [ColumnSpec(gettext(header), width) for header, width in ((COLUMN, 10), (HEADER, 34), (EXPLANATION, 90))]
    rows = [[column.letter, column.headers[language], _comment(column, gettext)] for column in COLUMNS]
    return SheetSpec(EXPLANATION_SHEETS[language], columns, rows, wrap=True)
