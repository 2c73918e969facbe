"""Staged rows by the hundred thousand, a few thousand of them in memory at a time.

In queries of their own: a database that is in the middle of one answers no other on the same connection.
"""

from collections.abc import Callable, Iterator

from django.db.models import QuerySet

from accounton.importing.models import StagedRow

CHUNK = 2000


def in_chunks(rows: QuerySet[StagedRow], size: int = CHUNK) -> Iterator[list[StagedRow]]:
    """Give the rows of one batch in the order of the file, so many at a time."""
    last = 0
    while chunk := list(rows.filter(number__gt=last).order_by("number").prefetch_related("content")[:size]):
        yield chunk
        last = chunk[-1].number


def one_by_one(rows: QuerySet[StagedRow], passed: Callable[[int], None] = lambda _done: None) -> Iterator[StagedRow]:
    """Give the rows of one batch in the order of the file; `passed` hears now and then how many were given."""
    count = 0
    for chunk in in_chunks(rows):
        yield from chunk
        passed(count := count + len(chunk))
