"""The steps in which rows are added: the next one is made ready while the database takes the one before it.

Reading and opening rows and sealing numbers anew is our own work, writing customers and dossiers the database's: side
by side they take a good tenth off a whole import.
"""

from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

from django.db.models import QuerySet

from accounton.importing.adding import Opened, colleagues_of, opened_for
from accounton.importing.models import Batch, StagedRow, made_of_row
from accounton.importing.rematching import Candidate, candidates
from accounton.importing.second_connection import SecondConnection

GROWTH = 2
"""So many times the rows of a step are made ready while it is written; more would be waited for."""


@dataclass(frozen=True)
class Step:
    """The rows of a step, and what was made ready of them."""

    rows: list[Candidate]
    opened: Opened


class Steps:
    """Gives the rows of a batch that are to be added, a step at a time, in the order of the file."""

    def __init__(self, batch: Batch, rows: Callable[[Batch], QuerySet[StagedRow]], first: int, most: int) -> None:
        """`rows` gives all of them, those that were added before included.

        Steps grow from `first` rows to at most `most`: nothing is written yet while the first one is made ready.
        """
        self._batch, self._rows, self._size, self._most = batch, rows, first, most
        self._last = self._given = 0
        self._may_be_more = True
        self._next: tuple[tuple[Any, ...], Future[Step]] | None = None
        self._second = SecondConnection()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._second.__exit__(*error)

    def take(self) -> Step:
        """Give the next step; made ready anew where anything happened to the batch meanwhile. It may have no rows.

        Raises CannotOpen.
        """
        step = self._made_ready() or self._opened(self._state()[-1], *candidates(self._left(), self._size))
        self._next = None
        self._may_be_more = len(step.rows) == self._size
        if step.rows:
            self._last = step.rows[-1].number
            self._given += len(step.rows)
            self._size = min(self._size * GROWTH, self._most)
        return step

    def begin_next(self) -> None:
        """Have the step after the one taken made ready; the batch counts the rows of that one as done by now."""
        if not self._may_be_more:
            return
        state, left, size = self._state(), self._left(), self._size
        opened = partial(self._opened, state[-1])
        if self._second.is_of_use:
            ready = self._second.submit(lambda: opened(*candidates(left, size)))
        else:
            ready = self._second.submit(opened, *candidates(left, size))
        self._next = state, ready

    def _made_ready(self) -> Step | None:
        """Give the step that was begun; None where there is none, or where it does not hold any more."""
        state, ready = self._next or (None, None)
        return ready.result() if ready and state == self._state() else None

    def _opened(self, colleagues: Mapping[str, int], rows: list[Candidate], sealed: deque[bytes]) -> Step:
        return Step(rows, opened_for(self._batch.office_id, self._batch.language, rows, sealed, colleagues))

    def _left(self) -> QuerySet[StagedRow]:
        """Give the rows below those given: none of them was added, where all that was added are those given."""
        batch = self._batch
        rows = self._rows(batch).filter(number__gt=self._last)
        alone = batch.added == batch.result["added"] and batch.result["done"] == self._given
        return rows if alone else rows.filter(~made_of_row())

    def _state(self) -> tuple[Any, ...]:
        """Give what must still be so when a step is taken that was made ready before."""
        batch = self._batch
        return batch.revision, batch.applying_since, batch.result["done"], colleagues_of(batch)
