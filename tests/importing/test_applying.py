"""Adding: whole, once, and only what the reviewer saw."""

import threading
from datetime import date

import pytest
from django.db import connection

from accounton.customers.models import Customer
from accounton.customers.numbers import shown, take
from accounton.dossiers.models import Dossier, Status
from accounton.importing import choosing
from accounton.importing.applying import CannotApply, claim, continue_applying
from accounton.importing.invariants import broken
from accounton.importing.models import Batch, Bucket, StagedContent, StagedRow, State
from accounton.offices.models import AuditEntry
from accounton.offices.scoping import acting_for
from accounton.questionnaires.models import Questionnaire
from tests.importing.conftest import person

pytestmark = pytest.mark.database
NUMBER, PARTNER = "85073003328", "93051822361"


def add(batch: Batch, user=None) -> Batch:
    claim(batch, user, batch.revision)
    return continue_applying(batch)


def test_everything_of_a_row_reaches_the_customer(staged, admin):
    batch = staged(
        person(1, national_number=NUMBER, spouse_national_number=PARTNER, mobile="+32478123456", street="Kerkstraat",
               house_number="12", box="3", postal_code="9300", city="Aalst", country="België", client_code="K1",
               labels="kantoor Gent,zelfstandig", enterprise_number="0403019261", deadline="2026-09-01",
               responsible=admin.email, spouse_enterprise_number="0428759497"),
    )  # fmt: skip
    add(batch, admin)
    customer = Customer.objects.get()
    assert (customer.name, customer.email, customer.mobile) == ("Noor1 Declercq", "noor1@x.example", "+32478123456")
    assert (customer.street, customer.house_number, customer.box) == ("Kerkstraat", "12", "3")
    assert (customer.postal_code, customer.city, customer.country) == ("9300", "Aalst", "BE")
    assert customer.labels == ["kantoor Gent", "zelfstandig"]
    assert (customer.enterprise_number, customer.spouse_enterprise_number) == ("0403019261", "0428759497")
    assert (customer.client_code, customer.responsible, customer.is_joint) == ("K1", admin, True)
    assert take(customer, "national_number") == NUMBER
    assert shown(customer, "spouse_national_number") == "93.05.18-***.**"
    dossier = Dossier.objects.get()
    assert (dossier.customer, dossier.status, dossier.deadline) == (customer, Status.NOT_SENT, date(2026, 9, 1))
    assert Questionnaire.objects.get().dossier == dossier
    assert AuditEntry.objects.get(action="import.added").details == {"added": 1}
    assert list(broken()) == []


def test_only_selected_rows_are_added_and_the_rest_can_follow(staged):
    batch = staged(person(1), person(2), person(3))
    choosing.choose_rows(batch, batch.rows.filter(number=3), selected=False)
    assert add(batch).result["added"] == 2
    assert batch.state == State.REVIEW
    choosing.choose_rows(batch, batch.rows.filter(number=3), selected=True)
    assert add(batch).result["added"] == 1
    assert (batch.state, batch.added, Customer.objects.count()) == (State.DONE, 3, 3)
    assert list(broken()) == []


def test_a_later_row_between_added_ones_gets_one_dossier_only(staged):
    batch = staged(person(1), person(2), person(3))
    choosing.choose_rows(batch, batch.rows.exclude(number=3), selected=False)
    add(batch)
    choosing.choose_rows(batch, batch.rows.all(), selected=True)
    add(batch)
    assert Customer.objects.count() == Dossier.objects.count() == Questionnaire.objects.count() == 3


def test_a_chosen_language_goes_for_all(staged):
    batch = staged(person(1), person(2, language="french"))
    choosing.choose(batch, language="english")
    add(batch)
    assert set(Customer.objects.values_list("language", flat=True)) == {"english"}
    assert set(Questionnaire.objects.values_list("language", flat=True)) == {"english"}


def test_nothing_is_added_without_a_questionnaire(staged):
    batch = staged(person(1), questionnaire="")
    with pytest.raises(CannotApply, match="no_questionnaire"):
        claim(batch, None, batch.revision)


def test_a_second_claim_is_refused(staged):
    batch = staged(person(1))
    claim(batch, None, batch.revision)
    with pytest.raises(CannotApply, match="already_adding"):
        claim(batch, None, batch.revision)
    continue_applying(batch)
    with pytest.raises(CannotApply, match="already_adding"):
        claim(batch, None, batch.revision)


def test_a_row_whose_customer_came_meanwhile_is_not_added_but_said(staged):
    first, second = staged(person(1), person(2)), staged(person(2), person(3))
    add(first)
    add(second)
    assert second.result["moved"] == [2]
    assert second.rows.get(number=2).bucket == Bucket.DOUBLE
    assert Customer.objects.count() == 3


def test_a_row_that_a_colleague_chose_after_it_was_seen_is_not_added_but_said(staged):
    batch = staged(person(1), person(2))
    choosing.choose_rows(batch, batch.rows.filter(number=2), selected=False)
    seen = batch.revision
    choosing.choose_rows(batch, batch.rows.filter(number=2), selected=True)
    claim(batch, None, seen)
    continue_applying(batch)
    assert (batch.result["added"], batch.result["moved"]) == (1, [2])


def test_choosing_while_adding_is_refused(staged):
    batch = staged(person(1))
    claim(batch, None, batch.revision)
    with pytest.raises(choosing.ReviewClosed):
        choosing.choose(batch, language="dutch")


@pytest.mark.django_db(transaction=True)
def test_two_reviews_of_one_list_added_at_the_same_moment_add_nobody_twice(office, staged):
    people = [person(n) for n in range(40)]
    batches = [staged(*people), staged(*people)]
    barrier, errors = threading.Barrier(2), []

    def work(batch: Batch) -> None:
        try:
            with acting_for(office.id):
                barrier.wait(10)
                add(batch)
        except Exception as error:  # noqa: BLE001 a thread's failure must reach the test
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[batch]) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert Customer.objects.count() == Dossier.objects.count() == 40
    for batch in batches:
        batch.refresh_from_db()
    assert sum(batch.added for batch in batches) == 40
    assert list(broken()) == []


@pytest.mark.django_db(transaction=True)
def test_one_review_added_by_two_people_at_the_same_moment(office, staged):
    batch = staged(*[person(n) for n in range(20)])
    barrier, outcomes = threading.Barrier(2), []

    def work() -> None:
        try:
            with acting_for(office.id):
                mine = Batch.objects.get(pk=batch.pk)
                barrier.wait(10)
                outcomes.append(add(mine).result["added"])
        except CannotApply as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == ["20", "already_adding"]
    assert Customer.objects.count() == 20


def test_lists_read_at_the_same_time_know_each_others_customers(staged):
    """Two readers write their rows in turn: the ids of one list then lie between those of the other."""
    first = staged(person(1, client_code="A1"), person(2))
    second = staged(person(1, client_code="A1"))
    behind = StagedRow.objects.order_by("-id").values_list("id", flat=True)[0] + 1
    StagedContent.objects.filter(row__batch=first, row__number=3).update(row_id=behind)
    StagedRow.objects.filter(batch=first, number=3).update(id=behind)
    add(second)
    add(first)
    assert Customer.objects.filter(client_code="A1").count() == 1
    assert Customer.objects.filter(first_name="Noor1").count() == 1
    assert first.result["moved"] == [2]
