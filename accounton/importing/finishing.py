"""Ending a review from which customers were added: what is left of it stays out."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounton.importing.applying import lock_office, rows_left
from accounton.importing.models import Batch, State
from accounton.offices.audit import record
from accounton.offices.models import User


def finish(batch: Batch, user: User | None) -> int | None:
    """End a review. Gives how many rows stay out, None where nothing was added yet or it is not open."""
    with transaction.atomic():
        lock_office(batch)  # nobody starts adding meanwhile
        batch.refresh_from_db()
        if not batch.adds:
            return None
        result = batch.result | {"finished": True}
        open_ones = Batch.objects.filter(pk=batch.pk, state=State.REVIEW)
        if not open_ones.update(state=State.DONE, result=result, touched_at=timezone.now()):
            return None
        left = rows_left(batch).count()
        record(user, "import.finished", f"batch:{batch.pk}", left=left)
    batch.refresh_from_db()
    return left


def is_finished(batch: Batch) -> bool:
    """Whether somebody ended the review while rows were left."""
    return batch.state == State.DONE and bool(batch.result.get("finished"))


def state_words(batch: Batch) -> str:
    """Say how far a batch is."""
    return gettext("Finished") if is_finished(batch) else str(State(batch.state).label)
