"""The same list comes in the same from every kind of file: checked from its text, sheet and rows named as they are."""

import datetime

from accounton.rows.intake import Inspection
from accounton.rows.rules import Rules
from tests.spreadsheets.building import table as xlsx_table
from tests.spreadsheets.building import workbook
from tests.spreadsheets.old_excel import error, formula, label, of_kind, xls
from tests.spreadsheets.test_other_kinds import ods, row, table, text

TODAY = datetime.date(2026, 6, 1)
LIST = [
    ["First name", "Last name", "Email", "National number", "Language"],
    ["An", "Peeters", "an@voorbeeld.be", "85073003328", "dutch"],
    ["Bo", "Claes", "bo@@voorbeeld", "", "dutch"],
]
AS_CSV = "\r\n".join(";".join(cells) for cells in LIST).encode("utf-16")
AS_ODS = ods(table(*(row(*map(text, cells)) for cells in LIST)) + table(row(text("x")), name="Nota"))
AS_XLSX = workbook(xlsx_table(LIST))


def taken(content: bytes):
    with Inspection(content, Rules(TODAY)) as inspection:
        head = inspection.head
        blocks = list(inspection)
    found = [
        (number, [finding.code for finding in findings]) for block in blocks for number, findings in block.findings
    ]
    return head, found, sum(block.valid for block in blocks)


def test_each_kind_gives_the_same_findings_in_the_same_rows():
    of_xlsx, of_csv, of_ods = map(taken, (AS_XLSX, AS_CSV, AS_ODS))
    assert of_xlsx[1:] == of_csv[1:] == of_ods[1:]
    assert of_csv[1][-1][0] == 3
    assert [head.columns for head, *_ in (of_csv, of_ods)] == [of_xlsx[0].columns] * 2
    assert (of_csv[0].sheet, of_ods[0].sheet) == ("", "Blad1")


def test_line_breaks_within_cells_are_no_rows():
    broken = [LIST[0], ["An", "Peeters", "an@voorbeeld.be", "85073003328", '"dutch\n\n"'], LIST[2]]
    for separator in (";", "\t"):
        content = "\n".join(separator.join(cells) for cells in broken).encode() + b"\n\n"
        assert taken(content)[0].rows_expected == 2


def test_a_workbook_of_another_kind_says_which_sheets_are_not_read():
    assert taken(AS_ODS)[0].notices == [{"code": "sheet.others", "detail": "Nota", "cell": ""}]
    assert taken(AS_CSV)[0].notices == []


def test_an_error_and_a_lost_result_in_an_xls_are_problems_of_their_cells():
    headers = ["Firstname", "Lastname", "Email", "Language", "Registration Number", "Mobile Number"]
    person = ["An", "Claes", "an@voorbeeld.be", "dutch"]
    cells = [label(0, at, header) for at, header in enumerate(headers)]
    cells += [label(1, at, text) for at, text in enumerate(person)]
    cells += [error(1, 4, 0x2A), formula(1, 5, of_kind(0))]
    assert taken(xls(*cells))[1] == [(2, ["cell.not_calculated", "cell.error"])]
