"""Reading the cells of a sheet as a person sees them. Only for the child process: the reader can abort it.

It has been tried what python-calamine 0.9 does: its rows begin at sheet row 1, but its columns at the first used one;
error cells come out as "", and so do formulas that were never calculated.
"""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO

import python_calamine

from accounton.spreadsheets.problems import UnusableFile

BLOCK_ROWS = 4000
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


def blocks(file: BinaryIO, sheet: str, rows: int = BLOCK_ROWS) -> Iterator[Block]:
    """Yield the used area of a sheet in blocks, from its first used row on; nothing where it is empty.

    `file` is one with a file number, such as `Parent.file`. Raises UnusableFile.
    """
    opened = _sheet(file, sheet)
    if opened.start is None or opened.end is None:
        return
    if opened.end[0] >= LAST_CELL[0] or opened.end[1] >= LAST_CELL[1]:
        raise UnusableFile("file.damaged")
    first_row, first_column = opened.start
    source: Iterator[list[Any]] = islice(opened.iter_rows(), first_row, None)
    number = first_row + 1
    before: list[Cell] = [""] * first_column
    while taken := list(islice(source, rows)):
        following = number + len(taken)  # reckoned first: the block is its receiver's to take apart
        yield Block(number, [before + row for row in taken] if before else taken)
        number = following


def _sheet(file: BinaryIO, name: str) -> python_calamine.CalamineSheet:
    """Let the reader take the whole sheet in; given a path it reads in pieces, given a file it keeps all of it."""
    try:
        return python_calamine.CalamineWorkbook.from_path(f"/dev/fd/{file.fileno()}").get_sheet_by_name(name)
    except python_calamine.PasswordError as error:
        raise UnusableFile("file.encrypted") from error
    except (python_calamine.CalamineError, OSError) as error:
        raise UnusableFile("file.damaged") from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # of Rust; no class of this name can be imported
            raise UnusableFile("file.damaged") from error
        raise
