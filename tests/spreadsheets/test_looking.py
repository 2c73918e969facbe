import io
import random
import re

import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st

from accounton.spreadsheets.limits import Limits
from accounton.spreadsheets.looking import Marks, choose, look
from accounton.spreadsheets.positions import cell_name, column_letters, column_number, position, positions
from accounton.spreadsheets.problems import UnusableFile
from accounton.spreadsheets.scanning import scan
from tests.spreadsheets.building import cell, parts, relationships, row, sheet, table, workbook, zipped

TWO_ROWS = row(1, cell("A1", 1), cell("B1", "x")) + row(2, cell("A2", 2), '<c r="C2" t="e"><v>#N/A</v></c>')


def facts(xml: str | bytes) -> tuple:
    found = scan(pieces(xml), Limits())
    return (
        *(found.furthest_row, found.furthest_column, found.rows, found.cells),
        *(found.error_cells, found.formulas_without_value, found.links),
    )


def pieces(xml: str | bytes, size: int = 1 << 20):
    data = xml.encode() if isinstance(xml, str) else xml
    return (data[at : at + size] for at in range(0, len(data), size))


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml.replace("<row", "<!-- rij --><row"),
        lambda xml: xml.replace('"', "'"),
        lambda xml: (
            xml.replace("<row", "<x:row").replace("</row", "</x:row").replace("<worksheet", "<worksheet xmlns:x='x'")
        ),
        lambda xml: xml.replace("><", ">\n  <"),
        lambda xml: xml.replace(' r="A2"', ' r="&#65;2"'),
        lambda xml: xml.replace(' t="e"', ' t="&#101;"'),
        lambda xml: xml.replace("<row", '<row spans="1:3" x14ac:dyDescent="0.25"').replace(
            "<worksheet", "<worksheet xmlns:x14ac='x'"
        ),
        lambda xml: xml.replace("<v>", "<v >"),
        lambda xml: xml.replace("<sheetData>", "<sheetData ><!-- <row r='9'><c r='Z9'><v>1</v></c></row> -->"),
        lambda xml: xml.replace("</c></row>", '</c><c r="ZZ1048576" s="1"/></row>').replace(
            'r="ZZ1048576"', 'r="D1"', 1
        ),
        lambda xml: '<?xml version="1.0" encoding="utf-8"?>\n' + xml,
        lambda xml: "\ufeff" + xml,
        lambda xml: xml.replace(' r="1"', ""),
        lambda xml: xml.replace(' r="B1"', ""),
    ],
)
def test_any_way_of_writing_the_same_cells_is_seen_alike(change):
    xml = sheet(TWO_ROWS)
    changed = change(xml)
    assert changed != xml
    assert facts(xml)[:3] == (2, 3, 2)
    assert facts(changed)[:3] + facts(changed)[4:] == facts(xml)[:3] + facts(xml)[4:]


cells = st.builds(
    lambda kind, style, value: kind.format(style=style, value=value),
    st.sampled_from(
        [
            '<c r="{{at}}"{style}><v>{value}</v></c>',
            '<c r="{{at}}"{style}/>',
            '<c r="{{at}}"{style} t="str"><f>A1</f><v>{value}</v></c>',
            '<c r="{{at}}"{style}><f>A{value}</f></c>',
            '<c r="{{at}}"{style}><f t="shared" si="0"/><v></v></c>',
            '<c r="{{at}}" t="e"{style}><f>1/0</f><v>#DIV/0!</v></c>',
            '<c r="{{at}}"{style} t="inlineStr"><is><t>n{value}</t></is></c>',
        ]
    ),
    st.sampled_from(["", ' s="1"']),
    st.integers(0, 99),
)
grids = st.dictionaries(st.integers(1, 40), st.dictionaries(st.integers(1, 60), cells, max_size=5), max_size=8)


def written(grid: dict[int, dict[int, str]]) -> str:
    return "".join(
        row(number, *(xml.format(at=cell_name(number, column)) for column, xml in sorted(line.items())))
        for number, line in sorted(grid.items())
    )


@given(grids, st.integers(1, 200))
def test_the_regular_expression_and_the_parser_see_the_same(grid, size):
    ordinary = sheet(written(grid))
    for_the_parser = ordinary.replace('<row r="', '<row r = "').replace('<c r="', '<c  r="')
    assert facts(ordinary) == facts(for_the_parser)
    in_pieces = scan(pieces(ordinary, size), Limits())
    assert (in_pieces.cells, in_pieces.error_cells) == facts(ordinary)[3:5]


@settings(max_examples=60)
@given(grids, st.randoms(use_true_random=False))
def test_nothing_that_the_reader_finds_lies_beyond_what_was_seen(grid, chance):
    xml = written(grid)
    for _ in range(chance.randrange(4)):
        old, new = chance.choice(
            [(f'r="{cell_name(*at)}"', "") for at in [(r, c) for r, line in grid.items() for c in line]]
            + [(f'<row r="{number}"', "<row") for number in grid]
            + [("</row>", "</row><!-- x -->"), ("<row ", "\n<row "), ('r="2', 'r="3'), ("<v>", "<v >")]
        )
        xml = xml.replace(old, new)
    content = workbook(xml)
    if not re.search("<v ?>[^<]|<t>|<f", xml):
        with pytest.raises(UnusableFile, match=r"file\.no_data"):
            look(content)
        return
    seen = look(content).chosen
    end = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).end
    if end is not None:
        assert (end[0] < seen.furthest_row, end[1] < seen.furthest_column) == (True, True)


@given(st.integers(1, 18278))
def test_column_letters_and_numbers_are_each_others_inverse(number):
    assert column_number(column_letters(number)) == number


@pytest.mark.parametrize(
    ("name", "expected"),
    [("A1", (1, 1)), ("xfd1048576", (1048576, 16384)), ("AA07", (7, 27))]
    + [(name, None) for name in ("A0", "A", "1", "", "AAAA1", "A12345678", "$A$1", "A1:B2", "A१", "A1\n")],
)
def test_positions_of_cell_names(name, expected):
    assert position(name) == expected


def test_positions_of_an_area_are_bounded():
    assert positions("B2:C3", 10) == [(2, 2), (2, 3), (3, 2), (3, 3)]
    assert len(positions("A1:XFD1048576", 100)) == 100
    assert positions("nonsense", 100) == positions("A1:B", 100) == positions("C3:A1", 100) == []


FULL, EMPTY, BLANK = sheet(table([["x"]])), sheet(""), sheet('<row r="1"><c r="A1" s="1"/></row>')


@pytest.mark.parametrize(
    ("sheets", "states", "expected"),
    [
        ({"Blad1": FULL, "Blad2": FULL}, {}, "Blad1"),
        ({"Blad1": FULL, "CUSTOMERS": FULL}, {}, "CUSTOMERS"),
        ({"Blad1": FULL, " Customers ": FULL}, {}, " Customers "),
        ({"Blad1": EMPTY, "Blad2": BLANK, "Blad3": FULL}, {}, "Blad3"),
        ({"Blad1": FULL, "Blad2": FULL}, {"Blad1": "hidden"}, "Blad2"),
        ({"Blad1": FULL, "Blad2": FULL}, {"Blad1": "veryHidden"}, "Blad2"),
        ({"customers": FULL, "Blad2": FULL}, {"customers": "hidden"}, "Blad2"),
        ({"Blad1": FULL, "customers": EMPTY}, {}, "Blad1"),
        ({"R&D <1>": FULL}, {}, "R&D <1>"),
    ],
)
def test_the_sheet_named_customers_is_read_or_the_first_visible_one_with_data(sheets, states, expected):
    content = zipped(parts(sheets, states))
    seen = look(content)
    assert choose(content) == seen.chosen.name == expected
    assert [found.name for found in seen.sheets] == list(sheets)
    assert [found.name for found in seen.sheets if not found.visible] == list(states)
    assert [found.name for found in seen.sheets if found.looked_at] == [expected]


@pytest.mark.parametrize(
    ("sheets", "states", "code"),
    [
        ({"Blad1": EMPTY}, {}, "file.no_data"),
        ({"Blad1": BLANK, "Blad2": sheet("").replace("<sheetData></sheetData>", "<sheetData/>")}, {}, "file.no_data"),
        ({"Blad1": FULL}, {"Blad1": "hidden"}, "file.no_data"),
        ({}, {}, "file.no_sheet"),
        ({"Blad1": FULL, "blad1": FULL}, {}, "file.damaged"),
    ],
)
def test_a_workbook_without_anything_to_read_says_so(sheets, states, code):
    with pytest.raises(UnusableFile) as caught:
        look(zipped(parts(sheets, states)))
    assert caught.value.code == code


def test_a_chart_is_no_sheet_to_read():
    content = parts({"Grafiek": FULL, "Lijst": FULL})
    targets = {"rId1": ("chartsheet", "chartsheets/sheet1.xml"), "rId2": ("worksheet", "worksheets/sheet2.xml")}
    content["xl/_rels/workbook.xml.rels"] = relationships(targets)
    assert [found.name for found in look(zipped(content)).sheets] == ["Lijst"]


@pytest.mark.parametrize(
    ("target", "part"),
    [
        ("worksheets/lijst.xml", "xl/worksheets/lijst.xml"),
        ("/xl/worksheets/sheet7.xml", "xl/worksheets/sheet7.xml"),
        ("xl/worksheets/sheet7.xml", "xl/xl/worksheets/sheet7.xml"),
        ("bladen/een.xml", "xl/bladen/een.xml"),
        ("worksheets/sheet1.xml", "xl/Worksheets/Sheet1.XML"),
    ],
)
def test_the_part_of_a_sheet_is_found_by_its_relationship(target, part):
    content = parts({"customers": EMPTY})
    del content["xl/worksheets/sheet1.xml"]
    content |= {part: FULL, "xl/_rels/workbook.xml.rels": relationships({"rId1": ("worksheet", target)})}
    seen = look(zipped(content)).chosen
    in_reader = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(zipped(content))).get_sheet_by_index(0)
    assert (seen.furthest_row, seen.furthest_column) == (1, 1)
    assert in_reader.to_python() == [["x"]]


def test_a_strict_workbook_and_one_with_macros_are_read():
    strict = parts({"customers": FULL})
    strict = {name: xml.replace("schemas.openxmlformats.org", "purl.oclc.org/ooxml") for name, xml in strict.items()}
    assert look(zipped(strict)).chosen.cells == 1
    assert look(zipped(parts({"customers": FULL}) | {"xl/vbaProject.bin": "macro"})).macros
    assert not look(zipped(parts({"customers": FULL}))).macros


def test_a_dimension_that_lies_changes_nothing():
    for reference in ("A1:XFD1048576", "A1", "nonsense"):
        seen = look(workbook(sheet_part=sheet(TWO_ROWS, before=f'<dimension ref="{reference}"/>'))).chosen
        assert (seen.furthest_row, seen.furthest_column, seen.cells) == (2, 3, 4)


def test_rows_of_drawings_and_controls_behind_the_list_do_not_count():
    after = '<controls><from><col>5</col><row>900</row></from><c r="XFD9"><v>1</v></c></controls>'
    seen = look(workbook(sheet_part=sheet(TWO_ROWS, after=after))).chosen
    assert (seen.furthest_row, seen.furthest_column) == (2, 3)


def test_marks_survive_the_way_to_a_child():
    marks = Marks({(1, 2): "#N/A"}, {(3, 4): "A1+1"}, {(5, 6): "mailto:an@voorbeeld.be"})
    assert Marks.from_message(marks.as_message()) == marks
    assert Marks.from_message(Marks().as_message()) == Marks()


def test_looking_takes_a_path_bytes_or_an_open_file(tmp_path):
    content = workbook(TWO_ROWS)
    path = tmp_path / "lijst.xlsx"
    path.write_bytes(content)
    with path.open("rb") as opened:
        assert look(path) == look(content) == look(opened) == look(io.BytesIO(content))


def test_a_sheet_that_comes_in_many_pieces_is_counted_whole():
    chance = random.Random(7)
    rows = "".join(
        row(number, *(cell(f"{letter}{number}", chance.randrange(10**6)) for letter in "ABCDEFGH"))
        for number in range(1, 40_001)
    )
    wide = row(40_001, *(cell(cell_name(40_001, column), column) for column in range(1, 400)))
    seen = look(workbook(rows + wide)).chosen
    assert (seen.furthest_row, seen.furthest_column, seen.rows, seen.cells) == (40_001, 399, 40_001, 320_399)
