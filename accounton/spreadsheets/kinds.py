"""What kind of file this is, by its first bytes and never by its name."""

from collections.abc import Iterator
from typing import BinaryIO

from accounton.spreadsheets import separated
from accounton.spreadsheets.archive import CHUNK, Archive
from accounton.spreadsheets.binary_workbook import BINARY_WORKBOOK
from accounton.spreadsheets.limits import MIB, Limits
from accounton.spreadsheets.opendocument import CONTENT
from accounton.spreadsheets.problems import UnusableFile
from accounton.spreadsheets.signs import OLD_EXCEL, OLE, ZIP, Kind
from accounton.spreadsheets.workbook import WORKBOOK

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLE_WORKBOOKS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
_TEXT_LOOKED_AT = 64 * 1024
_LINES_LOOKED_AT = 50
_FEW = 0.1
_OTHER_TEXTS = ("<", "{", "%PDF", "[{", "[[")
"""How HTML, XML, JSON, RTF and PDF begin."""


def recognised(file: BinaryIO, limits: Limits) -> tuple[Kind, Archive | None]:
    """Tell the kind of a file, and open it where it is a zip. Macros are never looked at. Raises UnusableFile."""
    size = file.seek(0, 2)
    file.seek(0)
    beginning = file.read(_TEXT_LOOKED_AT)
    if not size:
        raise UnusableFile("file.empty")
    if size > limits.bytes:
        raise UnusableFile("file.too_large", megabytes=limits.bytes // MIB)
    if beginning.startswith(ZIP):
        archive = Archive(file, limits)
        return _zipped(archive), archive
    return _other(file, beginning), None


def _zipped(archive: Archive) -> Kind:
    kinds = {WORKBOOK: Kind.XLSX, BINARY_WORKBOOK: Kind.XLSB, CONTENT: Kind.ODS}
    found = [kind for part, kind in kinds.items() if part in archive]
    if not found or (found[0] is Kind.ODS and not archive.starts_with("meta-inf/")):
        raise UnusableFile("file.not_a_workbook")
    return found[0]


def _other(file: BinaryIO, beginning: bytes) -> Kind:
    if beginning.startswith(OLE):
        found = _which_of(file, (_ENCRYPTED, *_OLE_WORKBOOKS))
        if _ENCRYPTED in found:
            raise UnusableFile("file.encrypted")
        if found:
            return Kind.XLS
    elif beginning.startswith(OLD_EXCEL):
        raise UnusableFile("file.too_old")
    elif _is_separated(beginning):
        return Kind.TEXT
    raise UnusableFile("file.not_a_workbook")


def _is_separated(beginning: bytes) -> bool:
    """Tell whether this is text with separators. Raises UnusableFile for UTF-16 without its mark."""
    text = separated.sample(beginning)
    lines = text.splitlines()[:_LINES_LOOKED_AT]
    if text.lstrip().startswith(_OTHER_TEXTS) or not any(end in text for end in "\r\n"):
        return False
    if "\0" in lines[0]:
        shares = sorted(text[first::2].count("\0") / len(text[first::2]) for first in (0, 1))
        if shares[0] < _FEW <= 1 - _FEW < shares[1]:
            raise UnusableFile("file.encoding")
        return False
    return any(sign in line for line in lines for sign in separated.SEPARATORS)


def _which_of(file: BinaryIO, signs: tuple[bytes, ...]) -> set[bytes]:
    """Say which of these stand anywhere in the file."""
    return {sign for piece in _overlapping(file) for sign in signs if sign in piece}


def _overlapping(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    rest = b""
    while chunk := file.read(CHUNK):
        yield rest + chunk
        rest = chunk[-len(_ENCRYPTED) :]
