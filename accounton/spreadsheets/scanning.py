"""One sheet part gone through as a stream: how far it reaches, how much it holds, and what its reader does not tell."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from accounton.spreadsheets import ordinary
from accounton.spreadsheets.archive import CHUNK
from accounton.spreadsheets.limits import Limits
from accounton.spreadsheets.parsing import CarefulParser, Ignoring, check_texts
from accounton.spreadsheets.positions import Position, cell_name, column_number, position
from accounton.spreadsheets.problems import UnusableFile

MAX_MARKS = 100_000
KNOWN_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
"""The reader refuses a whole workbook for any other."""

_LONGEST_PLAIN = 26 * 27
_FORMULA_SHOWN = 60
_TEXT_KEPT = 64
_ROW = b"<row "
_ROWS_END = b"</sheetData>"


@dataclass(slots=True)
class Found:
    """What was seen so far, within the limits. `reach` and `count` raise UnusableFile beyond them."""

    limits: Limits
    furthest_row: int = 0
    furthest_column: int = 0
    rows: int = 0
    cells: int = 0
    error_cells: dict[Position, str] = field(default_factory=dict)
    formulas_without_value: dict[Position, str] = field(default_factory=dict)
    links: list[tuple[str, str]] = field(default_factory=list)

    def within(self, row: int, column: int) -> bool:
        """Tell whether the used area may reach this row and this column."""
        row, column = max(row, self.furthest_row), max(column, self.furthest_column)
        limits = self.limits
        return row <= limits.rows and column <= limits.columns and row * column <= limits.area

    def reach(self, row: int, column: int) -> None:
        """Note a filled cell."""
        if not self.within(row, column):
            if row > self.limits.rows and self.rows >= self.limits.rows // 2:
                raise UnusableFile("file.too_many_rows", limit=self.limits.rows)
            raise UnusableFile("file.far_cell", cell=cell_name(row, column))
        self.furthest_row, self.furthest_column = max(row, self.furthest_row), max(column, self.furthest_column)

    def count(self, cells: int) -> None:
        """Note that there are so many more cells, formatted ones included."""
        self.cells += cells
        if self.cells > self.limits.cells:
            raise UnusableFile("file.too_many_cells", limit=self.limits.cells)

    def error(self, at: Position, text: str, *, any_text: bool = False) -> None:
        """Note a cell that shows an error; where the reader does not mind which, of any text."""
        if not any_text and text not in KNOWN_ERRORS:
            raise UnusableFile("file.unknown_error", cell=cell_name(*at), error=text[:_TEXT_KEPT])
        self.error_cells[at] = text
        if len(self.error_cells) > MAX_MARKS:
            raise UnusableFile("file.too_many_errors", limit=MAX_MARKS)

    def not_calculated(self, at: Position, formula: str) -> None:
        """Note a formula without a stored value."""
        self.formulas_without_value[at] = formula[:_FORMULA_SHOWN]
        if len(self.formulas_without_value) > MAX_MARKS:
            raise UnusableFile("file.not_calculated", limit=MAX_MARKS)

    def link(self, reference: str, key: str) -> None:
        """Note a link; what it leads to stands in another part, under this key."""
        self.links.append((reference, key))
        if len(self.links) > 2 * self.limits.rows:
            raise UnusableFile("file.too_many_cells", limit=self.limits.cells)


def scan(chunks: Iterable[bytes], limits: Limits) -> Found:
    """Go through a sheet part. Raises UnusableFile."""
    scanner = _Scanner(limits)
    rest = b""
    for chunk in chunks:
        check_texts(chunk)
        rest += chunk
        cut = rest.rfind(_ROW)
        if cut > 0:
            scanner.take(rest[:cut])
            rest = rest[cut:]
        elif len(rest) > 2 * CHUNK:
            scanner.parser.feed(rest)
            rest = b""
    scanner.take(rest)
    scanner.parser.feed(b"", final=True)
    return scanner.found


class _Scanner:
    """Gives pieces that consist of ordinary rows to the regular expression, all others to the parser."""

    def __init__(self, limits: Limits) -> None:
        self.found = Found(limits)
        self._cells = _Cells(self.found)
        self.parser = CarefulParser(self._cells)

    def take(self, piece: bytes) -> None:
        """Take the next piece; it ends before a row or at the end of the part."""
        begin = piece.find(_ROW)
        if begin > 0:
            self.parser.feed(piece[:begin])
            piece = piece[begin:]
        end = piece.find(_ROWS_END)
        rows, tail = (piece, b"") if end < 0 else (piece[:end], piece[end:])
        if not (self._between_rows() and rows.startswith(_ROW) and self._ordinary(rows)):
            tail = piece
        if tail:
            self.parser.feed(tail)

    def _between_rows(self) -> bool:
        return self._cells.in_rows and self.parser.path[-1] == "sheetData"

    def _ordinary(self, rows: bytes) -> bool:
        """Note all of a piece of ordinary rows; False where it is not such a piece."""
        found = self.found
        column = min(max(found.furthest_column, 1), _LONGEST_PLAIN)
        if not ordinary.plain(column).fullmatch(rows):
            if not ordinary.general(column).fullmatch(rows):
                if not ordinary.anywhere().fullmatch(rows):
                    return False
                column = max(map(_number, set(ordinary.FILLED_COLUMNS.findall(rows))), default=1)
            self._marks(rows)
        numbers = [int(number) for number in ordinary.FILLED_ROWS.findall(rows)]
        found.rows += len(numbers)
        found.count(rows.count(b"<c "))
        self._reach(rows, max(numbers, default=0), column)
        last = rows.rfind(_ROW) + len(b'<row r="')
        self._cells.row = int(rows[last : rows.find(b'"', last)]) + 1
        return True

    def _reach(self, rows: bytes, row: int, column: int) -> None:
        """Note the furthest row and column of a piece; beyond the limits, find the very cell to name."""
        found = self.found
        if row and found.within(row, column):
            found.reach(row, column)
        elif row:
            for letters, number in ordinary.FILLED.findall(rows):
                found.reach(int(number), _number(letters))

    def _marks(self, rows: bytes) -> None:
        found = self.found
        for letters, number, text in ordinary.ERRORS.findall(rows) if b't="e"' in rows else ():
            if text:
                found.error((int(number), _number(letters)), text.decode(errors="replace"))
        for letters, number, attributes, formula, value in (
            ordinary.NOT_CALCULATED.findall(rows) if b"<f" in rows else ()
        ):
            if not (value and b't="str"' in attributes):
                text = formula.partition(b">")[2].removesuffix(b"</f>")
                found.not_calculated((int(number), _number(letters)), text.decode(errors="replace"))


class _Cells(Ignoring):
    """Hears of what the parser meets; it places cells without a reference as the reader does."""

    def __init__(self, found: Found) -> None:
        self.in_rows = False
        self.row = 1
        self._past_rows = False
        self._found = found
        self._column = 1
        self._filled = False
        self._cell: _Cell | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._cell:
            self._cell.start(name)
        elif not self.in_rows:
            if name == "sheetData":
                self.in_rows = not self._past_rows
            elif name == "hyperlink":
                key = next((value for key, value in attributes.items() if key.rpartition(":")[1:] == (":", "id")), "")
                self._found.link(attributes.get("ref", ""), key)
        elif name == "row" and "r" in attributes:
            self.row = _at(f"A{attributes['r']}")[0]
        elif name == "c":
            at = _at(attributes["r"]) if "r" in attributes else (self.row, self._column)
            self._column = at[1]
            self._cell = _Cell(at, attributes.get("t", ""))

    def end(self, name: str) -> None:
        if self._cell:
            if name == "c":
                self._finish(self._cell)
            else:
                self._cell.end(name)
        elif name == "row" and self.in_rows:
            self._found.rows += self._filled
            self.row += 1
            self._column = 1
            self._filled = False
        elif name == "sheetData":
            self.in_rows, self._past_rows = False, True

    def text(self, text: str) -> None:
        if self._cell and self._cell.listening and len(self._cell.shown) < _TEXT_KEPT:
            self._cell.shown += text

    def interrupted(self) -> None:
        if self._cell and self._cell.listening in ("v", "t"):
            raise UnusableFile("file.unusual")

    def _finish(self, cell: "_Cell") -> None:
        found, self._cell = self._found, None
        self._column += 1
        found.count(1)
        if cell.has_value or cell.formula is not None:
            self._filled = True
            found.reach(*cell.at)
        if cell.kind == "e" and cell.value:
            found.error(cell.at, cell.value)
        elif cell.formula is not None and not cell.value and not (cell.kind == "str" and cell.has_value):
            found.not_calculated(cell.at, cell.formula)


@dataclass(slots=True)
class _Cell:
    """One cell while the parser is in it."""

    at: Position
    kind: str
    value: str = ""
    has_value: bool = False
    formula: str | None = None
    shown: str = ""
    listening: str = ""

    def start(self, name: str) -> None:
        """Listen in values, texts and formulas. A formula behind the value would make the reader lose the value."""
        if name == "f" and self.has_value:
            raise UnusableFile("file.unusual")
        self.listening = name if name in ("v", "t", "f") else ""
        self.shown = ""

    def end(self, name: str) -> None:
        """Keep what was heard."""
        if name == "f":
            self.formula = self.shown
        elif name in ("v", "t"):
            self.has_value = True
            self.value += self.shown
        self.listening = ""


def _number(letters: bytes) -> int:
    return column_number(letters.decode())


def _at(name: str) -> Position:
    found = position(name)
    if found is None:
        raise UnusableFile("file.damaged")
    return found
