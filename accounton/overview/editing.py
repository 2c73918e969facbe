"""Changing, archiving and bringing back a customer; whoever saw an older state overwrites nothing."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounton.customers.models import Customer
from accounton.customers.saving import put_values, values_of
from accounton.dossiers.models import Dossier, Status, TaskFlow
from accounton.importing.outdated_matches import follow
from accounton.offices.audit import record
from accounton.offices.models import Office, User
from accounton.offices.turns import take_turn
from accounton.overview.adding import KnownAlready, colleagues_of
from accounton.overview.entry import Checked, match
from accounton.questionnaires.models import Questionnaire
from accounton.rows.matching import IS_SPOUSE


class ChangedMeanwhile(Exception):
    """Somebody changed this customer after the form was opened; `customer` is as it stands now."""

    def __init__(self, customer: Customer) -> None:
        super().__init__(customer.pk)
        self.customer = customer


def dossier_of(customer: Customer, assessment_year: int) -> Dossier | None:
    """Give a customer's dossier of one year."""
    dossiers = Dossier.objects.filter(customer=customer, task_flow=TaskFlow.PERSONENBELASTING)
    dossier: Dossier | None = dossiers.filter(assessment_year=assessment_year).first()
    return dossier


def present_values(customer: Customer, dossier: Dossier | None) -> dict[str, str]:
    """Give what stands on a customer and in the dossier now, by column key; national numbers in plain."""
    deadline = dossier.deadline.isoformat() if dossier and dossier.deadline else ""
    return values_of(customer) | {"deadline": deadline}


def change(
    customer_id: int, checked: Checked, *, office: Office, user: User, seen: datetime, assessment_year: int
) -> Customer:
    """Put checked values on a customer and its dossier of the year. `seen` is when the state shown was saved.

    Raises Customer.DoesNotExist, ChangedMeanwhile, and KnownAlready where he would become somebody else's double.
    """
    with transaction.atomic():
        take_turn(office.pk)
        customer: Customer = Customer.objects.select_related("responsible").get(pk=customer_id)
        if customer.updated_at != seen:
            raise ChangedMeanwhile(customer)
        dossier = dossier_of(customer, assessment_year)
        before = present_values(customer, dossier)
        found = match(checked, office, but=customer)
        # Somebody else's joint return may have named this customer since; that is no reason to refuse another change.
        is_old = found.problem == IS_SPOUSE and checked.values["national_number"] == before["national_number"]
        if found.bucket != "only_in_import" and not is_old:
            raise KnownAlready(found)
        put_values(customer, checked.values, colleagues_of(office))
        customer.save()
        follow([customer.pk])
        _put_in_dossier(customer, dossier, checked.values)
        changed = sorted(key for key, value in checked.values.items() if before.get(key, "") != value)
        record(user, "customer.edited", f"customer:{customer.pk}", fields=changed)
        return customer


def _put_in_dossier(customer: Customer, dossier: Dossier | None, values: Mapping[str, str]) -> None:
    if dossier is not None and "deadline" in values:
        dossier.deadline = date.fromisoformat(values["deadline"]) if values["deadline"] else None
        dossier.save(update_fields=["deadline"])
    # What the customer has not seen yet follows the language.
    Questionnaire.objects.filter(dossier__customer=customer, dossier__status=Status.NOT_SENT).update(
        language=customer.language
    )


def set_archived(customer: Customer, user: User, *, archived: bool) -> bool:
    """Archive a customer or bring him back. Gives whether anything changed: doing it twice is doing it once."""
    waiting = Customer.objects.filter(pk=customer.pk, archived_at__isnull=archived)
    with transaction.atomic():
        now = timezone.now()
        if not waiting.update(archived_at=now if archived else None, updated_at=now):
            return False
        record(user, "customer.archived" if archived else "customer.brought_back", f"customer:{customer.pk}")
    return True
