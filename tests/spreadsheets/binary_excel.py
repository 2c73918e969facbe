"""Raw .xlsb files for tests: records as Excel writes them, and parts in a zip. LibreOffice 7.4 reads these too."""

import struct
from collections.abc import Iterable, Mapping

from tests.spreadsheets.building import relationships, zipped

TYPES = "application/vnd.ms-excel"
PACKAGE_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"


def record(kind: int, data: bytes = b"") -> bytes:
    """Write one record."""
    head = bytes((kind,)) if kind < 0x80 else bytes((kind & 0x7F | 0x80, kind >> 7))
    size = len(data)
    while size >= 0x80:
        head += bytes((size & 0x7F | 0x80,))
        size >>= 7
    return head + bytes((size,)) + data


def wide(text: str) -> bytes:
    """Write a text with its length."""
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def row(number: int, *cells: bytes) -> bytes:
    """Write a row, counted from 0, and its cells."""
    head = struct.pack("<IIHBBBI", number, 0, 300, 0, 0, 0, 1)  # style, height, three bytes of signs, one span
    return record(0, head + struct.pack("<II", 0, 255)) + b"".join(cells)


def cell(kind: int, column: int, rest: bytes, style: int = 0) -> bytes:
    """Write a cell of any kind, its column counted from 0."""
    return record(kind, struct.pack("<II", column, style) + rest)


def blank(column: int) -> bytes:
    """Write a cell that only has a format."""
    return cell(1, column, b"")


def text(column: int, value: str) -> bytes:
    """Write a text in the cell itself."""
    return cell(6, column, wide(value))


def shared(column: int, index: int) -> bytes:
    """Write a text that stands among the shared strings."""
    return cell(7, column, struct.pack("<I", index))


def number(column: int, value: float = 1.0, style: int = 0) -> bytes:
    """Write a number; style 1 shows it as a date."""
    return cell(5, column, struct.pack("<d", value), style)


def truth(column: int, value: bool) -> bytes:
    """Write a truth value."""
    return cell(4, column, bytes((value,)))


def error(column: int, code: int) -> bytes:
    """Write an error that was typed in."""
    return cell(3, column, bytes((code,)))


def formula(column: int, result: str | float | bool) -> bytes:
    """Write a formula with its result."""
    rest = bytes(2) + struct.pack("<I", 5) + b"\x17\x01\0a\0" + bytes(4)
    if isinstance(result, bool):
        return cell(10, column, bytes((result,)) + rest)
    if isinstance(result, str):
        return cell(8, column, wide(result) + rest)
    return cell(9, column, struct.pack("<d", result) + rest)


def failing(column: int, code: int) -> bytes:
    """Write a formula that ends in an error."""
    return cell(11, column, bytes((code,)) + bytes(2) + struct.pack("<I", 2) + b"\x1c" + bytes((code,)) + bytes(4))


def link(area: tuple[int, int, int, int], key: str) -> bytes:
    """Write a link of the rows and columns (first row, last row, first column, last column) to the target of a key."""
    return record(0x01EE, struct.pack("<4I", *area) + wide(key) + wide("") * 3)


def sheet(*rows: bytes, after: bytes = b"") -> bytes:
    """Write a sheet part."""
    head = record(0x81) + record(0x94, struct.pack("<4I", 0, 9, 0, 9)) + record(0x91)
    return head + b"".join(rows) + record(0x92) + after + record(0x82)


def strings(*texts: str, counted: int | None = None) -> bytes:
    """Write the shared strings."""
    count = len(texts) if counted is None else counted
    items = b"".join(record(0x13, b"\0" + wide(each)) for each in texts)
    return record(0x9F, struct.pack("<II", count, count)) + items + record(0xA0)


def styles() -> bytes:
    """Write two formats of cells: general, and a date."""
    fonts = record(0x263, struct.pack("<I", 1)) + record(0x2B, font()) + record(0x264)
    fills = record(0x25B, struct.pack("<I", 1)) + record(0x2D, bytes(68)) + record(0x25C)
    borders = record(0x265, struct.pack("<I", 1)) + record(0x2E, bytes(51)) + record(0x266)
    of_styles = record(0x272, struct.pack("<I", 1)) + record(0x2F, look(0xFFFF, 0)) + record(0x273)
    of_cells = record(0x269, struct.pack("<I", 2)) + record(0x2F, look(0, 0)) + record(0x2F, look(0, 14))
    return record(0x116) + fonts + fills + borders + of_styles + of_cells + record(0x26A) + record(0x117)


def font() -> bytes:
    """Write a font of eleven points."""
    return struct.pack("<4H4B8sB", 220, 0, 400, 0, 0, 2, 0, 0, b"\x07\1\0\0\0\0\0\xff", 2) + wide("Calibri")


def look(parent: int, code: int) -> bytes:
    """Write how a cell looks: the format of its number is the one with this code."""
    return struct.pack("<5HBBHBB", parent, code, 0, 0, 0, 0, 0, 0x1010, 0, 0)


def workbook(states: Mapping[str, int], before: bytes = b"") -> bytes:
    """Write the list of sheets: 0 for a visible one, 1 for a hidden one, 2 for one that is hidden deeply."""
    listed = b"".join(
        record(0x9C, struct.pack("<II", state, number) + wide(f"rId{number}") + wide(name))
        for number, (name, state) in enumerate(states.items(), 1)
    )
    return record(0x83) + record(0x99, bytes(12)) + before + record(0x8F) + listed + record(0x90) + record(0x84)


def parts(sheets: Mapping[str, bytes], hidden: Iterable[str] = (), before: bytes = b"") -> dict[str, str | bytes]:
    """Give the parts of a workbook with these sheets."""
    targets = {f"rId{number}": ("worksheet", f"worksheets/sheet{number}.bin") for number in range(1, len(sheets) + 1)}
    named = {"rIdS": ("styles", "styles.bin"), "rIdT": ("sharedStrings", "sharedStrings.bin")}
    kinds = {"workbook": "sheet.binary.macroEnabled.main", "styles": "styles", "sharedStrings": "sharedStrings"}
    kinds |= {f"worksheets/sheet{number}": "worksheet" for number in range(1, len(sheets) + 1)}
    listed = "".join(
        f'<Override PartName="/xl/{part}.bin" ContentType="{TYPES}.{kind}"/>' for part, kind in kinds.items()
    )
    defaults = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    content: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE_TYPES}">{defaults}{listed}</Types>',
        "_rels/.rels": relationships({"rId1": ("officeDocument", "xl/workbook.bin")}),
        "xl/workbook.bin": workbook({name: int(name in hidden) for name in sheets}, before),
        "xl/_rels/workbook.bin.rels": relationships(targets | named),
        "xl/styles.bin": styles(),
        "xl/sharedStrings.bin": strings(),
    }
    return content | {f"xl/worksheets/sheet{at}.bin": part for at, part in enumerate(sheets.values(), 1)}


def xlsb(*rows: bytes, after: bytes = b"", **replaced: str | bytes) -> bytes:
    """Make a workbook of one sheet `customers`; `shared_strings`, `links` and `sheet_part` replace those parts."""
    content = parts({"customers": sheet(*rows, after=after)})
    names = {"shared_strings": "xl/sharedStrings.bin", "links": "xl/worksheets/_rels/sheet1.bin.rels",
             "sheet_part": "xl/worksheets/sheet1.bin", "workbook_part": "xl/workbook.bin"}  # fmt: skip
    return zipped(content | {names[name]: part for name, part in replaced.items()})
