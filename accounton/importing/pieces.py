"""What may concern very many rows of a review, done piece by piece.

Few are done at once, in one transaction, while whoever asked waits; many in the background, each piece in a
transaction of its own (bulk_actions).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import QuerySet

from accounton.importing.changing import batched, changeable, put_cells
from accounton.importing.choosing import touch
from accounton.importing.drafts import Draft
from accounton.importing.lengths import LONG
from accounton.importing.models import Batch, Change, ChangeKind, StagedRow, State
from accounton.offices.models import User
from accounton.spreadsheets.reading import Cell

PIECE = 1000
"""A piece of so many takes a second or a few, and while it is written nobody else writes on SQLite."""


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

    def choose(self, batch: Batch) -> list[int]:
        """Give what is to be looked at, in order, as numbers of its own kind; fixed before the first piece is done."""
        raise NotImplementedError

    def change(self, batch: Batch, user: User | None) -> Change:
        """Give the change that all pieces are part of; saved with the first row that one changes."""
        raise NotImplementedError

    def piece(self, batch: Batch, change: Change, some: Sequence[int]) -> None:
        """Do some of what was chosen, inside a transaction."""
        raise NotImplementedError

    def is_small(self, batch: Batch) -> bool:
        """Whether it can be done while somebody waits."""
        return self.count(batch) <= LONG

    def open(self, batch: Batch) -> None:
        """Get ready, outside any transaction, whenever the work is begun or taken up again."""

    def lock(self, batch: Batch) -> None:
        """Take what must be taken before the review itself is, in each transaction."""

    def check(self, batch: Batch) -> None:
        """Raise what speaks against it, before anything is done."""

    def close(self, batch: Batch, change: Change, user: User | None) -> None:
        """Do what is to be done after the last piece, in its transaction."""


@dataclass
class RowWork(Work):
    """Work on rows in the order of the file; `kind` is what its change is called."""

    kind: ClassVar[ChangeKind]

    def rows(self, batch: Batch) -> QuerySet[StagedRow]:
        """Give the rows to look at."""
        raise NotImplementedError

    def about(self) -> dict[str, str]:
        """Give the column and problem code that it is about."""
        return {}

    def count(self, batch: Batch) -> int:
        """Give how many rows there are to look at."""
        return int(self.rows(batch).count())

    def choose(self, batch: Batch) -> list[int]:
        """Give the sheet rows to look at."""
        return list(self.rows(batch).order_by("number").values_list("number", flat=True))

    def change(self, batch: Batch, user: User | None) -> Change:
        """Give the change that all pieces are part of."""
        return Change(batch=batch, kind=self.kind, made_by=user, **self.about())


class CellWork(RowWork):
    """Work that puts cells into rows."""

    def cells(self, each: Draft) -> dict[str, Cell]:
        """Give the cells to put into a row, by column key."""
        raise NotImplementedError

    def piece(self, batch: Batch, change: Change, some: Sequence[int]) -> None:
        """Put cells into some rows; an earlier piece may have moved them, so each says itself what fits it."""
        put_cells(change, in_order(changeable(batch.rows.all()), some), self.cells)


def in_order(rows: QuerySet[StagedRow], numbers: Sequence[int]) -> list[StagedRow]:
    """Give those of the rows that have these sheet rows, in the order of the file and with their content."""
    return list(rows.filter(number__in=numbers).order_by("number").prefetch_related("content"))


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
        for some in batched(work.choose(batch), PIECE):
            work.piece(batch, change, some)
        work.close(batch, change, user)
    return change if change.pk else None


def step_by_step(batch: Batch, user: User | None, work: Work) -> Change | None:
    """Do all of a work, each piece in a transaction of its own; as at_once() otherwise."""
    work.open(batch)
    change = work.change(batch, user)
    for some in batched(work.choose(batch), PIECE):
        with transaction.atomic():
            work.lock(batch)
            touch(batch, work.states)
            work.piece(batch, change, some)
    return change if change.pk else None
