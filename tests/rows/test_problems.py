"""Every problem and notice of a cell: a value just outside, and one just inside."""

import datetime
from typing import Any

import pytest

from accounton.belgium.national_numbers import check_digits
from accounton.rows.columns import COLUMNS
from accounton.rows.findings import Finding
from accounton.rows.messages import MESSAGES, describe_code
from accounton.rows.rules import Rules
from accounton.spreadsheets.reading import ErrorCell
from tests.rows.people import RULES, checked, codes, found, value

NOT_DUTCH = Rules(RULES.today, languages=frozenset({"french", "english"}))
TEAM = Rules(RULES.today, staff=frozenset({"Els@kantoor.be"}))
SENT_BY_ROWS = {"row.repeated", "client_code.taken", "national_number.is_spouse", "national_number.partner_of_row"}

# column, code, cells outside, cells inside
PROBLEMS: list[tuple[str, str, list[Any], list[Any]]] = [
    ("type", "type.unsupported", ["company", "persons"], ["person", "", "Person", "personne"]),
    ("first_name", "first_name.missing", ["", "  ", "\u200b"], ["J"]),
    ("last_name", "last_name.missing", ["", "\u00a0"], ["P"]),
    ("email", "email.missing", ["", " \n"], ["a@b.be"]),
    ("email", "email.invalid", ["jan", "jan@", "@x.be", "jan@x", "jan @x.be", "jan@x..be", "ja,n@x.be"], ["jan@x.be"]),
    ("email", "email.invalid", ["jan@x.local", "é@x.be", "a@@x.be"], ["jan+pb@sub.x.be", "o'neil@x.be", "j_n@x.be"]),
    ("email", "email.several", ["a@x.be; b@x.be", "a@x.be,b@x.be", "a@x.be b@x.be", "a@x.be / b@x.be"], ["a@x.be"]),
    ("mobile", "mobile.invalid", ["+3247812345", "+324781234567", "+3293112233", "093112233"], ["+32478123456", ""]),
    ("mobile", "mobile.invalid", ["twaalf", "+32478123456 / 093112233", "+", "00", True], ["+32450000000"]),
    (
        "mobile",
        "mobile.country_code_missing",
        ["0478 12 34 56", 478123456.0, 32478123456.0, "0612345678"],
        ["+31612345678"],
    ),
    (
        "national_number",
        "national_number.invalid",
        ["85073003329", "8507300332", "x"],
        ["85073003328", "98472899765", ""],
    ),
    ("national_number", "national_number.invalid", [100364.0, "100364", "8.5073E+10"], ["00000100364"]),
    (
        "street",
        "national_number.misplaced",
        ["85073003328", "Kerkstraat 12 (85.07.30-033.28)", "RR 93 05 18 223 61", 85073003328.0],
        ["Kerkstraat 85073003329", "+32 478 12 34 56", "BE68 5390 0754 7034"],
    ),
    ("spouse_national_number", "spouse_national_number.invalid", ["93051822362"], ["93051822361", ""]),
    ("spouse_national_number", "spouse_national_number.same", ["85073003328"], ["93051822361"]),
    ("language", "language.missing", ["", " "], ["dutch"]),
    ("language", "language.unknown", ["duits", "d", "dutchh"], ["french", "N", "Engels"]),
    ("enterprise_number", "enterprise_number.invalid", ["0123456789", "040301926", "2403019261"], ["0403019261", ""]),
    ("spouse_enterprise_number", "spouse_enterprise_number.invalid", ["0428759498"], ["0428759497", ""]),
    ("deadline", "deadline.invalid", ["31/02/2026", "2026-13-01", "oktober", "1999-12-31", True], ["2000-01-01", ""]),
    ("deadline", "deadline.invalid", ["10/16/2026", "16/10/26", 46311.0], ["16/10/2026", "2026-10-16"]),
    ("responsible", "responsible.invalid", ["Els Claes", "els@"], ["els@kantoor.be", ""]),
]


@pytest.mark.parametrize(("key", "code", "outside", "inside"), PROBLEMS)
def test_outside_is_a_problem_and_inside_is_not(key: str, code: str, outside: list[Any], inside: list[Any]) -> None:
    for cell in outside:
        block = checked(**{key: cell})
        assert codes(block) == [code], cell
        assert block.problems(0) == [code]
    for cell in inside:
        assert codes(checked(**{key: cell})) == [], cell


@pytest.mark.parametrize("column", [c for c in COLUMNS if c.parser.__name__ == "text"], ids=lambda column: column.key)
def test_text_may_be_as_long_as_its_column(column: Any) -> None:
    assert codes(checked(**{column.key: "a" * column.longest})) == []
    assert codes(checked(**{column.key: "a" * (column.longest + 1)})) == [f"{column.key}.too_long"]


def test_labels_may_each_have_sixty_characters() -> None:
    assert codes(checked(labels="a" * 60 + "," + "b" * 60)) == []
    assert codes(checked(labels="b," + "a" * 61)) == ["labels.too_long"]


@pytest.mark.parametrize("key", ["house_number", "box", "street", "first_name", "client_code", "labels", "postal_code"])
@pytest.mark.parametrize(
    "cell",
    [
        datetime.date(2026, 1, 2),
        datetime.datetime(2026, 1, 2),
        datetime.time(12, 3),
        datetime.timedelta(1),
        "2026-01-02",
        "2026-01-02 00:00:00",
    ],
)
def test_a_date_where_text_belongs_is_a_problem(key: str, cell: Any) -> None:
    block = checked(**{key: cell})
    assert codes(block) == [f"{key}.date"]
    assert "00:00" not in block.values[key][0] or isinstance(cell, str | datetime.timedelta)


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.key)
def test_an_error_cell_is_reported_in_every_column(column: Any) -> None:
    for text in ("#N/B", "#N/A", "#VERW!", "#DIV/0!"):
        assert codes(checked(**{column.key: ErrorCell(text)})) == ["cell.error"]
    assert found(column.key, ErrorCell("#N/B"))[0].detail == "#N/B"


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.key)
def test_a_formula_that_was_never_calculated_is_reported_in_every_column(column: Any) -> None:
    assert codes(checked(**{column.key: ErrorCell("=A1&B1")})) == ["cell.not_calculated"]


def test_a_text_that_begins_with_an_equals_sign_is_not_called_a_formula_only() -> None:
    assert codes(checked(last_name="=Peeters")) == ["cell.not_calculated"]
    assert "if it is a text, take the = out" in describe_code("cell.not_calculated")


def test_a_language_that_the_office_does_not_work_in() -> None:
    assert codes(checked(NOT_DUTCH, language="Nederlands")) == ["language.not_enabled"]
    assert found("language", "nl", NOT_DUTCH)[0].detail == "french, english"
    assert codes(checked(NOT_DUTCH, language="Frans")) == []


# column, code, cells outside, cells inside, suggestion for the first one outside
NOTICES: list[tuple[dict[str, Any], str, str]] = [
    ({"email": "jan@gmial.com"}, "email.misspelt", "jan@gmail.com"),
    ({"postal_code": "9993"}, "postal_code.unknown", ""),
    ({"postal_code": "9300", "city": "Gent"}, "postal_code.other_city", ""),
    ({"postal_code": "9300", "city": "Ninove"}, "postal_code.other_city", ""),
    ({"postal_code": "9300", "city": "Lede"}, "postal_code.other_city", "9340"),
    ({"country": "Atlantis"}, "country.unknown", ""),
    ({"extra_pb": "x"}, "extra_pb.ignored", ""),
]


@pytest.mark.parametrize(("cells", "code", "suggestion"), NOTICES)
def test_notices_leave_the_row_valid(cells: dict[str, Any], code: str, suggestion: str) -> None:
    block = checked(**cells)
    assert codes(block) == []
    assert codes(block, kind="notice") == [code]
    assert [f.after for f in block.findings[0] if f.kind == "suggestion"] == ([suggestion] if suggestion else [])


@pytest.mark.parametrize(
    "cells",
    [
        {"email": "jan@gmail.com"},
        {"postal_code": "9400", "city": "Ninove"},
        {"postal_code": "1234 AB", "country": "NL"},
        {"country": "Polen"},
        {"country": ""},
        {"extra_pb": ""},
        {"postal_code": "9300", "city": "Erembodegem"},
    ],
)
def test_nothing_to_notice(cells: dict[str, Any]) -> None:
    assert codes(checked(**cells), kind="notice") == []


def test_a_colleague_is_known_or_not_only_where_the_staff_is() -> None:
    assert codes(checked(TEAM, responsible="els@kantoor.be"), kind="notice") == []
    assert codes(checked(TEAM, responsible="tom@kantoor.be"), kind="notice") == ["responsible.unknown"]
    assert codes(checked(responsible="tom@kantoor.be"), kind="notice") == []


# column, cell, suggestion
SUGGESTIONS = [
    ("mobile", "0478 12 34 56", "+32478123456"),
    ("mobile", "0478/12.34.56", "+32478123456"),
    ("mobile", 478123456.0, "+32478123456"),
    ("mobile", "32478123456", "+32478123456"),
    ("national_number", "7073003384", ""),
    ("national_number", 100364.0, "00000100364"),
    ("email", "jan peeters@x.be", "janpeeters@x.be"),
    ("deadline", "10/16/2026", "2026-10-16"),
    ("deadline", "16/10/26", "2026-10-16"),
    ("deadline", 46311.0, "2026-10-16"),
]


@pytest.mark.parametrize(("key", "cell", "suggestion"), SUGGESTIONS)
def test_a_suggestion_comes_with_its_problem_and_is_valid_once_accepted(key: str, cell: Any, suggestion: str) -> None:
    findings = found(key, cell)
    assert findings[0].kind == "problem"
    assert [f.after for f in findings if f.kind == "suggestion"] == ([suggestion] if suggestion else [])
    assert all(f.code == findings[0].code for f in findings)
    if suggestion:
        assert value(key, suggestion) == suggestion
        assert found(key, suggestion) == []


def test_text_of_ten_digits_is_suggested_and_a_number_cell_repaired() -> None:
    short = "1490700185"  # 01490700185 without its zero
    assert found("national_number", short) == [
        Finding("problem", "national_number", "national_number.invalid", short),
        Finding("suggestion", "national_number", "national_number.invalid", short, "01490700185"),
    ]
    assert found("national_number", float(short)) == [
        Finding("repair", "national_number", "cell.zeros", short, "01490700185")
    ]


@pytest.mark.parametrize(
    ("nine", "kinds"),
    [
        ("010203004", ["repair"]),  # one zero lost
        ("001203004", ["repair"]),  # two
        ("000203004", ["repair"]),  # three
        ("000003004", ["problem", "suggestion"]),  # five
    ],
)
def test_zeros_lost_from_a_number_cell_are_put_back_up_to_three(nine: str, kinds: list[str]) -> None:
    number = nine + check_digits(nine, from_2000=True)
    findings = found("national_number", float(number))
    assert [finding.kind for finding in findings] == kinds
    assert findings[-1].after == number
    other = f"{int(number) + 1:011d}"
    assert [finding.kind for finding in found("national_number", float(other))] == ["problem"]


def test_every_code_of_a_cell_is_tried_here() -> None:
    tried = {code for _, code, _, _ in PROBLEMS} | {code for _, code, _ in NOTICES}
    tried |= {"cell.error", "cell.not_calculated", "language.not_enabled", "responsible.unknown"} | SENT_BY_ROWS
    elsewhere = {code for code in MESSAGES if code.startswith(("column.", "sheet.", "adminpulse.", "language.all_"))}
    elsewhere |= {"cell.spaces", "cell.notation", "responsible.chosen"}
    elsewhere |= {"email.without"}  # decided by a person
    assert tried | elsewhere | {"cell.zeros"} == set(MESSAGES)
