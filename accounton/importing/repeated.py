"""The same customer twice in one list: shown together, one kept, or their cells combined."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from accounton.importing.choosing import touch
from accounton.importing.drafts import Draft, draft, put, put_aside
from accounton.importing.models import Aside, Batch, Bucket, Change, ChangeKind, StagedRow
from accounton.importing.repairing import ChangedMeanwhile, changeable, recorded
from accounton.importing.sealed_rows import opened
from accounton.offices.models import User
from accounton.rows.couples import combined
from accounton.rows.repeats import REPEATED

IDENTITY = {"national_number"}
AT_ONCE = 400


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
        again, first = _both(batch, number, seen)
        out = first if kept == again.row.number else again
        put_aside(out, Aside.LEFT_OUT)
        return recorded(batch, user, ChangeKind.LEFT_OUT, [out], IDENTITY)


def combine(batch: Batch, user: User, number: int, kept: int, seen: int) -> Change | None:
    """Fill what is empty in the row `kept` from the other one, which becomes part of it. Raises as `keep`."""
    with transaction.atomic():
        touch(batch)
        again, first = _both(batch, number, seen)
        pair = (again, first) if kept == again.row.number else (first, again)
        return _combined(batch, user, [pair])


def keep_first_everywhere(batch: Batch, user: User) -> Change | None:
    """Leave every repeated row out. Raises ReviewClosed."""
    with transaction.atomic():
        touch(batch)
        drafts = [draft(row) for row in repeated_rows(batch).prefetch_related("content")]
        for each in drafts:
            put_aside(each, Aside.LEFT_OUT)
        return recorded(batch, user, ChangeKind.LEFT_OUT, drafts, IDENTITY)


def combine_everywhere(batch: Batch, user: User) -> Change | None:
    """Fill every first row from those that repeat it. Raises ReviewClosed."""
    with transaction.atomic():
        touch(batch)
        again = [draft(row) for row in repeated_rows(batch).prefetch_related("content")]
        firsts: dict[int, Draft] = {}
        wanted = sorted({_first(each) for each in again})
        for start in range(0, len(wanted), AT_ONCE):
            some = batch.rows.filter(number__in=wanted[start : start + AT_ONCE])
            for row in changeable(some).prefetch_related("content"):
                firsts[row.number] = draft(row)
        return _combined(batch, user, [(firsts[_first(each)], each) for each in again if _first(each) in firsts])


def _combined(batch: Batch, user: User, pairs: Sequence[tuple[Draft, Draft]]) -> Change | None:
    cells: dict[int, dict[str, str]] = {}
    kept: dict[int, Draft] = {}
    for keeper, other in pairs:
        number = keeper.row.number
        kept[number] = keeper
        given = cells.setdefault(number, {})
        given |= combined({**keeper.values, **given}, other.values)
        put_aside(other, Aside.MERGED, number)
    filled = [each for number, each in kept.items() if cells[number]]
    keys = put(batch, filled, lambda each: cells[each.row.number]) if filled else set()
    others = [other for _, other in pairs]
    return recorded(batch, user, ChangeKind.COMBINED, [*kept.values(), *others], keys | IDENTITY)


def _both(batch: Batch, number: int, seen: int) -> tuple[Draft, Draft]:
    rows = changeable(batch.rows.all())
    again = draft(repeated_rows(batch).get(number=number))
    first = draft(rows.get(number=_first(again)))
    for each in (again, first):
        if each.row.revision > seen:
            raise ChangedMeanwhile(each.row.number)
    return again, first


def _first(again: Draft) -> int:
    return next(int(finding.detail) for finding in again.findings if finding.code == REPEATED)
