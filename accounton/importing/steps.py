"""The steps in which rows are added: the next one is made ready while the database takes the one before it.

Opening rows and sealing numbers anew is our own work, writing dossiers and committing is the database's: side by side
they take a good tenth off a whole import.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import QuerySet

from accounton.importing.adding import Opened, colleagues_of, opened_for
from accounton.importing.models import Batch, StagedRow, made_of_row
from accounton.importing.rematching import Candidate, candidates


@dataclass(frozen=True)
class Step:
    """The rows of a step, and what was made ready of them."""

    rows: list[Candidate]
    ready: Future[Opened]
    state: tuple[Any, ...]

    @property
    def opened(self) -> Opened:
        """What the rows hold, waited for where it is not ready yet. Raises CannotOpen."""
        return self.ready.result()


class Steps:
    """Gives the rows of a batch that are to be added, a step at a time, in the order of the file."""

    def __init__(self, batch: Batch, rows: Callable[[Batch], QuerySet[StagedRow]], most: int) -> None:
        """`rows` gives all of them, those that were added before included; at most so many are one step."""
        self._batch, self._rows, self._most = batch, rows, most
        self._last = self._given = 0
        self._next: Step | None = None
        self._thread = ThreadPoolExecutor(max_workers=1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._thread.shutdown(cancel_futures=True)

    def take(self) -> Step:
        """Give the next step; made ready anew where anything happened to the batch meanwhile. It may have no rows."""
        step = self._next
        if step is None or step.state != self._state():
            step = self._begun()
        self._next = None
        if step.rows:
            self._last = step.rows[-1].number
            self._given += len(step.rows)
        return step

    def begin_next(self) -> None:
        """Have the step after the one taken made ready; the batch counts the rows of that one as done by now."""
        self._next = self._begun()

    def _begun(self) -> Step:
        batch, state = self._batch, self._state()
        rows, sealed = candidates(self._left(), self._most)
        ready = self._thread.submit(opened_for, batch.office_id, batch.language, rows, sealed, state[-1])
        return Step(rows, ready, state)

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
