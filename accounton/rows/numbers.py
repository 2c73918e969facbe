"""Parsers of national numbers and enterprise numbers."""

import re

from accounton.belgium import enterprise_numbers, national_numbers
from accounton.rows.cells import without_decimal
from accounton.rows.findings import Outcome
from accounton.rows.parsing import Entry, Predicate
from accounton.rows.rules import Rules

_SIGNS = re.compile(r"[\s./\-\u2010-\u2015\u00b7]")
_PREFIX = re.compile(r"(?:(?:BTW|TVA|VAT)[\s.:\-]*)?BE[\s.:\-]*|(?:BTW|TVA|VAT|KBO|BCE)[\s.:\-]*", re.IGNORECASE)
_LENGTH = 11
_REPAIRED_ZEROS = 3
PADDED = "cell.zeros"


def plain_national_number(rules: Rules) -> Predicate:
    """Make the test by which a tidy national number is told: 11 digits that are valid today."""
    return national_numbers.validity(rules.today)


def plain_enterprise_number(_rules: Rules) -> Predicate:
    """Make the test by which a tidy enterprise number is told: ten valid digits."""
    return enterprise_numbers.is_valid


def national_number(entry: Entry, rules: Rules) -> Outcome:
    """Take 11 digits, whatever signs stand between them.

    A number cell that lost one to three zeros in front is repaired where the padded number is valid. Text that is
    too short, and a number cell that lost more, is only suggested: about one in fifty random numbers would pass.
    """
    digits = _SIGNS.sub("", entry.text)
    if not (digits.isascii() and digits.isdigit()):
        return entry.invalid()
    # A dot before a last 0 may be a sign like others: only where that gives no number is it a decimal's.
    for written in (digits, without_decimal(entry.text)):
        if national_numbers.is_valid(written, rules.today):
            return entry.repaired(written)
    lost = _LENGTH - len(digits)
    padded = digits.zfill(_LENGTH)
    if lost <= 0 or not national_numbers.is_valid(padded, rules.today):
        return entry.invalid()
    if entry.is_number and lost <= _REPAIRED_ZEROS:
        return entry.repaired(padded, PADDED)
    return entry.invalid(suggestion=padded if entry.is_number or lost <= _REPAIRED_ZEROS else "")


def enterprise_number(entry: Entry, _rules: Rules) -> Outcome:
    """Take ten digits, whatever signs stand between them and with BE in front or not; old numbers have nine."""
    for written in (entry.text, without_decimal(entry.text)):
        digits = _SIGNS.sub("", _PREFIX.sub("", written, count=1))
        padded = digits.zfill(10) if len(digits) == 9 else digits
        if padded.isascii() and enterprise_numbers.is_valid(padded):
            return entry.repaired(padded, PADDED if entry.is_number and padded != entry.text else "cell.notation")
    return entry.invalid()
