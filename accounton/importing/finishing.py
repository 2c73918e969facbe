"""Ending a review from which customers were added: what is left of it stays out, until somebody opens it again."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from accounton.importing.applying import rows_left
from accounton.importing.models import Batch, State
from accounton.offices.audit import record
from accounton.offices.models import User
from accounton.offices.turns import take_turn


def finish(batch: Batch, user: User | None) -> int | None:
    """End a review. Gives how many rows stay out, None where nothing was added yet or it is not open."""
    with transaction.atomic():
        take_turn(batch.office_id)  # nobody starts adding meanwhile
        batch.refresh_from_db()
        if not batch.adds:
            return None
        now = timezone.now()
        result = batch.result | {"finished": {"by": user.pk if user else None, "at": now.isoformat()}}
        open_ones = Batch.objects.filter(pk=batch.pk, state=State.REVIEW)
        if not open_ones.update(state=State.DONE, result=result, touched_at=now):
            return None
        left = rows_left(batch).count()
        record(user, "import.finished", f"batch:{batch.pk}", left=left)
    batch.refresh_from_db()
    return left


def reopen(batch: Batch, user: User | None) -> bool:
    """Open a review again that somebody ended. Gives whether there was one to open.

    When it was touched stays: who comes back after long finds its rows matched once more.
    """
    with transaction.atomic():
        take_turn(batch.office_id)
        batch.refresh_from_db()
        if not is_finished(batch):
            return False
        result = {key: each for key, each in batch.result.items() if key != "finished"}
        Batch.objects.filter(pk=batch.pk).update(state=State.REVIEW, result=result)
        record(user, "import.reopened", f"batch:{batch.pk}")
    batch.refresh_from_db()
    return True


def finished_words(batch: Batch) -> str:
    """Say of a review that was ended who ended it and when, where that was noted."""
    noted = batch.result["finished"]
    if not isinstance(noted, dict):
        return gettext("This import was finished.")
    by = User.objects.filter(pk=noted["by"]).first()
    moment = date_format(timezone.localtime(datetime.fromisoformat(noted["at"])), "d/m/Y H:i")
    words = gettext("This import was finished by %(name)s on %(moment)s.")
    return words % {"name": str(by or "—"), "moment": moment}


def is_finished(batch: Batch) -> bool:
    """Whether somebody ended the review while rows were left."""
    return batch.state == State.DONE and bool(batch.result.get("finished"))


def state_words(batch: Batch) -> str:
    """Say how far a batch is."""
    return gettext("Finished") if is_finished(batch) else str(State(batch.state).label)
