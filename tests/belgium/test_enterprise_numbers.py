import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.be import vat

from accounton.belgium.enterprise_numbers import check_digits, formatted, is_valid


@pytest.mark.parametrize("number", ["0403019261", "0428759497"])
def test_valid(number: str) -> None:
    assert is_valid(number)


@pytest.mark.parametrize(
    "number", ["0123456789", "0403019262", "403019261", "04030192611", "2403019261", "0000000097", "BE0403019261", ""]
)
def test_invalid(number: str) -> None:
    assert not is_valid(number)


@given(st.integers(1_000_000, 19_999_999), st.integers(0, 96))
def test_agrees_with_the_reference(eight: int, slip: int) -> None:
    right = check_digits(f"{eight:08d}")
    number = f"{eight:08d}{(int(right) + slip) % 100:02d}"
    assert is_valid(number) == vat.is_valid(number)


def test_notation() -> None:
    assert formatted("0403019261") == "0403.019.261"
    assert formatted("04030") == "04030"
