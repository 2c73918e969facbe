"""Real workbooks to take in, written by two other programs than ours."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

from accounton.rows.columns import COLUMNS, KEYS
from accounton.rows.intake import InspectedBlock, Inspection, Intake
from accounton.rows.rules import Rules
from tests.rows.people import RULES

HEADERS = [column.headers["en"] for column in COLUMNS]
Rows = Sequence[Sequence[Any]]


def row_of(cells: dict[str, Any]) -> list[Any]:
    """Give cells in the order of the template."""
    return [cells.get(key, "") for key in KEYS]


def by_openpyxl(rows: Rows, sheet: str = "Blad1") -> bytes:
    """Write rows with openpyxl: shared strings, no text format."""
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append([None if cell == "" else cell for cell in row])
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def by_xlsxwriter(rows: Rows, sheet: str = "Blad1") -> bytes:
    """Write rows with XlsxWriter: dates as numbers with a date format."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"default_date_format": "dd/mm/yyyy"})
    page = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, date | datetime):
                page.write_datetime(number, place, cell)
            elif isinstance(cell, str):
                page.write_string(number, place, cell)
            else:
                page.write(number, place, cell)
    book.close()
    return target.getvalue()


WRITERS: dict[str, Callable[[Rows], bytes]] = {"openpyxl": by_openpyxl, "xlsxwriter": by_xlsxwriter}


def inspected(file: bytes | Path, rules: Rules = RULES) -> tuple[Inspection, list[InspectedBlock]]:
    """Inspect a workbook to its end."""
    with Inspection(file, rules) as inspection:
        return inspection, list(inspection)


def taken_in(file: bytes, keys: Sequence[bytes], office_id: int = 7, rules: Rules = RULES) -> tuple[Intake, list[Any]]:
    """Take a workbook in to its end; gives its rows for staging."""
    with Intake(file, rules, keys=keys, office_id=office_id) as intake:
        return intake, [row for block in intake for row in block.rows()]
