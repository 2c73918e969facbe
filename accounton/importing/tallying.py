"""What is counted in a review: with a hundred thousand rows that takes longest of all on a page, and moves seldom."""

from collections import Counter
from datetime import datetime
from functools import cached_property, lru_cache

from django.db.models import Count, QuerySet

from accounton.importing.models import Aside, Batch, Bucket, Difference, OnlyHere, StagedRow
from accounton.importing.overwriting import Counts, counts_of
from accounton.importing.sealed_rows import opened


class Tally:
    """The counts of one batch as it is; each is made when it is first asked for."""

    def __init__(self, batch_id: int) -> None:
        self._batch_id = batch_id
        self._repaired: dict[str, int] = {}

    @cached_property
    def buckets(self) -> dict[str, int]:
        """How many rows each bucket holds, and how many none; the one of customers only here counts customers."""
        counts = dict.fromkeys([*Bucket.values, *Aside.values], 0)
        rows = StagedRow.objects.filter(batch_id=self._batch_id).order_by()
        counts.update(dict(rows.values_list("bucket").annotate(Count("id"))))
        counts[Bucket.ONLY_IN_PLATFORM] = OnlyHere.objects.filter(batch_id=self._batch_id).count()
        return counts

    @cached_property
    def deselected(self) -> int:
        """How many new rows are not selected."""
        return self._bucket(Bucket.ONLY_IN_IMPORT).filter(selected=False).count()

    @cached_property
    def problems(self) -> list[tuple[str, int]]:
        """The problem codes of the invalid rows with the number of rows each, most frequent first."""
        found: Counter[str] = Counter()
        rows = self._bucket(Bucket.INVALID).order_by()
        for codes, count in rows.values_list("problems").annotate(Count("id")):
            for code in set(filter(None, codes.split(","))):
                found[code] += count
        return found.most_common()

    @cached_property
    def suggested(self) -> dict[str, int]:
        """By problem code, the invalid rows in which something is suggested."""
        found: Counter[str] = Counter()
        for row in self._bucket(Bucket.INVALID).prefetch_related("content").iterator(chunk_size=2000):
            found.update({finding.code for finding in opened(row).findings if finding.kind == "suggestion"})
        return dict(found)

    @cached_property
    def doubles(self) -> Counts:
        """What can be and was chosen for known customers."""
        return counts_of(Difference.objects.filter(batch_id=self._batch_id))

    def repaired(self, bucket: str) -> int:
        """How many rows of a bucket had something repaired."""
        if bucket not in self._repaired:
            self._repaired[bucket] = self._bucket(bucket).filter(repaired=True).count()
        return self._repaired[bucket]

    def _bucket(self, bucket: str) -> QuerySet[StagedRow]:
        rows: QuerySet[StagedRow] = StagedRow.objects.filter(batch_id=self._batch_id, bucket=bucket)
        return rows


def tally(batch: Batch) -> Tally:
    """Give the counts of a batch, kept in this process for as long as nobody touches the batch.

    Whatever changes rows moves `touched_at` and `revision`; so another process never reads counts that are old.
    """
    return _tally(batch.office_id, batch.pk, batch.revision, batch.touched_at)


@lru_cache(maxsize=128)
def _tally(_office_id: int, batch_id: int, _revision: int, _touched_at: datetime) -> Tally:
    return Tally(batch_id)
