"""Coming back to a review that was left: rows are matched once more with the customers of now."""

from datetime import timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from accounton.customers.keys import existing_keys
from accounton.customers.models import Customer
from accounton.importing.applying import open_rows
from accounton.importing.choosing import touch
from accounton.importing.drafts import IDENTIFYING, draft, write
from accounton.importing.models import Batch, Bucket, StagedRow, State
from accounton.rows.matching import DECISION, RowKeys

LEFT = timedelta(minutes=30)
"""A review that nobody touched for so long was left."""
KEYS = ("pk", "problems", "number_hash", "spouse_hash", "client_code", "email", "name_key", "match_id", "bucket")
SAID_AT_MOST = 20


class Resumed(NamedTuple):
    """What a reviewer finds on return: the sheet rows that are known or refused by now, and how many there are."""

    rows: list[int]
    times: int


def was_left(batch: Batch) -> bool:
    """Say whether nobody touched the review for a while."""
    return batch.state == State.REVIEW and timezone.now() - batch.touched_at > LEFT


def resume(batch: Batch) -> Resumed:
    """Match the rows of a review again where customers changed since it was touched. Raises ReviewClosed."""
    since = batch.touched_at
    with transaction.atomic():
        touch(batch)
        if not Customer.objects.filter(updated_at__gte=since).exists():
            return Resumed([], 0)
        rows = StagedRow.objects.filter(pk__in=_moved(batch)).order_by("number")
        moved = [draft(row) for row in rows.prefetch_related("content")]
        if moved:
            write(batch, moved, IDENTIFYING)
    return Resumed([each.row.number for each in moved[:SAID_AT_MOST]], len(moved))


def _moved(batch: Batch) -> list[int]:
    """Give the rows that would be told apart differently now."""
    known = existing_keys()
    rows = open_rows(batch) | batch.rows.filter(bucket__in=[Bucket.DOUBLE, Bucket.INVALID])
    rows = rows.exclude(matched_by=DECISION)  # somebody said who they are
    moved = []
    for pk, problems, number, spouse, code, email, name, match_id, bucket in rows.order_by().values_list(*KEYS):
        found = known.match(RowKeys(not problems, number, spouse, code, email, name))
        if found.customer_id != match_id or (not problems and found.bucket != bucket):
            moved.append(pk)
    return moved
