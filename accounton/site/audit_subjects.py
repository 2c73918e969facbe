"""What entries of the audit are about, of rooms that stand above offices: names and pages."""

from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext_lazy as _

from accounton.customers.models import Customer
from accounton.customers.searching import holds_all
from accounton.importing.models import Batch
from accounton.offices.audit.subjects import SubjectKind, register


def register_all() -> None:
    """Have the kinds of subjects known."""
    register(
        SubjectKind(
            "customer", _("customer %(id)s"), _("customer %(name)s"), "customers:customer", _customers, _customers_found
        )
    )
    register(SubjectKind("batch", _("import %(id)s"), _("the import of %(name)s"), "importing:review", _batches))
    register(SubjectKind("rule", _("questionnaire rule %(id)s")))


def _customers(ids: Collection[int]) -> Mapping[int, str]:
    found = Customer.objects.filter(pk__in=ids).only("first_name", "last_name", "office")
    return {customer.pk: customer.name for customer in found}


def _customers_found(query: str, most: int) -> Iterable[int]:
    found: Iterable[int] = Customer.objects.filter(holds_all(query)).values_list("pk", flat=True)[:most]
    return found


def _batches(ids: Collection[int]) -> Mapping[int, str]:
    return dict(Batch.objects.filter(pk__in=ids).values_list("pk", "file_name"))
