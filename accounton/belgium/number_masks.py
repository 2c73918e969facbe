"""Texts that are or hold national numbers, as a screen may show them; and telling such a mask from a number."""

import datetime
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from accounton.belgium.national_numbers import masked, validity

_LENGTH, _SHORTEST, _SHOWN = 11, 9, 6
# Digits of one number, with at most three signs between two of them; up to two zeros may be missing in front.
_GROUP = re.compile(r"(?<![0-9])[0-9](?:[^0-9A-Za-z]{0,3}[0-9]){8,10}(?![0-9])")
_STARS = frozenset("*•∗⁎")
# No day is too late: a number of somebody who is not born yet is not shown either.
_is_valid = validity(datetime.date.max)


class _Place(NamedTuple):
    """Where a number stands in a text, and its 11 digits."""

    start: int
    end: int
    number: str


def is_mask(text: str) -> bool:
    """Say whether a text is what a screen shows in the place of a number: some of its digits are stars."""
    return not _STARS.isdisjoint(unicodedata.normalize("NFKC", text))


def is_search_for_number(text: str) -> bool:
    """Say whether somebody looks for a national number: a mask, or as many digits and nothing else than signs."""
    digits = sum(map(str.isdecimal, text))
    if is_mask(text):
        return digits >= _SHOWN
    is_dialled = text.lstrip().startswith(("+", "00"))
    return digits == _LENGTH and not is_dialled and not any(map(str.isalpha, text))


def holds_number(text: str) -> bool:
    """Say whether a national number stands in a text, with or without signs in it and zeros in front."""
    return screened(text) != text


def screened(text: str) -> str:
    """Return a text of a column of numbers with every national number in it masked, whatever stands around it."""
    if sum(map(str.isdecimal, text)) < _SHORTEST:
        return text
    plain = "".join(str(unicodedata.decimal(sign, sign)) for sign in text)
    shown, end = "", 0
    for place in sorted((*_groups(plain), *_windows(plain))):
        if place.start >= end:
            shown += text[end : place.start] + masked(place.number)
        end = max(end, place.end)
    return shown + text[end:]


def _groups(text: str) -> Iterator[_Place]:
    """Yield the groups of digits that are a number."""
    for found in _GROUP.finditer(text):
        number = "".join(filter(str.isdecimal, found[0])).zfill(_LENGTH)
        if _is_valid(number):
            yield _Place(found.start(), found.end(), number)


def _windows(text: str) -> Iterator[_Place]:
    """Yield the numbers among all digits, with a digit too many beside them or anything between them."""
    at = [place for place, sign in enumerate(text) if sign.isdecimal()]
    for first in range(len(at) - _LENGTH + 1):
        number = "".join(text[place] for place in at[first : first + _LENGTH])
        if _is_valid(number):
            yield _Place(at[first], at[first + _LENGTH - 1] + 1, number)
