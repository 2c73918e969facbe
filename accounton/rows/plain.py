"""Tests for tidy values, which then are taken as they are: patterns, so that most cells cost one match."""

import re
from collections.abc import Callable

from accounton.rows.parsing import Predicate
from accounton.rows.rules import Rules

# Letters and signs of Western writing that stand for themselves: no white space, nothing invisible, nothing to compose.
SIGN = "[!-~\u00a1-\u00ac\u00ae-\u024f]"


def fewer_digits_than(count: int) -> str:
    """Give what a pattern begins with that takes no text with so many digits: eleven may be a national number."""
    # Written out: a group that is repeated takes twice as long.
    return f"(?!{'[^0-9]*+[0-9]' * count})"


def pattern(expression: str) -> Callable[[Rules], Predicate]:
    """Make the test for tidy values from a regular expression that must match the whole of them."""
    matches = re.compile(expression).fullmatch
    return lambda _rules: matches


def plain_text(longest: int, *, required: bool = False, signs: str = SIGN) -> Callable[[Rules], Predicate]:
    """Make the test for tidy text: words parted by single spaces, no error, formula, date or national number; or
    nothing at all.
    """
    end = "" if required else "?"
    odd = rf"(?![#=]|[0-9]{{4}}-[01]|-?[0-9]+:[0-9]|.{{{longest + 1}}})"
    return pattern(rf"{fewer_digits_than(11)}{odd}(?:{signs}++(?: {signs}++)*+){end}")
