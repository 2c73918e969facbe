"""One sheet part of an .xlsb gone through as a stream of records, as the reader goes through it.

What the reader leaves out in silence is found here: errors, typed in or as results, and cells in forms that it does not
know, which refuse the file. A formula always has a result in this format, so one that was never calculated cannot be
told from one whose result is 0 or an empty text.
"""

from collections.abc import Iterable

from accounton.spreadsheets.biff12 import number, records, wide_text
from accounton.spreadsheets.binary import ERRORS
from accounton.spreadsheets.limits import Limits
from accounton.spreadsheets.positions import cell_name
from accounton.spreadsheets.problems import UnusableFile
from accounton.spreadsheets.scanning import Found

_ROW, _BLANK, _ERROR, _ERROR_OF_FORMULA = 0x0000, 0x0001, 0x0003, 0x000B
_END_OF_CELLS, _LINK = 0x0092, 0x01EE
_SHORTEST = {0x0002: 12, _ERROR: 9, 0x0004: 9, 0x0005: 16, 0x0006: 12, 0x0007: 12, 0x0008: 12, 0x0009: 16, 0x000A: 9,
             _ERROR_OF_FORMULA: 9}  # fmt: skip
"""The kinds of filled cells, and how long each is at least; the error or the value begins at the ninth byte."""
_UNREAD = frozenset({*range(0x000D, 0x0013), 0x003E})
"""Cells that leave out their column, as SheetJS writes them, and rich text in the cell itself."""
_LAST_ROW = 0x0010_0000


def has_data(chunks: Iterable[bytes]) -> bool:
    """Tell whether any cell of a sheet part is filled. Raises UnusableFile."""
    return any(kind in _SHORTEST or kind in _UNREAD for kind, _ in records(chunks))


def scan(chunks: Iterable[bytes], limits: Limits) -> Found:
    """Go through a sheet part. Raises UnusableFile."""
    sheet = _Sheet(limits)
    of_part = records(chunks)
    for kind, data in of_part:
        if kind == _END_OF_CELLS:
            break
        sheet.take(kind, data)
    else:
        raise UnusableFile("file.damaged")
    for kind, data in of_part:
        if kind == _LINK:
            _note_link(sheet.found, data)
    return sheet.found


class _Sheet:
    """The cells of a sheet being gone through."""

    def __init__(self, limits: Limits) -> None:
        self.found = Found(limits)
        self._row = -1
        """Counted from 0, as the columns are here."""
        self._filled = -1

    def take(self, kind: int, data: bytes) -> None:
        """Take the next record in front of the end of the cells."""
        if kind in _SHORTEST:
            self._cell(kind, data)
        elif kind == _ROW:
            self._begin_row(number(data, 0))
        elif kind == _BLANK:
            self.found.count(1)
        elif kind in _UNREAD:
            raise UnusableFile("file.unusual")

    def _begin_row(self, row: int) -> None:
        """Begin a row; out of order the reader would lose rows, and beyond the last one it ends in silence."""
        if row <= self._row or row > _LAST_ROW:
            raise UnusableFile("file.damaged")
        self._row = row

    def _cell(self, kind: int, data: bytes) -> None:
        if len(data) < _SHORTEST[kind] or self._row < 0:
            raise UnusableFile("file.damaged")
        found, row, column = self.found, self._row, int.from_bytes(data[:4], "little")
        if row != self._filled:
            self._filled = row
            found.rows += 1
        found.count(1)
        if row >= found.furthest_row or column >= found.furthest_column:
            found.reach(row + 1, column + 1)
        if kind in (_ERROR, _ERROR_OF_FORMULA):
            code = data[8]
            # The reader passes over the result of a formula, and refuses a whole workbook for any other unknown error.
            known = code in ERRORS or kind == _ERROR_OF_FORMULA
            found.error((row + 1, column + 1), ERRORS.get(code, f"#{code}"), any_text=known)


def _note_link(found: Found, data: bytes) -> None:
    first_row, last_row, first_column, last_column = (number(data, place) for place in (0, 4, 8, 12))
    key, _ = wide_text(data, 16)
    if key and last_row <= _LAST_ROW and last_column < found.limits.columns:
        reference = f"{cell_name(first_row + 1, first_column + 1)}:{cell_name(last_row + 1, last_column + 1)}"
        found.link(reference, key)
