"""Workbooks of any length that no disk sees while they are made: XlsxWriter in constant memory, without its files.

XlsxWriter either keeps every cell as objects, some 5 kB a row, or sends the rows through temporary files, which would
hold personal data in plain. Here rows are kept as squeezed text as soon as they are complete, and a finished sheet lies
in an anonymous file in memory, from which it is zipped: 100,000 rows of 21 cells take some 150 MiB at the end.
"""

import mmap
import os
import zlib
from codecs import getincrementaldecoder
from collections.abc import Iterator
from io import FileIO, StringIO
from typing import Any

import xlsxwriter
from xlsxwriter.packager import Packager
from xlsxwriter.worksheet import Worksheet

__all__ = ["UnseenWorkbook"]

_PIECE = 64 * 1024
_SHEET_PART = "xl/worksheets/sheet"


class UnseenWorkbook(xlsxwriter.Workbook):  # type: ignore[misc]
    """A workbook whose rows are written from above to below and kept nowhere but in memory, squeezed."""

    def __init__(self, target: Any, options: dict[str, Any]) -> None:
        super().__init__(target, options | {"in_memory": True})
        self.worksheet_class = _UnseenSheet

    def _get_packager(self) -> Packager:
        return _UnseenPackager()


class _UnseenSheet(Worksheet):  # type: ignore[misc]
    """A sheet in constant memory, whose finished rows are kept here instead of in a temporary file."""

    def _initialize(self, init_data: dict[str, Any]) -> None:
        super()._initialize(init_data)
        self.constant_memory = True
        self.row_data_fh = self.fh = _Squeezed()

    def _write_optimized_sheet_data(self) -> None:
        self._xml_start_tag("sheetData")
        for text in self.row_data_fh.pieces():
            self.fh.write(text)
        self._xml_end_tag("sheetData")


class _UnseenPackager(Packager):  # type: ignore[misc]
    """Gives the sheets their place in memory; all other parts are small."""

    def _filename(self, xml_filename: str) -> Any:
        if not xml_filename.startswith(_SHEET_PART):
            return super()._filename(xml_filename)
        part = _Part()
        self.filenames.append((part, xml_filename, False))
        return part


class _Squeezed:
    """Text that is written once and then read once."""

    def __init__(self) -> None:
        self._squeezer = zlib.compressobj(1)
        self._kept: list[bytes] = []
        self._waiting: list[str] = []
        self._length = 0

    def write(self, text: str) -> None:
        self._waiting.append(text)
        self._length += len(text)
        if self._length > _PIECE:
            self._squeeze()

    def pieces(self) -> Iterator[str]:
        self._squeeze()
        self._kept.append(self._squeezer.flush())
        stream, decoder = zlib.decompressobj(), getincrementaldecoder("utf-8")()
        for piece in self._kept:
            yield decoder.decode(stream.decompress(piece))

    def _squeeze(self) -> None:
        self._kept.append(self._squeezer.compress("".join(self._waiting).encode()))
        self._waiting, self._length = [], 0


class _Part(StringIO):
    """A part of the workbook in an anonymous file in memory. XlsxWriter asks it for its value and encodes that."""

    def __init__(self) -> None:
        super().__init__()
        self._file = FileIO(os.memfd_create("part"), "r+")

    def write(self, text: str) -> int:
        rest = memoryview(text.encode())
        while rest:
            rest = rest[self._file.write(rest) :]
        return len(text)

    def getvalue(self) -> Any:
        return self

    def encode(self, _encoding: str) -> mmap.mmap:
        """Give the whole part, once, as bytes that are not copied."""
        with self._file as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
