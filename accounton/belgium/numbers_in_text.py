"""National numbers inside other text, in any spelling: found, masked, or taken out.

A number is whole groups of digits that come to eleven, valid, whatever signs and one or two letters stand between them:
a longer run of digits holds none, but for a year of birth in full, 1985.07.30-033.28, and up to three zeros with which
other programs fill it up. Telephone numbers with their country code are left alone: one in a hundred would pass.
"""

import datetime
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple
from unicodedata import decimal

from accounton.belgium import national_numbers
from accounton.belgium.phones import is_phone_number

LENGTH = 11
_CENTURY = 2
_WITH_YEAR = (4, 6, 8)
_ZEROS = (1, 2, 3)
_GROUP = re.compile(r"\d+")
_BETWEEN = re.compile(r"[\W_]{0,5}+(?:[^\W\d_]{1,2}[\W_]{0,5})?")
_HELD_BY = re.compile(r"(?:\D*+\d){11}")
_PHONE = re.compile(
    r"(?<!\d)(?:\+|00)[\s(]*32[\s)]*(?:\(0\))?[\s./\-]*(?:4[5-9](?:[\s./\-]*\d){7}|[1-9](?:[\s./\-]*\d){7})(?!\d)"
)
_AS_WRITTEN = re.compile(r"\d\d[.\-/ ]\d\d[.\-/ ]\d\d[\W_]{1,3}\d{3}[\W_]{1,3}\d\d")
# In jan+85073003328@example.be the sign is no country code's.
_PLUS = re.compile(r"(?<!\w)\+\(?$")
_DIALLED = "00"
# What people put in front of a number goes with it when it is taken out.
_NAMED = re.compile(
    r"(?<![^\W\d_])(?:rr|rrn|nn|nrn|niss|ssin|insz|bis|rijksregister(?:nummer)?|registre national|national number"
    r"|registration number|nationaal nummer|num[ée]ro national)(?:[\s.\-]*(?:nr|no|n°|nummer|num[ée]ro))?[\s.:=#\-]*$",
    re.IGNORECASE,
)
_LONGEST_NAME = 50
_OPENING, _CLOSING = " \t\r\n\u00a0([{<\"'=", " \t\r\n\u00a0)]}>\"'"
_LEFT_OVER = " \t\r\n\u00a0,;:/|+&_=#\u2010\u2011\u2012\u2013\u2014\u2015-"
_ZERO = re.compile(r"\.0(?!\d)")


class FoundNumber(NamedTuple):
    """A number in a text: its eleven digits, and from where to where it stands there."""

    number: str
    start: int
    end: int


def may_hold(text: str) -> bool:
    """Say whether a text has digits enough for a number: the quick look before the slow one."""
    return len(text) >= LENGTH and _HELD_BY.match(text) is not None


def found_in(text: str, today: datetime.date) -> list[FoundNumber]:
    """Give the national and BIS numbers in a text, from left to right."""
    return list(_found(text, today)) if may_hold(text) else []


def is_as_written(text: str, found: FoundNumber) -> bool:
    """Say whether a number is grouped as people write it, 85.07.30-033.28: then it can be nothing else."""
    return _AS_WRITTEN.fullmatch(text, found.start, found.end) is not None


def masked_in(text: str, today: datetime.date) -> str:
    """Give a text with every number in it masked: "Kerkstraat 12 (85.07.30-***.**)"."""
    for found in reversed(found_in(text, today)):
        text = text[: found.start] + national_numbers.masked(found.number) + text[found.end :]
    return text


# A released migration of importing/ imports it: it stays here under this name, taking a name and giving one.
def masked_name(name: str) -> str:
    """Give the name of a file, a sheet or a column as it is kept and printed: with every number in it masked."""
    return masked_in(name, datetime.datetime.now().astimezone().date()) if may_hold(name) else name


def without(text: str, today: datetime.date, joined_by: str = " ") -> str:
    """Give a text without its numbers, without what announces them, and tidy: "RR 85.07.30-033.28, Gent" is "Gent"."""
    for found in reversed(found_in(text, today)):
        end = zero.end() if (zero := _ZERO.match(text, found.end)) else found.end
        left, right = _unannounced(text[: found.start].rstrip(_OPENING)), text[end:].lstrip(_CLOSING)
        # A comma parts labels, and the lines of an address: one of them stays.
        comma = "," if left[-1:] == "," or right[:1] == "," else ""
        left, right = left.rstrip(_LEFT_OVER + _OPENING), right.lstrip(_LEFT_OVER + _CLOSING + ".")
        text = f"{left}{comma}{joined_by if joined_by != comma else ''}{right}" if left and right else left or right
    return text


def _unannounced(left: str) -> str:
    announced = _NAMED.search(left, max(len(left) - _LONGEST_NAME, 0))
    return left[: announced.start()] if announced else left


def _found(text: str, today: datetime.date) -> Iterator[FoundNumber]:
    groups = [group.span() for group in _GROUP.finditer(text)]
    digits = "".join(str(decimal(sign)) if sign > "9" else sign for at, end in groups for sign in text[at:end])
    # Where each group begins among all digits, and which groups stand too far from the one before them.
    begins = [0, *accumulate(end - at for at, end in groups)]
    at_begin = {begin: at for at, begin in enumerate(begins)}
    signs = [text[before[1] : after[0]] for before, after in pairwise(groups)]
    apart = {each: not _BETWEEN.fullmatch(each) for each in set(signs)}  # few, however often: a cell may be long
    gaps = [0, *accumulate(apart[each] for each in signs)]
    phones = [found.span() for found in _PHONE.finditer(text)]
    end_of_last = 0
    for first, (start, _) in enumerate(groups):
        if start < end_of_last:
            continue
        for length in _lengths(digits[begins[first] : begins[first + 1]]):
            following = at_begin.get(begins[first] + length)
            if following is None or gaps[following - 1] != gaps[first]:
                continue
            number, end = _number(digits[begins[first] : begins[following]], today), groups[following - 1][1]
            if number and not _is_phone(text, start, end, phones, is_dialled=length == LENGTH + len(_DIALLED)):
                end_of_last = end
                yield FoundNumber(number, start, end)
                break


def _lengths(group: str) -> Iterator[int]:
    """Yield how many digits may be a number that begins with a group of digits."""
    yield LENGTH
    # A house number 19 before a number is no century: that stands in one group with the year.
    if len(group) in _WITH_YEAR:
        yield LENGTH + _CENTURY
    if group[0] == "0":
        yield from (LENGTH + zeros for zeros in _ZEROS if group.startswith("0" * zeros))


def _number(digits: str, today: datetime.date) -> str:
    """Give the number that digits are, with zeros or the century in front or not; "" where they are none."""
    century, number = digits[:-LENGTH].lstrip("0"), digits[-LENGTH:]
    if not national_numbers.is_valid(number, today):
        return ""
    is_since_2000 = national_numbers.check_digits(number[:9], from_2000=True) == number[9:]
    return number if century in ("", "20" if is_since_2000 else "19") else ""


def _is_phone(text: str, start: int, end: int, phones: Sequence[tuple[int, int]], *, is_dialled: bool) -> bool:
    """Say whether what passes for a number is a telephone number with its country code, or reaches into one."""
    if _AS_WRITTEN.fullmatch(text, start, end):
        return False
    if is_dialled and text.startswith(_DIALLED, start) and is_phone_number(text[start + len(_DIALLED) : end]):
        return True
    if _PLUS.search(text, max(start - 3, 0), start) and is_phone_number(text[start:end]):
        return True
    return any(start < last and first < end for first, last in phones)
