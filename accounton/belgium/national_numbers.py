"""National numbers (rijksregisternummer) and BIS numbers: YYMMDD SSS CC.

The check is 97 less the first nine digits modulo 97; for births from 2000 on a 2 stands before those nine. Unknown
birth dates have 00 for the month or the day; a BIS number has 20 or 40 added to the month. Royal decree of 3 April
1984 (national number) and of 8 February 1991 (BIS number). python-stdnum knows the same rules and is what the tests
compare with; it is not called here because it takes ten times as long, and a list holds a hundred thousand.
"""

import calendar
import datetime
import re
from functools import lru_cache

_ELEVEN_DIGITS = re.compile(r"[0-9]{11}", re.ASCII)
_SECOND_CENTURY = 2_000_000_000
_BIS_OFFSETS = (0, 20, 40)


def is_valid(number: str, today: datetime.date) -> bool:
    """Say whether 11 digits are a national or BIS number of somebody born on or before `today`."""
    return _ELEVEN_DIGITS.fullmatch(number) is not None and _century(number, today) is not None


def birth_date(number: str, today: datetime.date) -> datetime.date | None:
    """Give the birth date inside a valid number; None where the number is not valid or does not know the whole date."""
    if not is_valid(number, today):
        return None
    century = _century(number, today)
    year, month, day = int(number[:2]) + (century or 0), int(number[2:4]) % 20, int(number[4:6])
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


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


def _century(number: str, today: datetime.date) -> int | None:
    nine, check = int(number[:9]), int(number[9:])
    if number[6:9] in {"000", "999"}:
        return None
    if 97 - nine % 97 == check:
        return 1900 if _earliest(number[:6], 1900) is not None else None
    if 97 - (nine + _SECOND_CENTURY) % 97 != check:
        return None
    earliest = _earliest(number[:6], 2000)
    return 2000 if earliest is not None and earliest <= today else None


@lru_cache(maxsize=40_000)
def _earliest(six_digits: str, century: int) -> datetime.date | None:
    """Give the first day that six digits may stand for; None where no such date exists."""
    year, coded_month, day = century + int(six_digits[:2]), int(six_digits[2:4]), int(six_digits[4:])
    month = next((coded_month - offset for offset in _BIS_OFFSETS if 0 <= coded_month - offset <= 12), None)
    if month is None:
        return None
    if month == 0:
        # A month of 00 is an unknown date or a counter that ran over; the day then says nothing.
        return datetime.date(year, 1, 1)
    if day > calendar.monthrange(year, month)[1]:
        return None
    return datetime.date(year, month, max(day, 1))
