"""What is wrong in the rows of a review, each value once; and in how many rows something is suggested.

To know it, sealed rows are opened: so many as a page may take, and no more. What is kept of that names rows, no values.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, overload

import orjson
from django.db.models import F, QuerySet

from accounton.importing.models import Batch, Bucket, StagedRow, made_of_row
from accounton.importing.screening import SECRET, on_screen, shown_wrong
from accounton.importing.sealed_rows import row_context, with_matching
from accounton.offices.keys import sealer
from accounton.rows.findings import Finding

LOOKED_AT = 5000
"""So many rows are opened for one page: a tenth of a second."""
CHOSEN = 2000
"""Where there are more, so many stand for all of them when suggestions are looked for."""
NAMED = 5


class WrongValue(NamedTuple):
    """A value that is wrong in some rows: what stands there, what is suggested, how many rows and the first of them."""

    key: str
    before: str
    suggestion: str
    times: int
    rows: Sequence[int]

    @property
    def shown(self) -> str:
        """What stands there, as a page may show it."""
        return shown_wrong(self.key, self.before)

    @property
    def is_masked(self) -> bool:
        """Whether the page does not have the value itself, nor what is suggested in its place."""
        return self.key in SECRET and (bool(self.suggestion) or self.shown != self.before)

    @property
    def suggestion_words(self) -> str:
        """What is suggested, as a page may show it."""
        return on_screen(Finding("suggestion", self.key, "", self.before, self.suggestion)).after


class Suggested(NamedTuple):
    """By code, the rows in which something is suggested; where `is_cut`, of an even choice of the rows only."""

    rows: dict[str, int]
    is_cut: bool


class _Place(NamedTuple):
    """Where one value stands: its column, how many times, and the first rows."""

    key: str
    times: int
    rows: tuple[int, ...]


class _Look(NamedTuple):
    places: list[_Place]
    cut_at: int


class WrongValues(Sequence[WrongValue]):
    """The values that are wrong under a code, most frequent first; each is opened when it is asked for.

    `cut_at`: there are more rows than these, which alone were looked at; a value may stand in more of them than it
    says. 0 where all were.
    """

    def __init__(self, batch: Batch, code: str, look: _Look) -> None:
        self._batch, self._code, self._places = batch, code, look.places
        self.cut_at = look.cut_at

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[WrongValue]:
        return iter(self[:])

    @overload
    def __getitem__(self, index: int) -> WrongValue: ...
    @overload
    def __getitem__(self, index: slice) -> list[WrongValue]: ...
    def __getitem__(self, index: int | slice) -> WrongValue | list[WrongValue]:
        if isinstance(index, slice):
            return self._opened(self._places[index])
        return self._opened([self._places[index]])[0]

    def _opened(self, places: Sequence[_Place]) -> list[WrongValue]:
        rows = self._batch.rows.filter(number__in=[place.rows[0] for place in places])
        found = {
            (number, wrong.column): (wrong.before, likely)
            for number, findings in _findings(rows)
            for wrong, likely in _wrong(findings, self._code)
        }
        # A row that was put right this very moment stands in no list any more.
        there = (place for place in places if (place.rows[0], place.key) in found)
        return [WrongValue(each.key, *found[each.rows[0], each.key], each.times, each.rows) for each in there]


def wrong_values(batch: Batch, code: str) -> WrongValues:
    """Give each distinct value once that is wrong under a code, of the first rows in which any is.

    What was found is kept in this process for as long as nobody touches the batch, as its counts are (tallying).
    """
    return WrongValues(batch, code, _look(batch.office_id, batch.pk, batch.revision, batch.touched_at, code))


def wrong_value(batch: Batch, code: str, key: str, number: int) -> WrongValue | None:
    """Return what is wrong under a code in a column of one row, by its sheet row."""
    found = _findings(batch.rows.filter(number=number))
    wrong = ((each, likely) for _number, findings in found for each, likely in _wrong(findings, code))
    values = (WrongValue(key, each.before, likely, 1, (number,)) for each, likely in wrong if each.column == key)
    return next(values, None)


def suggested(rows: QuerySet[StagedRow], count: int) -> Suggested:
    """Count, by code, in which of these rows something is suggested; `count` is how many rows there are."""
    is_cut = count > LOOKED_AT
    if is_cut:
        rows = rows.alias(turn=F("number") % max(count // CHOSEN, 1)).filter(turn=0)
    found: Counter[str] = Counter()
    for _number, findings in _findings(rows):
        found.update({finding.code for finding in findings if finding.kind == "suggestion"})
    return Suggested(dict(found), is_cut)


@lru_cache(maxsize=128)
def _look(_office_id: int, batch_id: int, _revision: int, _touched_at: datetime, code: str) -> _Look:
    rows = StagedRow.objects.filter(~made_of_row(), batch_id=batch_id, bucket=Bucket.INVALID, problems__contains=code)
    times: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], list[int]] = {}
    looked_at = 0
    # One more than is looked at, to know whether there are more.
    for number, findings in _findings(rows.order_by("number")[: LOOKED_AT + 1]):
        looked_at += 1
        if looked_at > LOOKED_AT:
            break
        for wrong, _likely in _wrong(findings, code):
            value = (wrong.column, wrong.before)
            times[value] += 1
            if times[value] <= NAMED:
                first.setdefault(value, []).append(number)
    ordered = sorted(times, key=lambda value: (-times[value], value[1]))
    places = [_Place(value[0], times[value], tuple(first[value])) for value in ordered]
    return _Look(places, LOOKED_AT if looked_at > LOOKED_AT else 0)


def _wrong(findings: Sequence[Finding], code: str) -> Iterator[tuple[Finding, str]]:
    """Give each problem under a code, and what is suggested instead, "" for nothing."""
    likely = {each.column: each.after for each in findings if each.kind == "suggestion" and each.code == code}
    problems = (each for each in findings if each.kind == "problem" and each.code == code)
    return ((problem, likely.get(problem.column, "")) for problem in problems)


def _findings(rows: QuerySet[StagedRow]) -> Iterator[tuple[int, list[Finding]]]:
    """Open rows: sheet row and what was found in it. Taken as plain values: a model of each row costs more."""
    taken: QuerySet[Any, Any] = rows.values_list("number", "office_id", "problems", "content__sealed")
    for number, office_id, problems, sealed in taken:
        content = orjson.loads(sealer().open(bytes(sealed), row_context(office_id)))
        findings = [Finding(*finding) for finding in content["findings"]]
        yield number, with_matching(findings, problems, content["values"])
