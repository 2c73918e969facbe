"""Repairing rows in a review: a cell, all suggestions of a kind, one wrong value wherever it stands; and undoing it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounton.importing.bulk import insert
from accounton.importing.choosing import touch
from accounton.importing.drafts import IDENTIFYING, Draft, decided_of, draft, put, write
from accounton.importing.models import Aside, Batch, Change, ChangeKind, RowBefore, StagedRow, made_of_row
from accounton.importing.proposals import forget
from accounton.importing.sealed_rows import opened
from accounton.offices.models import User
from accounton.rows.findings import Finding
from accounton.spreadsheets.reading import Cell

WITHOUT_EMAIL = "email.without"
ONLY_EMAIL = "email.missing"
AT_ONCE = 400
ROWS_AT_ONCE = 5000
Cells = Mapping[str, str]
Edits = Mapping[int, tuple[int, Cells]]
"""By sheet row: the revision that was shown, and texts by column key."""


class ChangedMeanwhile(Exception):
    """Somebody else changed the row after it was shown; nothing was written. `number` is its sheet row."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class CannotUndo(Exception):
    """A change cannot be undone (any more); `rows` are the sheet rows changed or added since, if that is why."""

    def __init__(self, rows: Sequence[int] = ()) -> None:
        super().__init__(rows)
        self.rows = rows


def edit(batch: Batch, user: User, edits: Edits) -> Change | None:
    """Put texts into cells of rows, each as it was shown. Gives the change, None where nothing differs.

    Rows that are not there, or were added meanwhile, are passed over. Raises ChangedMeanwhile, ReviewClosed.
    """
    with transaction.atomic():
        touch(batch)
        rows = list(_open_rows(batch).filter(number__in=edits).order_by("number").select_related("content"))
        for row in rows:
            if row.revision > edits[row.number][0]:
                raise ChangedMeanwhile(row.number)
        keys = {key for _, cells in edits.values() for key in cells}
        column = keys.pop() if len(keys) == 1 else ""
        return _change(batch, user, ChangeKind.EDIT, rows, lambda each: edits[each.row.number][1], column=column)


def accept(batch: Batch, user: User, code: str, numbers: Sequence[int] | None = None) -> Change | None:
    """Accept what is suggested under a code, in the named rows or in all. Gives the change, None where there is none.

    Raises ReviewClosed.
    """

    def suggested(each: Draft) -> Cells:
        return {f.column: f.after for f in each.findings if f.kind == "suggestion" and f.code == code}

    with transaction.atomic():
        touch(batch)
        rows = _open_rows(batch)
        rows = rows.filter(number__in=numbers) if numbers is not None else rows.filter(problems__contains=code)
        column = code.partition(".")[0]
        return _change(batch, user, ChangeKind.ACCEPT, rows, suggested, column=column, code=code)


def replace(batch: Batch, user: User, code: str, wrong: tuple[str, str], after: str) -> Change | None:
    """Put `after` in the place of a wrong value (its column and text), wherever it stands. Raises ReviewClosed."""
    key, before = wrong

    def replaced(each: Draft) -> Cells:
        is_there = any(_is_wrong(finding, code, key) and finding.before == before for finding in each.findings)
        return {key: after} if is_there else {}

    with transaction.atomic():
        touch(batch)
        rows = _open_rows(batch).filter(problems__contains=code)
        return _change(batch, user, ChangeKind.REPLACE, rows, replaced, column=key, code=code)


def set_cells(
    batch: Batch, user: User, rows: QuerySet[StagedRow], key: str, text: Callable[[str], str]
) -> Change | None:
    """Change one column (or the questionnaire) of rows of a batch by a rule from the old text to the new.

    Raises ReviewClosed.
    """

    def cells(each: Draft) -> Cells:
        return {key: text(each.text(key))}

    with transaction.atomic():
        touch(batch)
        return _change(batch, user, ChangeKind.SET, changeable(rows), cells, column=key)


def put_back(
    batch: Batch, user: User, rows: Iterable[StagedRow], cells: Callable[[Draft], Mapping[str, Cell]]
) -> Change | None:
    """Put what was corrected elsewhere into rows that were not added: `cells` gives it by column key, nothing for none.

    `rows` may be found while this runs, once the review is claimed. Raises ReviewClosed.
    """
    with transaction.atomic():
        touch(batch)
        return _change(batch, user, ChangeKind.RETURNED, rows, cells)


def allow_without_email(batch: Batch, user: User, numbers: Sequence[int] | None = None) -> Change | None:
    """Let rows in whose only fault is a missing e-mail address: the named ones, or all. Raises ReviewClosed."""
    with transaction.atomic():
        touch(batch)
        rows = lacking_only_email(batch)
        if numbers is not None:
            rows = rows.filter(number__in=numbers)
        drafts = [draft(row) for row in rows.order_by("number").prefetch_related("content")]
        for each in drafts:
            each.findings = [finding for finding in each.findings if finding.code != ONLY_EMAIL]
            each.findings.append(Finding("notice", "email", WITHOUT_EMAIL))
        kind = ChangeKind.WITHOUT_EMAIL
        change = Change(batch=batch, kind=kind, made_by=user, column="email", code=ONLY_EMAIL)
        return record_change(change, drafts, {"email"}) if drafts else None


def lacking_only_email(batch: Batch) -> QuerySet[StagedRow]:
    """Give the rows whose only fault is that no e-mail address stands there."""
    return _open_rows(batch).filter(problems=ONLY_EMAIL)


def undo(batch: Batch, user: User, change: Change) -> None:
    """Put the rows of a change back as they were before it. Raises CannotUndo, ReviewClosed."""
    with transaction.atomic():
        touch(batch)
        if not Change.objects.filter(pk=change.pk, undone_at=None).update(undone_at=timezone.now(), undone_by=user):
            raise CannotUndo
        kept = list(RowBefore.objects.filter(change=change).select_related("row").order_by("row__number"))
        if stuck := _moved_since(change):
            raise CannotUndo(stuck)
        drafts = []
        for before in kept:
            content = opened(before)
            drafts.append(Draft(before.row, dict(content.values), list(content.findings)))
            drafts[-1].questionnaire = before.questionnaire
            drafts[-1].decided = None if change.kind == ChangeKind.DECIDED else decided_of(before.row)
        write(batch, drafts, identity=True)
        forget(change, user)


def _moved_since(change: Change) -> list[int]:
    """Give the rows of a change that were changed once more, or added, since."""
    rows = StagedRow.objects.filter(before__change=change)
    later = Q(before__change__undone_at=None, before__change__gt=change.pk)
    numbers = set(StagedRow.objects.filter(later, pk__in=rows.values("pk")).values_list("number", flat=True))
    return sorted(numbers | set(rows.filter(made_of_row()).values_list("number", flat=True)))


def _open_rows(batch: Batch) -> QuerySet[StagedRow]:
    return changeable(batch.rows.all())


def changeable(rows: QuerySet[StagedRow]) -> QuerySet[StagedRow]:
    """Leave out the rows that were added or put aside: nothing about them can be changed."""
    return rows.filter(~made_of_row()).exclude(bucket__in=Aside.values)


def _is_wrong(finding: Finding, code: str, key: str) -> bool:
    return finding.kind == "problem" and finding.code == code and finding.column == key


def _change(
    batch: Batch,
    user: User,
    kind: ChangeKind,
    rows: Iterable[StagedRow],
    cells: Callable[[Draft], Mapping[str, Cell]],
    **about: str,
) -> Change | None:
    """Put cells into rows; in which they stand already a row is left alone."""

    def new(each: Draft) -> Mapping[str, Cell]:
        return {key: text for key, text in cells(each).items() if text != each.text(key)}

    change = None
    for some in _in_parts(rows):
        drafts = [each for each in map(draft, some) if new(each)]
        if drafts:
            keys = put(batch, drafts, new)
            change = record_change(change or Change(batch=batch, kind=kind, made_by=user, **about), drafts, keys)
    return change


def _in_parts(rows: Iterable[StagedRow]) -> Iterator[list[StagedRow]]:
    """Give rows in the order of the file, so many at once as fit well into memory."""
    if isinstance(rows, QuerySet):
        ids = list(rows.order_by("number").values_list("pk", flat=True))
        for some in batched(ids, ROWS_AT_ONCE):
            parts = (StagedRow.objects.filter(pk__in=part).order_by("number") for part in batched(some, AT_ONCE))
            yield [row for part in parts for row in part.prefetch_related("content")]
    else:
        yield list(rows)


def record_change(change: Change, drafts: Sequence[Draft], keys: set[str]) -> Change:
    """Write changed drafts down, and what they were before, so that it can be undone. Gives the change, saved."""
    if not change.pk:
        change.first_row, change.rows = drafts[0].row.number, 0
    change.rows += len(drafts)
    change.save()
    insert(
        RowBefore,
        ("office_id", "change_id", "row_id", "questionnaire", "sealed"),
        [(change.office_id, change.pk, each.row.pk, each.row.questionnaire, each.row.sealed) for each in drafts],
    )
    write(change.batch, drafts, identity=bool(keys & IDENTIFYING))
    return change


def batched(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """Give a sequence in pieces of at most `size`."""
    return (ids[start : start + size] for start in range(0, len(ids), size))


def recorded(
    batch: Batch, user: User | None, kind: ChangeKind, drafts: Sequence[Draft], keys: set[str]
) -> Change | None:
    """Record one change of drafts, as `record_change` does; None where there are no drafts."""
    return record_change(Change(batch=batch, kind=kind, made_by=user), drafts, keys) if drafts else None
