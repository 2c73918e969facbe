"""What there is still to settle in a review, counted at once: a page of it asks for both."""

from typing import NamedTuple

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Value, When

from accounton.importing.applying import selected_rows
from accounton.importing.models import NEAR, Batch, Reason
from accounton.importing.proposals import open_proposals

NEAR_ONES = "near"


class ToSettle(NamedTuple):
    """What is open: `found` has the couples by reason and all near matches as NEAR_ONES.

    `undecided` is how many selected rows look like somebody who is here, about whom nobody decided yet.
    """

    found: dict[str, int]
    undecided: int


def to_settle(batch: Batch) -> ToSettle:
    """Count what is open, in one query."""
    kind = Case(When(reason__in=NEAR, then=Value(NEAR_ONES)), default=F("reason"))
    selected = Exists(selected_rows(batch).filter(number=OuterRef("row")))
    proposals = open_proposals(batch, Reason.values).order_by().annotate(kind=kind).values_list("kind")
    counts = proposals.annotate(number=Count("id"), people=Count("row", distinct=True, filter=Q(selected)))
    found = {name: (number, people) for name, number, people in counts}
    return ToSettle({name: number for name, (number, _) in found.items()}, found.get(NEAR_ONES, (0, 0))[1])
