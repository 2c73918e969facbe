"""What may concern very many rows of a review, done piece by piece.

Few are done at once, in one transaction, while whoever asked waits; many in the background, each piece in a
transaction of its own (bulk_actions).
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

from django.db import transaction
from django.db.models import QuerySet

from accounton.importing.changing import put_cells
from accounton.importing.choosing import touch
from accounton.importing.drafts import Draft
from accounton.importing.models import Batch, Change, ChangeKind, StagedRow, State
from accounton.offices.models import User
from accounton.spreadsheets.reading import Cell

PIECE = 2000
"""Rows: a piece of them takes seconds, and while it is written nobody else writes on SQLite."""
AT_ONCE_ROWS = 2000
START = -1


class Piece(NamedTuple):
    """What one piece did: after which number the next one begins, how many it looked at, whether there may be more."""

    last: int
    looked_at: int
    more: bool


@dataclass
class Work:
    """Something asked for that may concern very many rows. Its fields are what JSON and bytes can hold.

    `said` collects what came of it, beside the change itself; JSON too.
    """

    said: dict[str, Any] = field(default_factory=dict, init=False)
    states: ClassVar[Collection[State]] = (State.REVIEW,)
    """The states of a review in which it may be done."""
    can_stop: ClassVar[bool] = True
    """Whether it is well to end it half way."""

    def count(self, batch: Batch) -> int:
        """Give how many there are to look at."""
        raise NotImplementedError

    def change(self, batch: Batch, user: User | None) -> Change:
        """Give the change that all pieces are part of; saved with the first row that one changes."""
        raise NotImplementedError

    def piece(self, batch: Batch, change: Change, after: int) -> Piece | None:
        """Do what comes after a number (START at first), inside a transaction; None where nothing does."""
        raise NotImplementedError

    def is_small(self, batch: Batch) -> bool:
        """Whether it can be done while somebody waits."""
        return self.count(batch) <= AT_ONCE_ROWS

    def open(self, batch: Batch) -> None:
        """Get ready, outside any transaction, whenever the work is begun or taken up again."""

    def lock(self, batch: Batch) -> None:
        """Take what must be taken before the review itself is, in each transaction."""

    def check(self, batch: Batch) -> None:
        """Raise what speaks against it, before anything is done."""

    def close(self, batch: Batch, change: Change, user: User | None) -> None:
        """Do what is to be done after the last piece, in its transaction."""


class CellWork(Work):
    """Work that puts cells into rows in the order of the file."""

    kind: ClassVar[ChangeKind]

    def rows(self, batch: Batch) -> QuerySet[StagedRow]:
        """Give the rows to look at."""
        raise NotImplementedError

    def cells(self, each: Draft) -> dict[str, Cell]:
        """Give the cells to put into a row, by column key."""
        raise NotImplementedError

    def about(self) -> dict[str, str]:
        """Give the column and problem code that it is about."""
        return {}

    def count(self, batch: Batch) -> int:
        """Give how many rows there are to look at."""
        return self.rows(batch).count()

    def change(self, batch: Batch, user: User | None) -> Change:
        """Give the change that all pieces are part of."""
        return Change(batch=batch, kind=self.kind, made_by=user, **self.about())

    def piece(self, batch: Batch, change: Change, after: int) -> Piece | None:
        """Put cells into the next rows."""
        rows, more = next_rows(self.rows(batch), after)
        if not rows:
            return None
        put_cells(change, rows, self.cells)
        return Piece(rows[-1].number, len(rows), more)


def next_rows(rows: QuerySet[StagedRow], after: int) -> tuple[list[StagedRow], bool]:
    """Give the rows after a sheet row, so many as one piece takes; and whether there may be more."""
    found = list(rows.filter(number__gt=after).order_by("number").prefetch_related("content")[:PIECE])
    return found, len(found) == PIECE


def at_once(batch: Batch, user: User | None, work: Work) -> Change | None:
    """Do all of a work in one transaction. Gives the change, None where nothing was to be changed.

    Raises ReviewClosed, and what the work raises.
    """
    work.open(batch)
    with transaction.atomic():
        work.lock(batch)
        touch(batch, work.states)
        work.check(batch)
        change = work.change(batch, user)
        piece = work.piece(batch, change, START)
        while piece and piece.more:
            piece = work.piece(batch, change, piece.last)
        work.close(batch, change, user)
    return change if change.pk else None


def step_by_step(batch: Batch, user: User | None, work: Work) -> Change | None:
    """Do all of a work, each piece in a transaction of its own; as at_once() otherwise."""
    work.open(batch)
    change = work.change(batch, user)
    piece: Piece | None = Piece(START, 0, more=True)
    while piece and piece.more:
        with transaction.atomic():
            work.lock(batch)
            touch(batch, work.states)
            piece = work.piece(batch, change, piece.last)
            if not piece or not piece.more:
                work.close(batch, change, user)
    return change if change.pk else None
