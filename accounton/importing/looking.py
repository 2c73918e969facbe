"""Whether a list is still to be looked through for near matches: adding waits for it, unless that was given up."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from accounton.customers.models import Customer
from accounton.importing.models import Batch, ChangeKind, State
from accounton.importing.rematching import made_of
from accounton.rows.couples import ADDRESS

ATTEMPTS = 3
"""So many times work on a batch is begun before it is given up."""
STALE = timedelta(minutes=2)
"""A look that nobody heard of for so long has broken off, or was never begun."""

LOOKED_AT = ("", "first_name", "last_name", "email", "national_number", "spouse_national_number", *ADDRESS)
"""The columns by which people look alike; "" for changes that were about several columns."""
WITHOUT_CELLS = (ChangeKind.APART, ChangeKind.DECIDED, ChangeKind.LEFT_OUT, ChangeKind.WITHOUT_EMAIL)


def is_outdated(batch: Batch) -> bool:
    """Whether rows were changed since it was looked, or customers came of elsewhere: others may look alike now."""
    if batch.near_at is None:
        return False
    since = Q(made_at__gt=batch.near_at) | Q(undone_at__gt=batch.near_at)
    changes = batch.changes.filter(since, column__in=LOOKED_AT).exclude(kind__in=WITHOUT_CELLS)
    came = Customer.objects.filter(created_at__gt=batch.near_at).filter(Q(import_row=None) | ~made_of(batch))
    return bool(changes.exists() or came.exists())


def is_to_come(batch: Batch) -> bool:
    """Whether nobody knows yet who in the list looks like a customer who is here."""
    return _is_unknown(batch) and not was_given_up(batch)


def was_given_up(batch: Batch) -> bool:
    """Whether it broke off time and again: nobody knows who looks like a customer, and adding waits no longer."""
    return _is_unknown(batch) and batch.near_attempts >= ATTEMPTS and not _is_heard_of(batch)


def take_up(batch: Batch) -> bool:
    """Say whether a look that is to come has to be queued again; of several who ask at once only one is told so."""
    if not is_to_come(batch) or _is_heard_of(batch):
        return False
    same = Batch.objects.filter(pk=batch.pk, touched_at=batch.touched_at)
    return bool(same.update(touched_at=timezone.now()))


def ask_again(batch: Batch) -> None:
    """Say that rows are to be looked at which nobody looked at yet: adding waits for it."""
    Batch.objects.filter(pk=batch.pk).update(near_at=None, near_attempts=0, touched_at=timezone.now())


def _is_unknown(batch: Batch) -> bool:
    return batch.near_at is None and batch.state == State.REVIEW


def _is_heard_of(batch: Batch) -> bool:
    """Whether the look may still be under way, the last one that is begun too."""
    return batch.touched_at > timezone.now() - STALE
