"""Deciding near matches: new, the same, or left out; remembered for the office with who and when, and revocable."""

from collections.abc import Collection, Iterable
from contextlib import suppress

from django.db import transaction
from django.utils import timezone

from accounton.importing.changing import ChangedMeanwhile, batched, changeable, record_change, rows_by_number
from accounton.importing.choosing import ReviewClosed, touch
from accounton.importing.claims import note_decided
from accounton.importing.drafts import Draft, draft, put_aside
from accounton.importing.models import (
    NEAR,
    Aside,
    Batch,
    Change,
    ChangeKind,
    Decision,
    Proposal,
    Reason,
    State,
    Verdict,
)  # fmt: skip
from accounton.importing.pieces import PIECE
from accounton.importing.proposals import open_proposals, settle
from accounton.importing.remembering import decisions, remember
from accounton.importing.undoing_changes import CannotUndo, undo
from accounton.offices.models import User


class NotOffered(Exception):
    """This cannot be decided about this near match."""


class StandsAlready(Exception):
    """Who a row is said to be stands in the list in a row of their own; `number` is its sheet row."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def offered(reason: str) -> tuple[Verdict, ...]:
    """Give what can be decided: nobody is new whose national number is known; a firm is nobody's namesake."""
    if reason == Reason.PARTNER:
        return (Verdict.SAME, Verdict.LEFT_OUT)
    return (Verdict.NEW, Verdict.LEFT_OUT) if reason == Reason.FIRM else (Verdict.NEW, Verdict.SAME, Verdict.LEFT_OUT)


def decide(batch: Batch, user: User, proposal_id: int, verdict: Verdict, seen: int) -> Change:
    """Settle a near match and remember it.

    `seen` is the revision of the review that was shown. Raises NotOffered, StandsAlready, ChangedMeanwhile,
    ReviewClosed, or Proposal.DoesNotExist where it is settled already.
    """
    with transaction.atomic():
        touch(batch)
        proposal = open_proposals(batch, NEAR).get(pk=proposal_id)
        if verdict not in offered(proposal.reason):
            raise NotOffered
        if number := own_rows(batch, [proposal] if verdict == Verdict.SAME else []).get(proposal.customer_id):
            raise StandsAlready(number)
        row = changeable(batch.rows.all()).get(number=proposal.row)
        if row.revision > seen:
            raise ChangedMeanwhile(row.number)
        # Asked before the row is put aside: after it nothing is open about it.
        of_row = list(open_proposals(batch, NEAR).filter(row=row.number).values_list("pk", flat=True))
        each = draft(row)
        carry_out(each, proposal, verdict, _standing(batch, [proposal]))
        identity = {"national_number"} if verdict != Verdict.NEW else set()
        change = Change(batch=batch, kind=ChangeKind.DECIDED, made_by=user)
        record_change(change, [each], identity)
        remember(proposal, (each.values, None), verdict, change)
        settle(change, [proposal.pk] if verdict == Verdict.NEW else of_row)
        note_decided(batch, change)
    return change


def carry_out(each: Draft, about: Proposal | Decision, verdict: str, standing: Collection[int | None]) -> None:
    """Do to a row what was decided about it.

    `standing` are the customers of joint returns who stand in the list themselves: beside them a partner says nothing.
    """
    if verdict == Verdict.SAME:
        each.decided = about.customer_id
    says_nothing = about.reason == Reason.PARTNER and about.customer_id in standing
    if verdict == Verdict.LEFT_OUT or (verdict == Verdict.SAME and says_nothing):
        put_aside(each, Aside.LEFT_OUT)


def _standing(batch: Batch, about: Iterable[Proposal | Decision]) -> set[int | None]:
    joint = {each.customer_id for each in about if each.reason == Reason.PARTNER}
    if not joint:
        return set()
    rows = batch.rows.filter(match__in=joint).exclude(bucket__in=Aside.values)
    return set(rows.values_list("match_id", flat=True))


def own_rows(batch: Batch, about: Iterable[Proposal | Decision]) -> dict[int | None, int]:
    """Give by customer the sheet row in which they stand themselves: of those whom another row is not to be as well.

    A partner's row beside that of their joint return says nothing, and is left out.
    """
    customers = {each.customer_id for each in about if each.reason != Reason.PARTNER}
    rows = batch.rows.filter(match__in=customers).exclude(bucket__in=Aside.values)
    return dict(rows.order_by("-number").values_list("match_id", "number")) if customers else {}


def revoke(user: User, decision_id: int) -> Decision:
    """Forget a decision. Where its review is still open and the row untouched since, that is put back too.

    Raises Decision.DoesNotExist.
    """
    decision: Decision = decisions().get(pk=decision_id)
    change = decision.change
    if change is not None and change.undone_at is None:
        # Where the row went its way meanwhile, only the memory goes.
        with suppress(CannotUndo, ReviewClosed):
            undo(change.batch, user, change)
    Decision.objects.filter(pk=decision.pk, revoked_at=None).update(revoked_at=timezone.now(), revoked_by=user)
    settled = Proposal.objects.filter(decision=decision)
    batches = list(settled.values_list("batch", flat=True).distinct())
    settled.update(decision=None)
    Batch.objects.filter(pk__in=batches).update(touched_at=timezone.now())  # what was counted there holds no longer
    return decision


def undo_remembered(user: User, decision: Decision) -> list[Batch]:
    """Undo what the office's memory did in open reviews about the customer of a decision that was revoked.

    Gives these reviews: looked through again, whatever is still remembered is done there once more.
    """
    by_memory = Change.objects.filter(
        kind=ChangeKind.DECIDED, made_by=None, undone_at=None, batch__state=State.REVIEW,
        settled__reason=decision.reason, settled__customer=decision.customer_id,
    )  # fmt: skip
    undone = []
    for change in by_memory.select_related("batch").distinct():
        # A row that went its way meanwhile goes on as it was decided.
        with suppress(CannotUndo, ReviewClosed):
            undo(change.batch, user, change)
            undone.append(change.batch)
    return undone


def apply_remembered(batch: Batch, decided: Iterable[tuple[int, Decision]]) -> None:
    """Do to rows what was decided about their people before, as one change. Raises ReviewClosed.

    Piece by piece, each in a transaction of its own: what one has settled is not looked at again after a crash.
    """
    by_row = dict(decided)
    numbers = sorted(by_row)
    change = Change(batch=batch, kind=ChangeKind.DECIDED)
    for some in batched(numbers, PIECE):
        with transaction.atomic():
            touch(batch)
            drafts = [draft(row) for row in rows_by_number(batch, some).values()]
            standing = _standing(batch, [by_row[number] for number in some])
            for each in drafts:
                decision = by_row[each.row.number]
                carry_out(each, decision, decision.verdict, standing)
            if drafts:
                record_change(change, drafts, {"national_number"})
                near = Proposal.objects.filter(batch=batch, reason__in=NEAR)
                near.filter(row__in=[each.row.number for each in drafts]).update(change=change, decision=None)
