"""The list of imports: what each added, changed and left out, by whom, from which file."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Case, Count, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from accounton.importing.finishing import state_words
from accounton.importing.models import Aside, Batch, Bucket, StagedRow, State


class Import(NamedTuple):
    """One import. `left_out` counts the rows that were left out, and once it is done those that stay out."""

    batch: Batch
    added: int
    changed: int
    left_out: int

    @property
    def by(self) -> str:
        """Who did it: who added last, else who read the list."""
        return str(self.batch.applied_by or self.batch.created_by or "")

    @property
    def state(self) -> str:
        """Says how far it is."""
        return state_words(self.batch)

    @property
    def can_be_undone(self) -> bool:
        """Whether there may be anything to undo."""
        return bool(self.added or self.changed) and self.batch.state in (State.REVIEW, State.DONE)

    def as_json(self) -> dict[str, Any]:
        """Give it as `accounton imports --json` prints it."""
        batch = self.batch
        return {
            "batch": batch.pk, "office": batch.office.slug, "state": batch.state, "at": _iso(batch.created_at),
            "by": self.by, "file": batch.file_name, "size": batch.file_size, "sha256": batch.file_sha256,
            "year": batch.assessment_year, "rows": batch.rows_read, "added": self.added, "changed": self.changed,
            "left_out": self.left_out, "applied_at": _iso(batch.applied_at), "undone_at": _iso(batch.undone_at),
            "undone_by": str(batch.undone_by or ""),
        }  # fmt: skip


def imports() -> QuerySet[Batch]:
    """Give the batches of the office, the newest first, with the people who did them."""
    batches: QuerySet[Batch] = Batch.objects.select_related("created_by", "applied_by", "undone_by", "office")
    staying = Case(When(state=State.DONE, then=_rows_in(Bucket.ONLY_IN_IMPORT, Bucket.INVALID)), default=0)
    return batches.annotate(put_aside=_rows_in(Aside.LEFT_OUT), staying=staying).order_by("-created_at", "-id")


def account(batch: Batch) -> Import:
    """Give what became of an import, one of imports()."""
    counted: Any = batch
    stays_out = max(counted.staying - batch.added, 0)
    return Import(batch, batch.added, batch.changed, counted.put_aside + stays_out)


def _rows_in(*buckets: str) -> Coalesce:
    rows = StagedRow.objects.filter(batch=OuterRef("pk"), bucket__in=buckets).order_by().values("batch")
    return Coalesce(Subquery(rows.annotate(count=Count("id")).values("count")), 0)


def _iso(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""
