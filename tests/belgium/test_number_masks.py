"""National numbers in any text are masked; a mask is told from a number."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounton.belgium.national_numbers import check_digits, formatted, is_valid, masked
from accounton.belgium.number_masks import holds_number, is_mask, screened

SIGNS = st.text(alphabet=" .-/_·()\u00a0\t", max_size=3)


@st.composite
def numbers(draw) -> str:
    """Numbers of people born between 1950 and 1999."""
    born = draw(st.dates(date(1950, 1, 1), date(1999, 12, 31)))
    nine = f"{born:%y%m%d}{draw(st.integers(1, 997)):03d}"
    return nine + check_digits(nine, from_2000=False)


@given(numbers(), st.data())
def test_a_number_in_any_notation_is_masked(number, data):
    signs = [data.draw(SIGNS) for _ in number]
    text = "".join(digit + sign for digit, sign in zip(number, signs, strict=True))
    plain = "".join(filter(str.isdecimal, screened(text)))
    assert number not in plain
    assert holds_number(text)


@given(numbers(), st.text(max_size=5), st.text(max_size=5))
def test_nothing_beside_a_number_brings_it_out(number, before, after):
    for text in (before + number + after, before + formatted(number) + after):
        shown = screened(text)
        assert number not in shown
        assert formatted(number) not in shown


@given(numbers())
def test_a_mask_is_no_number_and_a_number_is_no_mask(number):
    assert is_mask(masked(number))
    assert not is_valid(masked(number), date(2026, 11, 30))
    assert not is_mask(number)
    assert not is_mask(formatted(number))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1020300141", "01.02.03-***.**"),  # a zero was lost in front
        ("850730033281", "85.07.30-***.**1"),  # a digit too many
        ("85.07.30-033.28 x", "85.07.30-***.** x"),
        ("93051822361 / 85.07.30-033.28", "93.05.18-***.** / 85.07.30-***.**"),
        ("85 07 30 tel 033 28", "85.07.30-***.**"),
        ("８５０７３００３３２８", "85.07.30-***.**"),
        ("85073003329", "85073003329"),  # no number: its writer sees what is wrong with it
        ("zie vrouw", "zie vrouw"),
        ("", ""),
    ],
)
def test_what_stands_around_a_number_stays_to_be_seen(text, shown):
    assert screened(text) == shown


@pytest.mark.parametrize("text", ["85.07.30-***.**", "***", "850730*****", "85.07.30-＊＊＊.＊＊", "85.07.30-•••.••"])
def test_any_digits_replaced_by_stars_are_a_mask(text):
    assert is_mask(text)
