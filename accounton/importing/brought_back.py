"""What had been decided about rows that are brought back: asked again, and as it was once that is undone."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db.models import Q, QuerySet

from accounton.importing.drafts import Draft, put_aside
from accounton.importing.models import LOOKALIKE, Aside, Change, ChangeKind, Decision, Proposal, RowBefore, Verdict
from accounton.importing.proposals import UNSETTLED

PUTS_OUT = (ChangeKind.LEFT_OUT, ChangeKind.DECIDED)


def put_out_by(row_ids: Collection[int]) -> dict[int, Change]:
    """Give by row id the last change in force by which a reviewer left rows out, with who made it."""
    before = RowBefore.objects.filter(row__in=row_ids, change__kind__in=PUTS_OUT, change__undone_at=None)
    found = before.select_related("change__made_by").defer("sealed").order_by("change")
    return {each.row_id: each.change for each in found}


def settled_by(causes: Mapping[int, Change]) -> dict[int, list[Proposal]]:
    """Give the near matches that the change settled which left a row out, both by sheet row."""
    proposals = Proposal.objects.filter(_about(causes), reason__in=LOOKALIKE, change__in=set(causes.values()))
    found: dict[int, list[Proposal]] = {}
    for each in proposals.order_by("id"):
        for number in (each.row, each.other or 0):
            if number in causes and causes[number].pk == each.change_id:
                found.setdefault(number, []).append(each)
    return found


def _about(numbers: Iterable[int]) -> Q:
    wanted = list(numbers)
    return Q(row__in=wanted) | Q(other__in=wanted)


def put_out_again(change: Change, drafts: Sequence[Draft]) -> None:
    """Put rows that a change brought back aside again, with the near matches about which that was decided."""
    causes = put_out_by([each.row.pk for each in drafts])
    by_number = {each.row.number: causes[each.row.pk] for each in drafts if each.row.pk in causes}
    same = set(_forgotten_by(change).filter(verdict=Verdict.SAME).values_list("customer_id", flat=True))
    decided: dict[int, int | None] = {}
    open_ones = Proposal.objects.filter(UNSETTLED, _about(by_number), batch=change.batch, reason__in=LOOKALIKE)
    for each in open_ones:
        if each.customer_id and each.customer_id in same:
            decided[each.row] = each.customer_id
        each.change = by_number.get(each.row) or by_number[each.other or 0]
        each.save(update_fields=["change"])
    for one in drafts:
        put_aside(one, Aside.LEFT_OUT)
        one.decided = decided.get(one.row.number, one.decided)


def hold_again(change: Change) -> None:
    """Remember once more what a change that brought rows back made the office forget."""
    _forgotten_by(change).update(revoked_at=None, revoked_by=None)


def _forgotten_by(change: Change) -> QuerySet[Decision]:
    """Give the decisions that a change made the office forget: at that moment and no other."""
    found: QuerySet[Decision] = Decision.objects.filter(revoked_at=change.made_at)
    return found
