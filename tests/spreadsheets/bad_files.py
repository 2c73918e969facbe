"""Files that are no list, are broken, or attack, each with the one reason that the look gives for it."""

import struct
import zipfile
import zlib

from accounton.spreadsheets.limits import MIB
from tests.spreadsheets.building import (
    MAIN,
    OLE,
    cell,
    listing,
    ole,
    parts,
    relationships,
    row,
    sheet,
    strings,
    table,
    workbook,
    zipped,
)

GOOD = workbook(table([["Firstname", "Email"], ["An", "an@voorbeeld.be"]]))
BOMB = "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 20}'>" for n in range(1, 12)) + "]>"
LATIN = '<?xml version="1.0" encoding="ISO-8859-1"?>'
EMPTY = parts({"customers": sheet("")})
DIRECTORY_ENTRY = b"PK\x01\x02"
END = b"PK\x05\x06"


def cell_at(reference: str) -> str:
    return (
        row(1, cell("A1", 1)) + f'<row r="{reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}">{cell(reference, 1)}</row>'
    )


def replaced(**changed: str | bytes) -> bytes:
    """A good workbook with some parts replaced; names are written with __ for / and without .xml."""
    names = {"types": "[Content_Types].xml", "strings": "xl/sharedStrings.xml", "workbook": "xl/workbook.xml"}
    names |= {"sheet": "xl/worksheets/sheet1.xml", "links": "xl/_rels/workbook.xml.rels", "styles": "xl/styles.xml"}
    content = parts({"customers": sheet(table([["x"]]))})
    return zipped(content | {names[key]: value for key, value in changed.items()})


def encrypted_entries() -> bytes:
    content = bytearray(GOOD)
    at = content.find(DIRECTORY_ENTRY)
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(DIRECTORY_ENTRY, at + 4)
    return bytes(content)


def overlapping() -> bytes:
    """Many entries that all unzip the same bytes."""
    inner = zlib.compressobj(9, wbits=-15)
    data = inner.compress(bytes(20 * MIB)) + inner.flush()
    name = b"xl/workbook.xml"
    head = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 0, 0, len(data), 20 * MIB, len(name), 0) + name
    directory = b""
    for number in range(500):
        title = name if not number else b"xl/%05d.xml" % number
        directory += (
            struct.pack(
                "<4s6H3I5H2I", DIRECTORY_ENTRY, 20, 20, 0, 8, 0, 0, 0, len(data), MIB, len(title), 0, 0, 0, 0, 0, 0
            )
            + title
        )
    end = struct.pack("<4s4H2IH", END, 0, 0, 500, 500, len(directory), len(head) + len(data), 0)
    return head + data + directory + end


def huge_directory() -> bytes:
    entry = struct.pack("<4s6H3I5H2I", DIRECTORY_ENTRY, 20, 20, 0, 8, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0)
    directory = b"".join(entry + b"%04x" % (number % 65536) for number in range(200_000))
    end = struct.pack("<4s4H2IH", END, 0, 0, 65535, 65535, len(directory), 4, 0)
    return b"PK\3\4" + directory + end


def duplicate_names() -> bytes:
    content = parts({"customers": sheet(table([["x"]]))})
    return zipped(content | {"XL/WORKBOOK.xml": content["xl/workbook.xml"]})


def lying_sizes() -> bytes:
    """The directory says that the sheet unzips to ten bytes."""
    content = bytearray(GOOD)
    at = content.rfind(b"xl/worksheets/sheet1.xml") - 46
    assert content[at : at + 4] == DIRECTORY_ENTRY
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(content)


BAD = {
    "nothing at all": (b"", "file.empty"),
    "pdf": (b"%PDF-1.7\n1 0 obj <<>> endobj", "file.not_a_workbook"),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(100), "file.not_a_workbook"),
    "one byte": (b"P", "file.not_a_workbook"),
    "zeros": (bytes(10_000), "file.not_a_workbook"),
    "html renamed": (b"<html><table><tr><td>a;b</td></tr></table></html>\n", "file.not_a_workbook"),
    "json": (b'{"a": 1,\n"b": 2}', "file.not_a_workbook"),
    "UTF-16 text without mark": ("Voornaam;E-mail\nAn;an@voorbeeld.be\n".encode("utf-16-le"), "file.encoding"),
    "zeros with separators": (bytes(99) + b";a;b\n", "file.not_a_workbook"),
    "text without separators": (b"Geachte mevrouw\nHierbij de lijst\n", "file.not_a_workbook"),
    "zip of something": (zipped({"foto.jpg": "x"}), "file.not_a_workbook"),
    "docx": (zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}), "file.not_a_workbook"),
    "ods": (zipped({"mimetype": "x", "content.xml": "<x/>", "META-INF/manifest.xml": "<x/>"}), "file.not_a_workbook"),
    "xls of Excel 4": (b"\x09\x04\x06\x00" + bytes(100), "file.too_old"),
    "other OLE2": (ole("WordDocument"), "file.not_a_workbook"),
    "OLE2 cut short": (OLE, "file.not_a_workbook"),
    "password": (ole("EncryptedPackage", "EncryptionInfo"), "file.encrypted"),
    "encrypted zip entries": (encrypted_entries(), "file.encrypted"),
    "empty zip": (zipped({}), "file.not_a_workbook"),
    "zip behind other bytes": (b"MZ" + GOOD, "file.not_a_workbook"),
    "the first half": (GOOD[: len(GOOD) // 2], "file.damaged"),
    "without its end": (GOOD[:-1], "file.damaged"),
    "zip kind unknown": (zipped(EMPTY, zipfile.ZIP_BZIP2), "file.damaged"),
    "duplicate names": (duplicate_names(), "file.damaged"),
    "overlapping entries": (overlapping(), "file.damaged"),
    "directory of 10 MB": (huge_directory(), "file.unzips_too_large"),
    "3,000 parts": (zipped(EMPTY | dict.fromkeys(map(str, range(3000)), "")), "file.unzips_too_large"),
    "sizes that lie": (lying_sizes(), "file.damaged"),
    "ratio": (replaced(sheet=sheet(" " * 40 * MIB)), "file.unzips_too_large"),
    "no links part": (zipped({"xl/workbook.xml": listing("")}), "file.damaged"),
    "sheet part missing": (replaced(links=relationships({"rId1": ("worksheet", "weg.xml")})), "file.damaged"),
    "sheet part cut": (replaced(sheet=sheet(table([["x"]]))[:-30]), "file.damaged"),
    "workbook part is no XML": (replaced(workbook="gewoon tekst"), "file.damaged"),
    "entities in the sheet": (replaced(sheet=BOMB + sheet(table([["x"]]))), "file.entities"),
    "entities in the strings": (replaced(strings=BOMB + strings("<t>x</t>")), "file.entities"),
    "entities in the workbook": (replaced(workbook=BOMB + listing("")), "file.entities"),
    "entities in the links": (replaced(links=BOMB + relationships({})), "file.entities"),
    "outer DTD": (replaced(sheet='<!DOCTYPE x SYSTEM "file:///etc/passwd">' + sheet(table([["x"]]))), "file.entities"),
    "UTF-16 sheet": (replaced(sheet=sheet(table([["x"]])).encode("utf-16")), "file.unusual"),
    "UTF-16 without mark": (replaced(sheet=sheet(table([["x"]])).encode("utf-16-le")), "file.unusual"),
    "UTF-16 strings": (replaced(strings=strings("<t>x</t>").encode("utf-16")), "file.unusual"),
    "Latin-1": (replaced(sheet=(LATIN + sheet(table([["\xe9\xe9n"]]))).encode("latin-1")), "file.unusual"),
    "CDATA, which the reader skips": (workbook(row(1, '<c r="A1" t="str"><v><![CDATA[An]]></v></c>')), "file.unusual"),
    "comment within a value": (workbook(row(1, '<c r="A1"><v>1<!-- -->2</v></c>')), "file.unusual"),
    "formula behind its value": (workbook(row(1, '<c r="A1"><v>3</v><f>1+2</f></c>')), "file.unusual"),
    "error nobody knows": (workbook(row(1, '<c r="B1" t="e"><v>#WAT!</v></c>')), "file.unknown_error"),
    "far cell": (workbook(cell_at("XFD1048576")), "file.far_cell"),
    "far column": (workbook(cell_at("XFD2")), "file.far_cell"),
    "far row": (workbook(cell_at("U1048576")), "file.far_cell"),
    "far cell in a row that lies": (workbook(row(2, cell("A2", 1), cell("XFD1048576", 1))), "file.far_cell"),
    "far cell behind a prefix": (
        workbook(f'<x:row xmlns:x="{MAIN}" r="900000"><x:c r="XFD9"><x:v>1</x:v></x:c></x:row>'),
        "file.far_cell",
    ),
    "far cell without reference": (workbook('<row r="9"><c r="XFC9"/><c><v>1</v></c></row>'), "file.far_cell"),
    "far cell in single quotes": (workbook("<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"), "file.far_cell"),
    "far cell in disorder": (workbook(row(900_000, cell("A900000", 1)) + row(1, cell("A1", 1))), "file.far_cell"),
    "two corners": (workbook(row(1, cell("SR1", 1)) + row(190_000, cell("A190000", 1))), "file.far_cell"),
    "column of four letters": (workbook(row(1, '<c r="AAAA1"><v>1</v></c>')), "file.damaged"),
    "column number too high for 32 bits": (workbook(row(1, '<c r="ZZZZZZZZ1"><v>1</v></c>')), "file.damaged"),
    "row number too high for 32 bits": (workbook('<row r="99999999999"><c><v>1</v></c></row>'), "file.damaged"),
    "row 0": (workbook('<row r="0"><c r="A0"><v>1</v></c></row>'), "file.damaged"),
    "number of strings that lies": (replaced(strings=strings("<t>x</t>", counted=4294967295)), "file.too_many_cells"),
    "depth": (replaced(sheet=sheet("<a>" * 5000 + table([["x"]]))), "file.damaged"),
    "endless names": (
        replaced(sheet=sheet("".join(f"<a{n:x}/>" for n in range(20_000)) + table([["x"]]))), "file.damaged",
    ),
}  # fmt: skip
