"""Decisions about customers whom a list does not have: archive, take out of the task flow, or nothing; restorable."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from accounton.customers.models import Customer
from accounton.dossiers.models import Dossier, Status
from accounton.importing.applying import lock_office
from accounton.importing.choosing import touch
from accounton.importing.models import Action, Batch, Parting
from accounton.importing.overwriting import OPEN
from accounton.offices.audit import record
from accounton.offices.models import User
from accounton.questionnaires.models import Questionnaire

AT_ONCE = 500
KNOWN_OF_DOSSIERS = (Questionnaire,)


def decide(
    batch: Batch, user: User | None, customer_ids: Sequence[int], action: str, reason: str
) -> tuple[int, list[Customer]]:
    """Decide about customers who are only here. Gives how many were decided about, and whose dossier must stay.

    A dossier is taken out only while nothing was sent and nobody answered. A decision in force is restored first.
    Raises ReviewClosed.
    """
    done, refused = 0, []
    with transaction.atomic():
        lock_office(batch)
        touch(batch, OPEN)
        for start in range(0, len(customer_ids), AT_ONCE):
            here = batch.only_here.filter(customer_id__in=customer_ids[start : start + AT_ONCE])
            customers = list(Customer.objects.filter(pk__in=here.values("customer_id")).order_by("id"))
            for earlier in in_force(batch).filter(customer__in=customers):
                restore(earlier, user)
            decided, stay = _decide(batch, user, customers, action, reason)
            done += decided
            refused += stay
    return done, refused


def in_force(batch: Batch) -> models.QuerySet[Parting]:
    """Give the decisions of a review that were not restored."""
    found: models.QuerySet[Parting] = Parting.objects.filter(batch=batch, restored_at=None)
    return found


def restore_one(decision: Parting, user: User | None) -> bool:
    """Take a decision back, in a transaction of its own; see restore()."""
    with transaction.atomic():
        lock_office(decision.batch)
        return restore(decision, user)


def restore(decision: Parting, user: User | None) -> bool:
    """Take a decision back. Gives whether it could be: not where somebody touched the customer's archive or dossier.

    Stands inside a transaction.
    """
    customer, now = decision.customer, timezone.now()
    subject = f"customer:{customer.pk}"
    restored = True
    if decision.action == Action.ARCHIVE:
        waiting = Customer.objects.filter(pk=customer.pk, archived_at=decision.made_at)
        restored = bool(waiting.update(archived_at=None, updated_at=now))
        if restored:
            record(user, "customer.brought_back", subject, batch=decision.batch_id)
    elif decision.action == Action.TAKE_OUT:
        restored = _put_back(decision, customer)
        if restored:
            record(user, "file.put_back", subject, batch=decision.batch_id)
    Parting.objects.filter(pk=decision.pk).update(restored_at=now, restored_by=user)
    return restored


def hanging(model: type[models.Model], ids: Iterable[int], known: Sequence[type[models.Model]]) -> set[int]:
    """Give those of a model's rows on which anything hangs but rows of the `known` models: answers, mails sent."""
    wanted, found = list(ids), set()
    for relation in model._meta.related_objects:
        related: Any = relation.related_model
        if related not in known:
            name = relation.field.name
            rows = related.objects.filter(**{f"{name}__in": wanted})
            found |= set(rows.values_list(f"{name}_id", flat=True))
    return found


def untouched(dossiers: Sequence[Dossier]) -> set[int]:
    """Give the ids of those dossiers with which nothing happened yet: nothing sent, nothing answered.

    The questionnaires are loaded with them.
    """
    waiting = [each for each in dossiers if each.status == Status.NOT_SENT]
    with_more = hanging(Dossier, (each.pk for each in waiting), KNOWN_OF_DOSSIERS)
    papers = {each.questionnaire.pk: each.pk for each in waiting if hasattr(each, "questionnaire")}
    answered = hanging(Questionnaire, papers, ())
    return {each.pk for each in waiting} - with_more - {papers[pk] for pk in answered}


def _decide(
    batch: Batch, user: User | None, customers: Sequence[Customer], action: str, reason: str
) -> tuple[int, list[Customer]]:
    now = timezone.now()
    kept: dict[int, dict[str, str]] = {}
    stay: list[Customer] = []
    if action == Action.ARCHIVE:
        customers = [each for each in customers if each.archived_at is None]
        ids = [each.pk for each in customers]
        Customer.objects.filter(pk__in=ids).update(archived_at=now, updated_at=now)
    elif action == Action.TAKE_OUT:
        kept = _taken_out(batch, customers)
        stay = [each for each in customers if each.pk not in kept]
        customers = [each for each in customers if each.pk in kept]
    for each in customers:
        Parting.objects.create(
            batch=batch, customer=each, action=action, reason=reason, made_by=user, made_at=now,
            kept=kept.get(each.pk, {}),
        )  # fmt: skip
        if action != Action.NOTHING:
            said = {Action.ARCHIVE: "customer.archived", Action.TAKE_OUT: "file.taken_out"}[Action(action)]
            record(user, said, f"customer:{each.pk}", batch=batch.pk, reason=reason)
    return len(customers), stay


def _taken_out(batch: Batch, customers: Sequence[Customer]) -> dict[int, dict[str, str]]:
    """Delete the dossiers of customers in the batch's task flow and year with which nothing happened yet."""
    dossiers = list(
        Dossier.objects.select_related("questionnaire").filter(
            customer__in=customers, task_flow=batch.task_flow, assessment_year=batch.assessment_year
        )
    )
    free = untouched(dossiers)
    gone = [each for each in dossiers if each.pk in free]
    Dossier.objects.filter(pk__in=free).delete()
    return {
        each.customer_id: {
            "deadline": each.deadline.isoformat() if each.deadline else "",
            "created_at": each.created_at.isoformat(),
            "definition": each.questionnaire.definition,
            "language": each.questionnaire.language,
        }
        for each in gone
    }


def _put_back(decision: Parting, customer: Customer) -> bool:
    batch, kept = decision.batch, decision.kept
    dossier, is_new = Dossier.objects.get_or_create(
        customer=customer, task_flow=batch.task_flow, assessment_year=batch.assessment_year,
        defaults={"deadline": date.fromisoformat(kept["deadline"]) if kept["deadline"] else None},
    )  # fmt: skip
    if is_new:
        Dossier.objects.filter(pk=dossier.pk).update(created_at=datetime.fromisoformat(kept["created_at"]))
        Questionnaire.objects.create(dossier=dossier, definition=kept["definition"], language=kept["language"])
    return bool(is_new)
