"""The list of the overview: dossiers of one year with their customers, counted, filtered, sorted and paged in SQL.

Built for 100,000 dossiers in one office: an index answers what no column of a customer must be looked at for.
"""

from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Exists, Expression, F, OuterRef, Q, QuerySet, Subquery, Value, When

from accounton.customers.models import Customer
from accounton.customers.searching import holds_all
from accounton.dossiers.deadlines import effective_deadline
from accounton.dossiers.models import Dossier, Status, TaskFlow
from accounton.overview.filters import NOBODY, Filters

PAGE = 50
# With this many matches fifty of them are met soon when customers are walked in the order of their names.
WALK_FROM = 5000
WALKED = ("archived_at", "search", "id")


class Listing:
    """One view of the overview."""

    def __init__(self, filters: Filters) -> None:
        self.filters = filters

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many dossiers each status has among those that all other filters let through."""
        counts: dict[str, int] = dict.fromkeys(Status.values, 0)
        counts.update(self._matching(with_status=False).order_by().values_list("status").annotate(Count("id")))
        return counts

    @property
    def total(self) -> int:
        """How many dossiers the list holds."""
        return self.counts[self.filters.status] if self.filters.status else sum(self.counts.values())

    @cached_property
    def page(self) -> Page[Any]:
        """The page asked for (the nearest one there is), each dossier with its customer and questionnaire."""
        page: Page[Any] = Paginator(range(self.total), PAGE).get_page(self.filters.page)
        start = max(page.start_index() - 1, 0)
        page.object_list = self._rows(start) if self.total else []
        return page

    def _rows(self, start: int) -> list[Dossier]:
        # The ids first: what is shown of fifty dossiers must not be joined to all that are sorted.
        ids = self._walked(start) if self._can_walk else list(self._sorted()[start : start + PAGE])
        found = Dossier.objects.select_related("customer__responsible", "questionnaire").in_bulk(ids)
        return [found[dossier_id] for dossier_id in ids if dossier_id in found]

    def _sorted(self) -> QuerySet[Dossier, int]:
        return self._matching(joined=True).order_by(*self._order()).values_list("id", flat=True)

    @property
    def _can_walk(self) -> bool:
        by_name = self.filters.sort_key == "name" and not self.filters.status and not self.filters.archived
        return by_name and self.total >= WALK_FROM

    def _walked(self, start: int) -> list[int]:
        """Give the dossiers of a page by going through the customers in the order of an index, up to that page."""
        dossier = self._of_year(Dossier.objects.filter(customer=OuterRef("pk"))).values("id")
        customers = _customers(self.filters).filter(self._of_customer(""), Exists(dossier))
        # All are without a day of archiving. It is named first because that is how PostgreSQL sees the index in it.
        order = [F(key).desc() if self.filters.is_descending else F(key).asc() for key in WALKED]
        ids = list(customers.order_by(*order).values_list("id", flat=True)[start : start + PAGE])
        of_page = Customer.objects.filter(pk__in=ids).annotate(dossier_id=Subquery(dossier))
        dossier_of = dict(of_page.values_list("id", "dossier_id"))
        return [dossier_of[customer_id] for customer_id in ids if customer_id in dossier_of]

    def _matching(self, *, with_status: bool = True, joined: bool = False) -> QuerySet[Dossier]:
        filters, rows = self.filters, self._of_year(Dossier.objects.all())
        if filters.q or filters.archived:
            rows = rows.filter(customer__in=_customers(filters).values("id"))
        elif joined or filters.joins_customers:
            rows = rows.filter(customer__archived_at=None)
        else:
            rows = rows.exclude(customer__in=Customer.objects.exclude(archived_at=None).order_by().values("id"))
        if with_status and filters.status:
            rows = rows.filter(status=filters.status)
        return rows.filter(self._of_customer("customer__"))

    def _of_year(self, rows: QuerySet[Dossier]) -> QuerySet[Dossier]:
        return rows.filter(task_flow=TaskFlow.PERSONENBELASTING, assessment_year=self.filters.year)

    def _of_customer(self, path: str) -> Q:
        filters, wanted = self.filters, Q()
        if filters.label:
            wanted &= Q(**{f"{path}labels__contains": f",{filters.label},"})
        if filters.language:
            wanted &= Q(**{f"{path}language": filters.language})
        if filters.responsible:
            nobody = filters.responsible == NOBODY
            wanted &= Q(**{f"{path}responsible": None if nobody else int(filters.responsible)})
        if filters.email:
            wanted &= Q(**{f"{path}email": ""})
        if filters.joint:
            wanted &= Q(**{f"{path}is_joint": filters.joint == "yes"})
        return wanted

    def _order(self) -> list[Any]:
        keys = [sort_expressions(self.filters.year)[self.filters.sort_key]]
        if self.filters.sort_key != "name":
            keys.append(F("customer__search"))
        keys.append(F("customer_id"))
        if self.filters.is_descending:
            return [key.desc(nulls_last=True) for key in keys]
        return [key.asc(nulls_last=True) for key in keys]


def sort_expressions(year: int) -> dict[str, Any]:
    """Give, by the key in the address, the expression over dossiers that is sorted by."""
    return {
        "name": F("customer__search"),
        "joint": F("customer__is_joint"),
        "status": _in_order_of_life(),
        "language": F("customer__language"),
        "questionnaire": F("questionnaire__definition"),
        "responsible": F("customer__responsible__name"),
        "deadline": effective_deadline(year),
        "code": F("customer__client_code"),
    }


def _in_order_of_life() -> Expression:
    return Case(*(When(status=status, then=Value(place)) for place, status in enumerate(Status.values)))


def _customers(filters: Filters) -> QuerySet[Customer]:
    customers = Customer.objects.filter(holds_all(filters.q), archived_at__isnull=not filters.archived)
    found: QuerySet[Customer] = customers.order_by()
    return found
