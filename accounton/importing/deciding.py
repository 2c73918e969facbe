"""Deciding near matches: new, the same, or left out; remembered for the office with who and when, and revocable."""

from collections.abc import Collection, Iterable
from contextlib import suppress

from django.db import transaction
from django.utils import timezone

from accounton.importing.changing import ChangedMeanwhile, batched, changeable, record_change, rows_by_number
from accounton.importing.choosing import ReviewClosed, touch
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
    Verdict,
)  # fmt: skip
from accounton.importing.pieces import PIECE
from accounton.importing.proposals import open_proposals, settle
from accounton.importing.remembering import decisions, remember
from accounton.importing.undoing_changes import CannotUndo, undo
from accounton.offices.models import User


class NotOffered(Exception):
    """This cannot be decided about this near match."""


def offered(reason: str) -> tuple[Verdict, ...]:
    """Give what can be decided: nobody is new whose national number is known; a firm is nobody's namesake."""
    if reason == Reason.PARTNER:
        return (Verdict.SAME, Verdict.LEFT_OUT)
    return (Verdict.NEW, Verdict.LEFT_OUT) if reason == Reason.FIRM else (Verdict.NEW, Verdict.SAME, Verdict.LEFT_OUT)


def decide(batch: Batch, user: User, proposal_id: int, verdict: Verdict, seen: int) -> Change:
    """Settle a near match and remember it.

    `seen` is the revision of the review that was shown. Raises NotOffered, ChangedMeanwhile, ReviewClosed, or
    Proposal.DoesNotExist where it is settled already.
    """
    with transaction.atomic():
        touch(batch)
        proposal = open_proposals(batch, NEAR).get(pk=proposal_id)
        if verdict not in offered(proposal.reason):
            raise NotOffered
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
