"""Batches whose process was killed: taken up again as soon as its lease has expired."""

import logging
from threading import Event

from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from accounton.importing.jobs import UNFINISHED, wake, wake_to_look
from accounton.importing.leases import EXPIRES, expired
from accounton.importing.models import Batch, Lease, State
from accounton.offices.scoping import acting_for

log = logging.getLogger(__name__)
WATCHED_EVERY = 5


def take_up_expired() -> int:
    """Queue the batches of the office whose process was killed. Return how many were."""
    found = 0
    for lease in expired().select_related("batch"):
        # Of several who see it one takes it up; and none where its process was alive after all.
        if not Lease.objects.filter(pk=lease.pk, token=lease.token, renewed_at=lease.renewed_at).delete()[0]:
            continue
        batch: Batch = lease.batch
        Batch.objects.filter(pk=batch.pk).update(touched_at=timezone.now())
        if batch.state == State.REVIEW and batch.near_at is None:
            wake_to_look(batch)
        elif batch.state in UNFINISHED:
            wake(batch)
        else:
            continue
        log.warning("batch %s is taken up: its process was killed", batch.pk)
        found += 1
    return found


def take_up_all_expired() -> int:
    """Queue the batches of every office whose process was killed. Return how many were."""
    found = 0
    for office_id in _offices_with_expired():
        with acting_for(office_id):
            found += take_up_expired()
    return found


def watch(ended: Event) -> None:
    """Look for killed processes again and again: the queue's own schedules come every half minute at best."""
    while not ended.wait(WATCHED_EVERY):
        try:
            close_old_connections()
            take_up_all_expired()
        except DatabaseError as error:
            log.warning("expired leases were not looked for: %s", type(error).__name__)


def _offices_with_expired() -> list[int]:
    """Name the offices, in one question over all of them: only numbers come through the fence."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT office_id FROM importing_lease WHERE renewed_at < %s", [timezone.now() - EXPIRES]
        )
        return [office_id for (office_id,) in cursor.fetchall()]
