import datetime
import io

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment

from accounton.spreadsheets.reading import ErrorCell
from tests.spreadsheets.building import cell, parts, relationships, row, sheet, strings, table, workbook, zipped
from tests.spreadsheets.together import read, values

RICH = '<r><t>gedeeld</t></r><r><rPr><b/></rPr><t xml:space="preserve"> vet</t></r>'


def test_rows_keep_their_sheet_numbers_and_columns_when_the_list_does_not_begin_at_a1():
    content = workbook(row(3) + row(5, cell("C5", "x")) + row(9, cell("E9", 3)))
    look, rows = read(content)
    assert rows[5] == ["", "", "x", "", ""]
    assert rows[9] == ["", "", "", "", 3.0]
    assert list(rows) == [5, 6, 7, 8, 9]
    assert (look.chosen.furthest_row, look.chosen.furthest_column) == (9, 5)


def test_blocks_of_any_size_give_the_same_rows():
    content = workbook(table([number, f"row {number}"] for number in range(1, 24)))
    whole = read(content)[1]
    assert len(whole) == 23
    assert all(read(content, rows=size)[1] == whole for size in (1, 7, 22, 23, 24))


def test_formatted_cells_without_content_far_away_do_not_count():
    content = workbook(row(1, cell("A1", "x"), '<c r="XFD1" s="1"/>') + row(1048576, '<c r="C1048576" s="1"/>'))
    look, rows = read(content)
    assert rows == {1: ["x"]}
    assert look.chosen.cells == 3


@pytest.mark.parametrize(
    ("xml", "shown"),
    [
        (cell("A1", "An & <Jan>"), "An & <Jan>"),
        (cell("A1", "a\u00a0b  "), "a\u00a0b  "),
        ('<c r="A1" t="str"><v>een\ntwee</v></c>', "een\ntwee"),
        ('<c r="A1" t="inlineStr"><is><t>een_x000D_\ntwee</t></is></c>', "een\r\ntwee"),
        (f'<c r="A1" t="inlineStr"><is>{RICH}</is></c>', "gedeeld vet"),
        (cell("A1", 85073003328), 85073003328.0),
        ('<c r="A1"><v>8.5073003328E10</v></c>', 85073003328.0),
        (cell("A1", 100364, style=2), 100364.0),
        (cell("A1", True), True),
        (cell("A1", 46311, style=1), datetime.date(2026, 10, 16)),
        (cell("A1", 46311.5, style=1), datetime.datetime(2026, 10, 16, 12)),
        (cell("A1", 0.25, style=3), datetime.time(6)),
        ('<c r="A1" t="d"><v>2026-10-16</v></c>', datetime.date(2026, 10, 16)),
        ('<c r="A1" t="str"><f>"a"&amp;"b"</f><v>ab</v></c>', "ab"),
        ('<c r="A1"><f>1+1</f><v>2</v></c>', 2.0),
        ('<c r="A1" t="e"><v>#N/A</v></c>', ErrorCell("#N/A")),
        ('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', ErrorCell("#DIV/0!")),
        ('<c t="s" r="A1"><v>0</v></c>', "gedeeld vet"),
    ],
)
def test_cells_come_out_as_a_person_sees_them(xml, shown):
    found = values(workbook(row(1, xml), shared=strings(RICH)))
    assert found == [shown]
    assert type(found[0]) is type(shown)


def test_dates_counted_from_1904_are_the_same_dates():
    content = workbook(row(1, cell("A1", 44849, style=1)), properties='<workbookPr date1904="1"/>')
    assert values(content) == [datetime.date(2026, 10, 16)]


def test_every_error_that_excel_writes_is_found_at_its_cell():
    errors = ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"]
    cells = (f'<c r="{chr(66 + at)}2" t="e"><v>{error}</v></c>' for at, error in enumerate(errors))
    look, rows = read(workbook(row(1, cell("A1", "kop")) + row(2, *cells)))
    assert rows[2] == ["", *map(ErrorCell, errors)]
    assert look.chosen.marks.error_cells == {(2, 2 + at): error for at, error in enumerate(errors)}


def test_a_formula_without_a_stored_value_is_told_by_the_look():
    content = workbook(
        row(
            1,
            '<c r="A1"><f>B1&amp;C1</f></c>',
            '<c r="B1"><f>1+1</f><v></v></c>',
            '<c r="C1"><f>1+1</f><v/></c>',
            '<c r="D1" t="str"><f>""</f><v></v></c>',
            '<c r="E1"><f t="shared" si="0"/><v>5</v></c>',
        )
    )
    look, rows = read(content)
    assert set(look.chosen.marks.formulas_without_value) == {(1, 1), (1, 2), (1, 3)}
    assert rows == {1: ["", "", "", "", 5.0]}


def test_the_address_behind_a_mail_link_is_told_by_the_look():
    places = {"A2": "rId1", "A3:A4": "rId2", "B2": "rId3"}
    links = "".join(f'<hyperlink ref="{place}" r:id="{key}"/>' for place, key in places.items())
    rows = table([["E-mail", "web"], ["An", "hier"], ["Jan"], ["Piet"]])
    content = parts({"customers": sheet(rows, after=f"<hyperlinks>{links}</hyperlinks>")})
    targets = {
        "rId1": ("hyperlink", "mailto:an@voorbeeld.be"),
        "rId2": ("hyperlink", "MAILTO:jan@voorbeeld.be?subject=x"),
        "rId3": ("hyperlink", "https://voorbeeld.be"),
    }
    content["xl/worksheets/_rels/sheet1.xml.rels"] = relationships(targets, external=True)
    look, rows = read(zipped(content))
    assert rows[2] == ["An", "hier"]
    assert look.chosen.marks.links == {
        (2, 1): "mailto:an@voorbeeld.be",
        (3, 1): "MAILTO:jan@voorbeeld.be?subject=x",
        (4, 1): "MAILTO:jan@voorbeeld.be?subject=x",
    }


def test_a_workbook_of_openpyxl():
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Customers"
    page.append(["person", "Firstname", "Deadline PB", None, "sum"])
    page.append(["person", "An", datetime.date(2026, 10, 16), "", "=1+1"])
    page["B2"].comment = Comment("nota", "iemand")
    page["B2"].hyperlink = "mailto:an@voorbeeld.be"
    page.merge_cells("A4:C4")
    page["A4"] = "samen"
    page.freeze_panes = "A2"
    page.protection.set_password("geheim")
    target = io.BytesIO()
    book.save(target)
    look, rows = read(target.getvalue())
    assert rows[1] == ["person", "Firstname", "Deadline PB", "", "sum"]
    assert rows[2][:3] == ["person", "An", datetime.date(2026, 10, 16)]
    assert rows[4] == ["samen", "", "", "", ""]
    assert look.chosen.marks.links == {(2, 2): "mailto:an@voorbeeld.be"}
    assert list(look.chosen.marks.formulas_without_value) == [(2, 5)]


def test_a_workbook_of_xlsxwriter_and_the_same_read_by_openpyxl():
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    page = book.add_worksheet("klanten")
    date = book.add_format({"num_format": "dd/mm/yyyy"})
    for number in range(300):
        page.write_string(number, 0, f"{number:011d}")
        page.write_number(number, 3, number / 4)
        page.write_datetime(number, 4, datetime.datetime(2026, 1, 1) + datetime.timedelta(number), date)
        page.write_rich_string(number, 6, "vet ", book.add_format({"bold": True}), str(number))
    book.close()
    rows = read(target.getvalue())[1]
    page = openpyxl.load_workbook(io.BytesIO(target.getvalue())).active
    assert len(rows) == page.max_row == 300
    for number, cells in rows.items():
        expected = [page.cell(number, column).value for column in range(1, 8)]
        expected = [value.date() if isinstance(value, datetime.datetime) else value for value in expected]
        assert cells == ["" if value is None else value for value in expected]
