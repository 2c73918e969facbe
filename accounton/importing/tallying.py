"""What is counted in a review: with a hundred thousand rows that takes longest of all on a page, and moves seldom."""

from collections import Counter
from datetime import datetime
from functools import cached_property, lru_cache
from typing import NamedTuple

from django.db.models import CharField, Count, Q, QuerySet, Value

from accounton.importing.models import Aside, Batch, Bucket, Difference, OnlyHere, StagedRow, made_of_row
from accounton.importing.overwriting import Counts, counts_of
from accounton.importing.questionnaires import OWN, Which
from accounton.importing.settling import ToSettle, to_settle
from accounton.importing.wrong_values import Suggested, suggested
from accounton.questionnaires.definition import available

ADDED = "added"
"""Rows that were added: they stand among the new ones, and are counted apart from those that can still be added."""
DESELECTED, REPAIRED, OWN_ONES = "deselected", "repaired", "own"
"""New rows that were deselected or repaired, and rows with a questionnaire of their own."""
ALL = Count("*")
"""PostgreSQL looks at the rows themselves to count their ids: those stand in no index beside the others."""


class Given(NamedTuple):
    """How many rows get a questionnaire: those that would be added now, and all that are new."""

    selected: int
    all: int


class Tally:
    """The counts of one batch as it is; each is made when it is first asked for."""

    def __init__(self, batch_id: int, added: int) -> None:
        """Take the batch, and how many of its rows were added."""
        self._batch_id, self._added = batch_id, added
        self._repaired: dict[str, int] = {}
        self._given: dict[str, dict[str, Given]] = {}
        self._to_settle: ToSettle | None = None

    @property
    def buckets(self) -> dict[str, int]:
        """How many rows each bucket holds, how many none, and how many were added.

        The one of new rows counts those that can still be added; the one of customers only here counts customers.
        """
        counts = {bucket: self._counts.get(bucket, 0) for bucket in (*Bucket.values, *Aside.values)}
        added = min(self._added, counts[Bucket.ONLY_IN_IMPORT])
        return {**counts, Bucket.ONLY_IN_IMPORT.value: counts[Bucket.ONLY_IN_IMPORT] - added, ADDED: added}

    @property
    def deselected(self) -> int:
        """How many of the rows that can still be added are not selected."""
        return self._counts.get(DESELECTED, 0)

    @property
    def has_own(self) -> bool:
        """Whether somebody chose a questionnaire for single rows."""
        return self._counts.get(OWN_ONES, 0) > 0

    @cached_property
    def _counts(self) -> dict[str, int]:
        """All that is counted by an index alone, in one question."""
        new, rows = self._new(), StagedRow.objects.filter(batch_id=self._batch_id)
        parts = {
            Bucket.ONLY_IN_PLATFORM.value: OnlyHere.objects.filter(batch_id=self._batch_id),
            DESELECTED: new.filter(selected=False),
            REPAIRED: new.filter(repaired=True),
            OWN_ONES: rows.filter(OWN),
        }
        found = (
            each.order_by().annotate(kind=Value(kind, CharField())).values_list("kind").annotate(times=ALL)
            for kind, each in parts.items()
        )
        return dict(rows.order_by().values_list("bucket").annotate(times=ALL).union(*found, all=True))

    @cached_property
    def problems(self) -> list[tuple[str, int]]:
        """The problem codes of the invalid rows with the number of rows each, most frequent first."""
        found: Counter[str] = Counter()
        rows = self._bucket(Bucket.INVALID).order_by()
        for codes, count in rows.values_list("problems").annotate(times=ALL):
            for code in set(filter(None, codes.split(","))):
                found[code] += count
        return found.most_common()

    @cached_property
    def suggested(self) -> Suggested:
        """By problem code, the invalid rows in which something is suggested."""
        return suggested(self._bucket(Bucket.INVALID), self.buckets[Bucket.INVALID])

    @cached_property
    def doubles(self) -> Counts:
        """What can be and was chosen for known customers."""
        return counts_of(Difference.objects.filter(batch_id=self._batch_id))

    def to_settle(self, batch: Batch) -> ToSettle:
        """What is still to be settled about couples and near matches."""
        if self._to_settle is None:
            self._to_settle = to_settle(batch)
        return self._to_settle

    def given(self, which: Which) -> dict[str, Given]:
        """How many rows that can be added get each questionnaire, and how many would now; most frequent first."""
        mark = which.rules.mark if which.rules else ""
        if mark not in self._given:
            left = Q(selected=False)
            keys = [definition.key for definition in available()]
            # Sums over one pass: grouping would sort all rows by what comes out. Of most rows `left` says no at once.
            counted = {f"all_{key}": Count("id", filter=Q(which=key)) for key in keys}
            counted |= {f"left_{key}": Count("id", filter=left & Q(which=key)) for key in keys}
            found = self._new().annotate(which=which.expression).aggregate(**counted)
            given = {key: Given(found[f"all_{key}"] - found[f"left_{key}"], found[f"all_{key}"]) for key in keys}
            self._given[mark] = dict(sorted(given.items(), key=lambda pair: (-pair[1].all, pair[0])))
        return self._given[mark]

    def repaired(self, bucket: str) -> int:
        """How many rows of a bucket had something repaired."""
        if bucket == Bucket.ONLY_IN_IMPORT:
            return self._counts.get(REPAIRED, 0)
        if bucket not in self._repaired:
            self._repaired[bucket] = self._bucket(bucket).filter(repaired=True).count()
        return self._repaired[bucket]

    def _new(self) -> QuerySet[StagedRow]:
        new = self._bucket(Bucket.ONLY_IN_IMPORT)
        return new.filter(~made_of_row()) if self._added else new

    def _bucket(self, bucket: str) -> QuerySet[StagedRow]:
        rows: QuerySet[StagedRow] = StagedRow.objects.filter(batch_id=self._batch_id, bucket=bucket)
        return rows


def tally(batch: Batch) -> Tally:
    """Give the counts of a batch, kept in this process for as long as nobody touches the batch.

    Whatever changes rows moves `touched_at` and `revision`, and looking for near matches moves `near_at`; so another
    process never reads counts that are old.
    """
    return _tally(batch.office_id, batch.pk, batch.added, batch.revision, batch.touched_at, batch.near_at)


@lru_cache(maxsize=128)
def _tally(
    _office_id: int, batch_id: int, added: int, _revision: int, _touched_at: datetime, _near_at: datetime | None
) -> Tally:
    return Tally(batch_id, added)
