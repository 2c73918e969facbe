"""The rows of a review that stand in no bucket as they were left out: a list of them, why, and the way back."""

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Q, QuerySet

from accounton.customers.searching import holds_all
from accounton.importing.brought_back import put_out_by, settled_by
from accounton.importing.changing import recorded
from accounton.importing.choosing import touch
from accounton.importing.drafts import Draft, draft, put
from accounton.importing.models import (
    AGAIN,
    Aside,
    Batch,
    Change,
    ChangeKind,
    Decision,
    Proposal,
    StagedRow,
    State,
    Verdict,
)
from accounton.importing.remembering import person_key
from accounton.importing.sealed_rows import OpenedRow, opened
from accounton.importing.tallying import tally
from accounton.offices.models import User
from accounton.rows.adminpulse_people import WHY_LEFT_OUT
from accounton.rows.columns import BY_KEY
from accounton.rows.findings import Finding

PAGE = 100
SHOWN = (State.REVIEW, State.APPLYING, State.DONE, State.UNDOING, State.UNDONE)
IDENTITY = {"national_number"}


class LeftOutRow(NamedTuple):
    """A row that was left out: while the list was read (`finding` says why), or by a change of the review.

    `near` is the near match about which that was decided, where it was about one.
    """

    row: StagedRow
    content: OpenedRow
    finding: Finding | None
    change: Change | None
    near: Proposal | None


class LeftOut:
    """The list of the rows of a batch that were left out; `query` and `page` are those of the address."""

    def __init__(self, batch: Batch, query: str = "", page: str = "1") -> None:
        self.batch, self.query = batch, query.strip()[:200]
        self._page = page

    @property
    def is_open(self) -> bool:
        """Whether rows can be brought back."""
        return self.batch.state == State.REVIEW

    @property
    def count(self) -> int:
        """How many rows were left out, whatever is searched for."""
        return tally(self.batch).buckets[Aside.LEFT_OUT]

    @cached_property
    def page(self) -> Page[Any]:
        """The page asked for (the nearest one there is), as LeftOutRow objects in the order of the file."""
        rows = _left_out(self.batch).filter(holds_all(self.query)).order_by("number")
        paginator = Paginator(rows.select_related("content"), PAGE)
        if not self.query:
            paginator.count = self.count
        page: Page[Any] = paginator.get_page(self._page)
        page.object_list = _with_reasons(list(page))
        return page


def bring_back(batch: Batch, user: User, numbers: Collection[int]) -> Change | None:
    """Put rows that were left out into the bucket that they belong to, checked as if they had come in now.

    What was decided about them is forgotten and asked again. Rows (sheet rows) that are not left out any more are
    passed over. Gives the change, None where there is nothing to do. Raises ReviewClosed.
    """
    with transaction.atomic():
        touch(batch)
        rows = _left_out(batch).filter(number__in=numbers).order_by("number")
        drafts = [draft(row) for row in rows.prefetch_related("content")]
        by_row = put_out_by([each.row.pk for each in drafts])
        causes = {each.row.number: by_row[each.row.pk] for each in drafts if each.row.pk in by_row}
        if unread := [each for each in drafts if each.is_nobody]:
            _check(batch, unread)
        for each in drafts:
            each.aside = ""
            if each.row.number in causes and causes[each.row.number].kind == ChangeKind.DECIDED:
                each.decided = None
        change = recorded(batch, user, ChangeKind.BROUGHT_BACK, drafts, IDENTITY)
        if change is not None:
            _ask_again(change, drafts, causes)
    return change


def _left_out(batch: Batch) -> QuerySet[StagedRow]:
    rows: QuerySet[StagedRow] = batch.rows.filter(bucket=Aside.LEFT_OUT)
    return rows


def _with_reasons(rows: Sequence[StagedRow]) -> list[LeftOutRow]:
    causes = put_out_by([row.pk for row in rows])
    near = settled_by({row.number: causes[row.pk] for row in rows if row.pk in causes})
    return [_with_reason(row, causes.get(row.pk), near.get(row.number, [])) for row in rows]


def _with_reason(row: StagedRow, cause: Change | None, near: Sequence[Proposal]) -> LeftOutRow:
    content = opened(row)
    finding = next((each for each in content.findings if each.code in WHY_LEFT_OUT), None)
    return LeftOutRow(row, content, finding, None if finding else cause, next(iter(near), None))


def _check(batch: Batch, drafts: Sequence[Draft]) -> None:
    """Check rows that were left out while they were read: until now nothing was said of what stands in them."""
    for each in drafts:
        each.findings = [finding for finding in each.findings if finding.code not in WHY_LEFT_OUT]
    put(batch, drafts, lambda each: {key: text for key, text in each.values.items() if key in BY_KEY})
    # Nobody chose these; rows left out by a reviewer stay as they were chosen.
    StagedRow.objects.filter(pk__in=[each.row.pk for each in drafts]).update(selected=True)


def _ask_again(change: Change, drafts: Sequence[Draft], causes: Mapping[int, Change]) -> None:
    """Open the near matches by which rows were left out, and forget what was decided: nobody is added unseen."""
    near = settled_by(causes)
    proposals = [each for some in near.values() for each in some]
    Proposal.objects.filter(pk__in=[each.pk for each in proposals]).update(change=None)
    people = _people(drafts, near)
    decided = Decision.objects.filter(person__in=list(people), revoked_at=None)
    beside_row = Q(other__isnull=False, reason__in=AGAIN, verdict=Verdict.LEFT_OUT)
    forgotten = [
        each.pk for each in decided.filter(Q(other=None) | beside_row) if each.customer_id in people[bytes(each.person)]
    ]
    Decision.objects.filter(pk__in=forgotten).update(revoked_at=change.made_at, revoked_by=change.made_by)


def _people(drafts: Sequence[Draft], near: Mapping[int, Sequence[Proposal]]) -> dict[bytes, set[int | None]]:
    """Give whom the near matches of rows are about: the person of the row, and the customers."""
    people: dict[bytes, set[int | None]] = {}
    for each in drafts:
        if found := near.get(each.row.number):
            person = person_key(each.values, each.row.office_id)
            people.setdefault(person, set()).update(one.customer_id for one in found)
    return people
