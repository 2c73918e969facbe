"""Searching customers by what a person types: words in any order, case and accents left aside."""

import re
from functools import reduce
from operator import or_

from django.db.models import Q

from accounton.belgium.folding import fold

_DIALLED = re.compile(r"\+?[0-9][0-9./()-]*[0-9]", re.ASCII)
_ABROAD = "00"
_ENOUGH = 4


def search_words(query: str) -> list[str]:
    """Give the words to look for in `search`; an e-mail address or a code with a dot stays whole."""
    words = (word if "@" in word or "." in word else fold(word) for word in query.lower().split())
    return [word for word in words if word]


def holds_all(query: str, path: str = "search") -> Q:
    """Give the condition that every word of the query stands in the search text at `path`.

    A telephone number is found however its digits are parted, and with 00 for the plus sign of its country code.
    """
    wanted = Q()
    for word in query.lower().split():
        texts = [*search_words(word), *_numbers(word)]
        if texts:
            wanted &= reduce(or_, (Q(**{f"{path}__contains": text}) for text in dict.fromkeys(texts)))
    return wanted


def _numbers(word: str) -> list[str]:
    """Return the digits of a word that may be (a part of) a telephone number; none for any other word."""
    digits = re.sub(r"\D", "", word) if _DIALLED.fullmatch(word) else ""
    if len(digits) < _ENOUGH:
        return []
    return [digits, digits.removeprefix(_ABROAD)] if digits.startswith(_ABROAD) else [digits]
