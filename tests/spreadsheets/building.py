"""Raw .xlsx parts for tests: workbooks that no writer would make, and ordinary ones in few lines."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"

STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="00000000000"/></numFmts>'
    '<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="21"/></cellXfs>'
    "</styleSheet>"
)
"""Cell styles: 0 general, 1 date, 2 eleven digits with leading zeros, 3 time."""

OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def cell(reference: str, value: object, style: int = 0) -> str:
    """Write one cell: numbers and booleans as such, text inline."""
    start = f'<c r="{reference}"' + (f' s="{style}"' if style else "")
    if isinstance(value, bool):
        return f'{start} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f"{start}><v>{value}</v></c>"
    return f'{start} t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'


def row(number: int, *cells: str) -> str:
    """Write one row of cells."""
    return f'<row r="{number}">{"".join(cells)}</row>'


def table(rows: Iterable[Iterable[object]], first: int = 1) -> str:
    """Write rows of values from column A on; None leaves a cell out. At most 26 columns."""
    return "".join(
        row(number, *(cell(f"{chr(65 + at)}{number}", value) for at, value in enumerate(values) if value is not None))
        for number, values in enumerate(rows, first)
    )


def sheet(rows: str, *, before: str = "", after: str = "") -> str:
    """Write a sheet part around rows."""
    return f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def strings(*items: str, counted: int | None = None) -> str:
    """Write a shared strings part from the inner XML of its items."""
    count = len(items) if counted is None else counted
    inner = "".join(f"<si>{item}</si>" for item in items)
    return f'<sst xmlns="{MAIN}" count="{count}" uniqueCount="{count}">{inner}</sst>'


def relationships(targets: Mapping[str, tuple[str, str]], base: str = OFFICE, external: bool = False) -> str:
    """Write a part of links: key -> (last part of the type, target)."""
    mode = ' TargetMode="External"' if external else ""
    inner = "".join(
        f'<Relationship Id="{key}" Type="{base}/{kind}" Target={quoteattr(target)}{mode}/>'
        for key, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'


def listing(sheets: str, properties: str = "") -> str:
    """Write a workbook part around <sheet> elements."""
    return f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}<sheets>{sheets}</sheets></workbook>'


def parts(sheets: Mapping[str, str], states: Mapping[str, str] | None = None, properties: str = "") -> dict[str, str]:
    """Give the parts of a workbook with these sheets: name -> XML of the part."""
    states = states or {}
    listed, targets, content = "", {}, {}
    overrides = f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>'
    for number, (name, xml) in enumerate(sheets.items(), 1):
        state = f' state="{states[name]}"' if name in states else ""
        listed += f'<sheet name={quoteattr(name)} sheetId="{number}"{state} r:id="rId{number}"/>'
        targets[f"rId{number}"] = ("worksheet", f"worksheets/sheet{number}.xml")
        content[f"xl/worksheets/sheet{number}.xml"] = xml
        overrides += f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{TYPES}.worksheet+xml"/>'
    types = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">{types}{overrides}</Types>',
        "_rels/.rels": relationships({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": listing(listed, properties),
        "xl/_rels/workbook.xml.rels": relationships(targets),
        "xl/styles.xml": STYLES,
        **content,
    }


def zipped(content: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Zip parts by name."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return target.getvalue()


def workbook(rows: str = "", *, shared: str | None = None, properties: str = "", **replaced: str | bytes) -> bytes:
    """Make a workbook of one sheet `customers` from the XML of its rows.

    `sheet_part` and `workbook_part` replace those parts whole; `properties` goes into the workbook part.
    """
    content: dict[str, str | bytes] = dict(parts({"customers": sheet(rows)}, properties=properties))
    if shared is not None:
        content["xl/sharedStrings.xml"] = shared
    if "sheet_part" in replaced:
        content["xl/worksheets/sheet1.xml"] = replaced["sheet_part"]
    if "workbook_part" in replaced:
        content["xl/workbook.xml"] = replaced["workbook_part"]
    return zipped(content)


def ole(*names: str) -> bytes:
    """Make the beginning of an OLE2 file whose directory holds these names."""
    entries = b"".join(name.encode("utf-16-le").ljust(64, b"\0") + bytes(64) for name in ("Root Entry", *names))
    return OLE.ljust(512, b"\0") + b"\xff" * 512 + entries.ljust(1024, b"\0")
