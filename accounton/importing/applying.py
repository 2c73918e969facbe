"""Adding the selected rows of a review: claimed once, in steps, each row compared again with what is there now."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounton.importing.adding import Opened, add
from accounton.importing.choosing import touch
from accounton.importing.halves import Halves
from accounton.importing.last_match import still_new
from accounton.importing.looking import is_to_come
from accounton.importing.models import Batch, Bucket, StagedRow, State, made_of_row
from accounton.importing.outdated_matches import catch_up, match_again
from accounton.importing.overwriting import CHOSEN, OPEN
from accounton.importing.proposals import held_rows
from accounton.importing.putting import put_chosen
from accounton.importing.questionnaires import Which, has_own, which_of
from accounton.importing.rematching import Candidate, made_elsewhere
from accounton.importing.steps import Steps
from accounton.importing.uncollected import uncollected
from accounton.offices.audit import record
from accounton.offices.models import User
from accounton.offices.turns import take_turn

FIRST_STEP_ROWS, STEP_ROWS = 2_000, 15_000
KNOWN_STEP_ROWS = 500


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
    rows = _new_rows(batch)
    return rows.filter(~made_of_row()) if batch.added or batch.state == State.APPLYING else rows


def _new_rows(batch: Batch) -> QuerySet[StagedRow]:
    rows: QuerySet[StagedRow] = StagedRow.objects.filter(batch=batch, bucket=Bucket.ONLY_IN_IMPORT)
    return rows


def rows_left(batch: Batch) -> QuerySet[StagedRow]:
    """Give the rows that can still be added, or repaired and then added."""
    rows: QuerySet[StagedRow] = batch.rows.filter(~made_of_row(), bucket__in=(Bucket.ONLY_IN_IMPORT, Bucket.INVALID))
    return rows


def undecided_rows(batch: Batch) -> QuerySet[StagedRow]:
    """Give the selected rows about which nobody decided yet: of couples, or of who looks like somebody who is here."""
    return selected_rows(batch).filter(number__in=held_rows(batch))


def count_undecided(batch: Batch) -> int:
    """Count the selected rows about which nobody decided yet."""
    return undecided_rows(batch).count()


def claim(
    batch: Batch,
    user: User | None,
    seen_revision: int,
    *,
    only_known: bool = False,
    with_undecided: bool = False,
    seen_rules: str | None = None,
    seen_for_all: str | None = None,
) -> int:
    """Start adding and overwriting; from here on nobody else can. Gives the number of rows.

    `seen_revision` is the state of the review that the reviewer saw: rows that changed after it are left out.
    `seen_rules` is the mark of the rules that the reviewer saw, where questionnaires go by them, and `seen_for_all`
    what was chosen for all rows then (Batch.for_all); None for any.
    `only_known`: nobody new is added, only what was chosen for known customers is done; so it is once all is done.
    `with_undecided`: rows about which nobody decided are added too; otherwise they stay in the review.
    Raises CannotApply: no questionnaire chosen, other choices or rules by now, nothing selected, nothing decided, near
    matches still to be looked for, or being added (or all added) already.
    """
    _tell_apart(batch)
    with transaction.atomic():
        take_turn(batch.office_id)
        batch.refresh_from_db()
        if batch.state not in OPEN:
            raise CannotApply("already_adding")
        if seen_for_all not in (None, batch.for_all):
            raise CannotApply("other_choices")
        only_known = only_known or batch.state == State.DONE
        known = batch.differences.filter(CHOSEN)
        undecided = 0 if only_known or with_undecided else count_undecided(batch)
        new = 0 if only_known else selected_rows(batch).count() - undecided
        count = new + known.count()
        if not batch.questionnaire and (new or not count or known.filter(wants_dossier=True).exists()):
            raise CannotApply("no_questionnaire")
        which = _as_seen(batch, seen_rules)
        if why_not := _why_not(batch, count, undecided, unseen=bool(new) and not with_undecided):
            raise CannotApply(why_not)
        said = {"asked": count, "revision": seen_revision, "only_known": only_known, "undecided": undecided}
        _begin(batch, user, which, said)
    batch.refresh_from_db()
    return count


def _tell_apart(batch: Batch) -> None:
    """Match rows again that are somebody else by now. It stays so, whether anything is added after it or not."""
    with transaction.atomic():
        take_turn(batch.office_id)
        batch.refresh_from_db()
        if batch.state in OPEN and (outdated := catch_up(batch)):
            touch(batch, OPEN)  # so that what nobody saw yet is left out of this add
            match_again(batch, outdated)


def _begin(batch: Batch, user: User | None, which: Which, said: Mapping[str, int]) -> None:
    """Turn a batch over to whoever adds. `said` is what was asked for, and stands with what becomes of it."""
    now = timezone.now()
    Batch.objects.filter(pk=batch.pk).update(
        state=State.APPLYING, applied_by=user, applying_since=now, touched_at=now, attempts=0,
        adds=[*batch.adds, _noted(batch, user, which, now)],
        result={**said, "done": 0, "added": 0, "overwritten": 0, "fields": 0, "dossiers": 0, "moved": [],
                "finished": batch.state == State.DONE and batch.result.get("finished", False)},
    )  # fmt: skip


def _as_seen(batch: Batch, seen_rules: str | None) -> Which:
    which = which_of(batch)
    if which.rules and seen_rules not in (None, which.rules.mark):
        raise CannotApply("other_rules")
    return which


def _noted(batch: Batch, user: User | None, which: Which, now: datetime) -> dict[str, Any]:
    """Give what is kept of an add: when it began, who did it, and what was chosen for it."""
    return {
        "since": now.isoformat(),
        "by": user.pk if user else None,
        "language": batch.language,
        "questionnaire": batch.questionnaire,
        "rules": which.rules.as_json() if which.rules else None,
        "differ": bool(which.rules) or has_own(batch),
    }


def _why_not(batch: Batch, count: int, undecided: int, *, unseen: bool) -> str:
    """Say why nothing can be added now, "" where it can; `unseen`: who is added must have been looked at."""
    if count:
        return "still_looking" if unseen and is_to_come(batch) else ""
    if undecided:
        return "undecided"
    return "already_adding" if batch.state == State.DONE else "nothing_selected"


@uncollected()
def continue_applying(batch: Batch) -> Batch:
    """Add what is still to be added, step by step, and end the batch. Can be done again after a crash.

    Each step is one transaction that holds the office's row locked, so that two adds never pass each other.
    """
    others = made_elsewhere(batch)
    with Halves() as halves, Steps(batch, _rows_to_add, FIRST_STEP_ROWS, STEP_ROWS) as steps:
        while _step(batch, others, steps, halves):
            pass
    while _known_step(batch):
        pass
    return batch


def _step(batch: Batch, others: Sequence[Q], steps: Steps, halves: Halves) -> bool:
    """Add the rows of the next step; give whether there may be more."""
    with transaction.atomic():
        if not _goes_on(batch) or batch.result["only_known"]:
            return False
        step = steps.take()
        if not step.rows:
            return False
        batch.result["done"] += len(step.rows)
        own, other = halves.of(still_new(batch, step.rows, others))
        now = timezone.now()
        counts: Sequence[Mapping[str, int]] = ()
        here = partial(add, batch, own, step.opened, now, steps.begin_next)
        if other:
            counts = halves.both(here, partial(_add_beside, batch.pk, other, step.opened, now))
        elif own:
            counts = (here(),)
        batch.result["added"] += len(other)  # counted there, and not in what we read before
        _count_in(batch, len(own), *counts)
        return True


def _add_beside(batch_id: int, rows: Sequence[Candidate], opened: Opened, moment: datetime) -> dict[str, int]:
    """Add the other half of a step, and count it: it stays, whatever becomes of the first half."""
    batch = Batch.objects.get(pk=batch_id)
    # The moment tells the halves apart: rows of one may lie between those of the other.
    counts = add(batch, rows, opened, moment + timedelta(microseconds=1))
    batch.result["done"] += len(rows)
    _count_in(batch, len(rows), counts)
    return counts


def _count_in(batch: Batch, added: int, *counts: Mapping[str, int]) -> None:
    """Note how many were added, and how many got each questionnaire, where not all got the same."""
    for key, count in chain.from_iterable(each.items() for each in counts):
        kept = batch.result.setdefault("questionnaires", {})
        kept[key] = kept.get(key, 0) + count
    batch.result["added"] += added
    batch.added = F("added") + added
    batch.save(update_fields=["result", "added", "touched_at"])


def _rows_to_add(batch: Batch) -> QuerySet[StagedRow]:
    """Give the rows that are added, or were: the selected ones, without those left for somebody to decide about."""
    rows = _new_rows(batch).filter(selected=True)
    return rows.exclude(number__in=held_rows(batch)) if batch.result["undecided"] else rows


def _known_step(batch: Batch) -> bool:
    """Do what was chosen for the next known customers; give whether there may be more. Ends the batch after the last.

    Whatever was done is no longer chosen, so that a step done again finds what is left.
    """
    with transaction.atomic():
        if not _goes_on(batch):
            return False
        chosen = list(batch.differences.filter(CHOSEN).order_by("number")[:KNOWN_STEP_ROWS])
        if not chosen:
            _finish(batch)
            return False
        customers, fields, dossiers = put_chosen(batch, chosen)
        for name, count in (("overwritten", customers), ("fields", fields), ("dossiers", dossiers)):
            batch.result[name] += count
        batch.result["done"] += len(chosen)
        batch.changed = F("changed") + customers
        batch.save(update_fields=["result", "changed", "touched_at"])
        return True


def cancel(batch: Batch) -> bool:
    """Stop adding after the step that runs now; what was added stays. Gives whether there was anything to stop."""
    with transaction.atomic():
        if not _goes_on(batch):
            return False
        batch.result["cancelled"] = True
        batch.save(update_fields=["result"])
        _finish(batch)
        return True


def _goes_on(batch: Batch) -> bool:
    """Take this office's turn and look whether the batch is (still) being added."""
    take_turn(batch.office_id)
    batch.refresh_from_db()
    return batch.state == State.APPLYING


def give_back(batch: Batch) -> None:
    """Return a batch whose adding died again and again to its reviewer; what was added in whole steps stays added."""
    state = State.DONE if batch.result.get("finished") else State.REVIEW
    Batch.objects.filter(pk=batch.pk, state=State.APPLYING).update(state=state, attempts=0)


def _finish(batch: Batch) -> None:
    batch.refresh_from_db()
    # Invalid ones are found at once; among all that were added, one that was not is looked for far longer.
    left = rows_left(batch)
    is_left = left.filter(bucket=Bucket.INVALID).exists() or left.exists()
    batch.state = State.DONE if batch.result.get("finished") or not is_left else State.REVIEW
    batch.applied_at = timezone.now()
    batch.save()
    done = {name: batch.result[name] for name in ("overwritten", "dossiers") if batch.result[name]}
    record(batch.applied_by, "import.added", f"batch:{batch.pk}", added=batch.result["added"], **done)
