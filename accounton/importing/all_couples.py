"""Merging all couples of a review, and splitting all rows of two people: work on very many rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import QuerySet

from accounton.importing.changing import rows_by_number
from accounton.importing.couples import (
    proposed_names,
    put_together,
    take_apart,
    without_doubt,
)
from accounton.importing.drafts import draft
from accounton.importing.models import Batch, Change, ChangeKind, Proposal, Reason, RowBefore
from accounton.importing.pieces import Work
from accounton.importing.proposals import open_proposals
from accounton.offices.models import User


class ProposalWork(Work):
    """Work on the open proposals of a review, in the order in which they were written down."""

    kind: ClassVar[ChangeKind]

    def proposals(self, batch: Batch) -> QuerySet[Proposal]:
        """Give the proposals to look at."""
        raise NotImplementedError

    def settle(self, batch: Batch, change: Change, proposals: list[Proposal]) -> None:
        """Do what some of them propose."""
        raise NotImplementedError

    def count(self, batch: Batch) -> int:
        """Give how many there are to look at."""
        return int(self.proposals(batch).count())

    def change(self, batch: Batch, user: User | None) -> Change:
        """Give the change that all pieces are part of."""
        return Change(batch=batch, kind=self.kind, made_by=user)

    def choose(self, batch: Batch) -> list[int]:
        """Give the ids of the proposals, in the order of the file."""
        return list(self.proposals(batch).values_list("pk", flat=True))

    def piece(self, batch: Batch, change: Change, some: Sequence[int]) -> None:
        """Settle those of some proposals that are still open."""
        self.settle(batch, change, list(self.proposals(batch).filter(pk__in=some)))


@dataclass
class MergeAll(ProposalWork):
    """Merge all couples that are proposed for one reason; rows that are in two of them, or name others, are left.

    `first_time`: couples whom somebody took apart again are left, too.
    """

    reason: str = Reason.COUPLE.value
    first_time: bool = False
    kind: ClassVar[ChangeKind] = ChangeKind.MERGE

    def proposals(self, batch: Batch) -> QuerySet[Proposal]:
        """Give the couples on two rows."""
        couples = open_proposals(batch, (self.reason,)).exclude(other=None)
        return couples.filter(change=None) if self.first_time else couples

    def settle(self, batch: Batch, change: Change, proposals: list[Proposal]) -> None:
        """Merge the couples about whom there is no doubt."""
        numbers = {number for each in proposals for number in (each.row, each.other or 0)}
        # Whom an earlier piece merged with somebody.
        merged = RowBefore.objects.filter(change=change.pk or 0, row__number__in=numbers)
        taken = set(merged.values_list("row__number", flat=True))
        free = [each for each in proposals if not {each.row, each.other} & taken]
        drafts = {number: draft(row) for number, row in rows_by_number(batch, numbers - taken).items()}
        if pairs := list(without_doubt(free, drafts)):
            put_together(change, pairs, drafts)


@dataclass
class SplitAll(ProposalWork):
    """Split all rows of two people whose names are all known; the others wait for somebody to fill them in."""

    kind: ClassVar[ChangeKind] = ChangeKind.SPLIT

    def proposals(self, batch: Batch) -> QuerySet[Proposal]:
        """Give the rows of two people."""
        return open_proposals(batch, (Reason.TWO_PEOPLE,))

    def settle(self, batch: Batch, change: Change, proposals: list[Proposal]) -> None:
        """Split the rows whose names are all known."""
        by_row = {each.row: each.pk for each in proposals}
        drafts = [draft(row) for row in rows_by_number(batch, by_row).values()]
        named: list[Any] = [(each, proposed_names(each.values)) for each in drafts]
        if whole := [(each, names) for each, names in named if names and names.is_whole]:
            take_apart(change, by_row, whole)
