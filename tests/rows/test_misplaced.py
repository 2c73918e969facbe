import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accounton.belgium.national_numbers import check_digits, formatted
from accounton.belgium.numbers_in_text import found_in
from accounton.rows.checking import check_one, partner_cell, recheck
from accounton.rows.columns import KEYS
from accounton.rows.couples import SPOUSE
from accounton.rows.findings import Finding
from accounton.rows.messages import describe
from accounton.rows.misplaced import MISPLACED, NUMBERS, misplaced, settled
from accounton.rows.rules import Rules

TODAY = datetime.date(2026, 11, 30)
RULES = Rules(TODAY)
OWN, OTHER = "85073003328", "17073003384"
MASK = "85.07.30-***.**"
OWN_COLUMN = "national_number"
WHOLE = {
    "first_name": "Jan", "last_name": "Peeters", "email": "jan@example.be", "language": "dutch",
}  # fmt: skip


SPELLINGS = [OWN, formatted(OWN), "RR: 85 07 30 033 28", "８５０７３００３３２８", "x 85/07/30-033.28 y"]
OTHERS = [key for key in KEYS if key not in NUMBERS]


def found(**cells) -> list[Finding]:
    return check_one({**WHOLE, **cells}, RULES, 2).findings.get(0, [])


def problems(found_now: list[Finding]) -> list[tuple[str, str]]:
    return [(each.column, each.code) for each in found_now if each.kind == "problem"]


def moved(found_now: list[Finding]) -> dict[str, str]:
    return {each.column: each.after for each in found_now if each.kind == "suggestion" and each.code == MISPLACED}


@pytest.mark.parametrize("key", OTHERS)
@pytest.mark.parametrize("text", SPELLINGS)
def test_a_number_in_any_other_column_is_a_problem(key, text) -> None:
    said = found(**{key: text})
    assert (key, MISPLACED) in problems(said)
    assert [column for column, code in problems(said) if column == key] == [key]
    of_partner = "spouse_" if key.startswith("spouse_") else ""
    assert moved(said)[f"{of_partner}national_number"] == OWN
    assert not found_in(moved(said)[key], TODAY)
    plain = [each for each in said if each.column not in NUMBERS]
    assert not any(found_in(text, TODAY) for each in plain for text in each[3:])
    assert MASK in describe(next(each for each in said if each.code == MISPLACED))


@pytest.mark.parametrize("key", SPOUSE)
def test_so_it_is_in_what_is_known_of_a_partner(key) -> None:
    assert [(each.column, each.code) for each in partner_cell(key, f"An {OWN}", RULES).findings] == [(key, MISPLACED)]


def test_it_moves_and_leaves_the_rest_there() -> None:
    said = found(street="Kerkstraat 12 (85.07.30-033.28)", city="Gent")
    assert moved(said) == {"street": "Kerkstraat 12", "national_number": OWN}
    assert [each.before for each in said if each.column == "street"] == [f"Kerkstraat 12 ({MASK})"] * 2


def test_where_it_stands_in_its_place_already_it_is_only_taken_out() -> None:
    assert moved(found(client_code=OWN, national_number=OWN)) == {"client_code": ""}
    assert moved(found(labels=f"A,{OWN},B", spouse_national_number=OWN)) == {"labels": "A,B"}


def test_where_another_number_stands_a_person_decides() -> None:
    said = found(client_code=OTHER, national_number=OWN)
    assert problems(said) == [("client_code", MISPLACED)]
    assert moved(said) == {}


def test_of_a_named_partner_it_is_the_partners() -> None:
    values = {"client_code": OTHER, "national_number": OWN, "spouse_first_name": "An"}
    wrong = [Finding("problem", "client_code", MISPLACED, "17.07.30-***.**")]
    assert moved(settled(values, wrong, TODAY)) == {"client_code": "", "spouse_national_number": OTHER}


def test_two_numbers_in_a_row_go_to_one_place_only_once() -> None:
    assert moved(found(client_code=OWN, labels=OWN)) == {"client_code": "", "labels": "", "national_number": OWN}
    assert moved(found(client_code=OWN, labels=OTHER)) == {}
    assert moved(found(client_code=OWN, labels=OTHER, national_number=OWN)) == {"client_code": ""}
    assert moved(found(labels=f"{OWN} {OTHER}")) == {}


def test_an_address_is_never_made_another() -> None:
    said = found(email=f"jan.{OWN}@example.be")
    assert problems(said) == [("email", MISPLACED)]
    assert moved(said) == {}
    assert moved(found(email=f"jan@example.be {OWN}"))["email"] == "jan@example.be"


def test_a_neighbour_does_not_say_it_either() -> None:
    said = found(postal_code="9300", city=f"Ledeberg {OWN}")
    assert ("city", MISPLACED) in problems(said)
    assert not any(found_in(text, TODAY) for each in said if each.column not in NUMBERS for text in each[3:])


@pytest.mark.parametrize("key", ["first_name", "city", "labels", "house_number", "client_code"])
def test_zeros_that_excel_dropped_are_thought_of(key) -> None:
    nine = "050730033"
    number = nine + check_digits(nine, from_2000=True)
    said = check_one({**WHOLE, key: float(number)}, RULES)
    assert (key, MISPLACED) in problems(said.findings[0])
    assert moved(said.findings[0])["national_number"] == number
    # Checked again as text it is found again.
    assert recheck([2], {key: said.values[key]}, RULES).findings[0][0].code == MISPLACED


def test_enterprise_and_telephone_numbers_are_what_they_are() -> None:
    assert problems(found(enterprise_number="0403.019.261", labels="BE 0403.019.261")) == []
    phones = [n for n in range(32470010000, 32470030000) if found_in(str(n), TODAY)]
    assert len(phones) > 100
    for digits in phones:
        assert problems(found(mobile=f"+{digits}")) == []
        assert problems(found(mobile=float(digits))) == [("mobile", "mobile.country_code_missing")]
        assert problems(found(labels=f"gsm +{digits}")) == []


@given(st.text(st.sampled_from("0123456789 .-/@ab,+"), max_size=40), st.sampled_from(OTHERS))
@example("85.07.30-033.28", "email")
@example("1@85073003328.be", "email")
@example("8507300332@8.be", "email")
def test_no_valid_cell_holds_a_number(text, key) -> None:
    said = check_one({**WHOLE, key: text}, RULES)
    wrong = said.findings and [each for each in said.findings[0] if each.column == key and each.kind == "problem"]
    if not wrong and said.values and key != "mobile":
        assert not found_in(said.values[key][0], TODAY)


def test_the_mobile_number_of_a_partner_is_one_too() -> None:
    digits = next(f"{n}" for n in range(32470010000, 32470030000) if found_in(str(n), TODAY))
    wrong = [Finding("problem", "spouse_mobile", MISPLACED, MASK)]
    assert moved(settled({"spouse_mobile": digits}, wrong, TODAY)) == {}
    likely = moved(settled({"spouse_mobile": formatted(OWN)}, wrong, TODAY))
    assert likely == {"spouse_mobile": "", "spouse_national_number": OWN}


@pytest.mark.parametrize("key", ["spouse_first_name", "spouse_email", "spouse_mobile", "spouse_enterprise_number"])
@pytest.mark.parametrize("partners", ["", "17073003384"])
def test_what_stands_in_a_cell_about_the_partner_is_never_the_customers_own(key, partners) -> None:
    number, today = "85073003328", datetime.date(2026, 11, 30)
    row = {"first_name": "Jan", "spouse_first_name": "An", "spouse_national_number": partners, key: f"An {number}"}
    found = misplaced(key, row[key], today)
    assert found is not None
    moved = {each.column: each.after for each in settled(row, found.findings, today) if each.kind == "suggestion"}
    assert moved == ({} if partners else {"spouse_national_number": number, key: "An"})
