"""Taking corrected rows back into the review that they were downloaded from: just those rows, and nothing silently."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from accounton.importing.drafts import Draft, draft
from accounton.importing.layout import layout, places
from accounton.importing.models import Batch, Bucket, Change, ChangeKind, RowBefore, StagedRow, State, made_of_row
from accounton.importing.repairing import put_back
from accounton.importing.row_marks import Mark, digest, read_mark
from accounton.importing.staging import limits
from accounton.offices.models import User
from accounton.rows.cells import shown
from accounton.rows.returned import MARK_HEADER, Returned, ReturnedRow
from accounton.spreadsheets.mentioning import mentions
from accounton.spreadsheets.reading import Cell

AT_ONCE = 400
Cells = Mapping[str, Cell]


@dataclass
class TakenBack:
    """What came of a workbook: how many rows were replaced and are valid or invalid now, and which were left alone.

    Rows are named by where they stand in the workbook that came back.
    """

    change: Change | None = None
    valid: int = 0
    invalid: int = 0
    same: int = 0
    """Rows that say what the review says already."""
    unknown: list[int] = field(default_factory=list)
    """Rows without a mark, or with one that is not of this import."""
    twice: list[int] = field(default_factory=list)
    """Rows that bear the mark of a row above them: neither is taken."""
    changed: list[int] = field(default_factory=list)
    """Rows that were changed in the review since the workbook was downloaded."""
    added: list[int] = field(default_factory=list)
    """Rows of which a customer was made meanwhile."""


class _Corrected(NamedTuple):
    place: int
    values_then: str
    cells: Cells


def belongs_to(content: bytes, office_id: int) -> Batch | None:
    """Give the open review that an uploaded file was downloaded from, None for any other file. Raises UnusableFile."""
    if not mentions(content, MARK_HEADER, limits()):
        return None
    with Returned(content, limits()) as returned:
        marks = (read_mark(row.mark, office_id) for row in returned)
        first = next((mark for mark in marks if mark), None)
    return Batch.objects.filter(pk=first.batch_id, state=State.REVIEW).first() if first else None


def take_back(batch: Batch, user: User, content: bytes) -> TakenBack:
    """Put the corrected rows of a workbook in the place of those they were. Raises UnusableFile, ReviewClosed."""
    taken = TakenBack()
    corrected = _read(batch, content, taken)
    left: set[int] = set()

    def cells(each: Draft) -> Cells:
        row, number = corrected[each.row.number], each.row.number
        new = _differing(each.values, row.cells)
        if new and number not in left and _was_changed(each, row, user):
            left.add(number)
        return {} if number in left else new

    taken.change = put_back(batch, user, _open_rows(batch, corrected, taken), cells)
    taken.changed = sorted([*taken.changed, *(corrected[number].place for number in left)])
    replaced = taken.change.rows if taken.change else 0
    taken.same += len(corrected) - replaced - len(taken.changed) - len(taken.added)
    if taken.change:
        rows = StagedRow.objects.filter(before__change=taken.change)
        taken.invalid = rows.filter(bucket=Bucket.INVALID).count()
        taken.valid = replaced - taken.invalid
    return taken


def _read(batch: Batch, content: bytes, taken: TakenBack) -> dict[int, _Corrected]:
    """Give, by sheet row, the rows of a workbook that say something else than the review; note the others."""
    corrected: dict[int, _Corrected] = {}
    times: Counter[int] = Counter()
    with Returned(content, limits()) as returned:
        at = places(layout(batch), returned.headers)
        rows = iter(returned)
        while some := list(islice(rows, AT_ONCE)):
            marked = list(_marked(batch, some, taken))
            found = batch.rows.filter(number__in=[mark.number for mark, _ in marked]).prefetch_related("content")
            staged = {row.number: row for row in found}
            for mark, row in marked:
                times[mark.number] += 1
                if times[mark.number] > 1:
                    taken.twice.append(row.number)
                elif mark.number not in staged:
                    taken.unknown.append(row.number)
                elif new := _differing(draft(staged[mark.number]).values, _cells(row, at)):
                    corrected[mark.number] = _Corrected(row.number, mark.values, new)
                else:
                    taken.same += 1
    return {number: row for number, row in corrected.items() if times[number] == 1}


def _marked(batch: Batch, rows: Iterable[ReturnedRow], taken: TakenBack) -> Iterator[tuple[Mark, ReturnedRow]]:
    for row in rows:
        mark = read_mark(row.mark, batch.office_id)
        if mark is not None and mark.batch_id == batch.pk:
            yield mark, row
        else:
            taken.unknown.append(row.number)


def _cells(row: ReturnedRow, at: Mapping[str, int]) -> Cells:
    return {key: row.cells[place] for key, place in at.items()}


def _differing(values: Mapping[str, str], cells: Cells) -> Cells:
    return {key: cell for key, cell in cells.items() if shown(cell).text != values.get(key, "")}


def _open_rows(batch: Batch, corrected: Mapping[int, _Corrected], taken: TakenBack) -> Iterator[StagedRow]:
    """Give the staged rows of these numbers that were not added; note the others."""
    rest = iter(sorted(corrected))
    while some := list(islice(rest, AT_ONCE)):
        rows = batch.rows.filter(number__in=some).annotate(is_added=made_of_row())
        for row in rows.select_related("content").order_by("number"):
            if row.is_added:
                taken.added.append(corrected[row.number].place)
            elif row.bucket not in Bucket.values:  # merged or left out meanwhile
                taken.changed.append(corrected[row.number].place)
            else:
                yield row


def _was_changed(each: Draft, row: _Corrected, user: User) -> bool:
    """Tell whether what stands in a row was changed since its mark was made, other than by this same way and person."""
    if digest(each.values, each.row.office_id) == row.values_then:
        return False
    last = RowBefore.objects.filter(row=each.row, change__undone_at=None).order_by("-change").values_list(
        "change__kind", "change__made_by"
    )  # fmt: skip
    return bool(last.first() != (ChangeKind.RETURNED, user.pk))
