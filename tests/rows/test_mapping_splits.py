"""Taking cells apart: what must come out of real ones, and that nothing is ever lost."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounton.rows.head import FileColumn
from accounton.rows.mapping_splits import (
    SPLITS,
    address,
    first_last,
    last_first,
    number_and_box,
    phone,
    postal_code_and_city,
    street_and_number,
)
from accounton.rows.mapping_spreading import Spread
from accounton.rows.mapping_targets import JOINED

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("text", "last", "first"),
    [
        ("Peeters Emma", "Peeters", "Emma"),
        ("Peeters, Emma", "Peeters", "Emma"),
        ("Van den Berghe Jan", "Van den Berghe", "Jan"),
        ("VAN DEN BERGHE Jan", "VAN DEN BERGHE", "Jan"),
        ("Van den Berghe, Jan Willem", "Van den Berghe", "Jan Willem"),
        ("De Smet Marie", "De Smet", "Marie"),
        ("GARCIA LOPEZ Maria", "GARCIA LOPEZ", "Maria"),
        ("Peeters - Claes An", "Peeters - Claes", "An"),
        ("D'Hondt Luc", "D'Hondt", "Luc"),
        ("Peeters Jan Willem", "Peeters", "Jan Willem"),
        ("PEETERS JAN", "PEETERS", "JAN"),
        ("De Jan", "De", "Jan"),
        ("Peeters", "Peeters", ""),
        ("Ludo DE SMET", "DE SMET", "Ludo"),
        ("Jan van den BERGHE", "van den BERGHE", "Jan"),
        ("PEETERS - CLAES An", "PEETERS - CLAES", "An"),
        ("PEETERS J.", "PEETERS", "J."),
        ("Garage Peeters BVBA", "Garage", "Peeters BVBA"),
        ("Van Damme JAN", "Van Damme", "JAN"),
        ("PEETERS Jan en CLAES An", "PEETERS", "Jan en CLAES An"),
    ],
)
def test_last_name_first(text: str, last: str, first: str) -> None:
    assert last_first(text) == (last, first)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Emma Peeters", "Emma", "Peeters"),
        ("Jan Van den Berghe", "Jan", "Van den Berghe"),
        ("Jean Pierre Dubois", "Jean Pierre", "Dubois"),
        ("Maria GARCIA LOPEZ", "Maria", "GARCIA LOPEZ"),
        ("Peeters, Emma", "Emma", "Peeters"),
        ("Jan Peeters en An Claes", "Jan", "Peeters en An Claes"),
        ("Emma", "", "Emma"),
        ("Van den Berghe Jan", "Jan", "Van den Berghe"),
        ("de Smet Marie Louise", "Marie Louise", "de Smet"),
        ("PEETERS Jan", "Jan", "PEETERS"),
        ("GARCIA LOPEZ Maria", "Maria", "GARCIA LOPEZ"),
        ("Zeynep YILMAZ", "Zeynep", "YILMAZ"),
        ("Jan P. PEETERS", "Jan P.", "PEETERS"),
        ("JAN P. PEETERS", "JAN P.", "PEETERS"),
        ("JP Dubois", "JP", "Dubois"),
        ("Ben PEETERS", "Ben", "PEETERS"),
        ("Garage Peeters BVBA", "Garage Peeters", "BVBA"),
        ("Ben Van Damme", "Ben", "Van Damme"),
        ("Van Damme", "Van", "Damme"),
        ("Jan PEETERS en An CLAES", "Jan", "PEETERS en An CLAES"),
    ],
)
def test_first_name_first(text: str, first: str, last: str) -> None:
    assert first_last(text) == (first, last)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Kerkstraat 12 bus 3", ("Kerkstraat", "12", "3")),
        ("Kerkstraat 12", ("Kerkstraat", "12", "")),
        ("Kerkstraat 12A", ("Kerkstraat", "12A", "")),
        ("Kerkstraat 12 A bus 2.1", ("Kerkstraat", "12 A", "2.1")),
        ("Kerkstraat 12/3", ("Kerkstraat", "12/3", "")),
        ("Kerkstraat, 12 bte 4", ("Kerkstraat", "12", "4")),
        ("Rue du 11 Novembre 5 boîte 2", ("Rue du 11 Novembre", "5", "2")),
        ("12, rue de l'Église", ("rue de l'Église", "12", "")),
        ("12 rue de l'Église bte 3", ("rue de l'Église", "12", "3")),
        ("Kerkstraat nr. 12", ("Kerkstraat", "12", "")),
        ("Steenweg op Gent 101-103", ("Steenweg op Gent", "101-103", "")),
        ("Kerkstraat", ("Kerkstraat", "", "")),
        ("Busstraat 4", ("Busstraat", "4", "")),
        ("Kerkstraat 12 b 3", ("Kerkstraat", "12", "3")),
        ("Kerkstraat 12 b3", ("Kerkstraat", "12", "3")),
        ("Kerkstraat 12b3", ("Kerkstraat", "12", "3")),
        ("Kerkstraat 12A b3.1", ("Kerkstraat", "12A", "3.1")),
        ("Dorp 1 b.2", ("Dorp", "1", "2")),
        ("Kerkstraat 12B", ("Kerkstraat", "12B", "")),
        ("Kerkstraat 12 b", ("Kerkstraat", "12 b", "")),
        ("Kerkstraat 12bus3", ("Kerkstraat", "12", "3")),
        ("rue Neuve n°12", ("rue Neuve", "12", "")),
        ("rue Neuve, n° 12 bte 4", ("rue Neuve", "12", "4")),
        ("n°12, rue Neuve", ("rue Neuve", "12", "")),
    ],
)
def test_street_and_number(text: str, parts: tuple[str, str, str]) -> None:
    assert street_and_number(text) == parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("9300 Aalst", ("9300", "Aalst")),
        ("B-9300 Aalst", ("9300", "Aalst")),
        ("9300 - Aalst", ("9300", "Aalst")),
        ("Aalst (9300)", ("9300", "Aalst")),
        ("Aalst 9300", ("9300", "Aalst")),
        ("1348 Louvain-la-Neuve", ("1348", "Louvain-la-Neuve")),
        ("NL-1012 AB Amsterdam", ("NL-1012 AB", "Amsterdam")),
        ("L-1234 Luxembourg", ("L-1234", "Luxembourg")),
        ("Aalst", ("", "Aalst")),
        ("9300", ("9300", "")),
    ],
)
def test_postal_code_and_city(text: str, parts: tuple[str, str]) -> None:
    assert postal_code_and_city(text) == parts


def test_whole_address_and_number_with_box() -> None:
    assert address("Kerkstraat 12 bus 3, 9300 Aalst") == ("Kerkstraat", "12", "3", "9300", "Aalst")
    assert address("Kerkstraat 12") == ("Kerkstraat", "12", "", "", "")
    assert number_and_box("12 bus 3") == ("12", "3")
    assert number_and_box("12A") == ("12A", "")
    assert number_and_box("12 b 3") == number_and_box("n°12 b3") == ("12", "3")


@pytest.mark.parametrize(
    ("text", "mobile"),
    [
        ("0478 12 34 56", "0478 12 34 56"),
        ("+32 478 12 34 56", "+32 478 12 34 56"),
        ("09/225.11.02", ""),
        ("053 21 22 23", ""),
        ("+32 9 225 11 02", ""),
        ("053 21 22 23 / 0478 12 34 56", "0478 12 34 56"),
        ("tel. 053 21 22 23; gsm 0478/12.34.56", "0478/12.34.56"),
        ("+33 6 12 34 56 78", "+33 6 12 34 56 78"),
        ("belt liever", "belt liever"),
        ("0478 12 34", "0478 12 34"),
        ("gsm: 0478/12.34.56", "0478/12.34.56"),
        ("privé 0478 12 34 56", "0478 12 34 56"),
        ("Gsm privé: +32 478 12 34 56", "+32 478 12 34 56"),
        ("téléphone 053 21 22 23", ""),
        ("0478 12 34 56 (Jan)", "0478 12 34 56"),
        ("0478 12 34 56 (echtgenote)", "0478 12 34 56 (echtgenote)"),
        ("053 21 22 23 (thuis), 0478 12 34 56 (Jan)", "0478 12 34 56"),
        ("053/21.22.23 0478/12.34.57", "0478/12.34.57"),
        ("0478 12 04 57 053 21 02 23", "0478 12 04 57"),
        ("053 21 22 23 +32 478 12 34 57", "+32 478 12 34 57"),
        ("tel. 053 21 22 23 gsm 0478 12 34 57", "0478 12 34 57"),
        ("0478 12 34 56 / 0479 12 34 57", "0478 12 34 56 / 0479 12 34 57"),
        ("0478 12 34 56 0479 12 34 57", "0478 12 34 56 0479 12 34 57"),
        ("0478 12 34 56 / +32 478 12 34 56", "0478 12 34 56"),
        ("gsm zoon: 0478 12 34 56", "gsm zoon: 0478 12 34 56"),
    ],
)
def test_mobile_numbers_are_taken_and_landlines_left_out(text: str, mobile: str) -> None:
    assert phone(text) == (mobile,)


def kept(text: str) -> list[str]:
    return sorted(re.sub(r"[^\w]", "", text))


NAMES = st.lists(
    st.sampled_from("Van den De Peeters EMMA Ben J. Jan D'Hondt - Ö en Claes-Maes van".split()), max_size=7
)
CELLS = st.one_of(
    st.text(max_size=60),
    NAMES.map(" ".join),
    st.from_regex(r"[A-Z][a-z]{2,9}( [0-9]{1,3}[a-z]?)?( bus [0-9])?(, [0-9]{4} [A-Z][a-z]+)?", fullmatch=True),
)


@pytest.mark.parametrize("target", [name for name in SPLITS if name != "phone"])
@given(text=CELLS)
def test_nothing_is_lost(target: str, text: str) -> None:
    text = " ".join(text.split())
    parts = SPLITS[target](text)
    assert len(parts) == len(JOINED[target])
    lost = [sign for sign in kept(text) if kept(text).count(sign) > kept(" ".join(parts)).count(sign)]
    # Only the word for a box and the sign of a number are notation.
    assert not lost or set("".join(lost).lower()) <= set("busbtebôiîteboxpostbusnr.°be")
    assert not any(sign.isdigit() for sign in lost)


@given(words=NAMES.filter(lambda words: len(words) > 1))
def test_two_words_always_give_two_names(words: list[str]) -> None:
    for split in (last_first, first_last):
        assert all(split(" ".join(words)))
        assert sorted(" ".join(split(" ".join(words))).split()) == sorted(words)


@given(text=st.text(max_size=40))
def test_a_phone_cell_stays_or_loses_a_landline_only(text: str) -> None:
    (number,) = phone(text)
    assert number in text


def test_a_value_for_all_rows_leaves_empty_rows_empty() -> None:
    columns_of_file = [FileColumn("Naam", 0, ("last_name",), "last_name"), FileColumn("Opm", 1)]
    spread = Spread(columns_of_file, {"language": "dutch"}, TODAY)
    columns = spread.apply([("Peeters", "", ""), ("", "", "x")], 3)
    assert list(columns[spread.places["language"]]) == ["dutch", "", ""]


PLACES = {"street": "Molenstraat", "house_number": "70", "box": "2"}


@pytest.mark.parametrize(
    ("own", "place"),
    [
        (("9300", "Aalst"), ("9300", "Aalst")),
        (("9320", "Erembodegem"), ("9320", "Erembodegem")),
        (("", ""), ("9300", "Aalst")),
        (("9300", ""), ("9300", "Aalst")),
    ],
)
def test_a_town_in_an_address_only_fills_what_is_empty_in_the_towns_own_columns(
    own: tuple[str, str], place: tuple[str, str]
) -> None:
    assert spread_address("Molenstraat 70 bus 2, 9300 Aalst", *own) == {
        **PLACES,
        "postal_code": place[0],
        "city": place[1],
    }


def test_an_address_without_a_town_leaves_the_towns_own_columns() -> None:
    assert spread_address("Molenstraat 70 bus 2", "", "Aalst") == {**PLACES, "postal_code": "", "city": "Aalst"}


def test_a_town_in_an_address_fills_a_column_that_holds_both() -> None:
    columns = [
        FileColumn("Adres", 0, JOINED["street_and_number"], "street_and_number"),
        FileColumn("Plaats", 1, JOINED["postal_code_and_city"], "postal_code_and_city"),
    ]
    assert spread_of(columns, "Molenstraat 70 bus 2, 9300 Aalst", "") == {
        **PLACES,
        "postal_code": "9300",
        "city": "Aalst",
    }


def test_an_address_loses_nothing_where_there_is_no_column_for_the_town() -> None:
    columns = [FileColumn("Adres", 0, JOINED["street_and_number"], "street_and_number")]
    found = spread_of(columns, "Molenstraat 70, 9300 Aalst")
    assert found == {"street": "Molenstraat 70, 9300 Aalst", "house_number": "", "box": ""}


def spread_address(address: str, code: str, city: str) -> dict[str, str]:
    columns = [
        FileColumn("Adres", 0, JOINED["street_and_number"], "street_and_number"),
        FileColumn("Postcode", 1, ("postal_code",), "postal_code"),
        FileColumn("Gemeente", 2, ("city",), "city"),
    ]
    return spread_of(columns, address, code, city)


def spread_of(columns: list[FileColumn], *cells: str) -> dict[str, str]:
    spread = Spread(columns, {}, TODAY)
    rows = spread.apply([(cell,) for cell in cells], 1)
    return {key: str(rows[place][0]) for key, place in spread.places.items()}


def test_a_second_telephone_column_gives_its_mobile_numbers_where_the_first_has_none() -> None:
    columns = [FileColumn("Tel", 0, (), "second_phone"), FileColumn("Gsm", 1, ("mobile",), "mobile")]
    spread = Spread(columns, {}, TODAY)
    tel = [
        "0478 12 34 56",
        "0478 12 34 56",
        "053 21 22 23",
        478123456,
        "geen",
        "0478 12 34 56 of 0479 12 34 56",
        "",
        date(2026, 1, 2),
    ]
    gsm = ["", "+32479123456", "", "", "", "", "", ""]
    found = spread.apply([tel, gsm], len(tel))
    assert list(found[spread.places["mobile"]]) == ["0478 12 34 56", "+32479123456", "", "478123456", "", "", "", ""]
    assert list(found[0]) == tel


def test_the_second_one_fills_what_is_left_of_a_first_that_is_taken_apart() -> None:
    columns = [FileColumn("Tel", 0, ("mobile",), "phone"), FileColumn("Tel 2", 1, (), "second_phone")]
    spread = Spread(columns, {}, TODAY)
    found = spread.apply([["053 21 22 23", "0479 12 34 56"], ["gsm 0478 12 34 56", "0478 12 34 56"]], 2)
    assert list(found[spread.places["mobile"]]) == ["0478 12 34 56", "0479 12 34 56"]


@pytest.mark.parametrize("target", JOINED)
def test_a_national_number_is_not_taken_apart_with_the_cell_that_holds_it(target: str) -> None:
    column = FileColumn("Alles", 0, JOINED[target], target)
    spread = Spread([column], {}, TODAY)
    cell = "Kerkstraat 12 (85.07.30-033.28), 9300 Aalst"
    columns = spread.apply([(cell,)], 1)
    parts = [columns[spread.places[key]][0] for key in JOINED[target]]
    assert "85.07.30-033.28" in parts[0]
    assert not any("85" in str(part) for part in parts[1:])
    assert "12" in " ".join(map(str, parts))
