from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounton.belgium.calendar import (
    BUILT_IN,
    COLUMNS,
    KINDS,
    SOURCES,
    Deadline,
    UnusableCalendar,
    current_assessment_year,
    deadline,
    load,
)

HEADER = ",".join(COLUMNS)
GOOD = "2027,online,2027-07-15,the Moniteur,yes"


def written(tmp_path: Path, *lines: str, header: str = HEADER) -> Path:
    path = tmp_path / "calendar.csv"
    path.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("year", "complex_return", "expected"),
    [
        (2023, False, date(2023, 7, 15)),
        (2023, True, date(2023, 10, 18)),
        (2024, False, date(2024, 7, 15)),
        (2024, True, date(2024, 10, 16)),
        (2025, False, date(2025, 7, 15)),
        (2025, True, date(2025, 10, 16)),
        (2026, False, date(2026, 7, 15)),
        (2026, True, date(2026, 10, 16)),
    ],
)
def test_the_last_day_depends_on_the_year_and_on_how_complex_the_return_is(year, complex_return, expected):
    found = deadline(year, complex_return)
    assert found is not None
    assert found.date == expected
    assert found.kind == ("complex" if complex_return else "online")


@pytest.mark.parametrize("year", [2022, 2027, 0, -1])
@pytest.mark.parametrize("complex_return", [True, False])
def test_a_year_that_is_not_in_the_file_has_no_deadline(year, complex_return):
    assert deadline(year, complex_return) is None


def test_the_date_says_where_it_was_found_and_whether_the_administration_confirms_it():
    assert deadline(2026, False) == Deadline(
        2026, "online", date(2026, 7, 15), "the tax administration's page on the 2026 return", True
    )
    earlier = deadline(2023, True)
    assert earlier is not None
    assert not earlier.confirmed


def test_paper_and_flat_rate_returns_are_in_the_table_too():
    deadlines = load().deadlines
    assert deadlines[2026, "paper"].date == date(2026, 6, 30)
    assert deadlines[2024, "flat_rate"].date == date(2025, 1, 15)
    assert (2025, "flat_rate") not in deadlines


def test_every_source_of_our_own_file_can_be_translated():
    assert {found.source for found in load().deadlines.values()} == set(SOURCES)


def test_the_file_of_an_administrator_adds_to_ours_and_replaces_its_lines(tmp_path):
    calendar = load(written(tmp_path, GOOD, "2026,complex,2026-10-30,MyMinfin,yes", ""))
    added, replaced, kept = (
        calendar.deadline(2027, False),
        calendar.deadline(2026, True),
        calendar.deadline(2026, False),
    )
    assert added == Deadline(2027, "online", date(2027, 7, 15), "the Moniteur", True)
    assert replaced == Deadline(2026, "complex", date(2026, 10, 30), "MyMinfin", True)
    assert kept == deadline(2026, False)
    assert calendar.deadline(2027, True) is None


def test_the_file_of_an_administrator_does_not_change_ours(tmp_path):
    before = dict(load().deadlines)
    load(written(tmp_path, GOOD))
    assert dict(load().deadlines) == before
    with pytest.raises(TypeError):
        load().deadlines[2027, "online"] = before[2026, "online"]  # type: ignore[index]


def test_a_file_saved_by_excel_with_a_byte_order_mark_is_read(tmp_path):
    path = tmp_path / "calendar.csv"
    path.write_bytes(b"\xef\xbb\xbf" + f"{HEADER}\r\n{GOOD}\r\n".encode())
    assert load(path).deadline(2027, False) is not None


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("27,online,2027-07-15,law,yes", "assessment_year"),
        ("1999,online,1999-07-15,law,yes", "assessment_year"),
        ("2101,online,2101-07-15,law,yes", "assessment_year"),
        ("²⁰²⁷,online,2027-07-15,law,yes", "assessment_year"),
        ("2027,weekend,2027-07-15,law,yes", "kind"),
        ("2027,online,15/07/2027,law,yes", "date"),
        ("2027,online,2027-02-29,law,yes", "date"),
        ("2027,online,20270715,law,yes", "date"),
        ("2027,online,2026-12-31,law,yes", "date"),
        ("2027,online,2029-01-01,law,yes", "date"),
        ("2027,online,,law,yes", "date"),
        ("2027,online,2027-07-15, ,yes", "source"),
        ("2027,online,2027-07-15,law,maybe", "confirmed"),
        ("2027,online,2027-07-15,law", ""),
        ("2027,online,2027-07-15,law,yes,more", ""),
        ('2027,online,2027-07-15,"law,yes', ""),
    ],
)
def test_a_wrong_line_is_refused_by_its_number_and_column(tmp_path, line, column):
    path = written(tmp_path, GOOD.replace("online", "paper"), line)
    with pytest.raises(UnusableCalendar) as caught:
        load(path)
    assert (caught.value.path, caught.value.column) == (path, column)
    assert caught.value.line == 3
    assert f"{path}, line 3" in str(caught.value)


def test_the_same_year_and_kind_twice_is_refused(tmp_path):
    with pytest.raises(UnusableCalendar, match="line 3, column kind"):
        load(written(tmp_path, GOOD, GOOD))


@pytest.mark.parametrize("header", ["", HEADER.replace(",", ";"), HEADER + ",remark", "assessment_year,kind,date"])
def test_other_columns_are_refused(tmp_path, header):
    with pytest.raises(UnusableCalendar, match="line 1"):
        load(written(tmp_path, header=header))


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path):
    with pytest.raises(UnusableCalendar):
        load(tmp_path / "nowhere.csv")
    binary = tmp_path / "calendar.csv"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnusableCalendar):
        load(binary)


@given(lines=st.lists(st.lists(st.text(max_size=12), min_size=4, max_size=6).map(",".join), max_size=4))
def test_whatever_stands_in_a_file_it_is_read_or_refused(tmp_path_factory, lines):
    path = tmp_path_factory.mktemp("calendars") / "calendar.csv"
    path.write_bytes("\n".join([HEADER, *lines]).encode("utf-8", "surrogatepass"))
    try:
        read = set(load(path).deadlines)
    except UnusableCalendar as refused:
        read = {refused.path}
    assert read >= set(load().deadlines) or read == {path}


@given(
    year=st.integers(2000, 2100),
    kind=st.sampled_from(sorted(KINDS)),
    day=st.dates(date(2000, 1, 1), date(2100, 12, 31)),
    source=st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=20),
    confirmed=st.booleans(),
)
def test_a_written_line_comes_back_as_it_was_written(tmp_path_factory, year, kind, day, source, confirmed):
    day = date(year + day.year % 2, day.month, min(day.day, 28))
    path = tmp_path_factory.mktemp("calendars") / "calendar.csv"
    cell = '"' + source.replace('"', '""') + '"'
    line = f"{year},{kind},{day},{cell},{'yes' if confirmed else 'no'}"
    path.write_text(f"{HEADER}\n{line}\n", encoding="utf-8")
    assert load(path).deadlines[year, kind] == Deadline(year, kind, day, source, confirmed)


@pytest.mark.parametrize(
    ("today", "year"), [(date(2026, 1, 1), 2026), (date(2026, 12, 31), 2026), (date(2027, 1, 1), 2027)]
)
def test_the_current_assessment_year_is_the_calendar_year(today, year):
    assert current_assessment_year(today) == year


def test_our_own_file_is_in_order_of_year():
    lines = BUILT_IN.read_text(encoding="utf-8").splitlines()[1:]
    assert [line[:4] for line in lines] == sorted(line[:4] for line in lines)
