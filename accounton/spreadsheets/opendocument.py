"""The bounded look through an .ods workbook: its sheets, how far each reaches, and the cells that show an error.

The reader knows elements by their names as LibreOffice and Excel write them, prefix included, and so does this.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from accounton.spreadsheets.archive import Archive
from accounton.spreadsheets.limits import MIB, Limits
from accounton.spreadsheets.parsing import check_byte_order, check_texts
from accounton.spreadsheets.problems import UnusableFile
from accounton.spreadsheets.scanning import Found

CONTENT = "content.xml"
_MANIFEST = "META-INF/manifest.xml"
_MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_LONGEST_ROW = 8 * MIB
_ROW = b"<table:table-row"
_CELL = b"<table:table-cell"
_NOT_PLAIN = (b"-repeated", b"table:formula", b'"error"', b"<table:covered-table-cell")
_REPEATED = re.compile(rb"table:number-(rows|columns)-repeated\s*+=\s*+[\"']([0-9]*+)[\"']")
_MOST_DIGITS = 7

_ATTRIBUTES = rb"""((?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)"""
_PARTS = re.compile(
    rb"<table:table-row(?=[\s/>])"
    + _ATTRIBUTES
    + rb"(?:(?<=/)>|(?<!/)>((?:[^<]++|<(?!/table:table-row\s*+>))*+)</table:table-row\s*+>)"
    rb"|<(table:table|style:style|style:table-properties)(?=[\s/>])" + _ATTRIBUTES + rb">"
    rb"|(</table:table\s*+>)",
    re.DOTALL,
)
_ROW_STARTS = re.compile(rb"<table:table-row(?=[\s/>])")
_CELLS = re.compile(rb"<table:(?:covered-)?+table-cell(?=[\s/>])" + _ATTRIBUTES + rb">")
_CELL_STARTS = re.compile(rb"<table:(?:covered-)?+table-cell(?=[\s/>])")
_SHOWN = re.compile(rb"<text:p[^<>]*+>([^<]*+)<")
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*+=\s*+[\"']([^\"']*+)")
_ERROR_SIGNS = ("#", "Err:")
_TEXT_KEPT = 64


@dataclass(slots=True)
class SheetFound:
    """A sheet and what was seen in it."""

    name: str
    visible: bool
    found: Found


def look_through(archive: Archive, limits: Limits) -> list[SheetFound]:
    """Go through all sheets. Raises UnusableFile."""
    if not next(archive.chunks("mimetype"), b"").startswith(_MIMETYPE):
        raise UnusableFile("file.not_a_workbook")
    if _MANIFEST in archive and any(b"encryption-data" in chunk for chunk in archive.chunks(_MANIFEST)):
        raise UnusableFile("file.encrypted")
    content = _Content(limits)
    for piece in _pieces(archive):
        content.take(piece)
    if not content.sheets:
        raise UnusableFile("file.no_sheet")
    return content.sheets


def _pieces(archive: Archive) -> Iterator[bytes]:
    """Give the content in pieces that end between two rows."""
    rest = b""
    for number, chunk in enumerate(archive.chunks(CONTENT)):
        if not number:
            check_byte_order(chunk)
            encoding = _ENCODING.match(chunk)
            if encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii"):
                raise UnusableFile("file.unusual")
        check_texts(chunk)
        rest += chunk
        cut = rest.rfind(_ROW)
        if cut > 0:
            yield rest[:cut]
            rest = rest[cut:]
        elif len(rest) > _LONGEST_ROW:
            raise UnusableFile("file.unusual")
    if not rest.rstrip().endswith(b"</office:document-content>"):
        raise UnusableFile("file.damaged")
    yield rest


@dataclass(slots=True)
class _Content:
    """What stands in the content part, taken piece by piece."""

    limits: Limits
    sheets: list[SheetFound] = field(default_factory=list)
    _sheet: Found | None = None
    _row: int = 1
    _style: str = ""
    _hidden: set[str] = field(default_factory=set)

    def take(self, piece: bytes) -> None:
        """Take the next piece. What could hide elements from this look, or from the reader, is refused."""
        if b"<!" in piece:
            raise UnusableFile("file.entities" if b"<!DOCTYPE" in piece else "file.unusual")
        rows = 0
        for match in _PARTS.finditer(piece):
            row, body, name, attributes, _end = match.groups()
            if row is not None:
                rows += 1
                self._take_row(row, body or b"")
            elif name == b"table:table":
                self._begin(attributes)
            elif name == b"style:style":
                self._style = _attribute(attributes, b"style:name")
            elif name is not None:
                if _attribute(attributes, b"table:display") == "false":
                    self._hidden.add(self._style)
            else:
                self._sheet = None
        if rows != len(_ROW_STARTS.findall(piece)):
            raise UnusableFile("file.unusual")

    def _begin(self, attributes: bytes) -> None:
        if self._sheet is not None:  # a table within a table
            raise UnusableFile("file.unusual")
        self._sheet, self._row = Found(self.limits), 1
        visible = _attribute(attributes, b"table:style-name") not in self._hidden
        self.sheets.append(SheetFound(_attribute(attributes, b"table:name"), visible, self._sheet))
        if len(self.sheets) > self.limits.parts:
            raise UnusableFile("file.unzips_too_large")

    def _take_row(self, attributes: bytes, body: bytes) -> None:
        if self._sheet is None:
            raise UnusableFile("file.unusual")
        times = _repeated(attributes)
        plain = _plain_cells(body)
        if plain and times == 1:
            self._sheet.count(plain)
            self._sheet.reach(self._row, plain)
            self._sheet.rows += 1
        else:
            self._take_cells(self._sheet, body, times)
        self._row += times

    def _take_cells(self, found: Found, body: bytes, times: int) -> None:
        column, filled = 1, False
        cells = list(_CELLS.finditer(body))
        if len(cells) != len(_CELL_STARTS.findall(body)):
            raise UnusableFile("file.damaged")
        for cell in cells:
            kept = cell[1]
            width = _repeated(kept)
            if b"office:value-type" in kept:  # a formula that gives an empty text has none
                filled = True
                found.count(width * times)
                found.reach(self._row + times - 1, column + width - 1)
                if b"table:formula" in kept or b'"error"' in kept:
                    shown = _SHOWN.search(body, cell.end(), _end_of_cell(body, cell.end()))
                    self._mark(found, kept, shown, column, times)
            else:
                found.count(1)
            column += width
        found.rows += times if filled else 0

    def _mark(self, found: Found, attributes: bytes, shown: re.Match[bytes] | None, column: int, times: int) -> None:
        """Note an error in each of the rows it stands for."""
        text = unescape(shown[1].decode("utf-8", "replace")) if shown else ""
        if b'"error"' in attributes or (b'"float"' in attributes and text.startswith(_ERROR_SIGNS)):
            for row in range(self._row, self._row + times):
                found.error((row, column), text[:_TEXT_KEPT] or "#", any_text=True)


def _plain_cells(body: bytes) -> int:
    """Count the cells of a row where all are filled, none is repeated, a formula or an error; else give 0.

    Empty cells at the end, which programs repeat up to the last column, are left out. This is what makes it fast.
    """
    last = body.rfind(_CELL)
    end = len(body) if b"office:value-type" in body[last:] else max(last, 0)
    cells = body.count(_CELL, 0, end)
    odd = any(body.find(sign, 0, end) >= 0 for sign in _NOT_PLAIN)
    return 0 if odd or cells != body.count(b' office:value-type="', 0, end) else cells


def _end_of_cell(body: bytes, start: int) -> int:
    end = body.find(b"</table:table-cell", start)
    return end if end >= 0 else len(body)


def _attribute(attributes: bytes, name: bytes) -> str:
    match = re.search(rb"(?<![\w:-])" + name + rb"""\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')""", attributes)
    return unescape((match[1] or match[2] or b"").decode("utf-8", "replace")) if match else ""


def _repeated(attributes: bytes) -> int:
    """Say how often a row or cell is repeated."""
    match = _REPEATED.search(attributes) if b"repeated" in attributes else None
    if match is None:
        return 1
    if not match[2] or len(match[2]) > _MOST_DIGITS:
        raise UnusableFile("file.damaged")
    return max(int(match[2]), 1)
