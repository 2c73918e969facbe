"""What kind of file this is, by its first bytes and never by its name."""

from collections.abc import Iterator
from typing import BinaryIO

from accounton.spreadsheets.archive import CHUNK, Archive
from accounton.spreadsheets.limits import MIB, Limits
from accounton.spreadsheets.problems import UnusableFile
from accounton.spreadsheets.workbook import WORKBOOK

_ZIP = b"PK\x03\x04"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_OLD_EXCEL = (b"\x09\x08", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00", b"\x09\x00\x04\x00")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLE_WORKBOOKS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
_SEPARATORS = (b";", b",", b"\t")
_TEXT_LOOKED_AT = 4096


def open_xlsx(file: BinaryIO, limits: Limits) -> Archive:
    """Open an .xlsx (or .xlsm: macros are never looked at) workbook. Raises UnusableFile for any other kind."""
    size = file.seek(0, 2)
    file.seek(0)
    beginning = file.read(_TEXT_LOOKED_AT)
    if not size:
        raise UnusableFile("file.empty")
    if size > limits.bytes:
        raise UnusableFile("file.too_large", megabytes=limits.bytes // MIB)
    if not beginning.startswith(_ZIP):
        _refuse_other(file, beginning)
    archive = Archive(file, limits)
    if WORKBOOK in archive:
        return archive
    if "xl/workbook.bin" in archive:
        raise UnusableFile("file.not_xlsx", kind=".xlsb")
    if "content.xml" in archive and archive.starts_with("meta-inf/"):
        raise UnusableFile("file.not_xlsx", kind=".ods")
    raise UnusableFile("file.not_a_workbook")


def _refuse_other(file: BinaryIO, beginning: bytes) -> None:
    if beginning.startswith(_OLE):
        found = _which_of(file, (_ENCRYPTED, *_OLE_WORKBOOKS))
        if _ENCRYPTED in found:
            raise UnusableFile("file.encrypted")
        if found:
            raise UnusableFile("file.not_xlsx", kind=".xls")
    elif beginning.startswith(_OLD_EXCEL):
        raise UnusableFile("file.not_xlsx", kind=".xls")
    elif _looks_like_csv(beginning):
        raise UnusableFile("file.not_xlsx", kind=".csv")
    raise UnusableFile("file.not_a_workbook")


def _looks_like_csv(beginning: bytes) -> bool:
    first_line = beginning.partition(b"\n")[0]
    is_text = b"\0" not in beginning and not beginning.lstrip().startswith((b"<", b"{", b"%PDF"))
    return is_text and len(first_line) < len(beginning) and any(separator in first_line for separator in _SEPARATORS)


def _which_of(file: BinaryIO, signs: tuple[bytes, ...]) -> set[bytes]:
    """Say which of these stand anywhere in the file."""
    return {sign for piece in _overlapping(file) for sign in signs if sign in piece}


def _overlapping(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    rest = b""
    while chunk := file.read(CHUNK):
        yield rest + chunk
        rest = chunk[-len(_ENCRYPTED) :]
