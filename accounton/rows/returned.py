"""A workbook that we gave out and that comes back corrected: its rows with the marks they were given.

    with Returned(content, limits) as returned:
        returned.headers
        for number, mark, cells in returned:
            ...

The child finds the row of headers by the one above the marks, and sends all rows below it; nothing is checked there.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from math import isfinite
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from accounton.rows.cells import NOT_CALCULATED, shown, tidy
from accounton.rows.headers import SEARCHED_ROWS
from accounton.spreadsheets import child
from accounton.spreadsheets.inside import Parent
from accounton.spreadsheets.limits import DEFAULT, Limits
from accounton.spreadsheets.looking import choose, look
from accounton.spreadsheets.marks import Marks
from accounton.spreadsheets.problems import N_, UnusableFile
from accounton.spreadsheets.reading import Block, Cell, open_sheet, with_errors

MARK_HEADER = "accounton-row"
"""What stands above the marks: in any language the same, and in no other list."""
NO_MARKS = N_(
    "This workbook does not have the hidden column by which its rows are known. Download what is wrong once more, "
    "correct that workbook and upload it here."
)
_BLOCK_ROWS = 500


class ReturnedRow(NamedTuple):
    """One row: where it stands now, the mark it bears ("" for none), and its cells in the order of the headers."""

    number: int
    mark: str
    cells: list[Cell]


class Returned:
    """A workbook being read in a child process. Raises UnusableFile throughout."""

    def __init__(self, file: Path | bytes, limits: Limits = DEFAULT) -> None:
        self._file, self._limits = file, limits
        self._stack = ExitStack()
        self.headers: list[str] = []

    def __enter__(self) -> Self:
        """Start reading; gives the headers."""
        with self._stack:
            self._child = self._stack.enter_context(child.start(__name__, file=self._file, limits=self._limits))
            self._child.send({"sheet": choose(self._file, self._limits)})
            self._child.send(look(self._file, self._limits).chosen.marks.as_message())
            self.headers, self._mark_place = self._received()
            self._stack = self._stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the child, whatever it is doing."""
        self._stack.close()

    def __iter__(self) -> Iterator[ReturnedRow]:
        """Give the rows in which anything stands, in their order."""
        while rows := self._received():
            for number, cells in rows:
                mark = cells[self._mark_place]
                yield ReturnedRow(number, mark if isinstance(mark, str) else "", cells)

    def _received(self) -> Any:
        received = self._child.receive()
        if received is None:
            raise child.ChildFailed("ended without a word", "")
        return received[0]


def main(parent: Parent) -> None:
    """Take an order (sheet) and what the look found; send the headers with the place of the marks, then rows."""
    order, marks = (_taken(parent) for _ in range(2))
    found = Marks.from_message(marks)
    formulas = {at: NOT_CALCULATED + text.lstrip(NOT_CALCULATED) for at, text in found.formulas_without_value.items()}
    below = False
    opened = open_sheet(parent.file, order["sheet"], parent.limits)
    for block in with_errors(opened.blocks(_BLOCK_ROWS), found.error_cells):
        block.place_errors(found.error_cells | formulas)
        if not below:
            _begin(parent, block)
            below = True
        numbered = enumerate(block.rows, block.first_row)
        filled = [[number, list(map(_sent, cells))] for number, cells in numbered if any(c != "" for c in cells)]
        if filled:
            parent.send(filled)
    if not below:
        raise UnusableFile("file.no_data")
    parent.send([])


def _begin(parent: Parent, block: Block) -> None:
    """Send the row of headers and take it, with what stands above it, out of the block."""
    for index, cells in enumerate(block.rows[:SEARCHED_ROWS]):
        headers = [tidy(shown(cell).text) for cell in cells]
        if MARK_HEADER in headers:
            parent.send([headers, headers.index(MARK_HEADER)])
            del block.rows[: index + 1]
            block.first_row += index + 1
            return
    raise UnusableFile("file.no_marks", NO_MARKS)


def _sent(cell: Cell) -> str | int | float | bool:
    """Give a cell a form that can be sent: numbers stay numbers, for zeros may be missing in front of them."""
    if isinstance(cell, str | bool | int) or (isinstance(cell, float) and isfinite(cell)):
        return cell
    return shown(cell).text


def _taken(parent: Parent) -> Any:
    received = parent.receive()
    if received is None:
        raise SystemExit
    return received[0]
