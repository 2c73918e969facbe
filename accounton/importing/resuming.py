"""Coming back to a review that was left: rows are matched once more with the customers of now."""

from datetime import timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounton.customers.keys import existing_keys
from accounton.customers.models import Customer
from accounton.importing.applying import open_rows
from accounton.importing.choosing import touch
from accounton.importing.claims import asked_about, without
from accounton.importing.drafts import IDENTIFYING, draft
from accounton.importing.models import Batch, Bucket, OnlyHere, StagedRow, State
from accounton.importing.noting_here import note_back
from accounton.importing.rematching import made_of
from accounton.importing.save_drafts import write
from accounton.rows.matching import DECISION, RowKeys

LEFT = timedelta(minutes=30)
"""A review that nobody touched for so long was left."""
KEYS = (
    "pk",
    "number",
    "problems",
    "number_hash",
    "spouse_hash",
    "client_code",
    "email",
    "name_key",
    "match_id",
    "bucket",
)
SAID_AT_MOST = 20


class Resumed(NamedTuple):
    """What a reviewer finds on return: the sheet rows that are known or refused by now, how many there are, and how
    many customers more are only here. `is_stale`: customers changed, so others may look like one of them by now.
    """

    rows: list[int]
    times: int
    here: int
    is_stale: bool


def was_left(batch: Batch) -> bool:
    """Say whether nobody touched the review for a while."""
    return batch.state == State.REVIEW and timezone.now() - batch.touched_at > LEFT


def resume(batch: Batch) -> Resumed:
    """Match the rows of a review again where customers changed since it was touched. Raises ReviewClosed."""
    since = batch.touched_at
    with transaction.atomic():
        touch(batch)
        changed = Customer.objects.filter(updated_at__gte=since)
        if not changed.exists():
            return Resumed([], 0, 0, is_stale=False)
        rows = StagedRow.objects.filter(pk__in=_moved(batch)).order_by("number")
        moved = [draft(row) for row in rows.prefetch_related("content")]
        if moved:
            write(batch, moved, IDENTIFYING)
        here = _more_here(batch, changed)
    return Resumed([each.row.number for each in moved[:SAID_AT_MOST]], len(moved), here, is_stale=True)


def _moved(batch: Batch) -> list[int]:
    """Give the rows that would be told apart differently now."""
    known, asked = existing_keys(), asked_about(batch)
    rows = open_rows(batch) | batch.rows.filter(bucket__in=[Bucket.DOUBLE, Bucket.INVALID])
    rows = rows.exclude(matched_by=DECISION)  # somebody said who they are
    moved = []
    keys = rows.order_by().values_list(*KEYS)
    for pk, row, problems, number, spouse, code, email, name, match_id, bucket in keys:
        found = without(asked, row, known.match(RowKeys(not problems, number, spouse, code, email, name)))
        if found.customer_id != match_id or (not problems and found.bucket != bucket):
            moved.append(pk)
    return moved


def _more_here(batch: Batch, changed: QuerySet[Customer]) -> int:
    """Note who got a dossier meanwhile and is in no row; who stood there already stays, whatever was decided."""
    before = batch.only_here.count()
    there = OnlyHere.objects.filter(batch=batch, customer=OuterRef("pk"))
    note_back(batch, changed.exclude(made_of(batch)).exclude(Exists(there)).values_list("pk", flat=True))
    return int(batch.only_here.count() - before)
