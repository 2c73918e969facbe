"""Showing cells of a list that nobody has matched yet, without a national number in them."""

import re

from accounton.belgium import national_numbers
from accounton.belgium.numbers_in_text import masked_in
from accounton.rows.rules import Rules

# A number that lost its zeros is shown to nobody either.
_SHORT = re.compile(r"(?<![0-9*])[0-9]{2}(?:[.\-/ ]{0,3}[0-9]){7,8}(?![0-9*])")
_DIGITS = re.compile(r"[^0-9]")
_LENGTH = 11
_FEW = 5
LONGEST = 60


def masked(text: str, rules: Rules, *, is_number: bool = False) -> str:
    """Give a text, shortened, with every valid national number in it masked.

    `is_number` says that the column holds national numbers: then whatever has some digits is masked, valid or not.
    """
    if is_number and len(_DIGITS.sub("", text)) > _FEW:
        return national_numbers.masked(_DIGITS.sub("", text))
    return _SHORT.sub(lambda found: _hidden(found[0], rules), masked_in(text, rules.today))[:LONGEST]


def _hidden(text: str, rules: Rules) -> str:
    digits = _DIGITS.sub("", text).zfill(_LENGTH)
    return national_numbers.masked(digits) if national_numbers.is_valid(digits, rules.today) else text
