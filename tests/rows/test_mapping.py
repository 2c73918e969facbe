"""What is proposed for columns with foreign headers: known spellings, the traps, the values."""

import csv
from collections import defaultdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from accounton.rows import synonyms
from accounton.rows.head import FileColumn
from accounton.rows.mapping_headers import layout, map_columns
from accounton.rows.mapping_naming import given_targets
from accounton.rows.mapping_targets import JOINED, NONE, TARGETS
from accounton.rows.mapping_wishes import Wishes
from accounton.spreadsheets.problems import UnusableFile
from tests.rows.people import RULES

SYNONYMS = Path(synonyms.__file__).with_name("synonyms.csv")
ASKING = Wishes(ask="unsure")
N1, N2 = "85073003328", "93051822361"


def columns(headers: list[str], *rows: list[Any], **wishes: Any) -> list[FileColumn]:
    wished = Wishes(**{"ask": "unsure", **wishes})
    return map_columns([headers, *rows], 1, wished, RULES).columns


def targets(headers: list[str], *rows: list[Any], **wishes: Any) -> list[str]:
    return [column.target for column in columns(headers, *rows, **wishes)]


def spellings() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    with SYNONYMS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["header"]].add(row["target"])
    return found


def test_every_real_spelling_is_known_as_what_it_is() -> None:
    assert len(spellings()) > 700
    for header, known in spellings().items():
        assert synonyms.exactly(header), header
        if len(known) == 1 and known <= {"national_number", "spouse_national_number", "birth_date"}:
            assert {synonyms.exactly(header)} == known, header


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("RRN", "national_number"),
        ("rijksregisternr.", "national_number"),
        ("NISS", "national_number"),
        ("RRN (11 cijfers)", "national_number"),
        ("Courriel", "email"),
        ("Handy", "mobile"),
        ("PLZ", "postal_code"),
        ("Localité", "city"),
        ("E-mail factuur", NONE),
        ("Fax (private)", NONE),
        ("Prénom client", "first_name"),
        ("Klant: Voornaam", "first_name"),
        ("E-mail klant", "email"),
        ("Prénom du contribuable", "first_name"),
        ("Naam van de belastingplichtige", "last_name"),
        ("Mail klant (zoon)", None),
        ("Klant sinds", None),
        ("Schoenmaat", None),
    ],
)
def test_exact_headers(header: str, target: str | None) -> None:
    assert synonyms.exactly(header) == target


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("Rijksregisternumer", "national_number"),
        ("Huisnumer", "house_number"),
        ("Voornaamm", "first_name"),
        ("Klantencode", "client_code"),
    ],
)
def test_close_headers(header: str, target: str) -> None:
    found = synonyms.closely(header)
    assert found is not None
    assert found.target == target


@pytest.mark.parametrize("header", ["Tel", "Schoenmaat", "Kinderbijslag", ""])
def test_nothing_is_close_to_them(header: str) -> None:
    assert synonyms.closely(header) is None


@pytest.mark.parametrize(
    ("headers", "row", "expected"),
    [
        (["Naam", "Voornaam"], ["Peeters", "Emma"], ["last_name", "first_name"]),
        (["Naam", "Voornaam"], ["Peeters Emma", "Emma"], ["last_first", NONE]),
        (["Naam", "Voornaam"], ["Peeters Emma", ""], ["last_first", NONE]),
        (["Naam", "Voornaam"], ["Peeters", ""], ["last_name", "first_name"]),
        (["Nom client", "Prénom client"], ["Dubois", "Marie"], ["last_name", "first_name"]),
        (["Klant: Naam", "Klant: Voornaam"], ["Peeters", "Emma"], ["last_name", "first_name"]),
        (["Naam", "Voornaam"], ["", ""], ["last_name", "first_name"]),
        (["Voornaam", "Naam"], ["Emma", "Peeters Emma"], [NONE, "last_first"]),
        (["Naam", "Mail"], ["Peeters Emma", "e@x.be"], ["last_first", "email"]),
        (["Name", "Mail"], ["Emma Peeters", "e@x.be"], ["first_last", "email"]),
        (["Nom", "Courriel"], ["Dubois, Marie", "e@x.be"], ["last_first", "email"]),
        (["Nom complet", "Nom", "Prénom"], ["Marie Dubois", "Dubois", "Marie"], [NONE, "last_name", "first_name"]),
        (["Straat", "Nr"], ["Kerkstraat", "12"], ["street", "house_number"]),
        (["Nr", "Straat"], ["12", "Kerkstraat"], ["client_code", "street"]),
        (["Nr", "Klantcode"], ["1", "K1"], [NONE, "client_code"]),
        (["Straat", "", "Nr"], ["Kerkstraat", "", "12"], ["street", "house_number"]),
        (["Klantcode", "N°", "Rue"], ["K1", "12", "Rue Haute"], ["client_code", "house_number", "street"]),
        (["Nr", "Straat", "Nr"], ["1", "Kerkstraat", "12"], ["client_code", "street", "house_number"]),
        (["Klantcode", "Nr", "Adres"], ["K1", "1", "Markt 4"], ["client_code", NONE, "street_and_number"]),
        (["PLZ", "Ort"], ["4700", "Eupen"], ["postal_code", "city"]),
        (["Straat", "Postcode"], ["Kerkstraat 12", "9300"], ["street_and_number", "postal_code"]),
        (["Adres", "Huisnummer"], ["Kerkstraat", "12"], ["street", "house_number"]),
        (["Adres", "E-mail"], ["Kerkstraat 12, 9300 Aalst", "a@x.be"], ["address", "email"]),
        (
            ["Adres", "Postcode", "Gemeente"],
            ["Kerkstraat 12, 9300 Aalst", "9300", "Aalst"],
            ["street_and_number", "postal_code", "city"],
        ),
        (
            ["Zzz", "Postcode", "Gemeente"],
            ["Kerkstraat 12, 9300 Aalst", "9300", "Aalst"],
            ["street_and_number", "postal_code", "city"],
        ),
        (["Adres", "Postcode"], ["Kerkstraat 12, 9300 Aalst", "9300"], ["address", NONE]),
        (["Straat", "Huisnummer"], ["Kerkstraat", "12 bus 3"], ["street", "number_and_box"]),
        (["Gemeente", "Land"], ["9300 Aalst", "BE"], ["postal_code_and_city", "country"]),
        (["Gsm", "Mail"], ["gsm: 0478 12 34 56", "a@x.be"], ["phone", "email"]),
        (["Gsm", "Mail"], ["0478 12 34 56", "a@x.be"], ["mobile", "email"]),
        (["Naam", "Mail"], ["Zeynep YILMAZ", "z@x.be"], ["first_last", "email"]),
        (["Naam", "Mail"], ["YILMAZ Zeynep", "z@x.be"], ["last_first", "email"]),
        (["Tel", "Gsm"], ["053 21 22 23", "+32478123456"], [NONE, "mobile"]),
        (["Tel", "Mail"], ["0478 12 34 56", "a@x.be"], ["phone", "email"]),
        (["Tel", "Mail"], ["053 21 22 23", "a@x.be"], [NONE, "email"]),
        (["Tel 1", "Tel 2"], ["053 21 22 23", "0478 12 34 56"], [NONE, "phone"]),
        (["Telefoon", "Telefoon (2)"], ["053 21 22 23", "0478 12 34 56"], [NONE, "phone"]),
        (["Tel 1", "Tel 2"], ["0479 12 34 56", "0478 12 34 56"], ["phone", NONE]),
        (["Gsm", "Gsm 2"], ["0479 12 34 56", "0478 12 34 56"], ["mobile", NONE]),
        (["Tel", "Tel werk 2"], ["053 21 22 23", "0478 12 34 56"], [NONE, NONE]),
        (["E-mail", "E-mail 2"], ["a@x.be", "b@x.be"], ["email", NONE]),
        (["E-mail factuur", "E-mail"], ["a@x.be", "b@x.be"], [NONE, "email"]),
        (["E-mail", "E-mail"], ["", "b@x.be"], [NONE, "email"]),
        (["RRN", "RRN partner"], [N1, N2], ["national_number", "spouse_national_number"]),
        (["Naam partner", "Gsm partner"], ["Claes An", "+32478123456"], [NONE, NONE]),
        (["rijksregisternummer ouder 1", "E-mail"], [N1, "a@x.be"], [NONE, "email"]),
        (["Dossierbeheerder", "E-mail"], ["Els Claes", "a@x.be"], [NONE, "email"]),
        (["Dossierbeheerder", "E-mail"], ["els@kantoor.be", "a@x.be"], ["responsible", "email"]),
        (["Deadline", "E-mail"], ["nog te zien", "a@x.be"], [NONE, "email"]),
    ],
)
def test_the_traps(headers: list[str], row: list[str], expected: list[str]) -> None:
    assert targets(headers, row) == expected


GSM, OTHER_GSM, LANDLINE = "+32478123456", "0479 12 34 56", "053 21 22 23"


@pytest.mark.parametrize(
    ("headers", "rows", "expected"),
    [
        (["Tel", "Gsm"], [[LANDLINE, GSM], [OTHER_GSM, ""]], ["second_phone", "mobile"]),
        (["Gsm", "Tel"], [[GSM, LANDLINE], ["", OTHER_GSM]], ["mobile", "second_phone"]),
        (["Tel", "Gsm"], [[LANDLINE, GSM], [LANDLINE, ""]], [NONE, "mobile"]),
        (["Tel", "Gsm"], [[OTHER_GSM, GSM], [LANDLINE, ""]], [NONE, "mobile"]),
        (["Gsm", "Gsm"], [[GSM, ""], ["", OTHER_GSM], [GSM, ""]], ["mobile", "second_phone"]),
        (["Gsm", "Gsm"], [[GSM, OTHER_GSM], ["", OTHER_GSM]], [NONE, "mobile"]),
        (["Telefoon", "Tel"], [[LANDLINE, OTHER_GSM], [GSM, OTHER_GSM]], ["phone", "second_phone"]),
        (["Tel 1", "Tel 2"], [[LANDLINE, OTHER_GSM], [GSM, LANDLINE]], ["phone", "second_phone"]),
        (["Gsm", "Tel werk"], [[GSM, ""], ["", OTHER_GSM]], ["mobile", NONE]),
        (["Gsm", "Tel partner"], [[GSM, ""], ["", OTHER_GSM]], ["mobile", NONE]),
    ],
)
def test_a_second_telephone_column_fills_what_is_empty_in_the_first(
    headers: list[str], rows: list[list[str]], expected: list[str]
) -> None:
    assert targets(headers, *rows) == expected


def test_a_second_telephone_column_without_a_first_is_the_first() -> None:
    assert targets(["Tel", "Mail"], [GSM, "a@x.be"], columns={0: "second_phone", 1: "email"}) == ["phone", "email"]
    both = {0: "second_phone", 1: "mobile"}
    assert targets(["Tel", "Zzz"], [GSM, ""], columns=both) == ["second_phone", "mobile"]


def test_what_fills_another_column_is_confirmed_once_and_is_no_column_that_is_left_out() -> None:
    rows = [["Tel", "Gsm", "Mail"], [LANDLINE, GSM, "a@x.be"], [OTHER_GSM, "", "b@x.be"]]
    found = map_columns(rows, 1, ASKING, RULES)
    assert not found.certain
    assert [(notice.code, notice.detail) for notice in found.notices] == [("column.guessed", "Tel")]
    assert found.is_spread


def test_a_client_code_is_one_only_where_no_code_comes_twice() -> None:
    assert targets(["Klantcode", "E-mail"], ["A", "a@x.be"], ["B", "b@x.be"])[0] == "client_code"
    assert targets(["Referentie klant", "Klantnummer"], ["A", "X"], ["B", "X"])[1] == NONE


@pytest.mark.parametrize("header", ["Identificatie", "Referentie", "Klantcode", "Kolom 7", "Opmerking"])
def test_a_column_of_valid_national_numbers_is_the_national_number_whatever_it_is_called(header: str) -> None:
    found = columns([header, "E-mail", "Taal"], [N1, "a@x.be", "nl"], [N2, "b@x.be", "fr"])[0]
    assert (found.target, found.by, found.share) == ("national_number", "values", 100)


def test_the_share_that_is_valid_is_said() -> None:
    rows = [[number, "a@x.be", "nl"] for number in (N1, N2, N1, "12345678901")]
    assert columns(["Zzz", "E-mail", "Taal"], *rows)[0].share == 75


@pytest.mark.parametrize(
    ("values", "target"),
    [
        (["a@x.be", "b@y.be"], "email"),
        (["0478 12 34 56", "053 21 22 23"], "phone"),
        (["0403.019.261", "BE 0428.759.497"], "enterprise_number"),
        (["N", "F", "N"], "language"),
        (["Nederlands", "Frans"], "language"),
        (["N", "N", "N"], NONE),
        (["9300", "1000", "9000"], "postal_code"),
        (["1975", "1983", "1991"], NONE),
        (["9300 Aalst", "9000 Gent"], "postal_code_and_city"),
        (["Kerkstraat 12", "Markt 4"], "street_and_number"),
        (["Aalst", "Gent"], "city"),
        (["België", "Nederland"], "country"),
        (["01/12/2026", "15/12/2026", "30/11/2026"], "deadline"),
        (["01/12/1980", "15/12/1975", "30/11/1990"], NONE),
        (["liever bellen", "—"], NONE),
    ],
)
def test_values_alone(values: list[str], target: str) -> None:
    assert targets(["Zzz", "Yyy"], *([value, ""] for value in values))[0] == target


PAST = [datetime(2001, 3, day) for day in (1, 12, 25)]
COMING = [datetime(2026, 12, day) for day in (1, 12, 25)]


@pytest.mark.parametrize("header", ["Indienen voor", "Klant sinds", "Geb.datum", "Né le", "Dossier", ""])
@pytest.mark.parametrize(
    ("values", "target"),
    [
        (COMING, "deadline"),
        ([f"{date:%d/%m/%Y}" for date in COMING], "deadline"),
        (PAST, NONE),
        ([f"{date:%d-%m-%Y}" for date in PAST], NONE),
        ([20250001, 20250002, 20250003], NONE),
        (["20250001", "20250002", "20250003"], NONE),
        ([478123456, "478123457", "478123458"], NONE),
        (["2025/0001", "2025/0002", "2025/0003"], NONE),
    ],
)
def test_dates_and_codes_are_no_mobile_numbers_and_coming_dates_are_the_deadline(
    header: str, values: list[Any], target: str
) -> None:
    rows = [["Peeters", "Emma", "a@x.be", "N", value] for value in values]
    assert targets(["Naam", "Voornaam", "Mail", "Taal", header], *rows)[-1] == target


@pytest.mark.parametrize(
    "text",
    [
        "BE68 5390 0754 7034", "BE68 5390 0754 7034 KREDBEBB", "BE68539007547034", "Dossier 2025", "Jan 1985",
        "1-ABC-234", "ABC 1000", "Peugeot 3008", "2024 Q1", "ref. 1000", "1000 euro", "Factuur 2024 - 1000 betaald",
        "Map 12", "F-2024/12",
    ],
)  # fmt: skip
@pytest.mark.parametrize("header", ["IBAN", "Zzz", "Kolom2"])
def test_what_only_has_digits_in_it_is_no_place_and_no_street(header: str, text: str) -> None:
    rows = [["Peeters", "Emma", "a@x.be", "N", text] for _ in range(3)]
    assert targets(["Naam", "Voornaam", "Mail", "Taal", header], *rows)[-1] == NONE


def test_towns_need_not_all_be_known() -> None:
    rows = [["9310 Moorsel", "Kouter 5"], ["9300 Aalst", "Kerkstraat 12"], ["L-1234 Luxembourg", "Rue Haute 4"]]
    assert targets(["Zzz", "Yyy"], *rows) == ["postal_code_and_city", "street_and_number"]
    whole = [["Kouter 5, 9310 Moorsel", ""], ["Kerkstraat 12 - 9300 Aalst", ""]]
    assert targets(["Zzz", "Yyy"], *whole)[0] == "address"


def test_code_beside_the_town_is_the_postal_code() -> None:
    headers = ["Code", "Nom", "Prénom", "Rue", "Nr", "Bte", "Code", "Ville"]
    codes = ("9300", "1000", "1000", "1050")
    rows = [[f"K{at}", "Dubois", "Marie", "Rue Haute", "4", "", code, "Aalst"] for at, code in enumerate(codes)]
    found = columns(headers, *rows)
    assert [found[0].target, found[6].target] == ["client_code", "postal_code"]
    assert not map_columns([headers, *rows], 1, ASKING, RULES).certain
    assert targets(["Code", "Ville"], ["K1", "Aalst"], ["K2", "Gent"])[0] == "client_code"
    assert targets(["Code", "Mail"], ["9300", "a@x.be"], ["1000", "b@x.be"])[0] == "client_code"


@pytest.mark.parametrize(
    "header",
    [
        "KBO partner", "BCE conjoint", "BTW-nr. partner", "Ondernemingsnr van de echtgenote", "TVA du conjoint",
        "KBO echtg.", "Numéro d'entreprise du conjoint", "Zelfst. partner",
    ],
)  # fmt: skip
def test_the_partners_enterprise_number(header: str) -> None:
    headers = ["KBO", header]
    assert targets(headers, ["0403.019.261", "0428759497"], ["", "0403019261"]) == [
        "enterprise_number",
        "spouse_enterprise_number",
    ]
    assert targets(headers, ["0403.019.261", "ja"], ["", "nee"])[1] == NONE


@pytest.mark.parametrize("beside", ["", "Kolom2"])
def test_a_header_merged_over_last_and_first_name(beside: str) -> None:
    for header in ("Klant", "Naam", "Nom"):
        names = [["Peeters", "Emma", "a@x.be"], ["De Smet", "Jan", "b@x.be"]]
        assert targets([header, beside, "E-mail"], *names) == ["last_name", "first_name", "email"]
        turned = [[first, last, mail] for last, first, mail in names]
        assert targets([header, beside, "E-mail"], *turned) == ["first_name", "last_name", "email"]
        whole = [["Peeters Emma", "x", "a@x.be"], ["De Smet Jan", "y", "b@x.be"]]
        assert targets([header, beside, "E-mail"], *whole) == ["last_first", NONE, "email"]


def test_what_is_certain_is_not_asked() -> None:
    french = ["Nom", "Prénom", "Courriel", "Langue", "CP", "Localité"]
    assert map_columns([french, ["Dubois", "Marie", "m@x.be", "fr", "1000", "Bruxelles"]], 1, ASKING, RULES).certain
    full = ["Naam", "Courriel", "Langue"]
    assert not map_columns([full, ["Dubois Marie", "m@x.be", "fr"]], 1, ASKING, RULES).certain
    learnt = Wishes(ask="unsure", office={"naam": "last_first"})
    assert map_columns([full, ["Dubois Marie", "m@x.be", "fr"]], 1, learnt, RULES).certain


def test_the_order_is_command_line_user_office_header() -> None:
    row = ["x", "a@x.be", "nl"]
    headers = ["Kenmerk", "E-mail", "Taal"]
    office, user, given = {"kenmerk": "labels"}, {"kenmerk": "client_code"}, dict(given_targets(["Kenmerk=city"]))
    assert [columns(headers, row, office=office)[0].by, targets(headers, row, office=office)[0]] == ["office", "labels"]
    assert targets(headers, row, office=office, user=user)[0] == "client_code"
    assert targets(headers, row, office=office, user=user, given=given)[0] == "city"
    assert targets(headers, row, user={"e mail": "none", "email": "none"})[1] == NONE


def test_the_same_header_twice_is_said_and_so_is_another_for_the_same() -> None:
    headers = ["Voornaam", "Naam", "Taal", "E-mail", "E-mail", "Courriel"]
    row = ["An", "Claes", "nl", "a@x.be", "b@x.be", "c@x.be"]
    notices = map_columns([headers, row], 1, ASKING, RULES).notices
    assert [(notice.cell, notice.code) for notice in notices] == [
        ("D1", "column.guessed"), ("E1", "column.repeated"), ("F1", "column.taken"),
    ]  # fmt: skip


def test_what_a_person_decided_stands() -> None:
    found = columns(["Voornaam", "x"], ["An", N1], columns={0: "last_name", 1: "nonsense"})
    assert [(column.target, column.by) for column in found] == [("last_name", "person"), (NONE, "person")]


@pytest.mark.parametrize("word", ["RRN", "RRN=nonsense", "=", ""])
def test_what_is_no_target_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match=f"^{word}$"):
        list(given_targets([word]))


def test_header_row_given_or_none() -> None:
    rows = [["Voornaam", "Achternaam"], ["Voornaam", "E-mail"], ["An", "an@x.be"]]
    assert map_columns(rows, 5, Wishes(ask="unsure", header_row=6), RULES).row == 1
    assert map_columns(rows, 5, Wishes(ask="unsure", header_row=0), RULES).row == -1
    far = [["", ""]] * 70 + rows
    assert [column.header for column in map_columns(far, 1, Wishes(ask="unsure", header_row=72), RULES).columns] == [
        "Voornaam", "E-mail",
    ]  # fmt: skip
    with pytest.raises(UnusableFile) as raised:
        map_columns(rows, 5, Wishes(ask="unsure", header_row=99), RULES)
    assert raised.value.params == {"row": 99}


def test_a_national_number_never_becomes_a_header_in_plain() -> None:
    rows = [["Naam", N1, "E-mail"], ["Peeters Emma", N2, "a@x.be"]]
    found = map_columns(rows, 1, ASKING, RULES)
    shown = str(layout(rows, 1, found, RULES)) + str(found)
    assert N1 not in shown
    assert N2 not in shown


def test_dates_are_shown_as_people_write_them() -> None:
    rows = [["Naam", "Zzz", "RRN"], ["Peeters Emma", date(2026, 10, 16), datetime(1985, 7, 30)]]
    found = layout(rows, 1, map_columns(rows, 1, ASKING, RULES), RULES)
    assert found["columns"][1]["samples"] == ["16/10/2026"]
    assert found["rows"][1][1][1] == "16/10/2026"
    assert "1985" not in str(found)


def test_targets_feed_keys_that_are_there() -> None:
    assert len(set(TARGETS)) == len(TARGETS)
    assert {key for keys in JOINED.values() for key in keys} <= set(TARGETS)
