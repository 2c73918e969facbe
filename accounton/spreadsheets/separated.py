"""Fields parted by a separator (.csv, .tsv), read as a spreadsheet program would: all texts, one record per row.

The encoding follows from the bytes: a byte order mark, else UTF-8, with Windows-1252 for what is no UTF-8, so that
lists glued together from both come out right. The separator is the one that parts the first records most evenly.
"""

import codecs
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import BinaryIO

from accounton.spreadsheets.limits import Limits
from accounton.spreadsheets.positions import cell_name
from accounton.spreadsheets.problems import UnusableFile
from accounton.spreadsheets.records import LONGEST_LINE, records

SEPARATORS = ";,\t|"
UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}

_WITH_WINDOWS_1252 = "accounton-windows-1252"
_SAMPLE = 256 * 1024
_SAMPLE_RECORDS = 200
_NAMED_SEPARATOR = re.compile(r'"?sep=(.)"?[\r\n]', re.IGNORECASE)
"""A first line for Excel that names the separator; Excel does not show it, nor count it as a row."""
_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*+)"')
"""How programs keep the zeros of a number: ="0123" shows the text 0123."""


def _windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Read what is no UTF-8 as Windows-1252. Raises UnicodeDecodeError for the five bytes it does not know."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252"), error.end


codecs.register_error(_WITH_WINDOWS_1252, _windows_1252)


def encoding(beginning: bytes) -> tuple[str, int]:
    """Give the encoding and how many bytes its mark takes."""
    if beginning[:2] in UTF_16:
        return UTF_16[beginning[:2]], 2
    return "utf-8", len(codecs.BOM_UTF8) if beginning.startswith(codecs.BOM_UTF8) else 0


def sample(beginning: bytes) -> str:
    """Give the text of the first bytes; letters that cannot be read are replaced."""
    name, mark = encoding(beginning)
    return beginning[mark:].decode(name, "replace")


def separator(text: str) -> str:
    """Choose the separator by the first records of a text; ";" where none parts anything."""
    named = _NAMED_SEPARATOR.match(text)
    return named[1] if named else max(SEPARATORS, key=lambda candidate: _evenness(text, candidate))


def _evenness(text: str, candidate: str) -> tuple[float, float, int]:
    """Say which share of the records is parted at all, which into the commonest number of fields, and that number."""
    counts: Counter[int] = Counter()
    try:
        for record in islice(records(io.StringIO(text, newline=""), candidate), _SAMPLE_RECORDS):
            counts[len(record)] += 1
    except UnusableFile:  # a sample may end within quotes
        counts[1] += 1
    counts[0] = 0
    total = counts.total() or 1
    fields, times = max(counts.items(), key=lambda item: (item[0] > 1, item[1], item[0]))
    return 1 - counts[1] / total, times / total, fields


class Separated:
    """A file of separated fields, gone through twice: once to know how far it reaches, once for its rows."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        """Go through the whole file. Raises UnusableFile beyond the limits and for what cannot be read faithfully."""
        self._file, self._limits = file, limits
        file.seek(0)
        beginning = file.read(_SAMPLE)
        self._encoding, self._mark = encoding(beginning)
        text = sample(beginning)
        self._separator = separator(text)
        self._named = bool(_NAMED_SEPARATOR.match(text))
        self.first_row = self.last_row = self.columns = 0
        """Of the used area, counted from 1; all 0 where nothing is filled in."""
        self._measure()

    def rows(self) -> Iterator[list[str]]:
        """Give the rows of the used area, from sheet row `first_row` on, all of one length."""
        with self._records() as source:
            for record in islice(source, self.first_row - 1, self.last_row) if self.last_row else ():
                yield self._cells(record)

    def _measure(self) -> None:
        limits, cells = self._limits, 0
        with self._records() as source:
            for number, record in enumerate(source, 1):
                filled = _filled(record)
                if not filled:
                    continue
                cells += filled
                self.first_row = self.first_row or number
                self.last_row, self.columns = number, max(self.columns, filled)
                if number > limits.rows:
                    raise UnusableFile("file.too_many_rows", limit=limits.rows)
                if filled > limits.columns or number * self.columns > limits.area:
                    raise UnusableFile("file.far_cell", cell=cell_name(number, filled))
                if cells > limits.cells:
                    raise UnusableFile("file.too_many_cells", limit=limits.cells)

    def _cells(self, record: list[str]) -> list[str]:
        cells = [_shown(field) if field[:1] == "=" else field for field in record[: self.columns]]
        cells += [""] * (self.columns - len(cells))
        return cells

    @contextmanager
    def _records(self) -> Iterator[Iterator[list[str]]]:
        self._file.seek(self._mark)
        errors = _WITH_WINDOWS_1252 if self._encoding == "utf-8" else "strict"
        text = io.TextIOWrapper(self._file, self._encoding, errors, newline="")
        lines = _lines(text)
        if self._named:
            next(lines, None)
        try:
            yield records(lines, self._separator)
        finally:
            text.detach()


def _filled(record: list[str]) -> int:
    """Give the number of the last field with something in it; 0 where there is none."""
    filled = len(record)
    while filled and not record[filled - 1]:
        filled -= 1
    return filled


def _shown(field: str) -> str:
    match = _TEXT_FORMULA.fullmatch(field)
    return match[1].replace('""', '"') if match else field


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Give the lines with their ends, each of a bounded length. Raises UnusableFile."""
    try:
        while line := text.readline(LONGEST_LINE):
            if len(line) == LONGEST_LINE:
                raise UnusableFile("file.long_line")
            if "\0" in line:
                raise UnusableFile("file.encoding")
            yield line
    except UnicodeDecodeError as error:
        raise UnusableFile("file.encoding") from error
