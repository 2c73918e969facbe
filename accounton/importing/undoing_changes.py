"""Undoing a change of a review: its rows are put back as they were before it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.db.models import Q
from django.utils import timezone

from accounton.importing.brought_back import hold_again, put_out_again
from accounton.importing.claims import note_decided
from accounton.importing.drafts import IDENTIFYING, Draft, decided_of
from accounton.importing.models import Batch, Change, ChangeKind, RowBefore, StagedRow, made_of_row
from accounton.importing.pairs import COMPARED
from accounton.importing.pieces import Work, at_once
from accounton.importing.proposals import forget
from accounton.importing.remembering import said_to_be
from accounton.importing.save_drafts import write
from accounton.importing.sealed_rows import opened
from accounton.offices.models import User
from accounton.rows.repeats import ABOUT_OTHER_ROWS

OF_CELLS = (ChangeKind.EDIT, ChangeKind.ACCEPT, ChangeKind.REPLACE, ChangeKind.SET, ChangeKind.RETURNED)
"""Changes that only put cells into rows."""


class CannotUndo(Exception):
    """A change cannot be undone (any more); `rows` are the sheet rows changed or added since, if that is why."""

    def __init__(self, rows: Sequence[int] = ()) -> None:
        super().__init__(rows)
        self.rows = rows


@dataclass
class Undo(Work):
    """Put the rows of a change (its id) back as they were before it."""

    change_id: int
    # Half of it undone would be a review that nobody ever saw.
    can_stop: ClassVar[bool] = False

    def count(self, batch: Batch) -> int:
        """Give how many rows go back."""
        return int(RowBefore.objects.filter(change=self.change_id).count())

    def change(self, batch: Batch, user: User | None) -> Change:
        """Give the change that is undone."""
        change: Change = batch.changes.get(pk=self.change_id)
        change.batch = batch
        return change

    def check(self, batch: Batch) -> None:
        """Raise CannotUndo where it was undone already, or a row was changed once more or added since."""
        if not batch.changes.filter(pk=self.change_id, undone_at=None).exists():
            raise CannotUndo
        if stuck := _moved_since(self.change_id):
            raise CannotUndo(stuck)

    def choose(self, batch: Batch) -> list[int]:
        """Give what is kept of each row, by id, in the order of the file."""
        before = RowBefore.objects.filter(change=self.change_id).order_by("row__number")
        return list(before.values_list("pk", flat=True))

    def piece(self, batch: Batch, change: Change, some: Sequence[int]) -> None:
        """Put some rows back."""
        kept = RowBefore.objects.filter(pk__in=some).select_related("row").order_by("row__number")
        drafts = [_as_it_was(each, change) for each in kept.prefetch_related("row__content")]
        if change.kind == ChangeKind.BROUGHT_BACK:
            put_out_again(change, drafts)
        keys = _differing(drafts) if change.kind in OF_CELLS else IDENTIFYING
        if not keys & IDENTIFYING:
            for each in drafts:
                _hold_to_the_others(each)
        write(batch, drafts, keys)

    def close(self, batch: Batch, change: Change, user: User | None) -> None:
        """Say that it was undone, and by whom."""
        Change.objects.filter(pk=change.pk).update(undone_at=timezone.now(), undone_by=user)
        forget(change, user)
        if change.kind == ChangeKind.DECIDED:
            note_decided(batch, change)
        if change.kind == ChangeKind.BROUGHT_BACK:
            hold_again(change)


def undo(batch: Batch, user: User, change: Change) -> None:
    """Put the rows of a change back as they were before it, at once. Raises CannotUndo, ReviewClosed."""
    at_once(batch, user, Undo(change.pk))


def _as_it_was(before: RowBefore, change: Change) -> Draft:
    content = opened(before)
    was = Draft(before.row, dict(content.values), list(content.findings))
    was.questionnaire = before.questionnaire
    was.decided = None if change.kind == ChangeKind.DECIDED else decided_of(before.row)
    if change.kind in OF_CELLS and was.text("national_number") != opened(before.row).values.get("national_number", ""):
        was.decided = said_to_be(was.values, before.row.office_id)
    return was


def _differing(drafts: Iterable[Draft]) -> set[str]:
    """Give the columns by which rows are recognised or compared that say something else now, in one row or another."""
    keys = set(IDENTIFYING | COMPARED)
    found: set[str] = set()
    for was in drafts:
        now = opened(was.row).values
        found |= {key for key in keys - found if was.values.get(key, "") != now.get(key, "")}
    return found


def _hold_to_the_others(was: Draft) -> None:
    """Let stand what is said now of a row and others: they may have moved since."""
    alone = [finding for finding in was.findings if finding.code not in ABOUT_OTHER_ROWS]
    was.findings = alone + [finding for finding in opened(was.row).findings if finding.code in ABOUT_OTHER_ROWS]


def _moved_since(change_id: int) -> list[int]:
    """Give the rows of a change that were changed once more, or added, since."""
    rows = StagedRow.objects.filter(before__change=change_id)
    later = Q(before__change__undone_at=None, before__change__gt=change_id)
    numbers = set(StagedRow.objects.filter(later, pk__in=rows.values("pk")).values_list("number", flat=True))
    return sorted(numbers | set(rows.filter(made_of_row()).values_list("number", flat=True)))
