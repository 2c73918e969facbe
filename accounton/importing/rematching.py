"""What adding needs of the rows that go in, and which customers were not made of them."""

from collections import deque
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Max, Min, Q, QuerySet

from accounton.importing.models import Batch, StagedRow
from accounton.rows.matching import RowKeys

SAID_AT_MOST = 200
CHUNK = 2000


class Candidate(NamedTuple):
    """What adding needs of a staged row that is new and selected, beside what it holds sealed."""

    id: int
    number: int
    revision: int
    problems: str
    search: str
    email: str
    name_key: str
    client_code: str
    is_joint: bool
    number_hash: bytes | None
    spouse_hash: bytes | None

    @property
    def keys(self) -> RowKeys:
        """The keys by which the row is matched."""
        return RowKeys(True, self.number_hash, self.spouse_hash, self.client_code, self.email, self.name_key)


def candidates(rows: QuerySet[StagedRow], most: int) -> tuple[list[Candidate], deque[bytes]]:
    """Give the next rows to add, at most `most`, in the order of the file, and what each holds, sealed."""
    found = rows.order_by("number").values_list(*Candidate._fields, "content__sealed")[:most]
    some: list[Candidate] = []
    sealed: deque[bytes] = deque()
    for *row, content in found.iterator(chunk_size=CHUNK):
        some.append(Candidate._make(row))
        sealed.append(content)
    return some, sealed


def made_of(batch: Batch) -> Q:
    """Give the condition for customers made of this batch's own rows."""
    own = _own_rows(batch)
    return Q(import_row__range=own) if own else Q(import_row__in=batch.rows.values("pk"))


def made_elsewhere(batch: Batch) -> tuple[Q, ...]:
    """Give the conditions for all other customers: each is of one of these kinds, and no two kinds share any."""
    own = _own_rows(batch)
    # PostgreSQL finds each of them in an index alone, and for all of them would read the rows of this batch, too.
    if own and connection.vendor == "postgresql":
        return Q(import_row=None), Q(import_row__lt=own[0]), Q(import_row__gt=own[1])
    return (Q(import_row=None) | ~made_of(batch),)


def _own_rows(batch: Batch) -> tuple[int, int] | None:
    """Give the first and last id of a batch's rows; None where those of another list, read meanwhile, lie between."""
    found = batch.rows.aggregate(first=Min("id"), last=Max("id"), count=Count("id"))
    alone = found["count"] and found["last"] - found["first"] + 1 == found["count"]
    return (found["first"], found["last"]) if alone else None
