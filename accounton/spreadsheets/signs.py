"""The first bytes by which kinds of files are known; apart, so that the child needs to load nothing else for it."""

from enum import StrEnum

ZIP = b"PK\x03\x04"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
OLD_EXCEL = (b"\x09\x08", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00", b"\x09\x00\x04\x00")


class Kind(StrEnum):
    """The kinds of lists that can be read."""

    XLSX = ".xlsx"
    XLSB = ".xlsb"
    ODS = ".ods"
    XLS = ".xls"
    TEXT = ".csv"
    """Fields parted by `;` `,` a tab or `|`, whatever the name of the file ends in."""


def is_text(beginning: bytes) -> bool:
    """Tell whether a file that can be read at all is one of separated fields, by its first eight bytes or more."""
    return not beginning.startswith((ZIP, OLE, *OLD_EXCEL))
