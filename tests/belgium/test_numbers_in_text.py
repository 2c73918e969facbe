from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from accounton.belgium.national_numbers import check_digits, is_valid
from accounton.belgium.numbers_in_text import found_in, masked_in, may_hold, without
from accounton.belgium.phones import is_phone_number

TODAY = date(2026, 11, 30)
NUMBER = "85073003328"


@st.composite
def numbers(draw) -> str:
    born = draw(st.dates(date(1901, 1, 1), date(2026, 11, 29)))
    month = born.month + draw(st.sampled_from((0, 20, 40)))
    nine = f"{born.year % 100:02d}{month:02d}{born.day:02d}{draw(st.integers(1, 998)):03d}"
    number = nine + check_digits(nine, from_2000=born.year >= 2000)
    assume(is_valid(number, TODAY))
    return number


SIGNS = st.text(st.sampled_from(" .-/\u00a0\u2013\u2011_·:"), min_size=0, max_size=3)
# No digits beside the number, and none of the signs of a telephone number.
AROUND = st.text(st.characters(blacklist_categories=("Nd", "Cs")).filter(lambda sign: sign not in "+"), max_size=12)


@given(numbers(), st.data(), AROUND, AROUND, st.booleans())
def test_a_number_is_found_in_any_spelling_inside_any_text(number, data, before, after, is_wide) -> None:
    digits = [chr(ord(sign) - ord("0") + ord("０")) for sign in number] if is_wide else list(number)
    written = digits[0] + "".join(data.draw(SIGNS) + digit for digit in digits[1:])
    text = before + written + after
    assert [found.number for found in found_in(text, TODAY)] == [number]
    [found] = found_in(text, TODAY)
    assert text[found.start : found.end] == written
    assert found_in(masked_in(text, TODAY), TODAY) == []
    assert found_in(without(text, TODAY), TODAY) == []


@given(st.integers(0, 10**11 - 1), AROUND, AROUND)
def test_other_digits_are_no_number(digits, before, after) -> None:
    text = f"{digits:011d}"
    assume(not is_valid(text, TODAY))
    assert found_in(before + text + after, TODAY) == []
    assert masked_in(before + text + after, TODAY) == before + text + after


@given(numbers(), st.text("0123456789", min_size=1, max_size=4), st.booleans())
def test_a_longer_run_of_digits_holds_none(number, more, is_before) -> None:
    text = more + number if is_before else number + more
    # Up to three zeros in front are those with which other programs fill a number up.
    assume(not any(text.startswith("0" * zeros) and is_valid(text[zeros:], TODAY) for zeros in (1, 2, 3)))
    assert found_in(text, TODAY) == []


@pytest.mark.parametrize(
    "text",
    [
        f"jan+{NUMBER}@example.be",
        f"Kerkstraat+{NUMBER}",
        "1985.07.30-033.28",
        "19850730-03328",
        "1985 073003328",
        "2017.07.30-033.84",
    ],
)
def test_a_plus_without_a_country_code_or_a_whole_year_hides_no_number(text) -> None:
    assert len(found_in(text, TODAY)) == 1
    assert found_in(masked_in(text, TODAY), TODAY) == []


@pytest.mark.parametrize(("text", "rest"), [(f"Kerkstraat 19 {NUMBER}", "Kerkstraat 19"), ("2085.07.30-033.28", None)])
def test_a_house_number_is_no_century_nor_is_another_one(text, rest) -> None:
    assert (without(text, TODAY) if found_in(text, TODAY) else None) == rest


def test_a_plus_before_what_is_no_telephone_number_of_any_country_hides_none() -> None:
    assert len(found_in("gsm +47042103955", TODAY)) == 1
    assert found_in("tel. +33 1 23 45 67 89", TODAY) == []


@given(st.text(st.sampled_from("0123456789 .-/+()abc,"), max_size=60))
def test_the_quick_look_passes_over_nothing(text) -> None:
    assert may_hold(text) or found_in(text, TODAY) == []
    assert may_hold(text) is (sum(sign.isdecimal() for sign in text) >= 11)


def _phones() -> list[str]:
    """Mobile numbers whose digits, behind the plus, would pass for a national number."""
    return [f"{n}" for n in range(32470010000, 32470020000) if is_valid(f"{n}", TODAY)]


def test_a_telephone_number_with_its_country_code_is_none() -> None:
    assert len(_phones()) > 50
    for digits in _phones():
        grouped = f"{digits[:2]} {digits[2:5]} {digits[5:7]} {digits[7:9]} {digits[9:]}"
        for written in (
            f"+{digits}",
            f"00{digits}",
            f"+{grouped}",
            f"00{grouped}",
            f"00 {grouped}",
            f"(+32){digits[2:]}",
        ):
            assert found_in(f"gsm {written}", TODAY) == [], written


@pytest.mark.parametrize(
    "text",
    [
        "BE68 5390 0754 7034",
        "BE68539007547034",
        "+++090/9337/55493+++",
        "BE 0403.019.261",
        "0403019261",
        "Kerkstraat 12, 9300 Aalst",
        "2026-11-30 10:12",
        "85.07.30-***.**",
        "8507300332",
    ],
)
def test_what_an_office_writes_beside_is_none(text) -> None:
    assert found_in(text, TODAY) == []


@given(numbers(), st.integers(1, 3), st.sampled_from(("x", "nr", "N°", "b.", " x ", "é")), st.integers(1, 10))
def test_letters_between_and_zeros_in_front_hide_no_number(number, zeros, letters, at) -> None:
    for text in (number[:at] + letters + number[at:], f"{number[:6]}{letters}{number[6:9]}-{number[9:]}"):
        assert [each.number for each in found_in(text, TODAY)] == [number], text
        assert found_in(masked_in(text, TODAY), TODAY) == []
    assume(zeros != 2 or not is_phone_number(number))
    # Its first zeros and those in front may make another number too: one of them is found, and all are masked.
    assert len(found_in("0" * zeros + number, TODAY)) == 1
    assert number[-5:] not in masked_in("0" * zeros + number, TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "85.07.30x033-28",
        "850730 x 03328",
        "85.07.30 / nr. 033.28",
        "00085073003328",
        "0085073003328",
        "085073003328",
        "00085.07.30-033.28",
        "+85073003328",
        "'85073003328",
        "８５０７３００３３２８",
        "85.07.30,033.28",
        "85073003328,00",
    ],
)
def test_a_number_as_people_and_other_programs_leave_it_is_found(text) -> None:
    assert [each.number for each in found_in(text, TODAY)] == [NUMBER]
    assert "033" not in masked_in(text, TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "+48512345678",
        "0033 6 12 34 56 78",
        "2026-11-30T10:12:30",
        "Kerkstraat 12 bus 3A, 9300 Aalst",
        "factuur 850730 pagina 03328",
        "0000850730033280",
    ],
)
def test_what_resembles_one_is_none(text) -> None:
    assert found_in(text, TODAY) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+32 478 12 34 56 85.07.30-033.28", NUMBER),
        ("0478 12 34 56 / 85073003328", NUMBER),
        ("+85.07.30-033.28", NUMBER),
        ("Jan+85.07.30-033.28", NUMBER),
        ("RR:85073003328 Gent", NUMBER),
        ("K85073003328A", NUMBER),
        ("85073003328.0", NUMBER),
        ("12 85.07.30-033.28 9300", NUMBER),
    ],
)
def test_a_number_beside_other_digits_is_found(text, number) -> None:
    assert [found.number for found in found_in(text, TODAY)] == [number]


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Kerkstraat 12 (85.07.30-033.28)", "Kerkstraat 12"),
        ("RR:85073003328 Gent", "Gent"),
        ("85.07.30-033.28 - Jan", "Jan"),
        ("Jan, RRN 85 07 30 033 28, Aalst", "Jan, Aalst"),
        ("Rijksregisternummer nr. 85.07.30/033.28", ""),
        ("85073003328", ""),
        ("85073003328.0", ""),
        ("=85073003328", ""),
        ("Jan 85.07.30-033.28 Peeters", "Jan Peeters"),
        ("Jan 85.07.30-033.28 Peeters 85073003328", "Jan Peeters"),
        ("Garage Bis 85.07.30-033.28", "Garage"),
    ],
)
def test_a_number_is_taken_out_with_what_announces_it(text, rest) -> None:
    assert without(text, TODAY) == rest


def test_of_labels_the_others_stay() -> None:
    assert without("A,85073003328,B", TODAY, joined_by=",") == "A,B"
    assert without("A, 85073003328", TODAY, joined_by=",") == "A"


def test_who_is_not_born_yet_has_no_number() -> None:
    nine = f"{(TODAY + timedelta(days=30)):%y%m%d}001"
    number = nine + check_digits(nine, from_2000=True)
    assert found_in(number, TODAY) == []
    assert [found.number for found in found_in(number, TODAY + timedelta(days=60))] == [number]
