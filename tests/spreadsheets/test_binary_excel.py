"""Workbooks in Excel's binary format: what their reader leaves out is found, and whatever is odd is refused."""

import datetime
import random
import struct
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from accounton.spreadsheets.biff12 import LONGEST_RECORD, records
from accounton.spreadsheets.limits import MIB, Limits
from accounton.spreadsheets.looking import choose, look
from accounton.spreadsheets.problems import UnusableFile
from accounton.spreadsheets.reading import Block, ErrorCell, with_errors
from tests.spreadsheets import binary_excel as excel
from tests.spreadsheets.building import relationships, zipped
from tests.spreadsheets.test_heavy_files import look_in_little_memory
from tests.spreadsheets.test_other_kinds import reason
from tests.spreadsheets.together import read

FILES = Path(__file__).parent / "files"
EXCEL = FILES / "excel_xlsb"
ONE = excel.row(0, excel.text(0, "x"))


def test_what_excel_wrote_reads_as_it_stands_there():
    seen, rows = read((EXCEL / "base.xlsb").read_bytes())
    assert seen.kind == ".xlsb"
    assert [(sheet.name, sheet.visible) for sheet in seen.sheets] == [
        ("Sheet1", True), ("Sheet2", True), ("Sheet3", True), ("Merged Cells", True),
    ]  # fmt: skip
    assert list(rows) == [2]
    moment = datetime.datetime(2010, 10, 10, 10, 10, 10)
    assert rows[2][:8] == ["String", 1, 1.1, True, False, moment.date(), moment, moment.time()]
    assert (seen.chosen.furthest_row, seen.chosen.furthest_column, seen.chosen.rows) == (2, 10, 1)
    assert not seen.macros


def test_hidden_sheets_of_excel_are_known_and_charts_left_out():
    file = (EXCEL / "any_sheets.xlsb").read_bytes()
    seen, rows = read(file)
    assert [(sheet.name, sheet.visible) for sheet in seen.sheets] == [
        ("Visible", True), ("Hidden", False), ("VeryHidden", False),
    ]  # fmt: skip
    assert rows[3] == [5, 6]
    assert choose(file) == "Visible"
    assert look(file, sheet="Hidden").chosen.rows == 0
    with pytest.raises(UnusableFile, match=r"file\.no_such_sheet"):
        choose(file, sheet="Chart")


def test_a_password_of_excel_is_said():
    assert reason((EXCEL / "password.xlsb").read_bytes()) == "file.encrypted"


def test_what_the_reader_would_leave_out_in_silence_is_refused():
    assert reason((FILES / "sheetjs.xlsb").read_bytes()) == "file.unusual"
    for kind in (0x0D, 0x0E, 0x0F, 0x10, 0x11, 0x12, 0x3E):
        assert reason(excel.xlsb(ONE, excel.row(1, excel.cell(kind, 0, bytes(12))))) == "file.unusual"


def test_every_kind_of_cell_comes_out_and_errors_are_told_apart():
    file = excel.xlsb(
        excel.row(0, excel.text(0, "a"), excel.shared(1, 1), excel.number(2, 46311, style=1), excel.truth(3, True)),
        excel.row(1, excel.error(0, 0x2A), excel.failing(1, 0x17), excel.blank(2), excel.error(3, 0x2B)),
        excel.row(2, excel.formula(0, "an"), excel.formula(1, 2.5), excel.formula(2, ""), excel.formula(3, False)),
        shared_strings=excel.strings("x", "Zoë"),
    )
    seen, rows = read(file)
    assert rows == {
        1: ["a", "Zoë", datetime.date(2026, 10, 16), True],
        2: [ErrorCell("#N/A"), ErrorCell("#REF!"), "", ErrorCell("#GETTING_DATA")],
        3: ["an", 2.5, "", False],
    }
    assert (seen.chosen.rows, seen.chosen.cells) == (3, 12)


def test_rows_and_columns_that_only_failed_formulas_reach_are_there():
    file = excel.xlsb(
        excel.row(1, excel.failing(1, 0x07)), excel.row(3, excel.text(0, "x")), excel.row(5, excel.failing(3, 0x2A))
    )
    failed, missing = ErrorCell("#DIV/0!"), ErrorCell("#N/A")
    assert read(file)[1] == {
        2: ["", failed, "", ""], 3: [""] * 4, 4: ["x", "", "", ""], 5: [""] * 4, 6: ["", "", "", missing],
    }  # fmt: skip
    assert read(file, rows=3)[1][6] == ["", "", "", missing]


def test_blocks_that_errors_do_not_pass_stay_as_they_are():
    blocks = [Block(2, [["a", ""], ["b", ""]]), Block(4, [["c", ""]])]
    rows = [block.rows for block in with_errors(iter(blocks), {(3, 2): "#N/A"})]
    assert rows == [[["a", ""], ["b", ""]], [["c", ""]]]
    assert list(with_errors([], {(3, 2): "#N/A"})) == []


def test_links_to_mail_are_found():
    links = relationships({"rId1": ("hyperlink", "mailto:an@voorbeeld.be")}, external=True)
    after = excel.link((0, 1, 0, 0), "rId1") + excel.link((0, 0, 2, 2), "rId2") + excel.link((0, 0, 3, 3), "")
    seen = look(excel.xlsb(ONE, excel.row(1, excel.text(0, "y")), after=after, links=links))
    assert seen.chosen.marks.links == {(1, 1): "mailto:an@voorbeeld.be", (2, 1): "mailto:an@voorbeeld.be"}


def test_the_sheet_customers_goes_first_and_hidden_ones_never():
    sheets = {name: excel.sheet(excel.row(0, excel.text(0, name))) for name in ("geheim", "lijst", "Customers")}
    assert read(zipped(excel.parts(sheets, hidden=["geheim"])))[1] == {1: ["Customers"]}
    assert read(zipped(excel.parts(sheets, hidden=["geheim", "Customers"])))[1] == {1: ["lijst"]}
    assert reason(zipped(excel.parts(sheets, hidden=sheets))) == "file.no_data"


def test_macros_are_said():
    assert look(zipped(excel.parts({"a": excel.sheet(ONE)}) | {"xl/vbaProject.bin": b"x"})).macros


BROKEN_SHEET = excel.sheet(ONE)[:-10]


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (excel.xlsb(), "file.no_data"),
        (zipped(excel.parts({})), "file.no_sheet"),
        (zipped(excel.parts({"a": excel.sheet(ONE), "A": excel.sheet(ONE)})), "file.damaged"),
        (zipped(excel.parts({"a": excel.sheet(ONE)}) | {"xl/_rels/workbook.bin.rels": "<a"}), "file.damaged"),
        (excel.xlsb(workbook_part=excel.record(0x83)), "file.damaged"),
        (excel.xlsb(workbook_part=excel.record(0x9C, b"\0\0")), "file.damaged"),
        (excel.xlsb(ONE, excel.row(1_000_000, excel.text(0, "y"))), "file.far_cell"),
        (excel.xlsb(excel.row(0, excel.number(600))), "file.far_cell"),
        (excel.xlsb(excel.row(0, excel.number(0xFFFFFFFF))), "file.far_cell"),
        (excel.xlsb(ONE, excel.row(2_000_000)), "file.damaged"),
        (excel.xlsb(excel.row(3, excel.number(0)), excel.row(1, excel.number(0))), "file.damaged"),
        (excel.xlsb(excel.number(0)), "file.damaged"),
        (excel.xlsb(excel.row(0, excel.record(5, b"\0\0"))), "file.damaged"),
        (excel.xlsb(excel.row(0, excel.error(0, 0x99))), "file.unknown_error"),
        (excel.xlsb(excel.row(0, excel.shared(0, 7))), "file.damaged"),
        (excel.xlsb(sheet_part=excel.row(0, excel.text(0, "x"))), "file.damaged"),
        (excel.xlsb(sheet_part=BROKEN_SHEET), "file.damaged"),
        (excel.xlsb(ONE, shared_strings=excel.strings("x", counted=4_000_000_000)), "file.too_many_cells"),
        (excel.xlsb(ONE, shared_strings=excel.strings("x", counted=9)), "file.damaged"),
    ],
)  # fmt: skip
def test_each_bad_one_is_refused_for_one_clear_reason(file, code):
    assert reason(file) == code


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(cells=3), "file.too_many_cells"),
        (Limits(rows=2), "file.too_many_rows"),
        (Limits(columns=1), "file.far_cell"),
        (Limits(parts=3), "file.unzips_too_large"),
        (Limits(unzipped_bytes=1000), "file.unzips_too_large"),
        (Limits(look_seconds=-1), "file.too_slow"),
    ],
)
def test_limits_hold(limits, code):
    rows = (excel.row(number, excel.text(0, "x"), excel.blank(1), excel.number(1)) for number in range(4))
    with pytest.raises(UnusableFile) as caught:
        look(excel.xlsb(*rows), limits)
    assert caught.value.code == code


def test_no_more_errors_than_can_be_kept():
    rows = (excel.row(number, *(excel.failing(column, 7) for column in range(6))) for number in range(20_000))
    assert reason(excel.xlsb(*rows)) == "file.too_many_errors"


LITTLE_MEMORY = Limits(ratio=2000, look_seconds=2, memory=150 * MIB, seconds=10)
HEAVY = {
    "records": (lambda: excel.record(0x1E5) * (20 * MIB), "file.too_slow"),
    "one long record": (lambda: excel.record(0x1E5, bytes(2 * LONGEST_RECORD)), "file.unusual"),
    "a length that lies": (lambda: b"\x06\xff\xff\xff\x7f", "file.unusual"),
    "strings": (lambda: excel.record(0x13, b"\0" + excel.wide("")) * 7_000_000, "file.too_many_cells"),
}


@pytest.mark.parametrize("name", HEAVY)
def test_a_file_made_to_exhaust_us_is_refused_soon_and_in_little_memory(name):
    make, code = HEAVY[name]
    parts = {"shared_strings": make()} if name == "strings" else {"sheet_part": excel.record(0x91) + ONE + make()}
    limits = LITTLE_MEMORY if name != "strings" else Limits(ratio=2000, memory=150 * MIB)
    with pytest.raises(UnusableFile) as caught:
        look_in_little_memory(excel.xlsb(ONE, **parts), limits)
    assert caught.value.code == code


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 0x3FFF), st.binary(max_size=300))), st.integers(1, 40))
def test_records_come_out_as_they_were_written_however_they_are_cut(written, size):
    content = b"".join(excel.record(kind, data) for kind, data in written)
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    assert list(records(pieces)) == written
    if content:
        with pytest.raises(UnusableFile, match=r"file\.damaged"):
            list(records([content[:-1]]))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=2000))
@example(b"")
@example(struct.pack("<I", 0xFFFFFFFF) * 20)
def test_any_records_give_a_verdict_and_nothing_else(content):
    for part in ("sheet_part", "workbook_part", "shared_strings"):
        with suppress(UnusableFile):
            look(excel.xlsb(ONE, **{part: content}))
    for kind in range(13):
        with suppress(UnusableFile):
            look(excel.xlsb(ONE, excel.record(kind, content[:200]), after=excel.record(0x1EE, content[:200])))


@pytest.mark.parametrize("seed", range(3))
def test_a_file_with_changed_bytes_is_read_or_refused(seed):
    chance = random.Random(seed)
    original = excel.parts({"customers": excel.sheet(ONE, excel.row(1, excel.failing(0, 7), excel.shared(1, 0)))})
    original["xl/sharedStrings.bin"] = excel.strings("een", "twee")
    names = [name for name in original if name.endswith(".bin")]
    for number in range(150):
        name = chance.choice(names)
        part = bytearray(original[name])
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(part))
            part[at : at + chance.choice((0, 1, 2))] = chance.randbytes(chance.choice((0, 1, 2)))
        content = zipped(original | {name: bytes(part)})
        with suppress(UnusableFile):
            look(content)
            if not number % 15:
                read(content, Limits(look_seconds=2, seconds=5))
