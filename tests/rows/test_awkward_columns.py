"""Columns that mislead in lists as offices keep them: numbers, addresses, references and headers over two rows."""

import pytest

from accounton.rows.mapping_headers import map_columns
from accounton.rows.mapping_targets import NONE
from tests.rows.people import RULES
from tests.rows.test_mapping import ASKING, N1, N2, targets


@pytest.mark.parametrize(
    ("header", "values", "target"),
    [
        ("Straat", ("Kerkstraat 12", "Markt 4"), "street_and_number"),
        ("Straat", ("Kerkstraat", "Markt"), "street"),
        ("Gemeente", ("9300 Aalst", "9000 Gent"), "postal_code_and_city"),
        ("Postcode", ("9300 Aalst", "9000 Gent"), "postal_code_and_city"),
        ("Gemeente", ("Aalst", "Gent"), "city"),
    ],
)
def test_under_our_own_headers_too_an_address_is_taken_apart(header: str, values: tuple[str, str], target: str) -> None:
    names = (["An", "Claes", "a@x.be", "dutch"], ["Bo", "Maes", "b@x.be", "french"])
    rows = [[*row, value] for row, value in zip(names, values, strict=True)]
    headers = ["Voornaam", "Achternaam", "E-mail", "Taal", header]
    assert targets(headers, *rows)[4] == target
    assert map_columns([headers, *rows], 1, ASKING, RULES).certain is (target != "street_and_number")


def test_a_number_before_its_street_is_asked_about() -> None:
    headers = ["N°", "Rue", "Nom", "Prénom", "Courriel", "Langue"]
    rows = [["12", "Rue Haute", "Dubois", "Marie", "m@x.be", "fr"], ["5", "Rue Basse", "Leroy", "Luc", "l@x.be", "fr"]]
    assert not map_columns([headers, *rows], 1, ASKING, RULES).certain
    assert targets(headers, *rows, ["12", *rows[1][1:]])[0] == "house_number"
    code_first = [[row[0], row[2], row[3], *row[4:]] for row in (headers, *rows)]
    assert map_columns(code_first, 1, ASKING, RULES).certain


@pytest.mark.parametrize("header", ["Réf.", "Ref", "Onze ref.", "Réf. client", "Klnr.", "Client no.", "Mandantennr."])
def test_a_reference_is_the_client_code_where_none_comes_twice(header: str) -> None:
    rows = [[code, "Peeters", "Jan", f"{code}@x.be"] for code in ("A", "B", "C")]
    assert targets([header, "Naam", "Voornaam", "Mail"], *rows)[0] == "client_code"
    assert targets([header, "Naam", "Voornaam", "Mail"], *rows, rows[0])[0] == NONE


@pytest.mark.parametrize("header", ["BTW", "Ondernemingsnr", "Zzz", ""])
def test_enterprise_numbers_without_their_zero_are_no_national_numbers(header: str) -> None:
    rows = [["Claes", "An", N1, 403019261], ["Maes", "Jo", N2, 428759497.0], ["Smet", "Bo", "", ""]]
    assert targets(["Naam", "Voornaam", "RRN", header], *rows)[2:] == ["national_number", "enterprise_number"]
    assert targets(["Naam", "Voornaam", header], *([*row[:2], row[3]] for row in rows))[2] == "enterprise_number"


def test_headers_merged_over_two_rows() -> None:
    above = ["Naam", "Voornaam", "Adres", "", "", "", "Mail", "Taal", "Opm"]
    below = ["", "", "Straat", "Nr", "PC", "Gemeente", "", "", ""]
    people = [["Claes", "An", "Markt", "4", "9000", "Gent", "a@x.be", "N", ""],
              ["Maes", "Bo", "Kerkstraat", "12", "9300", "Aalst", "", "F", "x"]]  # fmt: skip
    found = map_columns([["Klanten", *[""] * 8], above, below, *people], 1, ASKING, RULES)
    assert (found.row, found.certain) == (2, True)
    assert [column.target for column in found.columns] == [
        "last_name", "first_name", "street", "house_number", "postal_code", "city", "email", "language", NONE,
    ]  # fmt: skip
    # A row of a customer of whom hardly anything is known is none of headers.
    bare = [["", "", "", "", "", "", "", "", "Klant"], ["", "Nr", "", "", "", "", "", "", ""]]
    assert map_columns([above, *bare, *people], 1, ASKING, RULES).row == 0
