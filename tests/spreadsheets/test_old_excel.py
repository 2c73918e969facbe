"""Workbooks of Excel 97 to 2003: what their reader gives as empty is found, and whatever is odd is refused."""

import random
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from accounton.spreadsheets.compound import Compound
from accounton.spreadsheets.limits import Limits
from accounton.spreadsheets.looking import look
from accounton.spreadsheets.problems import UnusableFile
from accounton.spreadsheets.reading import ErrorCell
from tests.spreadsheets.old_excel import (
    bof,
    compound,
    error,
    formula,
    label,
    number,
    of_kind,
    record,
    stream,
    text_of_formula,
    xls,
)  # fmt: skip
from tests.spreadsheets.test_other_kinds import reason
from tests.spreadsheets.together import read

FILE = Path(__file__).parent / "files" / "libreoffice.xls"
ODS = Path(__file__).parent / "files" / "libreoffice.ods"


def test_what_libreoffice_wrote_reads_as_its_other_workbook_does():
    seen, rows = read(FILE.read_bytes())
    assert seen.kind == ".xls"
    assert [(sheet.name, sheet.visible) for sheet in seen.sheets] == [
        ("Verborgen", False), ("Nota's", True), ("Customers", True),
    ]  # fmt: skip
    assert rows == read(ODS.read_bytes())[1]
    assert [rows[number][7] for number in (4, 5, 8)] == [ErrorCell("#N/A"), ErrorCell("#DIV/0!"), ErrorCell("#NAME?")]
    assert (seen.chosen.furthest_row, seen.chosen.furthest_column, seen.chosen.rows) == (14, 10, 7)


def test_errors_and_results_are_told_apart():
    file = xls(
        label(0, 0, "a"), error(0, 1, 0x2A), error(0, 2, 0x0F), error(0, 3, 0x2B),
        formula(1, 0, of_kind(2, 0x07)), formula(1, 1, of_kind(1, 1)), formula(1, 2, of_kind(3)),
        formula(2, 0, of_kind(0)), text_of_formula("an"), formula(2, 1, of_kind(0)), number(2, 2, 7.0),
    )  # fmt: skip
    seen, rows = read(file)
    assert rows[1] == ["a", ErrorCell("#N/A"), ErrorCell("#VALUE!"), ErrorCell("#GETTING_DATA")]
    assert rows[2] == [ErrorCell("#DIV/0!"), True, "", ""]
    assert rows[3] == ["an", "", 7.0, ""]
    assert seen.chosen.marks.formulas_without_value == {(3, 2): "…"}


def test_a_formula_whose_text_is_missing_at_the_end_is_noticed():
    assert look(xls(number(0, 0), formula(0, 1, of_kind(0)))).chosen.marks.formulas_without_value == {(1, 2): "…"}


def test_the_sheet_customers_goes_first_and_hidden_ones_never():
    cells = {"geheim": label(0, 0, "x"), "lijst": label(0, 0, "y"), "Customers": label(0, 0, "z")}
    assert read(compound(stream(cells, hidden=["geheim"])))[1] == {1: ["z"]}
    assert read(compound(stream(cells, hidden=["geheim", "Customers"])))[1] == {1: ["y"]}
    assert reason(compound(stream(cells, hidden=list(cells)))) == "file.no_data"


PROTECTED = record(0x002F, b"\1\0" + bytes(50))


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (xls(), "file.no_data"),
        (compound(stream({})), "file.no_sheet"),
        (compound(stream({"a": b"", "A": b""})), "file.damaged"),
        (compound(stream({"a": label(0, 0, "x")}, before=PROTECTED)), "file.encrypted"),
        (compound(stream({"a": label(0, 0, "x")}, version=0x0500)), "file.not_xlsx"),
        (compound(stream({"a": label(0, 0, "x")}), name="Book"), "file.not_xlsx"),
        (xls(number(0, 0), number(65_535, 65_535)), "file.far_cell"),
        (xls(number(0, 0), number(0, 600)), "file.far_cell"),
        (xls(record(0x0203, b"\0\0")), "file.damaged"),
        (xls(record(0x00BD, b"\0\0\5\0\0\0\0\0\0\0\2\0")), "file.damaged"),
        (xls(error(0, 0, 0x99)), "file.unknown_error"),
        (compound(bof(5) + record(0x0085, b"\xff\xff\xff\x7f\0\0\1\0a") + record(0x000A)), "file.damaged"),
        (compound(bof(5)), "file.damaged"),
        (FILE.read_bytes()[:-3000], "file.not_a_workbook"),
    ],
)
def test_each_bad_one_is_refused_for_one_clear_reason(file, code):
    assert reason(file) == code


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(cells=20), "file.too_many_cells"),
        (Limits(rows=5), "file.too_many_rows"),
        (Limits(columns=2), "file.far_cell"),
        (Limits(bytes=100), "file.too_large"),
        (Limits(parts=1), "file.unzips_too_large"),
        (Limits(look_seconds=-1), "file.too_slow"),
    ],
)
def test_limits_hold(limits, code):
    many = b"".join(number(row, 0) for row in range(60_000)) if code == "file.too_slow" else b""
    content = xls(many) if many else FILE.read_bytes()
    with pytest.raises(UnusableFile) as caught:
        look(content, limits)
    assert caught.value.code == code


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 12))
def test_changed_bytes_give_a_verdict_and_nothing_else(seed, times):
    chance, file = random.Random(seed), bytearray(FILE.read_bytes())
    for _ in range(times):
        at = chance.randrange(8, len(file))
        file[at : at + chance.choice((1, 1, 4))] = chance.randbytes(chance.choice((1, 2, 4)))
    with suppress(UnusableFile):
        look(bytes(file))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=3000))
@example(b"")
def test_any_records_give_a_verdict_and_nothing_else(cells):
    with suppress(UnusableFile):
        look(xls(cells))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=2000))
def test_any_compound_file_gives_a_stream_or_a_refusal(rest):
    head = compound(b"x" * 5000)[:512]
    for content in (rest, head[:8] + rest, head + rest, head[:76] + rest):
        with suppress(UnusableFile):
            Compound(content).stream("Workbook")


def test_a_chain_that_bites_its_tail_is_refused():
    file = bytearray(compound(stream({"a": label(0, 0, "x")})))
    file[512 + 4 * 3 : 512 + 4 * 4] = (2).to_bytes(4, "little")
    assert reason(bytes(file)) == "file.damaged"


def test_a_short_stream_lies_in_small_sectors_and_is_found_there():
    short = FILE.read_bytes()
    found = Compound(short).stream("\x05SummaryInformation")
    assert found is None or len(found) < 4096
    assert Compound(short).stream("Werkboek") is None
