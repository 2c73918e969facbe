"""A second connection to the database, used by a thread of its own: PostgreSQL serves each with a processor."""

import logging
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

from django.db import OperationalError, connection

log = logging.getLogger(__name__)


class SecondConnection(ThreadPoolExecutor):
    """A thread that does one thing after the other; its connection is closed with it."""

    def __init__(self) -> None:
        super().__init__(max_workers=1)
        # SQLite takes one writer at a time, and another reader takes memory; and nobody else sees what a transaction
        # around all this holds.
        self._would_help = connection.vendor == "postgresql" and not connection.in_atomic_block

    @cached_property
    def is_of_use(self) -> bool:
        """Whether it is worth having and is to be had; it is made when this is asked first."""
        if self._would_help:
            try:
                self.submit(connect).result()
            except OperationalError as error:
                log.warning("no second connection: %s", type(error).__name__)
                return False
        return self._would_help

    def __exit__(self, *error: object) -> None:
        self.submit(_close)
        self.shutdown()


def connect() -> None:
    """Connect the thread that this runs in. Raises OperationalError where the database grants no more connections."""
    connection.ensure_connection()


def _close() -> None:
    connection.close()
