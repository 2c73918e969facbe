"""Raw .xls files for tests: records in a stream, and the stream in a compound file."""

import struct
from collections.abc import Iterable

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def record(kind: int, data: bytes = b"") -> bytes:
    """Write one record."""
    return struct.pack("<HH", kind, len(data)) + data


def number(row: int, column: int, value: float = 1.0) -> bytes:
    """Write a number, rows and columns counted from 0."""
    return record(0x0203, struct.pack("<3Hd", row, column, 0, value))


def label(row: int, column: int, text: str) -> bytes:
    """Write a text in the cell itself."""
    return record(0x0204, struct.pack("<3HHB", row, column, 0, len(text), 0) + text.encode("latin-1"))


def error(row: int, column: int, code: int) -> bytes:
    """Write an error that was typed in."""
    return record(0x0205, struct.pack("<3HBB", row, column, 0, code, 1))


def formula(row: int, column: int, result: bytes) -> bytes:
    """Write a formula (1) with the eight bytes of its result."""
    return record(0x0006, struct.pack("<3H", row, column, 0) + result + bytes(6) + struct.pack("<HBH", 3, 0x1E, 1))


def of_kind(kind: int, value: int = 0) -> bytes:
    """Give a result that is no number: 0 a text that follows, 1 a truth value, 2 an error, 3 an empty text."""
    return bytes((kind, 0, value, 0, 0, 0, 0xFF, 0xFF))


def text_of_formula(text: str) -> bytes:
    """Write the text of the formula before it."""
    return record(0x0207, struct.pack("<HB", len(text), 0) + text.encode("latin-1"))


def bof(kind: int, version: int = 0x0600) -> bytes:
    """Begin a part: 5 the workbook, 16 a sheet."""
    return record(0x0809, struct.pack("<4HII", version, kind, 0x0DBB, 0x07CC, 0, 6))


def stream(sheets: dict[str, bytes], before: bytes = b"", hidden: Iterable[str] = (), version: int = 0x0600) -> bytes:
    """Write the workbook stream: the cells of each sheet by its name."""
    listed = {name: struct.pack("<BB", len(name), 0) + name.encode("latin-1") for name in sheets}
    place = len(bof(5)) + len(before) + sum(len(each) + 10 for each in listed.values()) + 4
    head, body = bof(5, version) + before, b""
    for name, cells in sheets.items():
        start = struct.pack("<IBB", place + len(body), int(name in hidden), 0)
        head += record(0x0085, start + listed[name])
        body += bof(16, version) + cells + record(0x000A)
    return head + record(0x000A) + body


def entry(name: str, kind: int, start: int, size: int) -> bytes:
    """Write an entry of the directory."""
    named = name.encode("utf-16-le") + b"\0\0"
    head = named.ljust(64, b"\0") + struct.pack("<HBB3I", len(named), kind, 1, FREE, FREE, FREE if kind == 2 else 1)
    return head + bytes(36) + struct.pack("<III", start, size, 0)


def compound(content: bytes, name: str = "Workbook") -> bytes:
    """Put a stream into a compound file: the table, the directory, the stream."""
    content = content.ljust(4096, b"\0")
    sectors = -(-len(content) // SECTOR)
    tables = next(count for count in range(1, 109) if count * 128 >= count + 1 + sectors)
    following = [FAT] * tables + [END] + [*range(tables + 2, tables + 1 + sectors), END]
    table = struct.pack(f"<{tables * 128}I", *following, *[FREE] * (tables * 128 - len(following)))
    directory = entry("Root Entry", 5, END, 0) + entry(name, 2, tables + 1, len(content)) + bytes(256)
    header = OLE + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<2I", tables, tables) + struct.pack("<2I", 0, 4096) + struct.pack("<4I", END, 0, END, 0)
    header += struct.pack("<109I", *range(tables), *[FREE] * (109 - tables))
    return header + table + directory + content.ljust(sectors * SECTOR, b"\0")


def xls(*cells: bytes, name: str = "customers") -> bytes:
    """Write a workbook of one sheet."""
    return compound(stream({name: b"".join(cells)}))
