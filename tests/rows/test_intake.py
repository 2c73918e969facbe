"""Files in, checked rows out, through the child process; real workbooks."""

import datetime
import os
from io import BytesIO
from typing import Any

import orjson
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounton.rows.columns import EXAMPLE_EMAIL, KEYS
from accounton.rows.findings import Finding
from accounton.rows.intake import Inspection, Intake, StagedRow
from accounton.rows.mapping_wishes import Wishes
from accounton.rows.names import name_key, search_text
from accounton.rows.opening import opened
from accounton.sealing import CannotOpen, Sealer
from accounton.spreadsheets.limits import Limits
from accounton.spreadsheets.problems import UnusableFile
from tests.rows.books import HEADERS, WRITERS, by_openpyxl, by_xlsxwriter, inspected, row_of, taken_in
from tests.rows.people import RULES, TIDY, person

KEYRING = [os.urandom(32), os.urandom(32)]


def findings_of(blocks: list[Any]) -> dict[int, list[Finding]]:
    return {row: found for block in blocks for row, found in block.findings}


@pytest.mark.parametrize("writer", WRITERS)
def test_rows_of_other_programs(writer: str) -> None:
    rows = [
        HEADERS,
        row_of(person(deadline=datetime.date(2026, 10, 16), postal_code=9300, box=2.1)),
        row_of({}),
        row_of(person(email="an@x.be", national_number=1490700185, client_code=12, spouse_national_number="")),
        row_of(person(email="bo@x.be", national_number="", client_code="", house_number=datetime.date(2026, 1, 2))),
    ]
    inspection, blocks = inspected(WRITERS[writer](rows))
    assert inspection.head.sheet == "Blad1"
    assert inspection.head.header_row == 1
    assert inspection.head.rows_expected == 4
    assert (sum(b.valid for b in blocks), sum(b.invalid for b in blocks), inspection.empty_rows) == (2, 1, 1)
    assert {row: [f.code for f in found] for row, found in findings_of(blocks).items()} == {
        4: ["cell.zeros"],
        5: ["house_number.date"],
    }


def test_staged_rows_are_sealed_and_hashed() -> None:
    rows = [
        row_of(person(mobile="0032478123456")),
        row_of(person(email="AN@x.be", national_number="x", language="duits")),
    ]
    intake, staged = taken_in(by_openpyxl([HEADERS, *rows]), KEYRING)
    sealer = Sealer(KEYRING)
    tidy, wrong = (StagedRow(*row) for row in staged)
    assert tidy._replace(sealed=b"") == StagedRow(
        number=2,
        search=search_text("Jan", "Peeters", TIDY["email"], "K0001", TIDY["mobile"]),
        email=TIDY["email"],
        name_key=name_key("Jan", "Peeters"),
        client_code="K0001",
        language="dutch",
        is_joint=True,
        traits=",*,kantoor gent,zelfstandig,",
        problems="",
        repaired=True,
        number_hash=sealer.hash(TIDY["national_number"], 7),
        spouse_hash=sealer.hash(TIDY["spouse_national_number"], 7),
        sealed=b"",
    )
    assert (wrong.problems, wrong.language, wrong.number_hash) == (
        "national_number.invalid,language.unknown,row.repeated",
        "",
        None,
    )
    content = orjson.loads(sealer.open(tidy.sealed, b"row:7"))
    assert content["values"] == TIDY | {"extra_pb": ""}
    assert [Finding(*finding) for finding in content["findings"]] == [
        Finding("repair", "mobile", "cell.notation", "0032478123456", "+32478123456")
    ]
    with pytest.raises(CannotOpen):
        sealer.open(tidy.sealed, b"row:8")
    assert intake.empty_rows == 0


def test_no_national_number_leaves_the_child_in_plain() -> None:
    _, staged = taken_in(by_openpyxl([HEADERS, row_of(TIDY), row_of(person(national_number="85073003329"))]), KEYRING)
    said = repr(staged)
    for number in ("85073003328", "93051822361", "85073003329"):
        assert number not in said


def test_only_columns_of_the_file_are_sealed() -> None:
    _, [row] = taken_in(by_openpyxl([["Taal", "E-mail", "Nom", "Prénom"], ["nl", "jan@x.be", "Maes", "Jan"]]), KEYRING)
    values = orjson.loads(Sealer(KEYRING).open(StagedRow(*row).sealed, b"row:7"))["values"]
    assert values == {"first_name": "Jan", "last_name": "Maes", "email": "jan@x.be", "language": "dutch"}
    assert not StagedRow(*row).is_joint


def test_errors_formulas_and_links_that_the_reader_does_not_tell(tmp_path: Any) -> None:
    book = xlsxwriter.Workbook(tmp_path / "marks.xlsx")
    page = book.add_worksheet()
    page.write_row(0, 0, HEADERS)
    for number in range(1, 5):
        page.write_row(number, 0, row_of({"first_name": f"N{number}", "last_name": "M", "language": "dutch"}))
        page.write_string(number, 3, f"n{number}@x.be")
    page.write_formula(1, 4, "=NA()", None, "#N/A")
    page.write_formula(2, 4, '=""', None, "")
    page.write_url(3, 3, "mailto:els@y.be", string="Stuur mail")
    page.write_formula(4, 3, '="n4"&"@x.be"', None, "n4@x.be")
    book.close()
    _, blocks = inspected(tmp_path / "marks.xlsx")
    found = findings_of(blocks)
    assert [(f.column, f.code, f.detail) for f in found[2]] == [("mobile", "cell.error", "#N/A")]
    assert [(f.kind, f.column, f.after) for f in found[4]] == [("repair", "email", "els@y.be")]
    assert 5 not in found


def test_a_formula_that_was_never_calculated() -> None:
    row = row_of(person(mobile="=A1"))
    _, blocks = inspected(by_openpyxl([HEADERS, row]))
    assert [(f.column, f.code) for f in findings_of(blocks)[2]] == [("mobile", "cell.not_calculated")]


def test_the_example_of_the_template_counts_as_empty() -> None:
    inspection, blocks = inspected(by_openpyxl([HEADERS, row_of(person(email=EXAMPLE_EMAIL)), row_of(TIDY)]))
    assert (blocks[0].valid, inspection.empty_rows) == (1, 1)


def test_a_row_with_nothing_but_its_kind_is_empty_and_one_with_anything_else_is_not() -> None:
    rows = [HEADERS, ["person"], ["", "", "", "", "", "", " "], ["person", *[""] * 6, "12"], ["", "", "", "jan@x.be"]]
    inspection, [block] = inspected(by_xlsxwriter(rows))
    assert (block.valid, block.invalid, inspection.empty_rows) == (0, 2, 2)


def test_title_odd_place_and_other_sheets() -> None:
    target = BytesIO()
    book = xlsxwriter.Workbook(target)
    for name in ("Notities", "Customers", "Lijst", "Geheim"):
        page = book.add_worksheet(name)
        page.write_string(3, 2, "Klanten van ons kantoor")
        page.write_row(5, 2, [*HEADERS, "Opmerking"])
        page.write_row(6, 2, [*row_of(TIDY), "x"])
        page.write_row(7, 2, [*row_of(person(mobile="0478")), "y"])
    book.get_worksheet_by_name("Geheim").hide()
    book.close()
    inspection, blocks = inspected(target.getvalue())
    head = inspection.head
    assert (head.sheet, head.header_row, head.letters["type"], head.letters["responsible"]) == (
        "Customers",
        6,
        "C",
        "W",
    )
    assert head.columns[-1] == {"header": "Opmerking", "letter": "X", "keys": [], "target": "none", "by": "header"}
    assert head.notices == [
        {"code": "column.unknown", "detail": "Opmerking", "cell": "X6"},
        {"code": "sheet.others", "detail": "Notities, Lijst", "cell": ""},
        {"code": "sheet.hidden", "detail": "Geheim", "cell": ""},
    ]
    assert list(findings_of(blocks)) == [8]


def test_partners_found_late_are_told_after_the_last_block() -> None:
    partner = person(national_number="93051822361", email="an@x.be", spouse_national_number="", client_code="")
    others = [
        person(email=f"n{n}@x.be", national_number="", client_code="", spouse_national_number="") for n in range(2500)
    ]
    inspection, blocks = inspected(by_xlsxwriter([HEADERS, *map(row_of, [partner, *others, TIDY])]))
    assert len(blocks) > 1
    assert [(row, finding.code, finding.detail) for row, finding in inspection.late] == [
        (2, "national_number.partner_of_row", "2503")
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.empty"),
        (b"not a workbook", "file.not_a_workbook"),
        (by_openpyxl([["a", "b"]]), "file.no_headers"),
        (by_openpyxl([HEADERS[:10]]), "file.columns_missing"),
        (by_openpyxl([]), "file.no_data"),
    ],
)
def test_files_that_cannot_be_used(content: bytes, code: str) -> None:
    with pytest.raises(UnusableFile) as raised:
        inspected(content)
    assert raised.value.code == code
    assert len(raised.value.text()) > 20


def test_limits_hold() -> None:
    many = by_xlsxwriter([HEADERS, *[row_of(TIDY)] * 30])
    with pytest.raises(UnusableFile) as raised, Inspection(many, RULES, Limits(rows=20)):
        pass
    assert raised.value.code == "file.too_many_rows"


def test_a_list_of_headers_alone_has_no_rows() -> None:
    inspection, blocks = inspected(by_openpyxl([HEADERS]))
    assert (sum(b.valid + b.invalid for b in blocks), inspection.empty_rows) == (0, 0)


def test_leaving_early_ends_the_child() -> None:
    with Inspection(by_xlsxwriter([HEADERS, *[row_of(TIDY)] * 5000]), RULES) as inspection:
        next(iter(inspection))
        pid = inspection._child.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_what_rows_are_compared_by_comes_with_them_where_it_is_asked_for() -> None:
    people = [person(email=f"An{n}@x.be", last_name=f"Maes{n}") for n in range(1200)]
    people[3] = person(email="", national_number="85073003329", last_name="Peeters BV")
    file = by_openpyxl([HEADERS, *map(row_of, people)])
    with Intake(file, RULES, keys=KEYRING, office_id=7, looks=True) as intake:
        [block] = intake
    assert block.looks is not None
    assert list(map(len, block.looks)) == [1200] * len(block.looks)
    assert block.looks.numbers == block.numbers
    assert block.looks.names == block.columns[StagedRow._fields.index("name_key")]
    assert [number for number, kind in zip(block.looks.numbers, block.looks.kinds, strict=True) if kind] == [5]
    assert [number for number, has in zip(block.numbers, block.looks.has_number, strict=True) if not has] == [5]
    assert block.looks.births[3] == 0
    with Intake(file, RULES, keys=KEYRING, office_id=7) as intake:
        assert [block.looks for block in intake] == [None]


def test_a_file_opened_before_it_is_known_whose_it_is_is_read_the_same() -> None:
    file = by_openpyxl([HEADERS, row_of(TIDY)])
    with opened(file) as ready, Intake(ready, RULES, keys=KEYRING, office_id=7) as intake:
        assert intake._child is ready.reader
        [[row]] = [list(block.rows()) for block in intake]
    assert row[:-1] == taken_in(file, KEYRING)[1][0][:-1]
    with pytest.raises(ProcessLookupError):
        os.kill(ready.reader.pid, 0)


@pytest.mark.parametrize(("limits", "sheet"), [(Limits(rows=20), ""), (Limits(), "Blad1")])
def test_a_file_opened_otherwise_is_opened_again(limits: Limits, sheet: str) -> None:
    with opened(by_openpyxl([HEADERS, row_of(TIDY)])) as ready:
        with Inspection(ready, RULES, limits, wishes=Wishes(sheet=sheet)) as inspection:
            assert inspection._child is not ready.reader
            assert sum(block.valid for block in inspection) == 1
        os.kill(ready.reader.pid, 0)  # whoever opened it ends it


def test_what_cannot_be_opened_is_said_at_once(tmp_path: Any) -> None:
    for file, code in ((tmp_path / "weg.xlsx", "file.not_found"), (b"x" * 100, "file.too_large")):
        with pytest.raises(UnusableFile) as raised, opened(file, Limits(bytes=10)):
            pass
        assert raised.value.code == code


CELLS = st.one_of(
    st.just(""),
    st.sampled_from([*TIDY.values(), EXAMPLE_EMAIL, " ", "x", "#N/A", "0478 12 34 56"]),
    st.integers(0, 10**11),
    st.booleans(),
    st.dates(datetime.date(1950, 1, 1), datetime.date(2050, 1, 1)),
)
ROW = st.one_of(
    st.just(row_of({})),
    st.just(row_of(TIDY)),
    st.dictionaries(st.sampled_from(KEYS), CELLS).map(row_of),
    st.dictionaries(st.sampled_from(KEYS), CELLS).map(lambda cells: row_of(TIDY | cells)),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ROW, min_size=1, max_size=25))
def test_every_row_is_valid_invalid_or_empty(rows: list[list[Any]]) -> None:
    # The last row is filled in, so that the sheet is known to reach there.
    rows = [*rows, row_of(person(client_code="LAST"))]
    file = by_openpyxl([HEADERS, *rows])
    inspection, blocks = inspected(file)
    intake, staged = taken_in(file, KEYRING)
    counted = sum(block.valid + block.invalid for block in blocks)
    assert counted + inspection.empty_rows == len(rows)
    assert len(staged) + intake.empty_rows == len(rows)
    assert sum(not StagedRow(*row).problems for row in staged) == sum(block.valid for block in blocks)
    numbers = [row[0] for row in staged]
    assert numbers == sorted(set(numbers))
    assert set(numbers) <= set(range(2, 2 + len(rows)))
