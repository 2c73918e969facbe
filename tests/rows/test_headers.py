"""Finding the header row and the columns, whatever their order, language and case."""

import random

import pytest

from accounton.rows.columns import COLUMNS, KEYS
from accounton.rows.head import FileNotice, letter_of
from accounton.rows.headers import find_headers, key_of
from accounton.spreadsheets.problems import UnusableFile

DUTCH = [column.headers["nl"] for column in COLUMNS]
PERSON = ["person", "Jan", "Peeters", "jan@x.be"] + [""] * 17


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
@pytest.mark.parametrize("change", [str, str.upper, str.lower, lambda text: " " + text.replace(" ", "\u00a0 ") + "\n"])
def test_all_three_languages_in_any_case_and_order(language: str, change: object) -> None:
    headers = [column.headers[language] for column in COLUMNS]
    order = list(range(len(headers)))
    random.Random(3).shuffle(order)
    found = find_headers([[change(headers[place]) for place in order]], 1)  # type: ignore[operator]
    assert found.places == {KEYS[place]: order.index(place) for place in order}
    assert found.notices == []


def test_headers_under_a_title_and_in_two_languages() -> None:
    rows = [
        ["Klantenlijst 2026", *[""] * 20],
        [""] * 21,
        [column.headers["fr"] + " / " + column.headers["nl"] for column in COLUMNS],
        PERSON,
    ]
    found = find_headers(rows, 3)
    assert found.row == 2
    assert found.places == {key: place for place, key in enumerate(KEYS)}


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("Nom", "last_name"),
        ("Numéro", "house_number"),
        ("NUMERO", "house_number"),
        ("e mail", "email"),
        ("E-MAIL", "email"),
        ("Type", None),
        ("PERSON", "type"),
        ("national_number", "national_number"),
        ("Prénom", "first_name"),
        ("Taal / Langue", "language"),
        ("Taal / Nom", None),
        ("Opmerking", None),
        ("", None),
        ("Naam en voornaam", None),
    ],
)
def test_key_of_a_header(header: str, key: str | None) -> None:
    assert key_of(header) == key


def test_unknown_repeated_and_nameless_columns_are_named_and_ignored() -> None:
    rows = [[*DUTCH, "Opmerking", "Voornaam", "", ""], [*PERSON, "x", "Piet", "", "y"]]
    found = find_headers(rows, 4)
    assert found.places["first_name"] == 1
    assert found.notices == [
        FileNotice("column.unknown", "Opmerking", "V4"),
        FileNotice("column.repeated", "Voornaam", "W4"),
        FileNotice("column.without_header", "Y", "Y4"),
    ]
    assert [column.keys for column in found.columns[-2:]] == [(), ()]


@pytest.mark.parametrize(
    ("language", "missing"),
    [("nl", "Voornaam, Taal"), ("fr", "Prénom, Langue"), ("en", "Firstname, Language")],
)
def test_missing_required_columns_are_said_once_in_the_language_of_the_others(language: str, missing: str) -> None:
    headers = [column.headers[language] for column in COLUMNS if column.key not in ("first_name", "language")]
    with pytest.raises(UnusableFile) as raised:
        find_headers([headers], 1)
    assert raised.value.code == "file.columns_missing"
    assert raised.value.params == {"columns": missing}
    assert missing in raised.value.text()


def test_optional_columns_may_be_missing() -> None:
    found = find_headers([["Taal", "E-mail", "Achternaam", "Voornaam"]], 1)
    assert found.places == {"language": 0, "email": 1, "last_name": 2, "first_name": 3}


@pytest.mark.parametrize("rows", [[], [[""]], [["a", "b"], ["c", "d"]], [["Nom"], ["Peeters"]], [PERSON]])
def test_no_header_row(rows: list[list[str]]) -> None:
    with pytest.raises(UnusableFile) as raised:
        find_headers(rows, 1)
    assert raised.value.code == "file.no_headers"


def test_letters() -> None:
    assert [letter_of(place) for place in (0, 25, 26, 51, 52, 701, 702, 16383)] == "A Z AA AZ BA ZZ AAA XFD".split()
