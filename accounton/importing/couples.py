"""Couples in a review: two rows merged into one joint return, one row of two people split; each a change with undo."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from django.db import transaction

from accounton.importing.changing import ChangedMeanwhile, changeable, record_change, rows_by_number
from accounton.importing.choosing import touch
from accounton.importing.drafts import Draft, draft, put, put_aside
from accounton.importing.models import (
    COUPLES,
    ON_TWO_ROWS,
    Aside,
    Batch,
    Bucket,
    Change,
    ChangeKind,
    Proposal,
    Reason,
    StagedRow,
    Verdict,
)
from accounton.importing.proposals import open_proposals, settle
from accounton.importing.remembering import remember
from accounton.offices.models import User
from accounton.rows.couples import SPOUSE_NAMES, TwoPeople, joint, two_people

IDENTITY = {"national_number"}


class CannotMerge(Exception):
    """Two rows are no couple: one of them names somebody else as partner. `number` is its sheet row."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Pair(NamedTuple):
    """Who declares, who is the partner (sheet rows), and the proposal that this settles."""

    main: int
    partner: int
    proposal: int


def merge(batch: Batch, user: User, proposal_id: int, main: int, seen: int) -> Change:
    """Merge the two rows of a proposed couple into one joint return; `main` is the row of the main declarant.

    `seen` is the revision of the review that was shown. Raises ChangedMeanwhile, CannotMerge, ReviewClosed, or
    Proposal.DoesNotExist where it is settled already.
    """
    with transaction.atomic():
        touch(batch)
        proposal = open_proposals(batch, ON_TWO_ROWS).get(pk=proposal_id)
        numbers = (proposal.row, proposal.other or 0)
        partner = numbers[0] if main == numbers[1] else numbers[1]
        pair = Pair(numbers[1] if main == numbers[1] else numbers[0], partner, proposal.pk)
        rows = rows_by_number(batch, numbers)
        for number, row in rows.items():
            if row.revision > seen:
                raise ChangedMeanwhile(number)
        drafts = {number: draft(row) for number, row in rows.items()}
        if other := _named_elsewhere(drafts[pair.main], drafts[pair.partner]):
            raise CannotMerge(other)
        change = Change(batch=batch, kind=ChangeKind.MERGE, made_by=user)
        put_together(change, [pair], drafts)
    return change


def main_of(row: StagedRow, partner: StagedRow) -> int:
    """Give the sheet row of whom to propose as main declarant: who names the other, unless only the other is known."""
    return partner.number if partner.bucket == Bucket.DOUBLE and row.bucket != Bucket.DOUBLE else row.number


def apart(batch: Batch, user: User, proposal_id: int) -> Change:
    """Say that a proposal is no couple, or that one row is about one person. Remembered for the office.

    Raises ReviewClosed, or Proposal.DoesNotExist where it is settled already.
    """
    with transaction.atomic():
        touch(batch)
        proposal = open_proposals(batch, COUPLES).get(pk=proposal_id)
        rows = rows_by_number(batch, [proposal.row, proposal.other or 0])
        drafts = [draft(row) for row in rows.values()]
        change = Change(batch=batch, kind=ChangeKind.APART, made_by=user)
        record_change(change, drafts, set())
        by_number = {each.row.number: each.values for each in drafts}
        people = (by_number[proposal.row], by_number.get(proposal.other or 0))
        remember(proposal, people, Verdict.NEW, change)
        settle(change, [proposal.pk])
    return change


def proposed_names(values: Mapping[str, str]) -> TwoPeople | None:
    """Give the two people whom a row names."""
    return two_people(values.get("first_name", ""), values.get("last_name", ""))


def split(batch: Batch, user: User, proposal_id: int, names: TwoPeople, seen: int) -> Change:
    """Make a joint return of a row that names two people, under the names given.

    Raises ChangedMeanwhile, ReviewClosed, or Proposal.DoesNotExist where it is settled already.
    """
    with transaction.atomic():
        touch(batch)
        proposal = open_proposals(batch, (Reason.TWO_PEOPLE,)).get(pk=proposal_id)
        row = changeable(batch.rows.all()).get(number=proposal.row)
        if row.revision > seen:
            raise ChangedMeanwhile(row.number)
        change = Change(batch=batch, kind=ChangeKind.SPLIT, made_by=user)
        take_apart(change, {proposal.row: proposal.pk}, [(draft(row), names)])
    return change


def take_apart(change: Change, proposals: Mapping[int, int], named: Sequence[tuple[Draft, TwoPeople]]) -> None:
    """Make joint returns of rows that name two people, as part of a change; `proposals` by sheet row are settled."""
    cells = {
        each.row.number: dict(zip(("first_name", "last_name", *SPOUSE_NAMES), names[:4], strict=True))
        for each, names in named
    }
    drafts = [each for each, _ in named]
    record_change(change, drafts, put(change.batch, drafts, lambda each: cells[each.row.number]))
    settle(change, (proposals[number] for number in cells))


def put_together(change: Change, pairs: Sequence[Pair], drafts: Mapping[int, Draft]) -> None:
    """Merge pairs of rows (their drafts by sheet row) into joint returns, as part of a change."""
    cells = {}
    for pair in pairs:
        main, partner = drafts[pair.main], drafts[pair.partner]
        wrong = frozenset(finding.column for finding in main.findings if finding.kind == "problem")
        cells[pair.main] = joint(main.values, partner.values, wrong)
        put_aside(partner, Aside.MERGED, pair.main)
    mains = [drafts[pair.main] for pair in pairs]
    keys = put(change.batch, mains, lambda each: cells[each.row.number])
    record_change(change, [*mains, *(drafts[pair.partner] for pair in pairs)], keys | IDENTITY)
    settle(change, (pair.proposal for pair in pairs))


def without_doubt(proposals: Iterable[Proposal], drafts: Mapping[int, Draft]) -> Iterator[Pair]:
    """Give the pairs of proposals in which nobody is twice and nobody names somebody else as partner."""
    taken: set[int] = set()
    for proposal in proposals:
        row, other = drafts.get(proposal.row), drafts.get(proposal.other or 0)
        if row is None or other is None or {row.row.number, other.row.number} & taken:
            continue
        main = main_of(row.row, other.row)
        pair = Pair(main, other.row.number if main == row.row.number else row.row.number, proposal.pk)
        if _named_elsewhere(drafts[pair.main], drafts[pair.partner]) is None:
            taken |= {pair.main, pair.partner}
            yield pair


def _named_elsewhere(main: Draft, partner: Draft) -> int | None:
    """Give the sheet row that names somebody else as its partner, None where both may be a couple."""
    for one, other in ((main, partner), (partner, main)):
        named, number = _valid(one, "spouse_national_number"), _valid(other, "national_number")
        if named and number and named != number:
            return one.row.number
    return None


def _valid(each: Draft, key: str) -> str:
    wrong = any(finding.column == key and finding.kind == "problem" for finding in each.findings)
    return "" if wrong else each.values.get(key, "")
