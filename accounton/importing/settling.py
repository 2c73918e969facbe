"""What there is still to settle in a review, counted at once: a page of it asks for both."""

from typing import NamedTuple

from django.db.models import Case, CharField, Count, F, QuerySet, Value, When

from accounton.importing.applying import open_rows
from accounton.importing.models import HOLDING, LOOKALIKE, Batch, Bucket, Reason, StagedRow
from accounton.importing.proposals import held_rows, open_proposals
from accounton.rows.repeats import REPEATED

NEAR_ONES = "near"
HELD, PUT_OFF = "held", "put_off"
"""Rows about which nobody decided yet, and those of them that are not selected and wait for nothing."""


class ToSettle(NamedTuple):
    """What is open: `found` has the couples by reason and all near matches as NEAR_ONES.

    `undecided` is how many selected rows nobody decided about yet; `repeated` how many rows are invalid because the
    same customer stands higher up.
    """

    found: dict[str, int]
    undecided: int
    repeated: int

    @property
    def couples(self) -> bool:
        """Whether couples, or rows of two people, hold anybody back."""
        return any(self.found.get(reason) for reason in HOLDING)

    @property
    def near(self) -> bool:
        """Whether near matches do."""
        return NEAR_ONES in self.found


def to_settle(batch: Batch) -> ToSettle:
    """Count what is open, in one query."""
    kind = Case(When(reason__in=LOOKALIKE, then=Value(NEAR_ONES)), default=F("reason"))
    open_ones = open_proposals(batch, Reason.values).order_by().annotate(kind=kind)
    undecided = (each.annotate(kind=Value(kind, CharField())) for kind, each in _undecided(batch).items())
    invalid = StagedRow.objects.filter(batch=batch, bucket=Bucket.INVALID, problems__contains=REPEATED).order_by()
    repeated = invalid.annotate(kind=Value(REPEATED, CharField()))
    first, *others = (
        each.values_list("kind").annotate(number=Count("*")) for each in (open_ones, *undecided, repeated)
    )
    found = dict(first.union(*others, all=True))
    waiting = found.pop(HELD, 0) - found.pop(PUT_OFF, 0)
    return ToSettle(undecided=waiting, repeated=found.pop(REPEATED, 0), found=found)


def _undecided(batch: Batch) -> dict[str, QuerySet[StagedRow]]:
    """Give by kind what to count: selected rows are all without those deselected, of which alone an index knows it.

    Once some were added each row is looked at anyway, whether it was.
    """
    held = open_rows(batch).filter(number__in=held_rows(batch)).order_by()
    return {HELD: held.filter(selected=True)} if batch.added else {HELD: held, PUT_OFF: held.filter(selected=False)}
