"""What runs in the background: reading and adding. The queue only wakes; batches are the truth and count attempts."""

import logging
from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django_q.models import Schedule
from django_q.tasks import async_task

from accounton.customers.models import Customer
from accounton.importing import bulk_actions, handing_out
from accounton.importing.applying import continue_applying, give_back
from accounton.importing.choosing import ReviewClosed
from accounton.importing.leases import Held, Hold, Lost, leased
from accounton.importing.lengths import LONG
from accounton.importing.linked import join_linked
from accounton.importing.looking import ATTEMPTS, ask_again, is_outdated
from accounton.importing.looking import STALE as STALE_LOOK
from accounton.importing.models import Batch, MadeWorkbook, State, Upload
from accounton.importing.near import look, looking
from accounton.importing.returning import TakeBack, belongs_to, invalid_url
from accounton.importing.staging import content_of, fail, read_upload
from accounton.importing.undoing import continue_undoing, give_undo_back
from accounton.importing.unread import handed_over, never_matched, never_read
from accounton.offices.models import Office
from accounton.offices.scoping import acting_for
from accounton.spreadsheets.problems import UnusableFile

log = logging.getLogger(__name__)
# To read any list takes comparing it with all customers: of so many not while somebody waits.
MANY_CUSTOMERS = 20_000
# The queue delivers at least once: a batch in any other state has had its work, and is left alone.
UNREAD = (State.WAITING, State.READING)
UNFINISHED = (State.WAITING, State.READING, State.APPLYING, State.CHANGING, State.UNDOING)
# A batch whose worker lives is touched after every block or step, well within this time.
STALE = timedelta(seconds=20)
# A reading is known to be broken off by its lease (expired.py). This is for what never got one.
STALE_READING = timedelta(minutes=4)
# Putting a large workbook together at its end takes longer than any step of a batch.
STALE_WORKBOOK = timedelta(minutes=5)
SWEEP = "take up what was broken off"
KEPT = timedelta(days=7)
"""So long a file waits for somebody to match its columns."""


def wake(batch: Batch) -> None:
    """Queue the next piece of work on a batch; joins the caller's transaction."""
    with transaction.atomic():
        async_task("accounton.importing.jobs.work_on", batch.office_id, batch.id)


def work_on(office_id: int, batch_id: int) -> None:
    """Read, go on adding, changing or undoing, whatever the batch waits for. Doing it twice changes nothing."""
    with acting_for(office_id):
        batch = Batch.objects.filter(pk=batch_id).first()
        if batch is None or batch.state not in UNFINISHED:
            return
        if batch.state in UNREAD:
            read(batch)
        elif _claimed_attempt(batch):
            _go_on(batch)


def _go_on(batch: Batch) -> None:
    if batch.state == State.APPLYING:
        continue_applying(batch)
    elif batch.state == State.UNDOING:
        continue_undoing(batch)
    else:
        bulk_actions.continue_action(batch)
        _look_after(batch)


def _look_after(batch: Batch) -> None:
    """Look through a long list in time, of which much was changed: a short one is looked through when it is added."""
    if batch.state == State.REVIEW and batch.rows_read > LONG and is_outdated(batch):
        look_anew(batch)


def read(batch: Batch, *, in_web: bool = False) -> bool:
    """Read the file of a batch. Return False where another process does, or reads for the office in the web."""
    try:
        with leased(batch, in_web=in_web) as hold:
            # Another process may have read it before this one had the lease.
            batch.refresh_from_db()
            if batch.state in UNREAD and _claimed_attempt(batch):
                _read(batch, hold)
    except Held:
        return False
    except Lost:
        log.warning("batch %s was taken over while it was read", batch.pk)
    return True


def _read(batch: Batch, hold: Hold) -> None:
    upload = Upload.objects.filter(batch=batch).first()
    if upload and not upload.is_light and _was_handed_over(batch, upload):
        return
    with looking(batch, long=upload is None or not upload.is_light) as looker:
        read_upload(batch, looker, hold.renew)
        if batch.state == State.REVIEW:
            join_linked(batch)
            looker.write_down()


def _was_handed_over(batch: Batch, upload: Upload) -> bool:
    """Take a heavy file that was downloaded from an open review back into that. A light one: return_views.py."""
    content = content_of(upload)
    try:
        review = belongs_to(content, batch.office_id)
        if review is None:
            return False
        bulk_actions.start(review, batch.created_by, TakeBack(content), invalid_url(review))
    except (UnusableFile, ReviewClosed):
        return False  # it is read as any other list, and what is wrong with it is said there
    wake(review)
    fail(batch, handed_over(review.pk))
    return True


def wake_to_look(batch: Batch) -> None:
    """Queue looking for near matches."""
    with transaction.atomic():
        async_task("accounton.importing.jobs.look_again", batch.office_id, batch.id)


def look_again(office_id: int, batch_id: int) -> None:
    """Look for near matches once more."""
    with acting_for(office_id):
        batch = Batch.objects.filter(pk=batch_id, state=State.REVIEW).first()
        if batch is not None:
            # Counted and committed before the work; by itself, for other work on the batch counts its own.
            batch.near_attempts += 1
            batch.save(update_fields=["near_attempts", "touched_at"])
            if batch.near_at is None:  # the first time broke off
                join_linked(batch)
            look(batch)


def look_anew(batch: Batch) -> None:
    """Look for near matches once more: in a short list before this returns; in a long one adding waits for it.

    So it does where there are very many customers, each of whom is looked at.
    """
    if batch.rows_read <= LONG and Customer.objects.count() < MANY_CUSTOMERS:
        look_again(batch.office_id, batch.pk)
    else:
        ask_again(batch)
        wake_to_look(batch)


def wake_to_make(made: MadeWorkbook) -> None:
    """Queue making a workbook."""
    with transaction.atomic():
        async_task("accounton.importing.jobs.make_workbook", made.office_id, made.pk)


def make_workbook(office_id: int, made_id: int) -> None:
    """Make a workbook that somebody waits for; nothing where it was made or stopped meanwhile."""
    with acting_for(office_id):
        waiting = MadeWorkbook.objects.filter(pk=made_id, sealed=None)
        # Counted and committed before the work, as for batches.
        waiting.update(attempts=F("attempts") + 1, touched_at=timezone.now())
        made = waiting.select_related("batch").first()
        if made is not None and not handing_out.is_given_up(made):
            with suppress(handing_out.Stopped):
                handing_out.make(made)


def _claimed_attempt(batch: Batch) -> bool:
    # Counted and committed before the work: a job that kills its own worker would otherwise repeat for ever.
    if batch.attempts >= ATTEMPTS:
        log.error("batch %s given up after %s attempts", batch.id, batch.attempts)
        if batch.state == State.APPLYING:
            give_back(batch)
        elif batch.state == State.UNDOING:
            give_undo_back(batch)
        elif batch.state == State.CHANGING:
            bulk_actions.give_back(batch)
        else:
            fail(batch, never_read())
        return False
    batch.attempts += 1
    batch.save(update_fields=["attempts", "touched_at"])
    return True


def read_on(batch: Batch) -> None:
    """Read the file of a batch: a light one before this returns, others in the background, so where one is read."""
    is_light = Upload.objects.filter(batch=batch, is_light=True).exists() and Customer.objects.count() < MANY_CUSTOMERS
    if not is_light or not read(batch, in_web=True):
        wake(batch)


def sweep_every_minute() -> None:
    """Have the queue look for broken off work again and again: a worker may die long after another one started."""
    wanted = {
        "func": "accounton.importing.jobs.take_up_interrupted",
        "schedule_type": Schedule.MINUTES,
        "minutes": 1,
        "repeats": -1,
        "kwargs": "{'q_options': {'save': False}}",
    }
    if not Schedule.objects.filter(name=SWEEP, **wanted).exists():
        Schedule.objects.update_or_create(name=SWEEP, defaults=wanted)


def _broken_off() -> QuerySet[Batch]:
    """Give the batches of the office whose work nobody goes on with."""
    now = timezone.now()
    unread = Q(state=State.READING, lease=None, touched_at__lt=now - STALE_READING)
    unlooked = Q(state=State.REVIEW, near_at=None, near_attempts__lt=ATTEMPTS, lease=None)
    unlooked &= Q(touched_at__lt=now - STALE_LOOK)
    unfinished = Q(state__in=set(UNFINISHED) - {State.READING}, lease=None, touched_at__lt=now - STALE)
    found: QuerySet[Batch] = Batch.objects.filter(unread | unlooked | unfinished)
    return found


def take_up_interrupted() -> int:
    """Queue every batch whose work was broken off, and wipe what waited too long. Gives how many were queued."""
    found = 0
    for office in Office.objects.all():
        with acting_for(office.id):
            for batch in _broken_off():
                # Touched: what is queued already is not queued again and again while the worker is busy.
                if Batch.objects.filter(pk=batch.pk, touched_at=batch.touched_at).update(touched_at=timezone.now()):
                    wake_to_look(batch) if batch.state == State.REVIEW else wake(batch)
                    found += 1
            handing_out.wipe_old()
            bulk_actions.wipe_old()
            unmade = MadeWorkbook.objects.filter(sealed=None, attempts__lte=handing_out.ATTEMPTS)
            for made in unmade.filter(touched_at__lt=timezone.now() - STALE_WORKBOOK):
                wake_to_make(made)
                found += 1
            for batch in Batch.objects.filter(state=State.MAPPING, touched_at__lt=timezone.now() - KEPT):
                fail(batch, never_matched())
    return found
