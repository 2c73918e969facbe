"""Numbers that a page sends back. Whatever is no number of ours is one that nothing has."""

from django.http import QueryDict

NOBODY = -1
_LONGEST = 15
"""Digits: fewer than any database takes, more than any row, id or revision has."""


def number(data: QueryDict, name: str) -> int:
    """Give a number that was sent, NOBODY for anything else."""
    return as_number(data.get(name, ""))


def numbers(data: QueryDict, name: str, most: int = 500) -> list[int]:
    """Give the numbers that were sent under one name, at most `most`; what is none is left out."""
    return [found for text in data.getlist(name)[:most] if (found := as_number(text)) != NOBODY]


def as_number(text: str) -> int:
    """Give a text as the number that it is, NOBODY for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST else NOBODY
