"""What a review page shows: counts, one page of a bucket, and the choices made. Reads only."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from django.core.paginator import Page
from django.db.models import Q, QuerySet

from accounton.customers.models import Customer
from accounton.customers.searching import holds_all
from accounton.dossiers.models import Dossier
from accounton.importing import only_here
from accounton.importing.cells import HereView, RowView, column_views
from accounton.importing.lengths import LONG
from accounton.importing.looking import is_to_come, was_given_up
from accounton.importing.models import Batch, Bucket, Change, StagedRow, State, made_of_row
from accounton.importing.overwriting import Counts
from accounton.importing.paging import FromEitherEnd
from accounton.importing.questionnaires import Which
from accounton.importing.settling import ToSettle
from accounton.importing.tallying import ADDED, Given, Tally, tally
from accounton.importing.wrong_values import Suggested
from accounton.questionnaires.choosing import BY_RULES, Rules
from accounton.questionnaires.office_rules import rules_of

PAGE = 50
GIVEN_AT_ONCE = 10_000
SORTS = {"row": "number", "name": "search", "email": "email", "language": "language"}


class Review:
    """One view of a batch: `params` are those of the address (bucket, q, sort, page, code, repaired, gets, added)."""

    def __init__(self, batch: Batch, params: Mapping[str, str]) -> None:
        self.batch = batch
        wanted = params.get("bucket", "")
        self.bucket = wanted if wanted in Bucket.values else Bucket.ONLY_IN_IMPORT.value
        self.query = params.get("q", "").strip()[:200]
        self.code = params.get("code", "")[:80]
        self.repaired_only = params.get("repaired") == "1"
        self.added_only = params.get("added") == "1" and self.bucket == Bucket.ONLY_IN_IMPORT
        self.differing_only = params.get("differs") == "1"
        self.gets = params.get("gets", "")[:60]
        self._sort, self._page = params.get("sort", ""), params.get("page", "1")

    @property
    def counts(self) -> dict[str, int]:
        """How many rows each bucket holds, how many were added, and how many customers are only here."""
        return self._tally.buckets

    @cached_property
    def _tally(self) -> Tally:
        return tally(self.batch)

    @cached_property
    def selected(self) -> int:
        """How many rows would be added now."""
        if self.is_open and self.which.rules and self.counts_given_at_once:
            return sum(count.selected for count in self.given.values())
        return self.counts[Bucket.ONLY_IN_IMPORT] - self._tally.deselected

    @property
    def all_were_added(self) -> bool:
        """Whether somebody was added, and of the new ones all."""
        return not self.counts[Bucket.ONLY_IN_IMPORT] and self.counts[ADDED] > 0

    @property
    def to_settle(self) -> ToSettle:
        """What is still to be settled about couples and near matches."""
        return self._tally.to_settle(self.batch)

    @property
    def undecided(self) -> int:
        """How many of the selected rows nobody decided about yet: couples, and who looks like somebody who is here.

        Known on the tab of the new ones; adding from another tab leaves them in the review and says so afterwards.
        """
        return self.to_settle.undecided if self.is_open and self.bucket == Bucket.ONLY_IN_IMPORT else 0

    @property
    def decided(self) -> int:
        """How many selected rows there is nothing to decide about."""
        return self.selected - self.undecided

    @property
    def is_looked_for(self) -> bool:
        """Whether near matches are still to be looked for: adding waits for it."""
        return is_to_come(self.batch)

    @property
    def was_not_looked_for(self) -> bool:
        """Whether looking for near matches was given up."""
        return was_given_up(self.batch)

    @property
    def is_open(self) -> bool:
        """Whether anything can still be chosen."""
        return self.batch.state == State.REVIEW

    @property
    def is_editable(self) -> bool:
        """Whether the cells that this list shows can be changed."""
        return self.is_open and self.bucket in (Bucket.INVALID, Bucket.ONLY_IN_IMPORT) and not self.added_only

    @property
    def can_add(self) -> bool:
        """Whether the add button works: a questionnaire is chosen and something is selected."""
        return self.is_open and bool(self.batch.questionnaire) and self.selected > 0

    @cached_property
    def last_change(self) -> Change | None:
        """What was done last in this review and not undone."""
        if not self.batch.revision:  # nobody touched it yet
            return None
        changes = self.batch.changes.filter(undone_at=None).select_related("made_by")
        return changes.order_by("-pk").first()

    @cached_property
    def doubles(self) -> Counts:
        """What can be and was chosen for known customers."""
        return self._tally.doubles

    @cached_property
    def rules(self) -> Rules:
        """The rules of the office for the questionnaire."""
        return rules_of(self.batch.office)

    @cached_property
    def which(self) -> Which:
        """Says which questionnaire each row gets."""
        return Which(self.batch, self.rules if self.batch.questionnaire == BY_RULES else None)

    @cached_property
    def differs(self) -> bool:
        """Whether not all rows get one questionnaire. A review that nobody touched has no row with one of its own."""
        if not self.is_open or not self.batch.questionnaire:
            return False
        return bool(self.which.rules) or (self.batch.revision > 0 and self._tally.has_own)

    @property
    def counts_given_at_once(self) -> bool:
        """Whether counting who gets which questionnaire holds no page up."""
        return self.counts[Bucket.ONLY_IN_IMPORT] <= GIVEN_AT_ONCE

    @property
    def given(self) -> dict[str, Given]:
        """How many rows that can be added get each questionnaire, most frequent first; empty where all get one."""
        return {key: count for key, count in self._tally.given(self.which).items() if count.all} if self.differs else {}

    @property
    def is_filtered(self) -> bool:
        """Whether the list shows less than its bucket."""
        return bool(self._is_searched or self.differing_only or self.gets or self.added_only)

    @property
    def _is_searched(self) -> bool:
        return bool(self.query or self.code or self.repaired_only)

    @property
    def sort(self) -> str:
        """The sort key in force, with "-" in front for the other way round."""
        sorts = only_here.SORTS if self.bucket == Bucket.ONLY_IN_PLATFORM else SORTS
        return self._sort if self._sort.removeprefix("-") in sorts else next(iter(sorts))

    def matching(self) -> QuerySet[StagedRow]:
        """Give the rows of the bucket that the search and filters let through: of the new ones, those not added yet."""
        rows = self.batch.rows.filter(bucket=self.bucket)
        if self.added_only:
            rows = rows.filter(made_of_row())
        elif self.batch.added and self.bucket == Bucket.ONLY_IN_IMPORT:
            rows = rows.filter(~made_of_row())
        if self.bucket == Bucket.DOUBLE:
            rows = rows.select_related("difference")
        rows = rows.filter(holds_all(self.query))
        if self.code:
            rows = rows.filter(problems__contains=self.code)
        if self.gets and self.bucket == Bucket.ONLY_IN_IMPORT:
            rows = rows.annotate(which=self.which.expression).filter(which=self.gets)
        if self.differing_only:
            rows = rows.filter(Q(difference__differs__gt="") | Q(difference__chosen__gt=""))
        return rows.filter(repaired=True) if self.repaired_only else rows

    @cached_property
    def page(self) -> Page[Any]:
        """The page asked for (the nearest one there is), as RowView or HereView objects."""
        is_here = self.bucket == Bucket.ONLY_IN_PLATFORM
        # Where very many must be sorted it is only their keys; what stands on the page is loaded by them.
        by_keys = is_here or self.sort.removeprefix("-") != "row"
        if is_here:
            rows = only_here.in_order(self.batch, self.query, self.sort, self.counts[self.bucket])
        else:
            rows = self._ordered().values_list("pk", flat=True) if by_keys else self._with_all(self._ordered())
        paginator = FromEitherEnd(rows, PAGE)
        counted = self._counted
        if counted is not None:
            paginator.count = counted
        page: Page[Any] = paginator.get_page(self._page)
        found = list(page)
        if is_here:
            page.object_list = self._here_views(found)
        else:
            page.object_list = self.views_of(self._rows_of(found) if by_keys else found)
        return page

    @property
    def _counted(self) -> int | None:
        """How many rows there are to show, where that was counted already."""
        if not self.is_filtered:
            return self.counts[self.bucket]
        if self._is_searched:
            return None
        if self.differing_only:
            return self.doubles.differing
        if self.added_only:
            return None if self.gets else self.counts[ADDED]
        return self.given[self.gets].all if self.bucket == Bucket.ONLY_IN_IMPORT and self.gets in self.given else None

    def _ordered(self) -> QuerySet[StagedRow]:
        sign, key = ("-", self.sort[1:]) if self.sort.startswith("-") else ("", self.sort)
        return self.matching().order_by(f"{sign}{SORTS[key]}", "id")

    def _rows_of(self, ids: Sequence[int]) -> list[StagedRow]:
        found = self._with_all(self.batch.rows.all()).in_bulk(ids)
        return [found[pk] for pk in ids if pk in found]

    def _with_all(self, rows: Any) -> Any:
        """Let rows come with what a page shows of them."""
        related = ("content", "difference") if self.bucket == Bucket.DOUBLE else ("content",)
        return rows.select_related(*related)

    def _here_views(self, customer_ids: Sequence[int]) -> list[HereView]:
        here = self.batch.only_here.filter(customer_id__in=customer_ids).select_related("customer")
        found = {each.customer_id: each for each in here}
        return [HereView(found[pk]) for pk in customer_ids if pk in found]

    def view_of(self, row: StagedRow) -> RowView:
        """Give one row for the page."""
        return self.views_of([row])[0]

    def views_of(self, rows: list[StagedRow]) -> list[RowView]:
        """Give rows for the page."""
        ids = [row.match_id for row in rows if row.match_id]
        is_double = bool(ids) and self.bucket == Bucket.DOUBLE
        known = Customer.objects.select_related("responsible").in_bulk(ids) if is_double else {}
        made = Customer.objects.filter(import_row__in=[row.pk for row in rows]) if self.batch.added else ()
        ids_made = {customer.import_row: customer.pk for customer in made}
        return [RowView(row, self.batch, known.get(row.match_id), ids_made.get(row.pk)) for row in rows]

    @cached_property
    def columns(self) -> list[Any]:
        """The columns of the table: those of the bucket, and those with something to say on this page."""
        return column_views(self.bucket, list(self.page.object_list))

    @cached_property
    def with_dossier(self) -> set[int]:
        """Of the known customers on this page, those who have a dossier in the chosen task flow and year."""
        ids = [view.row.match_id for view in self.page.object_list if view.row.match_id]
        return set(
            Dossier.objects.filter(
                customer_id__in=ids, task_flow=self.batch.task_flow, assessment_year=self.batch.assessment_year
            ).values_list("customer_id", flat=True)
        )

    @property
    def is_long(self) -> bool:
        """Whether choosing all of this list takes long enough to be said."""
        return bool(self.page.paginator.count > LONG)

    @property
    def problems(self) -> list[tuple[str, int]]:
        """The problem codes of the invalid rows with the number of rows each, most frequent first."""
        return self._tally.problems

    @property
    def suggested(self) -> Suggested:
        """By problem code, the invalid rows in which something is suggested."""
        return self._tally.suggested

    @property
    def repaired(self) -> int:
        """How many rows of this bucket, of the new ones those not added yet, had something repaired."""
        return self._tally.repaired(self.bucket)
