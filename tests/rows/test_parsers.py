"""Parsers under all kinds of input: never an error, and a value that came out valid stays as it is."""

import datetime
import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accounton.belgium.national_numbers import check_digits
from accounton.rows.columns import BY_KEY, COLUMNS, KEYS
from accounton.rows.contacts import plain_email
from accounton.rows.findings import Outcome
from accounton.rows.parsing import parse
from accounton.spreadsheets.reading import ErrorCell
from tests.rows.people import RULES, checked, value

SIGNS = st.sampled_from(list(" .-/\u00a0\u2011\n"))
DIGITS = st.text("0123456789", min_size=1, max_size=16)
PIECES = st.sampled_from(
    [
        "+32",
        "0032",
        "(0)",
        "478",
        "12",
        "34",
        "56",
        "85",
        "07",
        "30",
        "033",
        "28",
        "BE",
        "0403",
        "019",
        "261",
        "jan",
        "@",
        ".be",
        "x",
        "mailto:",
        "<",
        ">",
        ",",
        ";",
        " ",
        "\u200b",
        "#N/B",
        "=",
        "2026",
        "-10-",
        "16",
        "/",
        "\x00",
        "é",
        "̈",
    ]
)
TEXTS = st.one_of(st.text(max_size=30), st.lists(PIECES, max_size=8).map("".join), DIGITS)
CELLS = st.one_of(
    TEXTS,
    st.floats(),
    st.integers(-(10**14), 10**14).map(float),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.sampled_from(["#N/A", "#REF!", "=SUM(A1)"]).map(ErrorCell),
)


@given(st.sampled_from(KEYS), CELLS)
def test_no_cell_raises_and_values_are_clean_text(key: str, cell: Any) -> None:
    result = checked(**{key: cell})
    for text in (column[0] for column in result.values.values() if column):
        assert text == text.strip()
        assert not any(ord(char) < 32 or 0xD800 <= ord(char) < 0xE000 for char in text)
        text.encode()


@given(st.sampled_from(KEYS), CELLS)
@example("labels", "0,0")
@example("first_name", "\u0344")
def test_checking_what_came_out_changes_nothing(key: str, cell: Any) -> None:
    first = checked(**{key: cell})
    if not first.numbers:
        return
    came_out = {name: column[0] for name, column in first.values.items()}
    again = checked(**came_out)
    assert {name: column[0] for name, column in again.values.items()} == came_out
    assert set(again.problems(0)) == set(first.problems(0)) or key == "extra_pb"
    assert not [f for f in again.findings.get(0, []) if f.kind == "repair" and f.column == key]


@given(st.sampled_from([column for column in COLUMNS if column.key not in {"language", "responsible"}]), TEXTS)
@example(BY_KEY["email"], "jan.peeters@voorbeeld.be")
@example(BY_KEY["mobile"], "+32478123456")
@example(BY_KEY["deadline"], "2026-02-28")
@example(BY_KEY["labels"], "Kantoor Gent")
def test_what_is_plain_parses_to_itself_without_a_word(column: Any, text: str) -> None:
    if column.plain(RULES)(text):
        empty = Outcome(column.empty)
        outcome = parse(column.key, column.parser, text, RULES, empty=empty, longest=column.longest)
        assert outcome in {Outcome(text), empty}


@pytest.mark.parametrize(
    "piece", ["a@a ", "@;", "a@", "<a@b>", "+3", "(0)", "1 ", "-", ",", "a,", " ", "\u200b", "é", "=", "#", "0"]
)
def test_the_longest_cells_take_no_time(piece: str) -> None:
    cell = (piece * 32_767)[:32_767]
    began = time.process_time()
    for key in KEYS:
        checked(**{key: cell})
    assert time.process_time() - began < 2


LOCAL = st.text("abzAZ019._+-", min_size=1, max_size=70)
DOMAIN = st.lists(st.text("abz019-", min_size=1, max_size=20), min_size=1, max_size=4).map(".".join)


@given(LOCAL, DOMAIN, st.sampled_from(["be", "com", "local", "test", "museum", "x", "xn--p1ai"]))
def test_a_plain_address_is_one_for_the_library_too(local: str, domain: str, ending: str) -> None:
    from email_validator import EmailNotValidError, validate_email

    address = f"{local}@{domain}.{ending}"
    if plain_email(RULES)(address):
        try:
            assert validate_email(address, check_deliverability=False).normalized == address
        except EmailNotValidError as error:
            pytest.fail(f"{address}: {error}")


@given(
    st.integers(45, 49),
    st.integers(0, 9_999_999),
    st.sampled_from(["+32", "0032", "+32 (0)", "+32 0"]),
    st.lists(SIGNS),
)
def test_belgian_mobile_numbers_in_any_notation(prefix: int, rest: int, code: str, signs: list[str]) -> None:
    national = f"{prefix}{rest:07d}"
    written = code + "".join(
        digit + (signs[place] if place < len(signs) else "") for place, digit in enumerate(national)
    )
    assert value("mobile", written) == f"+32{national}"


@given(
    st.dates(datetime.date(1900, 1, 1), datetime.date(2025, 12, 31)), st.integers(1, 998), st.lists(SIGNS, max_size=10)
)
def test_national_numbers_in_any_notation(born: datetime.date, serial: int, signs: list[str]) -> None:
    nine = f"{born.year % 100:02d}{born.month:02d}{born.day:02d}{serial:03d}"
    number = nine + check_digits(nine, from_2000=born.year >= 2000)
    written = "".join(digit + (signs[place] if place < len(signs) else "") for place, digit in enumerate(number))
    assert value("national_number", written) == number


@given(st.dates(datetime.date(2000, 1, 1), datetime.date(2099, 12, 31)))
def test_dates_day_first_and_as_cells(day: datetime.date) -> None:
    forms = (day, datetime.datetime.combine(day, datetime.time()), day.isoformat(), f"{day.day}/{day.month}/{day.year}")
    assert {value("deadline", form) for form in forms} == {day.isoformat()}


@given(st.lists(st.text("abAB é\u00a0\n", max_size=5), max_size=6))
def test_labels_are_tidy_and_each_is_there_once(parts: list[str]) -> None:
    labels = [label for label in value("labels", ",".join(parts)).split(",") if label]
    assert len({label.casefold() for label in labels}) == len(labels)
    assert all(label == " ".join(label.split()) for label in labels)
    wanted = {" ".join(p.split()).casefold() for part in parts for p in part.split("\n") if p.split()}
    assert {label.casefold() for label in labels} == wanted
