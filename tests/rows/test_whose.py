"""Whose a column is: two people in one row are never mixed, and nobody else's data is taken for the customer's."""

from typing import Any

import pytest

from accounton.rows.headers import squeezed
from accounton.rows.mapping_headers import map_columns
from accounton.rows.mapping_targets import NONE
from accounton.rows.mapping_wishes import Wishes
from accounton.rows.whose import names_another
from tests.rows.people import RULES

N1, N2 = "85073003328", "93051822361"
EMMA, JAN = "Peeters Emma", "Claes Jan"
ASKING = Wishes(ask="unsure")
OWN, PARTNER = "national_number", "spouse_national_number"


def values_of(header: str) -> list[Any]:
    """Give two cells that would be recognised by themselves."""
    for word, values in (("mail", ["a@x.be", "b@y.be"]), ("gsm", ["0478 12 34 56", "0479 12 34 56"])):
        if word in header.lower():
            return values
    return [N1, N2]


def targets(headers: list[str], *rows: list[Any]) -> list[str]:
    return [column.target for column in map_columns([headers, *rows], 1, ASKING, RULES).columns]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("man", "vrouw"),
        ("Monsieur", "Madame"),
        ("Mr", "Mme"),
        ("Hr", "Mevr."),
        ("dhr.", "mw"),
        ("(man)", "(vrouw)"),
        ("partner 1", "partner 2"),
        ("1e partner", "2de partner"),
        ("Partner A", "Partner B"),
        ("conjoint 1", "conjoint 2"),
        ("1er déclarant", "deuxième déclarant"),
        ("echtgenoot", "echtgenote"),
        ("époux", "épouse"),
        ("van de man", "van de vrouw"),
        ("man", "partner"),
        ("Ehemann", "Ehefrau"),
        ("M", "V"),
        ("M.", "Mme"),
        ("H", "F"),
        ("(m)", "(v)"),
        ("hij", "zij"),
        ("belastingplichtige", "medebelastingplichtige"),
        ("titulaire", "co-titulaire"),
    ],
)
def test_of_two_people_one_is_the_customer_throughout_and_the_other_the_partner(one: str, other: str) -> None:
    headers = ["Nr", f"Naam {one}", f"Naam {other}", f"RR {one}", f"RR {other}", f"Gsm {other}", "Mail", "Taal"]
    rows = [
        ["1", EMMA, JAN, N1, N2, "0478123456", "a@x.be", "N"],
        ["2", JAN, EMMA, N2, N1, "0479123456", "b@x.be", "F"],
    ]
    expected = ["client_code", "last_first", NONE, OWN, PARTNER, NONE, "email", "language"]
    assert targets(headers, *rows) == expected
    assert not map_columns([headers, *rows], 1, ASKING, RULES).certain


def test_who_is_named_first_is_the_customer() -> None:
    assert targets(["RR man", "Nom Madame", "NISS Madame"], [N1, "Dubois", N2])[::2] == [PARTNER, OWN]
    assert targets(["Man", "Vrouw", "RR man", "RR vrouw"], [JAN, EMMA, N1, N2])[1:] == [NONE, OWN, PARTNER]


@pytest.mark.parametrize(
    ("headers", "expected", "certain"),
    [
        (["RR man", "RR vrouw"], [NONE, NONE], False),
        (["NISS", "NISS Madame"], [OWN, PARTNER], False),
        (["RR (h)", "RR (v)"], [NONE, NONE], False),
        (["NISS Madame", "Zzz"], [NONE, OWN], False),
        (["NISS Madame", "Partner"], [NONE, PARTNER], False),
        (["Rijksregisternummer", "Rijksregisternummer echtgenote"], [OWN, PARTNER], True),
        (["RRN", "RRNpartner"], [OWN, PARTNER], True),
        (["RR (man/vrouw)", "Zzz"], [OWN, NONE], False),
    ],
)
def test_beside_a_name_without_a_side_a_man_and_a_woman_are_for_a_person_to_tell_apart(
    headers: list[str], expected: list[str], certain: bool
) -> None:
    names = ["Naam", "Voornaam", "E-mail", "Taal"]
    rows = [["Claes", "An", "a@x.be", "N", N1, N2], ["Maes", "Jo", "b@x.be", "F", N2, N1]]
    found = map_columns([[*names, *headers], *rows], 1, ASKING, RULES)
    assert [column.target for column in found.columns[4:]] == expected
    assert found.certain is certain


@pytest.mark.parametrize(
    "person", ["partner", "echtg.", "Echt.", "ép.", "ptnr", "conj.", "épouse", "Ehegatte", "spouse", "echtgeno(o)t(e)"]
)
def test_a_partners_column_is_never_the_customers(person: str) -> None:
    headers = [f"RR {person}", f"Email {person}", f"Gsm {person}"]
    assert targets([*headers, "Zzz"], *zip(*map(values_of, headers), "yz", strict=True)) == [PARTNER, NONE, NONE, NONE]


@pytest.mark.parametrize(
    "header",
    (
        "RR zoon|NISS fils|RR dochter|Mail dochter|Gsm zoon|NISS enfant 1|RR kind 2|Gsm papa|Mail mama"
        "|RR kleinzoon|Mail facturen|Mail factures|Mail boekh.|E-mail compta|E-mail comptabilité|Factuurmail 1"
        "|Mail fact.|Mail Rechnung|Rechnungs-E-Mail|E-mail invoicing|Mail UBL|Peppol e-mail|E-mailfactuur"
        "|Mail herinneringen|Mail aankoop|2de mail|2e mail|Tweede mail|Deuxième mail|2ème e-mail|Autre e-mail"
        "|Ander mailadres|Andere gsm|Mail bis|EMAIL2|Email3|E-mail (2)|E-mail 4|Zweite E-Mail|Weitere Mail"
        "|Other email|Secondary mail|Reserve gsm|Gsm supplémentaire|Gsm werk|Mail werkgever|Zakelijke mail"
        "|Mail pro|GSM prof.|E-mail société|Firmenmail|Dienstliche Mail|E-mail (zaak)|Mail boekhouder"
        "|E-mail notaris|Mail syndic|Mail comptable|Gsm huurder|Mail contactpersoon|Mail zaakvoerder"
        "|Mail personne de contact|Mail bewindvoerder|Mail mandataire|Mail dossierbeheerder|Gsm noodgeval"
        "|RR K1|NISS pac|NISS personne à charge|Gsm vriendin|Mail ereloonnota|Mail betalingen|Mail honoraires"
        "|Mail cc|Mail adm."
        "|Mail advocaat|RR ex|Gsm ex-partner|Mail overledene|NISS défunt|Oude mail|Ancien GSM|Vorige gsm|Old email"
        "|E-mail (zoon)"
    ).split("|"),
)
def test_what_is_somebody_or_something_elses_is_not_taken_by_its_values(header: str) -> None:
    found = targets([header, "Zzz"], *([value, ""] for value in values_of(header)))
    assert found[0] in (NONE, "responsible")


@pytest.mark.parametrize(
    "header",
    (
        "Identificatie|Persoonsnummer|E-mail privé|Gsm (persoonlijk)|RRN (11 cijfers)|Taal (1 = nl, 2 = fr)"
        "|Postcode (4 cijfers)|RR/BIS|BIS|Seizoen|Famille|Zoekcode|Werkelijke naam|Mailadres klant|E-mail 1|Manuel"
        "|Vrouwelijk"
    ).split("|"),
)
def test_what_only_looks_like_another_is_not(header: str) -> None:
    assert not names_another(header)


def test_one_number_behind_the_names_of_two_people_is_for_a_person_to_give() -> None:
    names = ["Naam", "Voornaam", "E-mail", "Taal"]
    rows = [["Peeters", "Emma", "a@x.be", "N", "Claes", "Jan", N1], ["Maes", "An", "b@x.be", "F", "Claes", "Jo", N2]]
    for number in ("RRN", "Kenmerk"):
        found = map_columns([[*names, "Naam", "Voornaam", number], *rows], 1, ASKING, RULES)
        assert found.columns[-1].target == NONE
        assert not found.certain
    before = [[*row[:2], row[6], *row[2:6]] for row in rows]
    assert targets(["Naam", "Voornaam", "RRN", "E-mail", "Taal", "Naam", "Voornaam"], *before)[2] == OWN


@pytest.mark.parametrize("header", ["Geb.plaats", "Geboorteplaats", "Lieu de naissance", "Né à", "Geburtsort"])
def test_where_somebody_was_born_is_not_where_they_live(header: str) -> None:
    assert targets([header, "Woonpl.", "Nat."], ["Aalst", "Gent", "België"], ["Gent", "Aalst", "België"]) == [
        NONE,
        "city",
        NONE,
    ]


def test_of_two_people_under_the_same_headers_all_is_the_firsts() -> None:
    headers = ["Naam", "Voornaam", "RRN", "E-mail"]
    rows = [["Peeters", "Emma", "", "", "Claes", "Jan", N2, "b@x.be"]]
    rows += [["Maes", "An", N1, "a@x.be", "Claes", "Jo", N2, "c@x.be"]]
    expected = ["last_name", "first_name", OWN, "email", NONE, NONE, NONE, NONE]
    assert targets([*headers, *headers], *rows) == expected
    assert not map_columns([[*headers, *headers], *rows], 1, ASKING, RULES).certain


def test_who_is_not_asked_is_told_which_columns_of_two_people_are_left_out() -> None:
    headers = ["Naam", "Voornaam", "E-mail", "Taal", "RR man", "RR vrouw"]
    notices = map_columns([headers, ["Claes", "An", "a@x.be", "N", N1, N2]], 1, Wishes(ask="never"), RULES).notices
    assert [(notice.code, notice.detail) for notice in notices] == [
        ("column.unknown", "RR man"),
        ("column.unknown", "RR vrouw"),
    ]


@pytest.mark.parametrize(
    "name", ["Kolom", "Column", "Colonne", "Spalte", "veld", "Field", "F", "Unnamed: ", "Colonne "]
)
def test_the_names_that_programs_give_to_columns_without_one_are_no_names(name: str) -> None:
    headers = [f"{name}{number}" for number in range(1, 6)]
    rows = [["Peeters Emma", "a@x.be", N1, "0478123456", "N"], ["Claes Jan", "b@x.be", N2, "0479123456", "F"]]
    expected = ["last_first", "email", OWN, "phone", "language"]
    assert targets(headers, *rows) == expected
    learnt = {squeezed(header): "city" for header in headers}
    found = map_columns([headers, *rows], 1, Wishes(ask="unsure", user=learnt, office=learnt), RULES)
    assert [found.row, *(column.target for column in found.columns)] == [0, *expected]
    given = Wishes(ask="unsure", given={squeezed(headers[2]): "labels"})
    assert map_columns([headers, *rows], 1, given, RULES).columns[2].target == "labels"
