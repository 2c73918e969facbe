"""Undoing an import: claimed once, done in steps, and taken up again where it died. `undo_plan` shows it before."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounton.customers.models import Customer
from accounton.dossiers.models import Dossier
from accounton.importing.departing import in_force, restore
from accounton.importing.models import (
    Action,
    Batch,
    Bucket,
    Departure,
    Difference,
    Outcome,
    Overwritten,
    Part,
    StagedRow,
    State,
    Undone,
    made_of_row,
)  # fmt: skip
from accounton.importing.outdated_matches import follow
from accounton.importing.putting import follow_language, put, put_deadlines, write
from accounton.importing.sides import colleagues, packed
from accounton.importing.taking_back import (
    Verdict,
    made_rows,
    of_changes,
    of_made,
)
from accounton.importing.undo_plan import AT_ONCE, open_changes
from accounton.offices.audit import record
from accounton.offices.models import User
from accounton.offices.turns import take_turn


class CannotTakeBack(Exception):
    """An import cannot be undone now; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def why_not(batch: Batch) -> str:
    """Say by a code why an import cannot be undone now, "" where it can."""
    if batch.state not in (State.REVIEW, State.DONE):
        return "undone" if batch.state in (State.UNDOING, State.UNDONE) else "busy"
    return "" if _asked(batch) else "nothing"


def claim_undo(batch: Batch, user: User | None) -> int:
    """Start undoing; from here on nobody else can. Gives how many things there are to look at.

    Raises CannotTakeBack: being added or undone, undone already, or nothing was added or changed.
    """
    with transaction.atomic():
        take_turn(batch.office_id)
        batch.refresh_from_db()
        if code := why_not(batch):
            raise CannotTakeBack(code)
        asked = _asked(batch)
        # What an earlier undo that was given up had kept is looked at again.
        Undone.objects.filter(batch=batch).filter(Q(row__isnull=True) | made_of_row("row_id")).delete()
        now = timezone.now()
        Batch.objects.filter(pk=batch.pk).update(
            state=State.UNDOING, undone_by=user, touched_at=now, attempts=0,
            undo={"asked": asked, "done": 0, "since": now.isoformat()},
        )  # fmt: skip
    batch.refresh_from_db()
    return asked


def continue_undoing(batch: Batch) -> Batch:
    """Undo what is still to be undone, step by step, and end the batch. Can be done again after a crash.

    Each step is one transaction that holds the office's row locked. What a step did is written down in it.
    """
    while any(_step(batch, step) for step in (_changes_step, _made_step, _decisions_step)):
        pass
    with transaction.atomic():
        if _goes_on(batch):
            _finish(batch)
    return batch


def give_undo_back(batch: Batch) -> None:
    """Return a batch whose undo died again and again; what was taken back in whole steps stays taken back."""
    left = made_rows(batch).count()
    Batch.objects.filter(pk=batch.pk, state=State.UNDOING).update(state=State.REVIEW, attempts=0, added=left)


def _step(batch: Batch, step: Callable[[Batch], int]) -> bool:
    with transaction.atomic():
        if not _goes_on(batch):
            return False
        done = step(batch)
        if done:
            batch.undo["done"] += done
            batch.save(update_fields=["undo", "touched_at"])
        return bool(done)


def _goes_on(batch: Batch) -> bool:
    take_turn(batch.office_id)
    batch.refresh_from_db()
    return batch.state == State.UNDOING


def _changes_step(batch: Batch) -> int:
    """Put the old values of the next overwritten customers back. Gives how many were looked at."""
    restorings = of_changes(batch, list(open_changes(batch)[:AT_ONCE]))
    own, now = colleagues(), timezone.now()
    customers: dict[int, Customer] = {}
    deadlines: dict[int, str] = {}
    for each in restorings:
        if each.customer is None:
            continue
        put(each.customer, each.values, own)
        if each.dossier is not None and each.content.was_archived and each.customer.archived_at is None:
            each.customer.archived_at = datetime.fromisoformat(each.content.was_archived)
        each.customer.updated_at = now
        customers[each.customer.pk] = each.customer
        if "deadline" in each.values:
            deadlines[each.customer.pk] = each.values["deadline"]
    write(list(customers.values()))
    put_deadlines(batch, deadlines)
    follow(customers)
    follow_language([each.customer for each in restorings if each.customer and "language" in each.values])
    Dossier.objects.filter(pk__in=[each.dossier.pk for each in restorings if each.dossier]).delete()
    Overwritten.objects.filter(pk__in=[each.overwritten.pk for each in restorings]).update(undone_at=now)
    _note(batch, [verdict for each in restorings for verdict in each.verdicts])
    return len(restorings)


def _made_step(batch: Batch) -> int:
    """Take the next new customers back, or note why they stay. Gives how many were looked at."""
    looked_at = Undone.objects.filter(batch=batch, part=Part.CUSTOMER).values("row_id")
    verdicts = of_made(batch, list(made_rows(batch).exclude(pk__in=looked_at)[:AT_ONCE]))
    ids = [each.customer_id for each in verdicts if each.outcome == Outcome.TAKEN_BACK]
    _leave_other_reviews(ids)
    Customer.objects.filter(pk__in=ids).delete()
    _note(batch, verdicts)
    return len(verdicts)


def _decisions_step(batch: Batch) -> int:
    """Take the next decisions about customers who were only here back."""
    decisions = list(_decisions(batch).select_related("customer", "batch").order_by("id")[:AT_ONCE])
    verdicts = []
    for each in decisions:
        restored = restore(each, batch.undone_by)
        said = (Outcome.TAKEN_BACK, ()) if restored else (Outcome.KEPT, ("changed",))
        verdicts.append(Verdict(Part.DECISION, said[0], None, 0, each.customer_id, "", said[1]))
    _note(batch, verdicts)
    return len(decisions)


def _leave_other_reviews(customer_ids: Sequence[int | None]) -> None:
    """Let rows of other reviews that were these customers be new again; not selected: nobody is added unseen."""
    rows = StagedRow.objects.filter(match_id__in=customer_ids)
    Difference.objects.filter(row__in=rows).delete()
    # Their pages keep counts for as long as the revision stands.
    Batch.objects.filter(pk__in=rows.order_by().values("batch")).update(revision=F("revision") + 1)
    open_ones = rows.filter(bucket=Bucket.DOUBLE, batch__state=State.REVIEW)
    open_ones.update(bucket=Bucket.ONLY_IN_IMPORT, selected=False)
    rows.update(match=None, matched_by="")


def _note(batch: Batch, verdicts: Iterable[Verdict]) -> None:
    Undone.objects.bulk_create(
        Undone(
            batch=batch, row_id=each.row_id, part=each.part, outcome=each.outcome, reasons=",".join(each.reasons),
            keys=packed(each.keys),
            customer_id=None if (each.part, each.outcome) == (Part.CUSTOMER, Outcome.TAKEN_BACK) or
            each.reasons == ("customer_gone",) else each.customer_id,
        )
        for each in verdicts
    )  # fmt: skip


def _finish(batch: Batch) -> None:
    counts = {key: dict.fromkeys(Part.values, 0) for key in Outcome.values}
    for part, result in Undone.objects.filter(batch=batch).values_list("part", "outcome"):
        counts[result][part] += 1
    batch.undo |= counts
    batch.state, batch.undone_at = State.UNDONE, timezone.now()
    batch.added = made_rows(batch).count()
    left = Undone.objects.filter(batch=batch, part__in=[Part.CHANGE, Part.FILE]).exclude(outcome=Outcome.TAKEN_BACK)
    batch.changed = left.values("row").distinct().count()
    batch.save()
    totals = {key: sum(parts.values()) for key, parts in counts.items()}
    record(batch.undone_by, "import.undone", f"batch:{batch.pk}", **totals)


def _asked(batch: Batch) -> int:
    return int(made_rows(batch).count() + open_changes(batch).count() + _decisions(batch).count())


def _decisions(batch: Batch) -> QuerySet[Departure]:
    return in_force(batch).exclude(action=Action.NOTHING)
