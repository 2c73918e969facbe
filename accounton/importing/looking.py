"""Whether a list is still to be looked through for near matches: adding waits for it, unless that was given up."""

from datetime import timedelta

from django.utils import timezone

from accounton.importing.models import Batch, State

ATTEMPTS = 3
"""So many times work on a batch is begun before it is given up."""
STALE = timedelta(minutes=2)
"""A look that nobody heard of for so long has broken off, or was never begun."""


def is_to_come(batch: Batch) -> bool:
    """Whether nobody knows yet who in the list looks like a customer who is here."""
    return batch.near_at is None and batch.state == State.REVIEW and batch.near_attempts < ATTEMPTS


def was_given_up(batch: Batch) -> bool:
    """Whether it broke off time and again: nobody knows who looks like a customer, and adding waits no longer."""
    return batch.near_at is None and batch.state == State.REVIEW and batch.near_attempts >= ATTEMPTS


def take_up(batch: Batch) -> bool:
    """Say whether a look that is to come has to be queued again; of several who ask at once only one is told so."""
    if not is_to_come(batch) or batch.touched_at > timezone.now() - STALE:
        return False
    same = Batch.objects.filter(pk=batch.pk, touched_at=batch.touched_at)
    return bool(same.update(touched_at=timezone.now()))
