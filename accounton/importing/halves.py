"""A step written in two halves at once, each over a connection and in a transaction of its own.

PostgreSQL serves one connection with one processor, and most of an add is its work: indexes, foreign keys. The office's
turn is taken by the first connection, for both; each half counts itself, so that either may be lost by itself.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import wait
from contextvars import copy_context
from typing import Self, TypeVar

from django.db import connection, transaction

from accounton.importing.rematching import Candidate
from accounton.importing.second_connection import SecondConnection

Result = TypeVar("Result")
FEWEST = 1_000
"""A smaller half is not worth a transaction."""
PATIENCE = "20s"
"""So long the second half waits for a lock: whoever waits for both in turn is seen by no database."""


class Halves:
    """The second connection, which lives as long as the block."""

    def __init__(self) -> None:
        self._second = SecondConnection()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._second.__exit__(*error)

    def are_of_use(self, rows: int) -> bool:
        """Whether so many rows are quicker written in halves."""
        return rows >= 2 * FEWEST and self._second.is_of_use

    def of(self, rows: Sequence[Candidate]) -> tuple[Sequence[Candidate], Sequence[Candidate]]:
        """Part rows into those for our own connection and those for the other one, which may be none."""
        middle = len(rows) // 2 if self.are_of_use(len(rows)) else len(rows)
        return rows[:middle], rows[middle:]

    def both(self, here: Callable[[], Result], there: Callable[[], Result]) -> tuple[Result, Result]:
        """Do `there` over the other connection while `here` is done over ours; give what both give.

        Raises what either raises, once both have ended: until then nobody else may get the office's turn.
        """
        other = self._second.submit(copy_context().run, _alone, there)
        try:
            own = here()
            # Now, while the other one does the same as it commits; ours commits only after it.
            connection.check_constraints()
        finally:
            wait([other])
        return own, other.result()


def _alone(write: Callable[[], Result]) -> Result:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
        return write()
