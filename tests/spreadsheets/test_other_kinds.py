"""Workbooks of other kinds: what LibreOffice wrote reads as it stands there, and each bad one is refused clearly."""

import datetime
import random
from contextlib import suppress
from pathlib import Path

import pytest

from accounton.spreadsheets.limits import DEFAULT, Limits
from accounton.spreadsheets.looking import choose
from accounton.spreadsheets.problems import UnusableFile
from accounton.spreadsheets.reading import ErrorCell
from tests.spreadsheets.building import ole, zipped
from tests.spreadsheets.together import read

FILES = Path(__file__).parent / "files"
MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
)
MANY = ' table:number-columns-repeated="500"'
BOMB = '<!DOCTYPE x [<!ENTITY a "ha">]>'


def content(tables: str, styles: str = "", before: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content {NAMESPACES} '
        f'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )


def ods(tables: str, styles: str = "", before: str = "", manifest: str = "") -> bytes:
    parts = {"mimetype": MIMETYPE, "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>"}
    return zipped(parts | {"content.xml": content(tables, styles, before)})


def text(value: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="string"{more}><text:p>{value}</text:p></table:table-cell>'


def row(*cells: str, times: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{"".join(cells)}</table:table-row>'


def table(*rows: str, name: str = "Blad1", style: str = "") -> str:
    return f'<table:table table:name="{name}" table:style-name="{style}">{"".join(rows)}</table:table>'


def reason(file: bytes, limits: Limits = DEFAULT) -> str:
    with pytest.raises(UnusableFile) as caught:
        read(file, limits)
    assert "%(" not in caught.value.text()
    return caught.value.code


def test_what_libreoffice_wrote_reads_as_it_stands_there():
    seen, rows = read((FILES / "libreoffice.ods").read_bytes())
    assert seen.kind == ".ods"
    assert list(rows) == list(range(3, 15))
    assert rows[3] == ["", "Voornaam", "Achternaam", "Nummer", "Datum", "Uur", "Ja", "Fout", "Formule", "Deel"]
    assert rows[4][1:6] == ["Zoë", "Café", "00123", datetime.date(2026, 10, 16), datetime.time(13, 30)]
    assert rows[5][1:5] == ["An\nMarie", "Peeters", 85073003328, datetime.datetime(2026, 1, 2, 3, 4, 5)]
    assert (rows[4][8:], rows[5][8:]) == (["AN", 0.25], [2, 1000])
    assert rows[6] == rows[7] == [""] * 10
    assert rows[10][1:4] == ["Bo", "Bo", 1]
    assert rows[14] == ["", "laatste"] + [""] * 8


def test_errors_in_ods_are_found_and_hidden_sheets_known():
    file = (FILES / "libreoffice.ods").read_bytes()
    seen, rows = read(file)
    assert [(sheet.name, sheet.visible) for sheet in seen.sheets] == [
        ("Verborgen", False), ("Nota's", True), ("Customers", True),
    ]  # fmt: skip
    assert seen.chosen.name == "Customers"
    assert [rows[number][7] for number in (4, 5, 8)] == [ErrorCell("#N/A"), ErrorCell("#DIV/0!"), ErrorCell("#NAME?")]
    assert rows[8][8] == ""  # a formula that gives an empty text is no error
    assert (seen.chosen.furthest_row, seen.chosen.furthest_column) == (14, 10)
    assert choose(file) == ""


def test_the_csv_of_libreoffice_has_the_same_rows_as_its_workbooks():
    rows = read((FILES / "libreoffice.csv").read_bytes())[1]
    workbook = read((FILES / "libreoffice.ods").read_bytes())[1]
    assert list(rows) == list(workbook)
    assert [cells[1:3] for cells in rows.values()] == [cells[1:3] for cells in workbook.values()]
    assert rows[4][3] == "00123"


def test_a_hidden_sheet_is_never_chosen_in_ods():
    hidden = '<style:table-properties table:display="false"/>'
    style = f'<style:style style:name="h" style:family="table">{hidden}</style:style>'
    file = ods(table(row(text("geheim")), name="customers", style="h") + table(row(text("x")), name="B"), style)
    seen, rows = read(file)
    assert (seen.chosen.name, rows) == ("B", {1: ["x"]})
    assert reason(ods(table(row(text("geheim")), style="h"), style)) == "file.no_data"


def test_repeated_rows_and_cells_of_ods_keep_their_places():
    repeated = text("x", ' table:number-columns-repeated="2"')
    file = ods(table(row("<table:table-cell/>", times=2), row(text("a"), repeated, times=3), row(text("b"))))
    assert read(file)[1] == {3: ["a", "x", "x"], 4: ["a", "x", "x"], 5: ["a", "x", "x"], 6: ["b", "", ""]}


def test_older_errors_of_ods_are_found():
    attributes = 'table:formula="oooc:=X" office:value-type="float" office:value="0"'
    old = f"<table:table-cell {attributes}><text:p>Err:508</text:p></table:table-cell>"
    assert read(ods(table(row(text("a"), old))))[1] == {1: ["a", ErrorCell("Err:508")]}


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (ods(""), "file.no_sheet"),
        (ods(table()), "file.no_data"),
        (ods(table(row(text("x"), times=1_000_000))), "file.far_cell"),
        (ods(table(row(text("x"), times=190_000), row(text("x", MANY)))), "file.far_cell"),
        (ods(table(row(text("x", ' table:number-columns-repeated="16384"')))), "file.far_cell"),
        (ods(table(row(text("x", MANY), times=15_000))), "file.too_many_cells"),
        (ods(table(row(text("x")), row(times=1_000_000), row(text("x")))), "file.far_cell"),
        (ods(table(row(text("x"), times=99_999_999))), "file.damaged"),
        (ods(table(row(text("x"))), before=BOMB), "file.entities"),
        (ods(table(row(text("<!-- <table:table-row> -->x")))), "file.unusual"),
        (ods(table(row(text("<![CDATA[x]]>")))), "file.unusual"),
        (ods(table(row(text(table(row(text("x"))))))), "file.unusual"),
        (ods(table("<table:table-row>" + text("x"))), "file.unusual"),
        (ods(table(row(text("x"))), manifest="<manifest:encryption-data/>"), "file.encrypted"),
        (zipped({"mimetype": "x", "META-INF/m": "", "content.xml": content("")}), "file.not_a_workbook"),
        (zipped({"mimetype": MIMETYPE, "META-INF/m": "", "content.xml": content(table())[:-40]}), "file.damaged"),
        ((FILES / "libreoffice.ods").read_bytes()[:-400], "file.damaged"),
        ((FILES / "libreoffice.xls").read_bytes()[:4000], "file.not_a_workbook"),
        (ole("Workbook"), "file.damaged"),
        (ole("Book"), "file.damaged"),
        (zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": "x"}), "file.damaged"),
    ],
)  # fmt: skip
def test_each_bad_workbook_of_another_kind_is_refused_for_one_clear_reason(file, code):
    assert reason(file) == code


@pytest.mark.parametrize("kind", ["ods", "xls"])
@pytest.mark.parametrize("seed", range(15))
def test_changed_bytes_are_read_or_refused_and_nothing_else(seed, kind):
    chance, file = random.Random(seed), bytearray((FILES / f"libreoffice.{kind}").read_bytes())
    for _ in range(chance.randint(1, 20)):
        file[chance.randrange(8, len(file))] = chance.randrange(256)
    with suppress(UnusableFile):
        assert read(bytes(file), Limits(look_seconds=2, seconds=5))[1]
