"""Rows that were recognised as somebody by a weak key, and are not any more: matched again once customers changed."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import F, Q, QuerySet

from accounton.importing.changing import batched, changeable
from accounton.importing.choosing import ReviewClosed, touch
from accounton.importing.claims import AT_ONCE, CLAIMING, claimed_twice
from accounton.importing.drafts import IDENTIFYING, draft
from accounton.importing.models import Batch, Bucket, Proposal, Reason, StagedRow, State, made_of_row
from accounton.importing.proposals import UNSETTLED
from accounton.importing.save_drafts import write

OPEN = (State.REVIEW, State.DONE)
"""Of a review that is done known customers can still be overwritten."""
WEAK = ("client_code", "email_and_name")


def match_again(batch: Batch, numbers: Collection[int]) -> None:
    """Match sheet rows again with the customers of now. The caller stands inside a transaction of the review."""
    for some in batched(sorted(numbers), AT_ONCE):
        rows = changeable(batch.rows.filter(number__in=some)).select_related("content").order_by("number")
        if drafts := [draft(row) for row in rows]:
            write(batch, drafts, IDENTIFYING)
    if batch.state == State.DONE and not batch.result.get("finished"):
        _open_again(batch)


def _open_again(batch: Batch) -> None:
    """Open a review again that was done, where somebody in it is somebody new by now."""
    left = batch.rows.filter(~made_of_row(), bucket__in=(Bucket.ONLY_IN_IMPORT, Bucket.INVALID))
    if left.exists():
        batch.state = State.REVIEW
        batch.save(update_fields=["state"])


def catch_up(batch: Batch) -> set[int]:
    """Return the sheet rows of a review that are recognised as a customer with another number, or together as one."""
    found = set(_outdated(batch.rows.all()).values_list("number", flat=True))
    for some in batched(claimed_twice(batch), AT_ONCE):
        found.update(batch.rows.filter(match__in=some, bucket__in=CLAIMING).values_list("number", flat=True))
    return found


def claiming(batch: Batch, customers: Collection[int]) -> set[int]:
    """Return the sheet rows that claim some customers by a weak key, those about whom it is asked included."""
    found: set[int] = set()
    asked = Proposal.objects.filter(UNSETTLED, batch=batch, reason=Reason.CLAIMED).order_by()
    weakly = batch.rows.filter(matched_by__in=WEAK, bucket__in=CLAIMING).order_by()
    for some in batched(sorted(customers), AT_ONCE):
        rows = weakly.filter(match__in=some).values_list("number", flat=True)
        found.update(rows.union(asked.filter(customer__in=some).values_list("row", flat=True)))
    return found


def follow(customers: Collection[int], batch: Batch | None = None) -> None:
    """Match rows again whose customers were changed: of reviews, and of the one by which that was done.

    Only rows that are another person by now, and those about whom it is asked. The caller stands inside a transaction.
    """
    concerned: dict[int, set[int]] = {}
    states = Q(batch__state__in=OPEN) | Q(batch=batch)
    asked = Proposal.objects.filter(states, UNSETTLED, reason=Reason.CLAIMED).order_by()
    for some in batched(sorted(customers), AT_ONCE):
        rows = _outdated(StagedRow.objects.filter(states, match__in=some)).values_list("batch", "number")
        for pk, number in rows.union(asked.filter(customer__in=some).values_list("batch", "row")):
            concerned.setdefault(pk, set()).add(number)
    if batch is not None:
        match_again(batch, concerned.pop(batch.pk, ()))
    _follow_elsewhere(concerned)


def _follow_elsewhere(concerned: dict[int, set[int]]) -> None:
    for other in Batch.objects.filter(pk__in=concerned).order_by("pk"):
        try:
            with transaction.atomic():
                touch(other, OPEN)
                match_again(other, concerned[other.pk])
        except ReviewClosed:
            continue  # being added by now: each row is matched once more there


def _outdated(rows: QuerySet[StagedRow]) -> QuerySet[StagedRow]:
    """Give the rows that only a weak key makes a customer of whom another national number is known by now."""
    numbered = rows.filter(
        matched_by__in=WEAK, bucket__in=CLAIMING, number_hash__isnull=False, match__national_number_hash__isnull=False
    )
    return numbered.exclude(number_hash=F("match__national_number_hash")).order_by()
