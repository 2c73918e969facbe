"""Decisions about customers whom a list does not have: archive, take out of the task flow, or nothing; restorable."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models, transaction
from django.utils import timezone

from accounton.customers.models import Customer
from accounton.customers.searching import holds_all
from accounton.dossiers.models import Dossier, Status
from accounton.importing.models import Action, Batch, Change, Departure, OnlyHere, State
from accounton.importing.overwriting import OPEN
from accounton.importing.pieces import Work
from accounton.offices.audit import record, record_all
from accounton.offices.models import User
from accounton.offices.turns import take_turn
from accounton.questionnaires.models import Questionnaire

NAMED_AT_MOST = 20
KNOWN_OF_DOSSIERS = (Questionnaire,)


@dataclass
class Depart(Work):
    """Decide about customers who are only here: those named by id, or all that a search finds.

    A dossier is taken out only while nothing was sent and nobody answered: `said` counts who was `done` and the first
    whose dossier must `stay`. A decision in force is restored first.
    """

    action: str
    reason: str
    ids: list[int] | None = None
    query: str = ""
    states: ClassVar[Collection[State]] = OPEN

    def count(self, batch: Batch) -> int:
        """Give how many customers there are to decide about."""
        return self._here(batch).count()

    def change(self, batch: Batch, user: User | None) -> Change:
        """Give a change that is never saved: no row is changed, and each decision is restored by itself."""
        return Change(batch=batch, made_by=user)

    def lock(self, batch: Batch) -> None:
        """Take the office's turn, as adding does."""
        take_turn(batch.office_id)

    def choose(self, batch: Batch) -> list[int]:
        """Give the ids of the customers."""
        return list(self._here(batch).order_by("customer").values_list("customer_id", flat=True))

    def piece(self, batch: Batch, change: Change, some: Sequence[int]) -> None:
        """Decide about some customers."""
        for earlier in in_force(batch).filter(customer__in=some).select_related("customer", "batch"):
            restore(earlier, change.made_by)
        # Read only now: whoever was archived by the earlier decision is not any more.
        customers = list(Customer.objects.filter(pk__in=some).order_by("id"))
        done, stay = _decide(batch, change.made_by, customers, self.action, self.reason)
        stayed = [*self.said.get("stay", ()), *(each.pk for each in stay)]
        self.said = {"done": self.said.get("done", 0) + done, "stay": stayed[: NAMED_AT_MOST + 1]}

    def _here(self, batch: Batch) -> models.QuerySet[OnlyHere]:
        here: models.QuerySet[OnlyHere] = batch.only_here.all()
        if self.ids is not None:
            return here.filter(customer__in=self.ids)
        return here.filter(holds_all(self.query, "customer__search"))


def in_force(batch: Batch) -> models.QuerySet[Departure]:
    """Give the decisions of a review that were not restored."""
    found: models.QuerySet[Departure] = Departure.objects.filter(batch=batch, restored_at=None)
    return found


def touched(batch: Batch) -> set[int]:
    """Give the ids of the decisions in force that restore() could not take back any more."""
    made_anew = Dossier.objects.filter(
        customer=models.OuterRef("customer"), task_flow=batch.task_flow, assessment_year=batch.assessment_year
    )
    archived_otherwise = models.Q(action=Action.ARCHIVE) & ~models.Q(customer__archived_at=models.F("made_at"))
    found = in_force(batch).filter(archived_otherwise | models.Q(models.Exists(made_anew), action=Action.TAKE_OUT))
    return set(found.values_list("pk", flat=True))


def restore_one(decision: Departure, user: User | None) -> bool:
    """Take a decision back, in a transaction of its own; see restore()."""
    with transaction.atomic():
        take_turn(decision.batch.office_id)
        return restore(decision, user)


def restore(decision: Departure, user: User | None) -> bool:
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
    Departure.objects.filter(pk=decision.pk).update(restored_at=now, restored_by=user)
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
    Departure.objects.bulk_create(
        Departure(
            batch=batch, customer=each, action=action, reason=reason, made_by=user, made_at=now,
            kept=kept.get(each.pk, {}),
        )
        for each in customers
    )  # fmt: skip
    if action != Action.NOTHING:
        said = {Action.ARCHIVE: "customer.archived", Action.TAKE_OUT: "file.taken_out"}[Action(action)]
        record_all(user, said, [f"customer:{each.pk}" for each in customers], batch=batch.pk, reason=reason)
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


def _put_back(decision: Departure, customer: Customer) -> bool:
    batch, kept = decision.batch, decision.kept
    dossier, is_new = Dossier.objects.get_or_create(
        customer=customer, task_flow=batch.task_flow, assessment_year=batch.assessment_year,
        defaults={"deadline": date.fromisoformat(kept["deadline"]) if kept["deadline"] else None},
    )  # fmt: skip
    if is_new:
        Dossier.objects.filter(pk=dossier.pk).update(created_at=datetime.fromisoformat(kept["created_at"]))
        Questionnaire.objects.create(dossier=dossier, definition=kept["definition"], language=kept["language"])
    return bool(is_new)
