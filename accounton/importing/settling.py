"""What there is still to settle in a review, counted at once: a page of it asks for both."""

from typing import NamedTuple

from django.db.models import Case, CharField, Count, F, Value, When

from accounton.importing.applying import undecided_rows
from accounton.importing.models import HOLDING, LOOKALIKE, Batch, Bucket, Reason, StagedRow
from accounton.importing.proposals import open_proposals
from accounton.rows.repeats import REPEATED

NEAR_ONES = "near"
UNDECIDED = "undecided"


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
    undecided = undecided_rows(batch).order_by().annotate(kind=Value(UNDECIDED, CharField()))
    invalid = StagedRow.objects.filter(batch=batch, bucket=Bucket.INVALID, problems__contains=REPEATED).order_by()
    repeated = invalid.annotate(kind=Value(REPEATED, CharField()))
    first, *others = (each.values_list("kind").annotate(number=Count("*")) for each in (open_ones, undecided, repeated))
    found = dict(first.union(*others, all=True))
    return ToSettle(undecided=found.pop(UNDECIDED, 0), repeated=found.pop(REPEATED, 0), found=found)
