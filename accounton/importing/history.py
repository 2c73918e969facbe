"""The list of imports: what each added, changed and left out, by whom, from which file."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, OuterRef, QuerySet, Subquery

from accounton.importing.models import Aside, Batch, StagedRow, State

READ = (State.REVIEW, State.APPLYING, State.CHANGING, State.DONE, State.UNDOING, State.UNDONE)


class Import(NamedTuple):
    """One import. `left_out` counts the rows of which nothing came: invalid, put aside, not selected, or unchanged.

    A row that was merged into another came in with it.
    """

    batch: Batch
    added: int
    changed: int
    left_out: int

    @property
    def by(self) -> str:
        """Who did it: who added last, else who read the list."""
        return str(self.batch.applied_by or self.batch.created_by or "")

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
    merged = StagedRow.objects.filter(batch=OuterRef("pk"), bucket=Aside.MERGED).order_by().values("batch")
    batches = batches.annotate(merged=Subquery(merged.annotate(count=Count("pk")).values("count")))
    return batches.order_by("-created_at", "-id")


def account(batch: Batch) -> Import:
    """Give what became of an import, as imports() gives it."""
    merged = getattr(batch, "merged", None) or 0
    left_out = batch.rows_read - batch.added - batch.changed - merged if batch.state in READ else 0
    return Import(batch, batch.added, batch.changed, max(left_out, 0))


def _iso(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""
