"""Reading the cells of a sheet as a person sees them. Only for the child process: the reader can abort it.

It has been tried what python-calamine 0.9 does: its rows begin at sheet row 1, but its columns at the first used one;
error cells come out as "", and so do formulas that were never calculated. In an .xlsb formulas that end in an error
do not even count as used.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO

import python_calamine

from accounton.spreadsheets.choosing import in_order, named
from accounton.spreadsheets.limits import DEFAULT, Limits
from accounton.spreadsheets.problems import UnusableFile
from accounton.spreadsheets.separated import Separated
from accounton.spreadsheets.signs import is_text

BLOCK_ROWS = 4000
_BEGINNING = 16
_VISIBLE = python_calamine.SheetVisibleEnum.Visible
LAST_CELL = (1_048_576, 16_384)
"""Where every sheet ends, counted from 1."""


@dataclass(frozen=True, slots=True)
class ErrorCell:
    """A cell that shows an error such as "#N/A"."""

    text: str


Cell = str | int | float | bool | datetime.date | datetime.datetime | datetime.time | datetime.timedelta | ErrorCell
"""An empty cell is "". Numbers are floats, whole ones too; their text form is decided in rows/."""


@dataclass(slots=True)
class Block:
    """Some consecutive rows. `rows[i]` is sheet row `first_row + i`; `rows[i][j]` is sheet column `j + 1`.

    All rows of a sheet have the same length; empty rows in between are there, as rows of "".
    """

    first_row: int
    rows: list[list[Cell]]

    def place_errors(self, error_cells: Mapping[tuple[int, int], str]) -> None:
        """Put an ErrorCell where the look found one; positions outside this block are passed over."""
        first, end = self.first_row, self.first_row + len(self.rows)
        for (row, column), text in error_cells.items():
            if first <= row < end and column <= len(self.rows[row - first]):
                self.rows[row - first][column - 1] = ErrorCell(text)


@dataclass(frozen=True, slots=True)
class OpenSheet:
    """A sheet opened for reading, of which the rows of the used area can be taken once."""

    name: str
    sheets: list[tuple[str, bool]]
    """Name and visibility of all sheets, where the sheet has been chosen here; else none."""
    first_row: int
    last_row: int
    """Of the used area; both 0 where it is empty."""
    rows: Iterator[list[Any]]

    def blocks(self, rows: int = BLOCK_ROWS) -> Iterator[Block]:
        """Yield the used area in blocks, from its first used row on; nothing where it is empty."""
        number = self.first_row
        while taken := list(islice(self.rows, rows)):
            following = number + len(taken)  # reckoned first: the block is its receiver's to take apart
            yield Block(number, taken)
            number = following


def open_sheet(file: BinaryIO, sheet: str, limits: Limits = DEFAULT) -> OpenSheet:
    """Open a sheet by its name, or where that is "", the only or first fitting one.

    `file` is one with a file number, such as `Parent.file`. Raises UnusableFile.
    """
    beginning = file.read(_BEGINNING)
    file.seek(0)
    if is_text(beginning):
        text = Separated(file, limits)
        return OpenSheet("", [], text.first_row, text.last_row, text.rows())
    with _refusals():
        book = python_calamine.CalamineWorkbook.from_path(f"/dev/fd/{file.fileno()}")
        sheets = [] if sheet else [(each.name, each.visible == _VISIBLE) for each in book.sheets_metadata]
        name = named(sheet, book.sheet_names) or sheet
        opened = book.get_sheet_by_name(name) if sheet else _first_fitting(book)
    if opened.start is None or opened.end is None:
        return OpenSheet(opened.name, sheets, 0, 0, iter(()))
    if opened.end[0] >= LAST_CELL[0] or opened.end[1] >= LAST_CELL[1]:
        raise UnusableFile("file.damaged")
    first_row, first_column = opened.start
    rows: Iterator[list[Any]] = islice(opened.iter_rows(), first_row, None)
    before: list[Cell] = [""] * first_column
    shifted = (before + row for row in rows) if before else rows
    return OpenSheet(opened.name, sheets, first_row + 1, opened.end[0] + 1, shifted)


def blocks(file: BinaryIO, sheet: str, rows: int = BLOCK_ROWS, limits: Limits = DEFAULT) -> Iterator[Block]:
    """Open a sheet and yield its blocks. Raises UnusableFile."""
    return open_sheet(file, sheet, limits).blocks(rows)


def with_errors(blocks: Iterable[Block], error_cells: Mapping[tuple[int, int], str]) -> Iterator[Block]:
    """Yield blocks with the rows and columns added that error cells alone reach; nothing where there are no blocks."""
    last, width = (max((at[side] for at in error_cells), default=0) for side in (0, 1))
    above = min((row for row, _ in error_cells), default=0)
    following = 0
    for block in blocks:
        width = max(width, len(block.rows[0]))
        if not following and 0 < above < block.first_row:
            block.rows[:0] = ([""] * width for _ in range(above, block.first_row))
            block.first_row = above
        following = block.first_row + len(block.rows)
        if width > len(block.rows[-1]):
            for row in block.rows:
                row.extend([""] * (width - len(row)))
        yield block
    while 0 < following <= last:
        rows = min(BLOCK_ROWS, last + 1 - following)
        yield Block(following, [[""] * width for _ in range(rows)])
        following += rows


def _first_fitting(book: python_calamine.CalamineWorkbook) -> python_calamine.CalamineSheet:
    """Open the sheet that is read, by the rule of `choosing`."""
    tables = [each for each in book.sheets_metadata if each.typ == python_calamine.SheetTypeEnum.WorkSheet]
    for name in in_order((each.name, each.visible == _VISIBLE, each.name) for each in tables):
        sheet = book.get_sheet_by_name(name)
        if sheet.start is not None:
            return sheet
    raise UnusableFile("file.no_data" if tables else "file.no_sheet")


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn what the reader raises into UnusableFile. Given a path it reads in pieces, given a file it keeps all."""
    try:
        yield
    except python_calamine.PasswordError as error:
        raise UnusableFile("file.encrypted") from error
    except (python_calamine.CalamineError, OSError) as error:
        raise UnusableFile("file.damaged") from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # of Rust; no class of this name can be imported
            raise UnusableFile("file.damaged") from error
        raise
