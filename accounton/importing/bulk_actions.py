"""Work on very many rows of a review, done in the background: claimed once, in steps, taken up again where it died.

While it is done the review is nobody else's; what was done whenever it is stopped is one change that can be undone.
"""

from base64 import b64encode
from dataclasses import fields
from datetime import timedelta
from typing import Any

import orjson
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounton.belgium.numbers_in_text import masked_name
from accounton.importing import pieces
from accounton.importing.all_couples import MergeAll, SplitAll
from accounton.importing.choosing import ReviewClosed, touch
from accounton.importing.departing import Depart
from accounton.importing.models import Batch, BulkAction, Change, End, State
from accounton.importing.pieces import Work
from accounton.importing.repairing import Accept, AllowWithoutEmail, Replace
from accounton.importing.repeated import CombineAll, KeepFirst
from accounton.importing.returning import TakeBack
from accounton.importing.setting import SetColumn
from accounton.importing.undoing_changes import Undo
from accounton.offices.keys import sealer
from accounton.offices.models import User
from accounton.spreadsheets.problems import UnusableFile

ALL = (
    *(Accept, AllowWithoutEmail, CombineAll, Depart, KeepFirst, MergeAll, Replace, SetColumn, SplitAll, TakeBack, Undo),
)
WORKS: dict[str, type[Work]] = {each.__name__: each for each in ALL}
CONTEXT = b"bulk_action:%d"
KEPT = timedelta(days=7)
"""So long it waits for whoever asked to be told how it ended."""


def start(batch: Batch, user: User | None, work: Work, back: str) -> BulkAction:
    """Claim a review for a work that is then done by continue_action(); `back` is the page of whoever asked.

    Raises ReviewClosed, and what speaks against the work.
    """
    with transaction.atomic():
        work.lock(batch)
        touch(batch, work.states)
        work.check(batch)
        batch.refresh_from_db(fields=["state"])
        action: BulkAction = BulkAction.objects.create(
            batch=batch, work=type(work).__name__, sealed=_sealed(work, batch.office_id), asked_by=user,
            state_before=batch.state, rows=work.count(batch), back=masked_name(back),
        )  # fmt: skip
        Batch.objects.filter(pk=batch.pk).update(state=State.CHANGING, attempts=0)
    batch.refresh_from_db()
    return action


def running(batch: Batch) -> BulkAction | None:
    """Give the work that is being done on a batch."""
    return batch.bulk_actions.filter(end="").select_related("change", "asked_by").defer("sealed", "chosen").first()


def continue_action(batch: Batch) -> None:
    """Do what is still to be done of the work that holds a batch, and end it. Can be done again after a crash."""
    action = batch.bulk_actions.filter(end="").select_related("change", "asked_by").first()
    if action is None:
        return
    work = work_of(action)
    try:
        work.open(batch)
    except UnusableFile as error:
        action.said = {"problem": error.as_message()}
        _end(batch, action, End.UNUSABLE)
        return
    if action.chosen is None:
        # Nobody changes anything meanwhile: it is what it was when somebody asked.
        action.chosen = work.choose(batch)
        action.rows = len(action.chosen)
        action.save(update_fields=["chosen", "rows"])
    while _step(batch, action, work):
        pass


def stop(batch: Batch) -> bool:
    """Stop a work after the step that runs now; what was done stays. Gives whether there was anything to stop."""
    with transaction.atomic():
        action = running(batch)
        if action is None or not WORKS[action.work].can_stop or not _is_held(batch):
            return False
        _end(batch, action, End.STOPPED)
        return True


def give_back(batch: Batch) -> None:
    """Return a batch whose work died again and again to its reviewer; what was done in whole steps stays done."""
    with transaction.atomic():
        action = running(batch)
        if action is not None and _is_held(batch):
            _end(batch, action, End.GIVEN_UP)


def work_of(action: BulkAction) -> Work:
    """Give the work as it was asked for. Raises CannotOpen."""
    kept = orjson.loads(sealer().open(bytes(action.sealed or b""), CONTEXT % action.office_id))
    work = WORKS[action.work](**kept)
    work.said = dict(action.said)
    return work


def wipe_old() -> None:
    """Forget what ended in the active office and nobody came back for."""
    ended = BulkAction.objects.exclude(end="")
    ended.filter(asked_at__lt=timezone.now() - KEPT).delete()


def _sealed(work: Work, office_id: int) -> bytes:
    kept = {each.name: getattr(work, each.name) for each in fields(work) if each.init}
    return sealer().seal(orjson.dumps(kept, default=_as_text), CONTEXT % office_id)


def _as_text(content: Any) -> str:
    if isinstance(content, bytes):
        return b64encode(content).decode()
    raise TypeError(type(content))


def _step(batch: Batch, action: BulkAction, work: Work) -> bool:
    """Do the next piece in a transaction of its own; give whether there may be more. Ends the work after the last."""
    with transaction.atomic():
        work.lock(batch)
        if not _is_held(batch):
            return False
        # Another worker may have gone on with it meanwhile.
        action.refresh_from_db(fields=["done", "said", "change", "end"])
        if action.end:
            return False
        work.said |= action.said
        change = action.change or work.change(batch, action.asked_by)
        change.batch = batch
        some = (action.chosen or [])[action.done : action.done + pieces.PIECE]
        if some:
            work.piece(batch, change, some)
            _note(action, work, change, len(some))
            # Whatever gets on is not given up, however long it takes.
            Batch.objects.filter(pk=batch.pk).update(attempts=0)
        else:
            work.close(batch, change, action.asked_by)
            _end(batch, action, End.DONE)
        return bool(some)


def _note(action: BulkAction, work: Work, change: Change, done: int) -> None:
    action.said, action.done = work.said, action.done + done
    action.change = change if change.pk else None
    action.save(update_fields=["said", "change", "done"])


def _is_held(batch: Batch) -> bool:
    try:
        touch(batch, (State.CHANGING,))
    except ReviewClosed:
        return False
    return True


def _end(batch: Batch, action: BulkAction, end: End) -> None:
    """End a work, and give the review back to those who review it."""
    action.end, action.sealed, action.chosen = end, None, None
    action.save(update_fields=["end", "sealed", "chosen", "said"])
    Batch.objects.filter(pk=batch.pk, state=State.CHANGING).update(
        state=action.state_before, attempts=0, revision=F("revision") + 1, touched_at=timezone.now()
    )
    batch.refresh_from_db()
