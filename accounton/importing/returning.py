"""Taking corrected rows back into the review that they were downloaded from: just those rows, and nothing silently."""

from base64 import b64decode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from django.urls import reverse

from accounton.importing.changing import put_cells
from accounton.importing.drafts import Draft, draft
from accounton.importing.layout import layout, places
from accounton.importing.models import Batch, Bucket, Change, ChangeKind, RowBefore, StagedRow, State, made_of_row
from accounton.importing.pieces import Work, at_once
from accounton.importing.row_marks import Mark, digest, read_mark
from accounton.importing.screening import keeps
from accounton.importing.staging import limits
from accounton.offices.models import User
from accounton.rows.cells import shown
from accounton.rows.long_texts import refuse_long
from accounton.rows.returned import MARK_HEADER, Returned, ReturnedRow
from accounton.spreadsheets.mentioning import mentions
from accounton.spreadsheets.reading import Cell
from accounton.spreadsheets.weight import is_light

AT_ONCE = 400
NAMED_AT_MOST = 20
Cells = Mapping[str, Cell]


class TakenBack(NamedTuple):
    """What came of a workbook: how many rows were replaced and are valid or invalid now, and which were left alone.

    Rows are named by where they stand in the workbook that came back, the first ones and one more than is shown.
    """

    change: Change | None
    valid: int
    invalid: int
    same: int
    """Rows that say what the review says already."""
    unknown: list[int]
    """Rows without a mark, or with one that is not of this import."""
    twice: list[int]
    """Rows that bear the mark of a row above them: neither is taken."""
    changed: list[int]
    """Rows that were changed in the review since the workbook was downloaded."""
    added: list[int]
    """Rows of which a customer was made meanwhile."""


class _Corrected(NamedTuple):
    place: int
    values_then: str
    cells: Cells


@dataclass
class TakeBack(Work):
    """Put the corrected rows of a workbook in the place of those they were. `open` raises UnusableFile."""

    content: bytes
    _corrected: dict[int, _Corrected] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        """Take the workbook as JSON holds it, too."""
        if isinstance(self.content, str):
            self.content = b64decode(self.content)

    def is_small(self, batch: Batch) -> bool:
        """Whether the workbook is read while somebody waits."""
        return is_light(self.content)

    def count(self, batch: Batch) -> int:
        """Give how many rows say something else than the review; known once the workbook was opened."""
        return len(self._corrected)

    def change(self, batch: Batch, user: User | None) -> Change:
        """Give the change that all pieces are part of."""
        return Change(batch=batch, kind=ChangeKind.RETURNED, made_by=user)

    def open(self, batch: Batch) -> None:
        """Read the workbook."""
        self.said |= {"unknown": [], "twice": [], "seen": 0, "left": self.said.get("left", 0)}
        self.said = {"changed": [], "added": [], **self.said}
        self._corrected = self._read(batch)

    def choose(self, batch: Batch) -> list[int]:
        """Give the sheet rows that the workbook says something else about."""
        return sorted(self._corrected)

    def piece(self, batch: Batch, change: Change, some: Sequence[int]) -> None:
        """Replace some rows."""
        rows = batch.rows.filter(number__in=some).annotate(is_added=made_of_row())
        ours = [row for row in rows.order_by("number").prefetch_related("content") if self._is_free(row)]
        put_cells(change, ours, lambda each: self._new_cells(each, change.made_by))

    def _is_free(self, row: StagedRow) -> bool:
        if row.is_added:  # type: ignore[attr-defined]
            self._leave(row, "added")
        elif row.bucket not in Bucket.values:  # merged or left out meanwhile
            self._leave(row, "changed")
        else:
            return True
        return False

    def _new_cells(self, each: Draft, user: User | None) -> Cells:
        corrected = self._corrected[each.row.number]
        new = _differing(each.values, corrected.cells)
        if new and _was_changed(each, corrected, user):
            self._leave(each.row, "changed")
            return {}
        return new

    def _leave(self, row: StagedRow, why: str) -> None:
        self.said["left"] += 1
        self._name(why, self._corrected[row.number].place)

    def _name(self, why: str, place: int) -> None:
        named = sorted({*self.said[why], place})
        self.said[why] = named[: NAMED_AT_MOST + 1]

    def _read(self, batch: Batch) -> dict[int, _Corrected]:
        """Give, by sheet row, the rows of a workbook that say something else than the review; note the others."""
        corrected: dict[int, _Corrected] = {}
        times: Counter[int] = Counter()
        with Returned(self.content, limits()) as returned:
            at = places(layout(batch), returned.headers)
            rows = iter(returned)
            while some := list(islice(rows, AT_ONCE)):
                marked = list(self._marked(batch, some))
                found = batch.rows.filter(number__in=[mark.number for mark, _ in marked]).prefetch_related("content")
                staged = {row.number: row for row in found}
                for mark, row in marked:
                    texts = [shown(cell).text for cell in _cells(row, at).values()]
                    refuse_long([[text] for text in texts], [row.number], [0])
                    if not any(texts):
                        continue  # emptied but for its mark, which nobody sees: taken out
                    times[mark.number] += 1
                    if times[mark.number] > 1:
                        self._name("twice", row.number)
                    elif mark.number not in staged:
                        self._name("unknown", row.number)
                    elif new := _differing(draft(staged[mark.number]).values, _cells(row, at)):
                        corrected[mark.number] = _Corrected(row.number, mark.values, new)
                    else:
                        self.said["seen"] += 1
        once = {number: row for number, row in corrected.items() if times[number] == 1}
        self.said["seen"] += len(once)
        return once

    def _marked(self, batch: Batch, rows: Iterable[ReturnedRow]) -> Iterator[tuple[Mark, ReturnedRow]]:
        for row in rows:
            mark = read_mark(row.mark, batch.office_id)
            if mark is not None and mark.batch_id == batch.pk:
                yield mark, row
            else:
                self._name("unknown", row.number)


def belongs_to(content: bytes, office_id: int) -> Batch | None:
    """Give the open review that an uploaded file was downloaded from, None for any other file. Raises UnusableFile."""
    if not mentions(content, MARK_HEADER, limits()):
        return None
    with Returned(content, limits()) as returned:
        marks = (read_mark(row.mark, office_id) for row in returned)
        first = next((mark for mark in marks if mark), None)
    return Batch.objects.filter(pk=first.batch_id, state=State.REVIEW).first() if first else None


def invalid_url(batch: Batch) -> str:
    """Return the page that corrected rows come back to."""
    return f"{reverse('importing:review', args=[batch.pk])}?bucket=invalid"


def take_back(batch: Batch, user: User, content: bytes) -> TakenBack:
    """Take the corrected rows of a workbook back at once. Raises UnusableFile, ReviewClosed."""
    work = TakeBack(content)
    change = at_once(batch, user, work)
    return taken_back(work.said, change)


def taken_back(said: Mapping[str, Any], change: Change | None) -> TakenBack:
    """Give what came of a workbook, by what the work said and the change it made."""
    replaced, invalid = change.rows if change else 0, 0
    if change:
        invalid = StagedRow.objects.filter(before__change=change, bucket=Bucket.INVALID).count()
    same = said["seen"] - replaced - said["left"]
    return TakenBack(change, replaced - invalid, invalid, same, *(said[why] for why in TakenBack._fields[4:]))


def _cells(row: ReturnedRow, at: Mapping[str, int]) -> Cells:
    return {key: row.cells[place] for key, place in at.items()}


def _differing(values: Mapping[str, str], cells: Cells) -> Cells:
    return {key: cell for key, cell in cells.items() if not keeps(key, shown(cell).text, values.get(key, ""))}


def _was_changed(each: Draft, row: _Corrected, user: User | None) -> bool:
    """Tell whether what stands in a row was changed since its mark was made, other than by this same way and person."""
    if digest(each.values, each.row.office_id) == row.values_then:
        return False
    last = RowBefore.objects.filter(row=each.row, change__undone_at=None).order_by("-change").values_list(
        "change__kind", "change__made_by"
    )  # fmt: skip
    return bool(last.first() != (ChangeKind.RETURNED, user.pk if user else None))
