"""Customers whose responsible colleague leaves: handed over to another, all at once, and back again."""

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounton.customers.models import Customer, HandedOver, HandOver
from accounton.offices.audit import record
from accounton.offices.models import User
from accounton.offices.turns import take_turn


class NothingToHandOver(Exception):
    """The colleague is responsible for no customer (any more)."""


class CannotReceive(Exception):
    """Customers go to a colleague of the same office whose account is open, and not to the one who hands over."""


class HandedBack(Exception):
    """It was undone already."""


def counts_of(colleagues: Iterable[User]) -> dict[int, int]:
    """Return for how many customers each of some colleagues is responsible, archived ones included."""
    found = Customer.objects.filter(responsible__in=colleagues).order_by().values_list("responsible")
    return dict(found.annotate(Count("pk")))


def hand_over(giver: User, receiver: User | None, by: User) -> HandOver:
    """Make `receiver` (or nobody) responsible for all customers of `giver`, archived ones included.

    Raises CannotReceive, NothingToHandOver.
    """
    with transaction.atomic():
        office = take_turn(giver.office_id or 0)
        # As they are now: the account may have been closed since the page was shown.
        if receiver and (receiver.pk == giver.pk or not office.staff.filter(pk=receiver.pk, is_active=True).exists()):
            raise CannotReceive
        made: HandOver = HandOver.objects.create(giver=giver, receiver=receiver, made_by=by)
        # 100,000 customers take two statements: which they are, and whose they are from now on.
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {HandedOver._meta.db_table} (office_id, hand_over_id, customer_id) "  # noqa: S608
                f"SELECT office_id, %s, id FROM {Customer._meta.db_table} WHERE office_id = %s AND responsible_id = %s",
                [made.pk, office.pk, giver.pk],
            )
        theirs = Customer.objects.filter(responsible=giver)
        made.customers = theirs.update(responsible=receiver, updated_at=made.made_at)
        if not made.customers:
            raise NothingToHandOver
        made.save(update_fields=["customers"])
        to = receiver.pk if receiver else None
        record(by, "customers.handed_over", f"user:{giver.pk}", to=to, customers=made.customers, hand_over=made.pk)
    return made


def hand_back(made: HandOver, by: User) -> int:
    """Undo a hand-over: customers who have another responsible by now stay with that one. Return how many went back.

    Raises HandedBack.
    """
    with transaction.atomic():
        take_turn(made.office_id)
        now = timezone.now()
        if not HandOver.objects.filter(pk=made.pk, undone_at=None).update(undone_at=now, undone_by=by):
            raise HandedBack
        back = _still_there(made).update(responsible=made.giver, updated_at=now)
        HandOver.objects.filter(pk=made.pk).update(handed_back=back)
        details = {"customers": back, "hand_over": made.pk}
        record(by, "customers.handed_back", f"user:{made.giver_id}", **details)
    return back


def hand_overs_of(colleague: User) -> QuerySet[HandOver]:
    """Return what a colleague handed over or was given, the last first."""
    mine = HandOver.objects.filter(Q(giver=colleague) | Q(receiver=colleague))
    found: QuerySet[HandOver] = mine.select_related("giver", "receiver", "made_by", "undone_by").order_by("-pk")
    return found


def hand_overs_of_customer(customer: Customer) -> QuerySet[HandOver]:
    """Return the hand-overs that a customer was part of, the last first."""
    part = HandedOver.objects.filter(hand_over=OuterRef("pk"), customer=customer)
    found: QuerySet[HandOver] = HandOver.objects.filter(Exists(part))
    return found.select_related("giver", "receiver", "made_by", "undone_by").order_by("-pk")


def _still_there(made: HandOver) -> QuerySet[Customer]:
    """Return the customers of a hand-over whose responsible nobody changed since."""
    part = HandedOver.objects.filter(hand_over=made, customer=OuterRef("pk"))
    later = HandedOver.objects.filter(customer=OuterRef("pk"), hand_over__gt=made.pk, hand_over__undone_at=None)
    whose = Q(responsible=made.receiver_id) if made.receiver_id else Q(responsible=None)
    found: QuerySet[Customer] = Customer.objects.filter(Exists(part), ~Exists(later), whose)
    return found
