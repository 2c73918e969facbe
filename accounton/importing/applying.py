"""Adding the selected rows of a review: claimed once, in steps, each row compared again with what is there now."""

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounton.importing.adding import add_rows
from accounton.importing.models import Batch, Bucket, StagedRow, State, made_of_row
from accounton.importing.rematching import candidates, made_of, still_new
from accounton.offices.audit import record
from accounton.offices.models import Office, User

STEP_ROWS = 20_000
INLINE_ROWS = 2000


class CannotApply(Exception):
    """The selected rows cannot be added now; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def selected_rows(batch: Batch) -> QuerySet[StagedRow]:
    """Give the rows that would be added: new, selected, not added before."""
    return open_rows(batch).filter(selected=True)


def open_rows(batch: Batch) -> QuerySet[StagedRow]:
    """Give the rows that are new and were not added before."""
    rows: QuerySet[StagedRow] = StagedRow.objects.filter(batch=batch, bucket=Bucket.ONLY_IN_IMPORT)
    return rows.filter(~made_of_row()) if batch.added or batch.state == State.APPLYING else rows


def claim(batch: Batch, user: User | None, seen_revision: int) -> int:
    """Start adding; from here on nobody else can. Gives the number of selected rows.

    `seen_revision` is the state of the review that the reviewer saw: rows that changed after it are left out.
    Raises CannotApply: no questionnaire chosen, nothing selected, or being added (or all added) already.
    """
    if not batch.questionnaire:
        raise CannotApply("no_questionnaire")
    with transaction.atomic():
        _lock_office(batch)
        if not Batch.objects.filter(pk=batch.pk, state=State.REVIEW).exists():
            raise CannotApply("already_adding")
        count = selected_rows(batch).count()
        if not count:
            raise CannotApply("nothing_selected")
        now = timezone.now()
        Batch.objects.filter(pk=batch.pk).update(
            state=State.APPLYING, applied_by=user, applying_since=now, touched_at=now, attempts=0,
            result={"asked": count, "added": 0, "moved": [], "revision": seen_revision},
        )  # fmt: skip
    batch.refresh_from_db()
    return count


def continue_applying(batch: Batch) -> Batch:
    """Add what is still to be added, step by step, and end the batch. Can be done again after a crash.

    Each step is one transaction that holds the office's row locked, so that two adds never pass each other.
    """
    own, last = made_of(batch), 0
    while (reached := _step(batch, own, last)) is not None:
        last = reached
    return batch


def _step(batch: Batch, own: Q, last: int) -> int | None:
    """Add the rows after the sheet row `last`, so many as one step takes; give the last one seen, None at the end."""
    with transaction.atomic():
        _lock_office(batch)
        batch.refresh_from_db()
        if batch.state != State.APPLYING:
            return None
        rows = candidates(selected_rows(batch).filter(number__gt=last), STEP_ROWS)
        if not rows:
            _finish(batch)
            return None
        new = still_new(batch, rows, own)
        if new:
            add_rows(batch, new)
        batch.result["added"] += len(new)
        batch.added = F("added") + len(new)
        batch.save(update_fields=["result", "added", "touched_at"])
        return rows[-1].number


def give_back(batch: Batch) -> None:
    """Return a batch whose adding died again and again to its reviewer; what was added in whole steps stays added."""
    Batch.objects.filter(pk=batch.pk, state=State.APPLYING).update(state=State.REVIEW, attempts=0)


def _finish(batch: Batch) -> None:
    batch.refresh_from_db()
    batch.state = State.REVIEW if open_rows(batch).exists() else State.DONE
    batch.applied_at = timezone.now()
    batch.save()
    record(batch.applied_by, "import.added", f"batch:{batch.pk}", added=batch.result["added"])


def _lock_office(batch: Batch) -> None:
    # PostgreSQL lets two transactions insert the same couple e-mail + name side by side; this makes them take turns.
    # SQLite takes its one write lock at BEGIN IMMEDIATE, which does the same.
    Office.objects.select_for_update().get(pk=batch.office_id)
