"""Changing rows of a review and recording what they were, so that it can be undone."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from django.db.models import QuerySet

from accounton.importing.bulk import insert
from accounton.importing.drafts import Draft, draft, put
from accounton.importing.models import Aside, Batch, Change, ChangeKind, RowBefore, StagedRow, made_of_row
from accounton.importing.save_drafts import write
from accounton.importing.screening import keeps
from accounton.offices.models import User
from accounton.spreadsheets.reading import Cell

AT_ONCE = 400
T = TypeVar("T")
CellsOf = Callable[[Draft], Mapping[str, Cell]]
"""Gives the cells to put into a row, by column key; nothing for none."""


class ChangedMeanwhile(Exception):
    """Somebody else changed the row after it was shown; nothing was written. `number` is its sheet row."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def open_rows(batch: Batch) -> QuerySet[StagedRow]:
    """Give the rows of a review about which anything can be changed."""
    return changeable(batch.rows.all())


def changeable(rows: QuerySet[StagedRow]) -> QuerySet[StagedRow]:
    """Leave out the rows that were added or put aside: nothing about them can be changed."""
    return rows.filter(~made_of_row()).exclude(bucket__in=Aside.values)


def rows_by_number(batch: Batch, numbers: Iterable[int]) -> dict[int, StagedRow]:
    """Give the rows of a review that can be changed, by sheet row."""
    wanted = sorted({number for number in numbers if number})
    rows: dict[int, StagedRow] = {}
    for start in range(0, len(wanted), AT_ONCE):
        some = batch.rows.filter(number__in=wanted[start : start + AT_ONCE])
        for row in changeable(some).prefetch_related("content"):
            rows[row.number] = row
    return rows


def put_cells(change: Change, rows: Iterable[StagedRow], cells: CellsOf) -> None:
    """Put cells into rows, as part of a change (saved with the first row).

    Where they stand already nothing happens, nor where the mask of a number is put: no mask takes a number's place.
    """

    def new(each: Draft) -> Mapping[str, Cell]:
        return {key: text for key, text in cells(each).items() if not keeps(key, text, each.text(key))}

    drafts = [each for each in map(draft, rows) if new(each)]
    if drafts:
        record_change(change, drafts, put(change.batch, drafts, new))


def record_change(change: Change, drafts: Sequence[Draft], keys: set[str]) -> None:
    """Write changed drafts down as part of a change, saved with them, and what they were before it."""
    known: set[int] = set()
    if change.pk:
        before = RowBefore.objects.filter(change=change, row__in=[each.row for each in drafts])
        known = set(before.values_list("row_id", flat=True))
    else:
        change.first_row, change.rows = drafts[0].row.number, 0
    # What a row was before stands there once, however often the change comes by.
    first_time = [each for each in drafts if each.row.pk not in known]
    change.rows += len(first_time)
    change.save()
    insert(
        RowBefore,
        ("office_id", "change_id", "row_id", "questionnaire", "sealed"),
        [(change.office_id, change.pk, each.row.pk, each.row.questionnaire, each.row.sealed) for each in first_time],
    )
    write(change.batch, drafts, keys, change)


def recorded(
    batch: Batch, user: User | None, kind: ChangeKind, drafts: Sequence[Draft], keys: set[str]
) -> Change | None:
    """Record one change of drafts, as `record_change` does; None where there are no drafts."""
    change = Change(batch=batch, kind=kind, made_by=user)
    if drafts:
        record_change(change, drafts, keys)
    return change if drafts else None


def batched(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Give a sequence in pieces of at most `size`."""
    return (things[start : start + size] for start in range(0, len(things), size))
