"""Reading the cells of a sheet as a person sees them. Only for the child process: the reader can abort it."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

BLOCK_ROWS = 4000


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
        raise NotImplementedError


def blocks(file: BinaryIO, sheet: str, rows: int = BLOCK_ROWS) -> Iterator[Block]:
    """Yield the used area of a sheet in blocks, from its first used row on. Raises UnusableFile."""
    raise NotImplementedError
