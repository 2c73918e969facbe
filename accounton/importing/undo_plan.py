"""What undoing an import would do, and did: three lists."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import QuerySet

from accounton.importing.departing import in_force, touched
from accounton.importing.models import Action, Batch, Outcome, Overwritten, Part, StagedRow, Undone
from accounton.importing.screening import name_of
from accounton.importing.sealed_rows import opened_values
from accounton.importing.taking_back import (
    Restoring,
    Verdict,
    made_rows,
    of_changes,
    of_made,
    suspect_changes,
    suspects,
)
from accounton.sealing import CannotOpen

AT_ONCE = 500
SHOWN_AT_MOST = 200
LOOKED_AT_ALL = 5000


@dataclass
class Listed:
    """One of the three lists: how many things of each part, and the first of them."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Part.values, 0))
    first: list[Verdict] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many things stand in the list."""
        return sum(self.counts.values())

    def add(self, verdict: Verdict) -> None:
        """Add one thing."""
        self.counts[verdict.part] += 1
        if len(self.first) < SHOWN_AT_MOST:
            self.first.append(verdict)


class Plan(NamedTuple):
    """What an undo would do, or did: taken back; kept, because somebody touched it since; not possible."""

    taken_back: Listed
    kept: Listed
    impossible: Listed

    def add(self, verdict: Verdict) -> None:
        """Put one thing into its list."""
        getattr(self, verdict.outcome).add(verdict)


def empty_plan() -> Plan:
    """Give three empty lists."""
    return Plan(Listed(), Listed(), Listed())


def plan(batch: Batch) -> Plan:
    """Say what undoing an import would do, without doing it.

    Of very many only those are compared whole of whom a date, a status or a dossier says that somebody touched them;
    the undo itself compares each.
    """
    lists = empty_plan()
    changes = open_changes(batch)
    count = changes.count()
    if count > LOOKED_AT_ALL:
        changes = suspect_changes(changes)
        lists.taken_back.counts[Part.CHANGE] += count - changes.count()
    for restorings in _looked_at(batch, changes):
        for verdict in (verdict for restoring in restorings for verdict in restoring.verdicts):
            lists.add(verdict)
    for verdict in _of_made(batch, lists):
        lists.add(verdict)
    for verdict in _of_decisions(batch):
        lists.add(verdict)
    return lists


def _of_decisions(batch: Batch) -> Iterator[Verdict]:
    stay = touched(batch)
    for decision in in_force(batch).exclude(action=Action.NOTHING).select_related("customer").order_by("id"):
        becomes, why = (Outcome.KEPT, ("changed",)) if decision.pk in stay else (Outcome.TAKEN_BACK, ())
        yield Verdict(Part.DECISION, becomes, None, 0, decision.customer_id, decision.customer.name, why)


def _of_made(batch: Batch, lists: Plan) -> Iterator[Verdict]:
    """Yield what becomes of new customers; of very many those that are certain are only counted, but for the first."""
    rows, last = made_rows(batch), -1
    count = rows.count()
    if count <= LOOKED_AT_ALL:
        while some := list(rows.filter(number__gt=last)[:AT_ONCE]):
            yield from of_made(batch, some)
            last = some[-1].number
        return
    touched = suspects(batch)
    shown = of_made(batch, [row for row in rows[: 2 * SHOWN_AT_MOST] if row.pk not in touched][:SHOWN_AT_MOST])
    yield from shown
    ids, looked_at = sorted(touched), 0
    for start in range(0, len(ids), AT_ONCE):
        some = list(rows.filter(pk__in=ids[start : start + AT_ONCE]))
        looked_at += len(some)
        yield from of_made(batch, some)
    lists.taken_back.counts[Part.CUSTOMER] += count - looked_at - len(shown)


def outcome(batch: Batch) -> Plan:
    """Give the three lists as they are kept of an undo that was done."""
    lists = empty_plan()
    found = Undone.objects.filter(batch=batch).select_related("row__content", "customer").order_by("id")
    for key, listed in lists._asdict().items():
        for each in found.filter(outcome=key)[:SHOWN_AT_MOST]:
            listed.add(_as_kept(each))
        listed.counts |= batch.undo.get(key, {})
    return lists


def _as_kept(each: Undone) -> Verdict:
    reasons, keys = (tuple(filter(None, text.split(","))) for text in (each.reasons, each.keys))
    number = each.row.number if each.row else 0
    name = each.customer.name if each.customer else _name_in(each.row)
    return Verdict(Part(each.part), Outcome(each.outcome), each.row_id, number, each.customer_id, name, reasons, keys)


def _name_in(row: StagedRow | None) -> str:
    """Give the name of whom a row was about; "" where its values cannot be opened any more."""
    with suppress(CannotOpen):
        values = opened_values(row.sealed, row.office_id) if row else {}
        return name_of(values)
    return ""


def _looked_at(batch: Batch, changes: QuerySet[Overwritten]) -> Iterator[list[Restoring]]:
    """Yield what becomes of changes, some at a time, the newest first."""
    some = list(changes[:AT_ONCE])
    while some:
        yield of_changes(batch, some)
        some = list(changes.filter(pk__lt=some[-1].pk)[:AT_ONCE])


def open_changes(batch: Batch) -> QuerySet[Overwritten]:
    """Give what an import changed of known customers and was not undone yet, the newest first."""
    changes = batch.overwritten.filter(undone_at=None).order_by("-id")
    return changes.select_related("row").prefetch_related("row__content")
