"""The same customer twice in one list: shown together, one kept, or their cells combined."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.db import transaction
from django.db.models import QuerySet

from accounton.importing.changing import AT_ONCE, ChangedMeanwhile, batched, changeable, record_change, recorded
from accounton.importing.choosing import touch
from accounton.importing.drafts import Draft, draft, put, put_aside
from accounton.importing.models import Aside, Batch, Bucket, Change, ChangeKind, StagedRow
from accounton.importing.pieces import RowWork, in_order
from accounton.importing.sealed_rows import opened
from accounton.offices.models import User
from accounton.rows.couples import combined
from accounton.rows.repeats import ABOUT_OTHER_ROWS, REPEATED

NUMBER = "national_number"
IDENTITY = {NUMBER}


@dataclass(frozen=True)
class Repeated:
    """A row that stands in the list again, and the sheet row of the first."""

    row: StagedRow
    first: int


def repeated_rows(batch: Batch) -> QuerySet[StagedRow]:
    """Give the rows whose customer stands higher up in the list too."""
    repeated = batch.rows.filter(bucket=Bucket.INVALID, problems__contains=REPEATED)
    return changeable(repeated).order_by("number")


def first_of(row: StagedRow) -> int:
    """Give the sheet row that a repeated row repeats."""
    return next(int(finding.detail) for finding in opened(row).findings if finding.code == REPEATED)


def keep(batch: Batch, user: User, number: int, kept: int, seen: int) -> Change | None:
    """Of a repeated row and the first one, keep the row `kept` and leave the other out.

    Raises ChangedMeanwhile, ReviewClosed, StagedRow.DoesNotExist.
    """
    with transaction.atomic():
        touch(batch)
        again = _unchanged(repeated_rows(batch), number, seen)
        # What repeats a row that was added can only be left out itself.
        out = _unchanged(changeable(batch.rows.all()), _first(again), seen) if kept == number else again
        put_aside(out, Aside.LEFT_OUT)
        return recorded(batch, user, ChangeKind.LEFT_OUT, [out], IDENTITY)


def combine(batch: Batch, user: User, number: int, kept: int, seen: int) -> Change | None:
    """Fill what is empty in the row `kept` from the other one, which becomes part of it. Raises as `keep`."""
    with transaction.atomic():
        touch(batch)
        again, first = _both(batch, number, seen)
        pair = (again, first) if kept == again.row.number else (first, again)
        change = Change(batch=batch, kind=ChangeKind.COMBINED, made_by=user)
        put_in_one(change, [pair])
    return change


class KeepFirst(RowWork):
    """Leave every repeated row out, but none that has a national number of its own: that is decided one by one."""

    kind: ClassVar[ChangeKind] = ChangeKind.LEFT_OUT

    def rows(self, batch: Batch) -> QuerySet[StagedRow]:
        """Give the repeated rows."""
        return repeated_rows(batch)

    def piece(self, batch: Batch, change: Change, some: Sequence[int]) -> None:
        """Leave some of them out."""
        # A first row that was added stands as it is, and is kept all the same.
        pairs = _with_firsts(batch, some, batch.rows.exclude(bucket__in=Aside.values))
        drafts = [again for first, again in pairs if number_of(again) in ("", number_of(first))]
        for each in drafts:
            put_aside(each, Aside.LEFT_OUT)
        if drafts:
            record_change(change, drafts, IDENTITY)


class CombineAll(RowWork):
    """Fill every first row from those that repeat it, as far as these are one person by their national numbers."""

    kind: ClassVar[ChangeKind] = ChangeKind.COMBINED

    def rows(self, batch: Batch) -> QuerySet[StagedRow]:
        """Give the repeated rows."""
        return repeated_rows(batch)

    def piece(self, batch: Batch, change: Change, some: Sequence[int]) -> None:
        """Combine some of them with their first rows."""
        numbers: dict[int, str] = {}
        merged: set[int] = set()
        pairs = []
        for first, again in _with_firsts(batch, some, changeable(batch.rows.all())):
            # A row that becomes part of another holds nobody: what repeats it is compared again without it.
            if first.row.number in merged:
                continue
            known = numbers.setdefault(first.row.number, number_of(first))
            if len({known, number_of(again)} - {""}) < 2:
                numbers[first.row.number] = known or number_of(again)
                merged.add(again.row.number)
                pairs.append((first, again))
        if pairs:
            put_in_one(change, pairs)


def put_in_one(change: Change, pairs: Sequence[tuple[Draft, Draft]]) -> None:
    """Fill what is empty in rows from others, which become part of them, as part of a change: (kept, other)."""
    cells: dict[int, dict[str, str]] = {}
    kept: dict[int, Draft] = {}
    for keeper, other in pairs:
        number = keeper.row.number
        kept[number] = keeper
        given = cells.setdefault(number, {})
        given |= combined({**keeper.values, **given}, other.values)
        put_aside(other, Aside.MERGED, number)
    filled = [each for number, each in kept.items() if cells[number]]
    keys = put(change.batch, filled, lambda each: cells[each.row.number]) if filled else set()
    record_change(change, [*kept.values(), *(other for _, other in pairs)], keys | IDENTITY)


def number_of(each: Draft) -> str:
    """Give the national number of a row, "" where it has none that is valid."""
    about_it = (finding for finding in each.findings if finding.column == NUMBER and finding.kind == "problem")
    wrong = any(finding.code not in ABOUT_OTHER_ROWS for finding in about_it)
    return "" if wrong else each.values.get(NUMBER, "")


def _with_firsts(batch: Batch, some: Sequence[int], rows: QuerySet[StagedRow]) -> list[tuple[Draft, Draft]]:
    """Give repeated rows, each behind the first row of the same customer, one of `rows`."""
    again = [draft(row) for row in in_order(repeated_rows(batch), some)]
    numbers = sorted({_first(each) for each in again})
    firsts = {
        row.number: draft(row)
        for few in batched(numbers, AT_ONCE)
        for row in rows.filter(number__in=few).prefetch_related("content")
    }
    return [(firsts[_first(each)], each) for each in again if _first(each) in firsts]


def _both(batch: Batch, number: int, seen: int) -> tuple[Draft, Draft]:
    again = _unchanged(repeated_rows(batch), number, seen)
    return again, _unchanged(changeable(batch.rows.all()), _first(again), seen)


def _unchanged(rows: QuerySet[StagedRow], number: int, seen: int) -> Draft:
    """Give one of the rows. Raises ChangedMeanwhile where it is not as it was seen."""
    row = rows.get(number=number)
    if row.revision > seen:
        raise ChangedMeanwhile(number)
    return draft(row)


def _first(again: Draft) -> int:
    return next(int(finding.detail) for finding in again.findings if finding.code == REPEATED)
