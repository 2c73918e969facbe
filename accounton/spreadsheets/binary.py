"""The bounded look through an .xls workbook (BIFF8, as Excel 97 to 2003 and all programs since write it).

What the reader gives as an empty cell is found here: errors, typed in or as results, and formulas whose text is not
there. It goes through the records as the reader does: a sheet ends at the first end of a part.
"""

import struct
import time
from collections.abc import Iterator
from typing import BinaryIO

from accounton.spreadsheets.compound import Compound
from accounton.spreadsheets.limits import Limits
from accounton.spreadsheets.opendocument import SheetFound
from accounton.spreadsheets.positions import Position
from accounton.spreadsheets.problems import UnusableFile
from accounton.spreadsheets.scanning import Found
from accounton.spreadsheets.signs import Kind

_BOF, _EOF, _PROTECTED, _SHEET = 0x0809, 0x000A, 0x002F, 0x0085
_BIFF8 = 0x0600
_WORKSHEET = 0
_FORMULA, _TEXT_OF_FORMULA, _BOOL_OR_ERROR, _MANY_NUMBERS = 0x0006, 0x0207, 0x0205, 0x00BD
_BLANK, _MANY_BLANKS = 0x0201, 0x00BE
_CELLS = frozenset({0x0203, 0x0204, _BOOL_OR_ERROR, 0x027E, 0x00FD, _FORMULA})
_NO_NUMBER = b"\xff\xff"
_IS_TEXT, _IS_ERROR = 0, 2
ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}  # fmt: skip
"""What a person sees for each code of an error."""
_SOME_FORMULA = "…"
"""The formula itself stands there as code, which nobody reads."""
_SHORTEST = {_FORMULA: 20, _BOOL_OR_ERROR: 8, _MANY_NUMBERS: 6, _MANY_BLANKS: 6}
_RECORDS_AT_ONCE = 50_000
_Record = tuple[int, int, int]


def look_through(file: BinaryIO, limits: Limits) -> list[SheetFound]:
    """Go through all sheets with rows and columns. Raises UnusableFile."""
    file.seek(0)
    content = Compound(file.read()).stream("Workbook")
    if content is None:  # of Excel 5 or 95
        raise UnusableFile("file.not_xlsx", kind=Kind.XLS.value)
    clock = _Clock(limits)
    found = []
    for place, name, visible in _sheets(content, clock):
        found.append(SheetFound(name, visible, _Sheet(content, limits).look_through(place, clock)))
        if len(found) > limits.parts:
            raise UnusableFile("file.unzips_too_large")
    if not found:
        raise UnusableFile("file.no_sheet")
    if len({sheet.name.lower() for sheet in found}) != len(found):
        raise UnusableFile("file.damaged")
    return found


class _Clock:
    """Ends the look when its processor time is used up."""

    def __init__(self, limits: Limits) -> None:
        self._end = time.thread_time() + limits.look_seconds

    def hurry(self) -> None:
        if time.thread_time() > self._end:
            raise UnusableFile("file.too_slow")


def _records(content: bytes, place: int, clock: _Clock) -> Iterator[_Record]:
    """Give type, beginning and end of each record up to the end of the part. Raises UnusableFile where it has none."""
    header = struct.Struct("<HH").unpack_from
    last = len(content) - 4
    number = 0
    while place <= last:
        kind, size = header(content, place)
        start = place + 4
        place = start + size
        if place > len(content):
            break
        if kind == _EOF:
            return
        number += 1
        if not number % _RECORDS_AT_ONCE:
            clock.hurry()
        yield kind, start, place
    raise UnusableFile("file.damaged")


def _sheets(content: bytes, clock: _Clock) -> list[tuple[int, str, bool]]:
    """List the worksheets: where each begins, its name, and whether it is visible."""
    sheets = []
    version = None
    for kind, start, end in _records(content, 0, clock):
        if version is None:
            if kind != _BOF or end - start < 4:
                raise UnusableFile("file.damaged")
            version = struct.unpack_from("<H", content, start)[0]
            if version != _BIFF8:
                raise UnusableFile("file.not_xlsx", kind=Kind.XLS.value)
        elif kind == _PROTECTED:
            raise UnusableFile("file.encrypted")
        elif kind == _SHEET:
            if end - start < 8:
                raise UnusableFile("file.damaged")
            place, state, sort = struct.unpack_from("<IBB", content, start)
            if sort == _WORKSHEET:
                sheets.append((place, _name(content[start + 6 : end]), state & 0x3F == 0))
    return sheets


def _name(data: bytes) -> str:
    length, wide = data[0], data[1] & 1
    text = data[2 : 2 + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "ignore")
    return text.replace("\0", "")


class _Sheet:
    """One sheet being gone through."""

    def __init__(self, content: bytes, limits: Limits) -> None:
        self._content = content
        self._found = Found(limits)
        self._row = -1
        self._awaited: Position | None = None

    def look_through(self, place: int, clock: _Clock) -> Found:
        """Go through the records of the sheet that begins at `place`."""
        records = _records(self._content, place, clock)
        if next(records, (0, 0, 0))[0] != _BOF:
            raise UnusableFile("file.damaged")
        for kind, start, end in records:
            if kind in _CELLS:
                self._cell(kind, start, end)
            elif kind == _TEXT_OF_FORMULA:
                self._awaited = None
            elif kind in (_MANY_NUMBERS, _BLANK, _MANY_BLANKS):
                self._several(kind, start, end)
        self._note_awaited()
        return self._found

    def _cell(self, kind: int, start: int, end: int) -> None:
        if end - start < _SHORTEST.get(kind, 6):
            raise UnusableFile("file.damaged")
        self._note_awaited()
        row, column = struct.unpack_from("<HH", self._content, start)
        self._filled(row, column, 1)
        if kind == _BOOL_OR_ERROR and self._content[start + 7]:
            self._error(row, column, self._content[start + 6])
        elif kind == _FORMULA and self._content[start + 12 : start + 14] == _NO_NUMBER:
            result = self._content[start + 6]
            if result == _IS_ERROR:
                self._error(row, column, self._content[start + 8])
            elif result == _IS_TEXT:
                self._awaited = (row + 1, column + 1)

    def _several(self, kind: int, start: int, end: int) -> None:
        if end - start < _SHORTEST.get(kind, 6):
            raise UnusableFile("file.damaged")
        row, first = struct.unpack_from("<HH", self._content, start)
        last = first if kind == _BLANK else struct.unpack_from("<H", self._content, end - 2)[0]
        if last < first:
            raise UnusableFile("file.damaged")
        if kind == _MANY_NUMBERS:
            self._note_awaited()
            self._filled(row, last, last - first + 1)
        else:
            self._found.count(last - first + 1)

    def _filled(self, row: int, column: int, cells: int) -> None:
        """Note filled cells of a row, counted from 0, up to this column."""
        found = self._found
        if row != self._row:
            self._row = row
            found.rows += 1
        found.count(cells)
        if row >= found.furthest_row or column >= found.furthest_column:
            found.reach(row + 1, column + 1)

    def _error(self, row: int, column: int, code: int) -> None:
        at = (row + 1, column + 1)
        self._found.error(at, ERRORS.get(code, f"#{code}"), any_text=code in ERRORS)

    def _note_awaited(self) -> None:
        """Note a formula whose result is a text that did not follow it."""
        if self._awaited is not None:
            self._found.not_calculated(self._awaited, _SOME_FORMULA)
            self._awaited = None
