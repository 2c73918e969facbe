"""Comparing rows once more, just before they are added, with what changed since they were staged."""

from collections.abc import Sequence

from django.db.models import Q

from accounton.customers.keys import existing_keys
from accounton.importing.models import Batch, Bucket, StagedRow
from accounton.rows.matching import RowKeys

SAID_AT_MOST = 200


def keys_of(row: StagedRow) -> RowKeys:
    """Give the keys by which a staged row is matched."""
    return RowKeys(
        valid=row.bucket != Bucket.INVALID,
        number_hash=bytes(row.number_hash) if row.number_hash is not None else None,
        spouse_hash=bytes(row.spouse_hash) if row.spouse_hash is not None else None,
        client_code=row.client_code,
        email=row.email,
        name_key=row.name_key,
    )


def still_new(batch: Batch, rows: Sequence[StagedRow]) -> list[StagedRow]:
    """Give the rows that are as the reviewer saw them and still nobody's; the others are moved and noted.

    A row changed after the revision that the reviewer saw is deselected; a row that is known by now goes to its bucket.
    """
    seen = batch.result["revision"]
    # Customers of this batch's own rows are left out: their rows were told apart when the file was read.
    changed = existing_keys(~Q(import_row__in=batch.rows.values("id")), changed_since=batch.created_at)
    new = []
    for row in rows:
        match = changed.match(keys_of(row))
        if match.bucket == Bucket.ONLY_IN_IMPORT.value and row.revision <= seen:
            new.append(row)
            continue
        row.bucket, row.match_id, row.matched_by = match.bucket, match.customer_id, match.matched_by
        row.problems = ",".join(filter(None, [row.problems, match.problem]))
        row.selected = False
        row.save(update_fields=["bucket", "match", "matched_by", "problems", "selected"])
        if len(batch.result["moved"]) < SAID_AT_MOST:
            batch.result["moved"].append(row.number)
    return new
