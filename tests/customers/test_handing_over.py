"""Customers handed over to another colleague, all at once, and back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounton.customers import handing_over
from accounton.customers.models import Customer, HandedOver
from accounton.offices.models import AuditEntry, User
from accounton.offices.scoping import acting_for
from tests.conftest import PASSWORD

pytestmark = pytest.mark.database


@pytest.fixture
def receiver(office):
    return User.objects.create_user("an@gent.example", PASSWORD, office, name="An Smet")


def customers(count, responsible, start=0):
    rows = [
        Customer(
            first_name="Jo", last_name=f"Wit{n}", email=f"j{n}@w.example", language="dutch", responsible=responsible,
            search=f"jo wit{n}", name_key=f"jo wit{n}",
        )
        for n in range(start, start + count)
    ]  # fmt: skip
    return Customer.objects.bulk_create(rows)


def of(user):
    return Customer.objects.filter(responsible=user).count()


def test_all_go_over_and_come_back(admin, accountant, receiver):
    customers(5, accountant)
    customers(2, receiver, 5)
    made = handing_over.hand_over(accountant, receiver, admin)
    assert (made.customers, of(accountant), of(receiver)) == (5, 0, 7)
    assert handing_over.hand_back(made, admin) == 5
    assert (of(accountant), of(receiver)) == (5, 2)
    with pytest.raises(handing_over.HandedBack):
        handing_over.hand_back(made, admin)


def test_who_got_another_responsible_since_stays_there(admin, accountant, receiver):
    first, *_rest = customers(3, accountant)
    made = handing_over.hand_over(accountant, receiver, admin)
    Customer.objects.filter(email=first.email).update(responsible=admin)
    assert handing_over.hand_back(made, admin) == 2
    assert (of(admin), of(accountant)) == (1, 2)


def test_a_later_hand_over_back_and_forth_is_not_undone_by_an_earlier_one(admin, accountant, receiver):
    customers(2, accountant)
    first = handing_over.hand_over(accountant, receiver, admin)
    handing_over.hand_over(receiver, admin, admin)
    last = handing_over.hand_over(admin, receiver, admin)
    assert handing_over.hand_back(first, admin) == 0
    assert handing_over.hand_back(last, admin) == 2
    assert of(admin) == 2


def test_to_nobody_and_back(admin, accountant):
    customers(2, accountant)
    made = handing_over.hand_over(accountant, None, admin)
    assert of(None) == 2
    assert handing_over.hand_back(made, admin) == 2


def test_nobody_else_receives(admin, accountant, receiver, other_admin):
    customers(1, accountant)
    User.objects.filter(pk=receiver.pk).update(is_active=False)
    for wrong in (receiver, other_admin, accountant):
        with pytest.raises(handing_over.CannotReceive):
            handing_over.hand_over(accountant, wrong, admin)
    with pytest.raises(handing_over.NothingToHandOver):
        handing_over.hand_over(admin, None, admin)
    assert of(accountant) == 1
    assert not HandedOver.objects.exists()


def test_customers_of_another_office_never_move(admin, accountant, receiver, other_office):
    with acting_for(other_office.id):
        customers(1, accountant)  # what must never be, and does not spread either
    customers(1, accountant, 1)
    assert handing_over.hand_over(accountant, receiver, admin).customers == 1
    with acting_for(other_office.id):
        assert of(accountant) == 1


def test_many_take_no_more_statements_than_few(admin, accountant, receiver):
    customers(3, accountant)
    with CaptureQueriesContext(
        connection,
    ) as few:
        made = handing_over.hand_over(accountant, receiver, admin)
    handing_over.hand_back(made, admin)
    customers(3000, accountant, 3)
    with CaptureQueriesContext(connection) as many:
        made = handing_over.hand_over(accountant, receiver, admin)
    assert made.customers == 3003
    assert len(many) == len(few)
    assert handing_over.hand_back(made, admin) == 3003


def test_the_audit_and_the_history_of_each_customer_tell_of_it(admin, accountant, receiver, client_as):
    customers(2, accountant)
    client = client_as(admin)
    address = f"/settings/colleagues/{accountant.pk}/hand-over/"
    answer = client.post(address, {"receiver": receiver.pk}, follow=True)
    assert "2 klanten gingen naar An Smet." in answer.content.decode()
    entry = AuditEntry.objects.get(action="customers.handed_over")
    assert (entry.subject, entry.details["customers"]) == (f"user:{accountant.pk}", 2)
    shown = client.get(f"/customers/{Customer.objects.first().pk}/").content.decode()
    assert "overgedragen van Tom Baert naar An Smet" in shown
    made = entry.details["hand_over"]
    back = client.post(f"/settings/hand-overs/{made}/undo/", follow=True).content.decode()
    assert "2 klanten staan weer op naam van Tom Baert." in back
    assert of(accountant) == 2


def test_closing_an_account_hands_its_customers_over(admin, accountant, receiver, client_as):
    customers(2, accountant)
    client = client_as(admin)
    page = client.get(f"/settings/colleagues/{accountant.pk}/close/").content.decode()
    assert "2 klanten" in page
    client.post(f"/settings/colleagues/{accountant.pk}/close/", {"receiver": receiver.pk})
    accountant.refresh_from_db()
    assert not accountant.is_active
    assert of(receiver) == 2


def test_a_withdrawn_invitation_leaves_its_customers_to_nobody(admin, office, client_as):
    invited = User.objects.create_user("nieuw@gent.example", None, office)
    customers(1, invited)
    client_as(admin).post(f"/settings/colleagues/{invited.pk}/withdraw/")
    assert of(None) == 1
    assert not User.objects.filter(email="nieuw@gent.example").exists()
    shown = client_as(admin).get(f"/customers/{Customer.objects.get().pk}/")
    assert shown.status_code == 200
