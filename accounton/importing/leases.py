"""Leases of batches: one process at a time works on one, and that it was killed is known within half a minute."""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounton.importing.models import Batch, Lease
from accounton.offices.scoping import acting_for

log = logging.getLogger(__name__)
# A process that is killed was heard of RENEWED_EVERY ago at most, its lease expires, and a watch that looks every five
# seconds (expired.py) has the next one take its work up: within half a minute.
RENEWED_EVERY = 4
EXPIRES = timedelta(seconds=24)


class Held(Exception):
    """Another process works on the batch; or, in a web process, on another batch of the office."""


class Lost(Exception):
    """The lease expired, and another process works on the batch by now: what this one would write is not wanted."""


class Hold:
    """A lease that this process has."""

    def __init__(self, batch: Batch, token: str) -> None:
        self._batch_id, self._office_id, self._token = batch.pk, batch.office_id, token

    def renew(self) -> None:
        """Say that this process is alive. Raise Lost. In a transaction nobody else takes the batch until its end."""
        if not self._mine().update(renewed_at=timezone.now()):
            raise Lost

    def release(self) -> None:
        """Give the batch back."""
        self._mine().delete()

    def keep_renewing(self, ended: Event) -> None:
        """Renew again and again, over a connection of this thread's own, until it has ended or the lease is lost."""
        try:
            with acting_for(self._office_id):
                while not ended.wait(RENEWED_EVERY):
                    self.renew()
        except Lost:
            return  # whoever writes next notices it too
        except DatabaseError as error:
            log.warning("a lease was not renewed: %s", type(error).__name__)
        finally:
            connection.close()

    def _mine(self) -> QuerySet[Lease]:
        mine: QuerySet[Lease] = Lease.objects.filter(batch_id=self._batch_id, token=self._token)
        return mine


@contextmanager
def leased(batch: Batch, *, in_web: bool = False) -> Iterator[Hold]:
    """Work on a batch as the only process. Raise Held; `in_web`: also where a web process reads for the office."""
    hold = _taken(batch, in_web=in_web)
    ended = Event()
    heart = Thread(target=hold.keep_renewing, args=(ended,), daemon=True, name="lease")
    heart.start()
    try:
        yield hold
    finally:
        ended.set()
        heart.join(RENEWED_EVERY)
        hold.release()


def expired() -> QuerySet[Lease]:
    """Return the leases of the office that were not renewed in time."""
    found: QuerySet[Lease] = Lease.objects.filter(renewed_at__lt=timezone.now() - EXPIRES)
    return found


def _taken(batch: Batch, *, in_web: bool) -> Hold:
    token = secrets.token_hex(16)
    try:
        with transaction.atomic():
            expired().filter(batch=batch).delete()
            Lease.objects.create(batch=batch, token=token, in_web=in_web, renewed_at=timezone.now())
    except IntegrityError as error:
        raise Held from error
    return Hold(batch, token)
