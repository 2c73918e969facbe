"""Workbooks of any length that no disk sees while they are made: XlsxWriter in constant memory, without its files.

XlsxWriter either keeps every cell as objects, some 5 kB a row, or sends the rows through temporary files, which would
hold personal data in plain. Here rows are kept as squeezed text as soon as they are complete, and a sheet goes into the
zip piece by piece, never whole: 100,000 rows of 30 cells take some 15 MiB, and as much again in the target.
"""

import zlib
from codecs import getincrementaldecoder
from collections.abc import Iterator
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import xlsxwriter
from xlsxwriter.packager import Packager
from xlsxwriter.worksheet import Worksheet

__all__ = ["UnseenWorkbook"]

_PIECE = 64 * 1024
_SHEET_PART = "xl/worksheets/sheet"
_EXCELS_MOMENT = (1980, 1, 1, 0, 0, 0)


class UnseenWorkbook(xlsxwriter.Workbook):  # type: ignore[misc]
    """A workbook whose rows are written from above to below and kept nowhere but in memory, squeezed."""

    def __init__(self, target: Any, options: dict[str, Any]) -> None:
        self._all_but_sheets = BytesIO()
        super().__init__(self._all_but_sheets, options | {"in_memory": True})
        self.worksheet_class = _UnseenSheet
        self._target = target
        self._sheet_parts: list[tuple[str, _Part]] = []

    def _get_packager(self) -> Packager:
        return _UnseenPackager(self._sheet_parts)

    def _store_workbook(self) -> None:
        super()._store_workbook()
        with ZipFile(self._all_but_sheets) as small, ZipFile(self._target, "w", ZIP_DEFLATED) as out:
            for info in small.infolist():
                out.writestr(info, small.read(info))
            for name, part in self._sheet_parts:
                info = ZipInfo(name, _EXCELS_MOMENT)
                info.compress_type = ZIP_DEFLATED
                with out.open(info, "w") as sheet:
                    for text in part.pieces():
                        sheet.write(text.encode())


class _UnseenSheet(Worksheet):  # type: ignore[misc]
    """A sheet in constant memory, whose finished rows are kept here instead of in a temporary file."""

    def _initialize(self, init_data: dict[str, Any]) -> None:
        super()._initialize(init_data)
        self.constant_memory = True
        self.row_data_fh = self.fh = _Squeezed()

    def _write_optimized_sheet_data(self) -> None:
        self._xml_start_tag("sheetData")
        part: Any = self.fh
        part.take(self.row_data_fh)
        self._xml_end_tag("sheetData")


class _UnseenPackager(Packager):  # type: ignore[misc]
    """Keeps the sheets back for whoever zips them; all other parts are small."""

    def __init__(self, sheet_parts: list[tuple[str, "_Part"]]) -> None:
        super().__init__()
        self._sheet_parts = sheet_parts

    def _filename(self, xml_filename: str) -> Any:
        if not xml_filename.startswith(_SHEET_PART):
            return super()._filename(xml_filename)
        part = _Part()
        self._sheet_parts.append((xml_filename, part))
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
    """A sheet of the finished workbook: what stands before its rows, the rows as they were kept, and what follows."""

    def __init__(self) -> None:
        super().__init__()
        self._texts: list[str | _Squeezed] = []

    def write(self, text: str) -> int:
        self._texts.append(text)
        return len(text)

    def take(self, rows: _Squeezed) -> None:
        """Take rows over as they are."""
        self._texts.append(rows)

    def pieces(self) -> Iterator[str]:
        for text in self._texts:
            if isinstance(text, str):
                yield text
            else:
                yield from text.pieces()
