"""What there is still to settle in a review, counted at once: a page of it asks for both."""

from typing import NamedTuple

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, Value, When

from accounton.importing.applying import selected_rows
from accounton.importing.models import NEAR, Batch, Bucket, Reason, StagedRow
from accounton.importing.proposals import open_proposals
from accounton.rows.repeats import REPEATED

NEAR_ONES = "near"


class ToSettle(NamedTuple):
    """What is open: `found` has the couples by reason and all near matches as NEAR_ONES.

    `undecided` is how many selected rows look like somebody who is here, about whom nobody decided yet; `repeated`
    how many rows are invalid because the same customer stands higher up.
    """

    found: dict[str, int]
    undecided: int
    repeated: int


def to_settle(batch: Batch) -> ToSettle:
    """Count what is open, in one query."""
    kind = Case(When(reason__in=NEAR, then=Value(NEAR_ONES)), default=F("reason"))
    selected = Exists(selected_rows(batch).filter(number=OuterRef("row")))
    proposals = open_proposals(batch, Reason.values).order_by().annotate(kind=kind).values_list("kind")
    counts = proposals.annotate(number=Count("id"), people=Count("row", distinct=True, filter=Q(selected)))
    invalid = StagedRow.objects.filter(batch=batch, bucket=Bucket.INVALID, problems__contains=REPEATED).order_by()
    repeated = invalid.annotate(kind=Value(REPEATED, CharField())).values_list("kind")
    both = counts.union(repeated.annotate(number=Count("id"), people=Value(0)), all=True)
    found = {name: (number, people) for name, number, people in both}
    return ToSettle(
        {name: number for name, (number, _) in found.items() if name != REPEATED},
        undecided=found.get(NEAR_ONES, (0, 0))[1],
        repeated=found.get(REPEATED, (0, 0))[0],
    )
