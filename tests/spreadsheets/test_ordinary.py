"""What the common programs write is recognised without the parser: that is what makes the look fast."""

import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from accounton.spreadsheets import ordinary
from accounton.spreadsheets.positions import cell_name
from tests.spreadsheets.building import cell, row

EXCEL = (
    '<row r="1" spans="1:4" s="2" customFormat="1" ht="30" customHeight="1" x14ac:dyDescent="0.25">'
    '<c r="A1" s="1" t="s"><v>0</v></c><c r="B1"/><c r="C1" s="3"/><c r="D1" t="str"><f t="shared" ref="D1:D9" si="0">'
    'LOWER(A1)&amp;"&gt;"</f><v>x</v></c></row>\n<row r="2" spans="1:4" x14ac:dyDescent="0.25"/>'
    '<row r="3"><c r="A3" t="b"><v>1</v></c><c r="B3" t="e" vm="1"><f ca="1">NA()</f><v>#N/A</v></c></row>'
)
VALUES = [["person", "An", 3, 4.5, True, None, "é & <b>"], ["", "0478", 85073003328, -1, False, "=A1", "x"]]


def of_openpyxl() -> bytes:
    book, target = openpyxl.Workbook(), io.BytesIO()
    for values in VALUES:
        book.active.append(values)
    book.save(target)
    return target.getvalue()


def of_xlsxwriter(constant_memory: bool) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": constant_memory}) as book:
        page = book.add_worksheet()
        for number, values in enumerate(VALUES):
            page.write_row(number, 0, values, book.add_format({"bold": True}))
    return target.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        (Path(__file__).parent / "files" / "libreoffice.xlsx").read_bytes(),
        of_openpyxl(),
        of_xlsxwriter(constant_memory=False),
        of_xlsxwriter(constant_memory=True),
    ],
    ids=["LibreOffice", "openpyxl", "XlsxWriter", "XlsxWriter in constant memory"],
)
def test_rows_of_each_program_match(content):
    xml = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    rows = re.search(rb"<sheetData>(.*)</sheetData>", xml, re.DOTALL)[1]
    assert rows.count(b"<row") >= 2
    assert ordinary.anywhere().fullmatch(rows)


def test_rows_as_excel_writes_them_match():
    rows = EXCEL.encode()
    assert ordinary.anywhere().fullmatch(rows)
    assert ordinary.general(4).fullmatch(rows)
    assert not ordinary.general(3).fullmatch(rows)
    assert not ordinary.plain(26).fullmatch(rows)
    assert ordinary.FILLED_ROWS.findall(rows) == [b"1", b"3"]
    assert ordinary.FILLED.findall(rows) == [(b"A", b"1"), (b"D", b"1"), (b"A", b"3"), (b"B", b"3")]
    assert ordinary.ERRORS.findall(rows) == [(b"B", b"3", b"#N/A")]
    assert ordinary.NOT_CALCULATED.findall(rows) == []


@pytest.mark.parametrize("columns", [1, 2, 21, 25, 26, 27, 28, 51, 52, 53, 78, 79, 512, 676, 677, 701, 702])
def test_the_plain_form_takes_columns_up_to_its_last_and_none_beyond(columns):
    for column in range(1, 705):
        line = row(7, cell(cell_name(7, column), 1)).encode()
        assert bool(ordinary.plain(columns).fullmatch(line)) == (column <= columns)
        assert bool(ordinary.general(columns).fullmatch(line)) == (column <= columns)
        blank = f'<row r="7"><c r="{cell_name(7, column)}" s="1"/></row>'.encode()
        assert ordinary.plain(columns).fullmatch(blank)
        assert ordinary.general(columns).fullmatch(blank)


@pytest.mark.parametrize(
    "xml",
    [
        '<row r="1"><c r="A2"><v>1</v></c></row>',
        '<row r="0"><c r="A0"><v>1</v></c></row>',
        '<row r="1"><c r="AAAA1"><v>1</v></c></row>',
        '<row r="12345678"><c r="A12345678"><v>1</v></c></row>',
        '<row r="1"><c><v>1</v></c></row>',
        '<row><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="&#101;"><v>1</v></c></row>',
        '<row r="1" x="/"><c r="A1"><v>1</v></c></row>',
        '<row r="1" x="&gt;"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1" s=">"><v>1</v></c></row>',
        '<row r="1"><c r="A1" s="/"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v><f>A2</f></c></row>',
        '<row r="1"><c r="A1"><v><![CDATA[1]]></v></c></row>',
        '<row r="1"><c r="A1"><v>1<!-- --></v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c>',
        '<row r="1"><c r="A1"><v>1</v></c></row> x',
        '<row r="1"><c r="A1"><v>1</v><v>2</v></c></row>',
        '<row r="1"><row r="2"></row></row>',
        "<row r='1'><c r='A1'><v>1</v></c></row>",
        "",
    ],
)
def test_anything_out_of_the_ordinary_does_not_match(xml):
    assert not ordinary.anywhere().fullmatch(xml.encode())
    assert not ordinary.general(702).fullmatch(xml.encode())
    assert not ordinary.plain(702).fullmatch(xml.encode())


def test_no_text_makes_the_expression_slow():
    """Possessive quantifiers never try twice; with ordinary ones this would not end."""
    line = b'<row r="1">' + b'<c r="A1" s="1" s="1" s="1"><v></v></c>' * 20_000 + b"<"
    assert not ordinary.anywhere().fullmatch(line)
    assert not ordinary.plain(26).fullmatch(line)
