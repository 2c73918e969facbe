"""National numbers (rijksregisternummer) and BIS numbers: YYMMDD SSS CC.

The check is 97 less the first nine digits modulo 97; for births from 2000 on a 2 stands before those nine. Unknown
birth dates have 00 for the month or the day; a BIS number has 20 or 40 added to the month. Royal decree of 3 April
1984 (national number) and of 8 February 1991 (BIS number). python-stdnum knows the same rules and is what the tests
compare with; it is not called here because it takes ten times as long, and a list holds a hundred thousand.
"""

import datetime
import re
from collections.abc import Callable
from functools import lru_cache

_ELEVEN_DIGITS = re.compile(r"[0-9]{11}", re.ASCII)
_LENGTH = 11
_LAST_SERIAL = 998
_SECOND_CENTURY = 2_000_000_000


def is_valid(number: str, today: datetime.date) -> bool:
    """Say whether 11 digits are a national or BIS number of somebody born on or before `today`."""
    return validity(today)(number)


@lru_cache(maxsize=2)
def validity(today: datetime.date) -> Callable[[str], bool]:
    """Make the same test for one day: a list asks it a hundred thousand times."""

    def is_valid_today(number: str) -> bool:
        if len(number) != _LENGTH or not (number.isascii() and number.isdigit()):
            return False
        nine, check = divmod(int(number), 100)
        if not 1 <= nine % 1000 <= _LAST_SERIAL:
            return False
        if 97 - nine % 97 == check:
            return _earliest(nine // 1000, 1900) is not None
        if 97 - (nine + _SECOND_CENTURY) % 97 != check:
            return False
        earliest = _earliest(nine // 1000, 2000)
        return earliest is not None and earliest <= today

    return is_valid_today


def birth_date(number: str) -> datetime.date | None:
    """Give the birth date inside a number that was found valid before; None where it does not know the whole date."""
    if len(number) != _LENGTH or not (number.isascii() and number.isdigit()):
        return None
    nine, check = divmod(int(number), 100)
    return _whole_date(number[:6], 1900 if 97 - nine % 97 == check else 2000)


def formatted(number: str) -> str:
    """Give a number as people write it: 85.07.30-033.28. Anything but 11 digits comes back as it is."""
    if _ELEVEN_DIGITS.fullmatch(number) is None:
        return number
    return f"{number[:2]}.{number[2:4]}.{number[4:6]}-{number[6:9]}.{number[9:]}"


def masked(number: str) -> str:
    """Give a number as a screen may show it: 85.07.30-***.**. Of anything but 11 digits nothing shows."""
    if _ELEVEN_DIGITS.fullmatch(number) is None:
        return "***" if number else ""
    return f"{number[:2]}.{number[2:4]}.{number[4:6]}-***.**"


def check_digits(first_nine: str, *, from_2000: bool) -> str:
    """Give the two check digits that belong to nine digits."""
    return f"{97 - (int(first_nine) + (_SECOND_CENTURY if from_2000 else 0)) % 97:02d}"


@lru_cache(maxsize=40_000)
def _earliest(six_digits: int, hundreds: int) -> datetime.date | None:
    """Give the first day that six digits may stand for; None where no such date exists."""
    years, month_and_day = divmod(six_digits, 10_000)
    coded_month, day = divmod(month_and_day, 100)
    month = coded_month - 40 if coded_month >= 40 else coded_month - 20 if coded_month >= 20 else coded_month
    if month > 12:
        return None
    if month == 0:
        # A month of 00 is an unknown date or a counter that ran over; the day then says nothing.
        return datetime.date(hundreds + years, 1, 1)
    try:
        return datetime.date(hundreds + years, month, day)
    except ValueError:
        # 00, or a day that the month does not have: given out where the day is unknown or its counter ran over.
        return datetime.date(hundreds + years, month, 1)


@lru_cache(maxsize=40_000)
def _whole_date(six_digits: str, hundreds: int) -> datetime.date | None:
    try:
        return datetime.date(hundreds + int(six_digits[:2]), int(six_digits[2:4]) % 20, int(six_digits[4:]))
    except ValueError:
        return None
