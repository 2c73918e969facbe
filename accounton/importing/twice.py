"""Deciding about two rows that look like one person: two people, one of them left out, or the cells of both in one."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from accounton.importing.changing import ChangedMeanwhile, batched, record_change, rows_by_number
from accounton.importing.choosing import touch
from accounton.importing.drafts import Draft, draft, put_aside
from accounton.importing.models import AGAIN, Aside, Batch, Change, ChangeKind, Proposal, Verdict
from accounton.importing.pieces import PIECE
from accounton.importing.proposals import open_proposals, settle
from accounton.importing.remembering import remember
from accounton.importing.repeated import IDENTITY, put_in_one
from accounton.offices.models import User


class OnePerson(NamedTuple):
    """Two rows that are one person: the sheet row that is kept, the other one, and whether its cells fill it."""

    kept: int
    other: int
    verdict: str


def decide(batch: Batch, user: User, proposal_id: int, verdict: Verdict, *, kept: int, seen: int) -> Change:
    """Settle whether two rows are one person, and remember it.

    NEW says that they are two; LEFT_OUT leaves the one out that is not the row `kept`, SAME fills what is empty in
    `kept` from it. `seen` is the revision of the review that was shown. Raises ChangedMeanwhile, ReviewClosed, or
    Proposal.DoesNotExist where it is settled already.
    """
    with transaction.atomic():
        touch(batch)
        proposal = open_proposals(batch, AGAIN).get(pk=proposal_id)
        rows = rows_by_number(batch, (proposal.row, proposal.other or 0))
        for number, row in rows.items():
            if row.revision > seen:
                raise ChangedMeanwhile(number)
        upper, lower = (draft(rows[number]) for number in (proposal.row, proposal.other or 0))
        keeps_upper = verdict != Verdict.NEW and kept != lower.row.number
        keeper, other = (upper, lower) if keeps_upper else (lower, upper)
        # Before the cells of one are put into the other: with them the next list will come again.
        people = (dict(other.values), dict(keeper.values))
        kind = ChangeKind.COMBINED if verdict == Verdict.SAME else ChangeKind.DECIDED
        change = Change(batch=batch, kind=kind, made_by=user)
        carry_out(change, verdict, keeper, other)
        remember(proposal, people, verdict, change)
        settle(change, [proposal.pk])
    return change


def make_one(batch: Batch, decided: Sequence[OnePerson]) -> None:
    """Do to rows what was decided before about the same people, as one change. Raises ReviewClosed.

    Who is not there any more once it is their turn is passed over.
    """
    change = Change(batch=batch, kind=ChangeKind.DECIDED)
    for some in batched(decided, PIECE):
        with transaction.atomic():
            touch(batch)
            for each in some:
                # Taken one by one: what is done about two may say something new of the next.
                rows = rows_by_number(batch, each[:2])
                if len(rows) == 2:
                    carry_out(change, each.verdict, draft(rows[each.kept]), draft(rows[each.other]))
                    of_both = Q(row=each.kept, other=each.other) | Q(row=each.other, other=each.kept)
                    Proposal.objects.filter(of_both, batch=batch, reason__in=AGAIN).update(change=change)


def carry_out(change: Change, verdict: str, keeper: Draft, other: Draft) -> None:
    """Do to two rows what was decided about them, as part of a change."""
    if verdict == Verdict.SAME:
        put_in_one(change, [(keeper, other)])
    elif verdict == Verdict.LEFT_OUT:
        put_aside(other, Aside.LEFT_OUT)
        record_change(change, [other], IDENTITY)
    else:
        record_change(change, sorted((keeper, other), key=lambda each: each.row.number), set())
