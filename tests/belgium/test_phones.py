import pytest

from accounton.belgium.phones import lacks_country_code, likely_mobile, mobile


@pytest.mark.parametrize(
    "number",
    [
        "+32450000000",
        "+32478123456",
        "+32499999999",
        "+31612345678",
        "+33612345678",
        "+352621123456",
        "+491711234567",
        "+447911123456",
    ],
)
def test_mobile_numbers_come_out_as_they_are(number: str) -> None:
    assert mobile(number) == number


@pytest.mark.parametrize(
    "number",
    [
        "+32440000000",
        "+3247812345",
        "+324781234567",
        "+3293112233",
        "+31201234567",
        "+999123456789",
        "+",
        "+32",
        "0478",
    ],
)
def test_others_are_refused(number: str) -> None:
    assert mobile(number) is None


def test_a_zero_behind_the_country_code_is_dropped() -> None:
    assert mobile("+320478123456") == "+32478123456"


@pytest.mark.parametrize("digits", ["0478123456", "478123456", "32478123456", "320478123456"])
def test_likely_belgian_number(digits: str) -> None:
    assert likely_mobile(digits) == "+32478123456"
    assert lacks_country_code(digits)


@pytest.mark.parametrize("digits", ["047812345", "04781234567", "093112233", "12", ""])
def test_no_likely_number(digits: str) -> None:
    assert likely_mobile(digits) is None
    assert not lacks_country_code(digits)


def test_a_dutch_or_french_number_lacks_its_code_but_nobody_guesses_which() -> None:
    assert lacks_country_code("0612345678")
    assert likely_mobile("0612345678") is None
