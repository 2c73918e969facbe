"""Customers only here as a list: found by a search, in an order, a page at a time."""

from collections.abc import Sequence
from operator import gt, lt
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from accounton.customers.models import Customer
from accounton.customers.searching import holds_all, search_words
from accounton.importing.models import Batch, OnlyHere

SORTS = {"name": "customer__search", "email": "customer__email", "language": "customer__language"}
# With so many only here, fifty of them are met soon when the office's customers are walked in the order of their names.
WALK_FROM = 5000
# So many of those found by a search are kept in mind while a page is made.
FEW = 5000
# Archived customers stand elsewhere in the index. Those who are only here are put in between, so many at most.
MOST_ARCHIVED = 2000


def found_here(batch: Batch, query: str) -> QuerySet[OnlyHere]:
    """Give the customers only here whom a search lets through."""
    here: QuerySet[OnlyHere] = OnlyHere.objects.filter(batch=batch)
    if search_words(query):
        # Found first, by what the index holds: following each of very many customers only here costs more.
        here = here.filter(customer__in=Customer.objects.filter(holds_all(query)))
    return here


def in_order(batch: Batch, query: str, sort: str, total: int) -> Any:
    """Give the ids of the customers found, in the order of a sort key ("-" in front: the other way round).

    What comes can be counted, sliced and reversed like a queryset; `total` is how many are only here in all.
    """
    sign, key = ("-", sort[1:]) if sort.startswith("-") else ("", sort)
    # Not for a search: who is found may be met only at the end of the alphabet, and PostgreSQL is slow to get there.
    if search_words(query):
        return _searched(batch, query, key, sign)
    if key == "name" and total >= WALK_FROM:
        return ByName(batch, total, is_descending=bool(sign))
    return _joined(batch, key, sign)


def _joined(batch: Batch, key: str, sign: str) -> QuerySet[Any, int]:
    here: QuerySet[Any, Any] = OnlyHere.objects.filter(batch=batch)
    ordered = here.order_by(f"{sign}{SORTS[key]}", f"{sign}customer_id")
    return ordered.values_list("customer_id", flat=True)


def _searched(batch: Batch, query: str, key: str, sign: str) -> QuerySet[Any, int]:
    """Look all customers of the office through once, where that finds few: counted and sorted is only what it found."""
    here = OnlyHere.objects.filter(batch=batch, customer=OuterRef("pk"))
    found: QuerySet[Any, Any] = Customer.objects.filter(Exists(here), holds_all(query)).order_by()
    ids = list(found.values_list("pk", flat=True)[: FEW + 1])
    if len(ids) <= FEW:
        found = Customer.objects.filter(pk__in=ids)
    ordered = found.order_by(f"{sign}{SORTS[key].removeprefix('customer__')}", f"{sign}id")
    return ordered.values_list("pk", flat=True)


class ByName:
    """The ids of very many customers only here by name: nothing is sorted, an index of all customers is walked."""

    def __init__(self, batch: Batch, total: int, *, is_descending: bool) -> None:
        self._batch, self._total, self._is_descending = batch, total, is_descending

    def count(self) -> int:
        """How many there are."""
        return self._total

    def reverse(self) -> "ByName":
        """Give the same the other way round."""
        return ByName(self._batch, self._total, is_descending=not self._is_descending)

    def __getitem__(self, part: slice) -> list[int]:
        archived: list[tuple[str, int]] = list(self._keys(is_archived=True)[: MOST_ARCHIVED + 1])
        if len(archived) > MOST_ARCHIVED:
            return list(_joined(self._batch, "name", "-" if self._is_descending else "")[part])
        # Of the others so many are passed over that, with every archived one before them, none of the page is.
        passed = max(part.start - len(archived), 0)
        others = list(self._keys(is_archived=False)[passed : part.stop])
        is_before = gt if self._is_descending else lt
        before = sum(is_before(key, others[0]) for key in archived) if passed and others else 0
        found = sorted([*others, *archived], reverse=self._is_descending)[before:]
        start = part.start - passed - before
        return [customer_id for _name, customer_id in found[start : start + part.stop - part.start]]

    def _keys(self, *, is_archived: bool) -> QuerySet[Any, Any]:
        here = OnlyHere.objects.filter(batch=self._batch, customer=OuterRef("pk"))
        customers = Customer.objects.filter(Exists(here), archived_at__isnull=not is_archived)
        # The others are all without a day of archiving: it is named for PostgreSQL to see the index in the order.
        order: Sequence[str] = ("search", "id") if is_archived else ("archived_at", "search", "id")
        signed = [f"-{name}" for name in order] if self._is_descending else order
        keys: QuerySet[Any, Any] = customers.order_by(*signed).values_list("search", "id")
        return keys
