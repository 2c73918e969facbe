"""A step written in two halves at once, over two connections: everybody once, counted, and each half for itself."""

from threading import get_ident

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from accounton.customers.models import Customer
from accounton.dossiers.models import Dossier
from accounton.importing import applying, halves, second_connection
from accounton.importing.applying import claim, continue_applying
from accounton.importing.halves import Halves
from accounton.importing.invariants import broken
from accounton.importing.models import Batch, OnlyHere, State
from accounton.offices.turns import take_turn
from accounton.questionnaires.models import Questionnaire
from tests.importing.conftest import person

pytestmark = [pytest.mark.database, pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
PEOPLE = [person(n) for n in range(1, 10)]
DEADLINE = {"deadline": "2026-09-01"}


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(applying, "FIRST_STEP_ROWS", 4)
    monkeypatch.setattr(applying, "STEP_ROWS", 4)
    monkeypatch.setattr(halves, "FEWEST", 1)


@pytest.fixture
def claimed(staged):
    batch = staged(*PEOPLE[:-1], {**PEOPLE[-1], **DEADLINE})
    claim(batch, None, batch.revision)
    return batch


def is_whole(batch: Batch) -> None:
    """Everybody is there once, with a dossier and a questionnaire, and the batch says so."""
    batch = Batch.objects.get(pk=batch.pk)
    assert sorted(Customer.objects.values_list("first_name", flat=True)) == [f"Noor{n}" for n in range(1, 10)]
    assert Dossier.objects.count() == Questionnaire.objects.count() == 9
    assert (batch.state, batch.added, batch.result["added"], batch.result["done"]) == (State.DONE, 9, 9, 9)
    assert Dossier.objects.exclude(deadline=None).get().customer.first_name == "Noor9"
    assert list(broken()) == []


def test_everybody_is_added_once_and_counted(claimed):
    continue_applying(claimed)
    is_whole(claimed)
    # Two steps of two halves, and one of one: each bears a moment of its own.
    assert Customer.objects.values("created_at").distinct().count() == 5


def test_questionnaires_of_both_halves_are_counted(staged):
    batch = staged(*PEOPLE)
    batch.rows.filter(number__in=(2, 5)).update(questionnaire="personenbelasting_kort")
    claim(batch, None, batch.revision)
    continue_applying(batch)
    assert batch.result["questionnaires"] == {"personenbelasting": 7, "personenbelasting_kort": 2}


def failing_once(monkeypatch, *, here: bool, after: bool) -> None:
    """Let our half, or the other one, fail once, before or after it wrote."""
    add, main, failed = applying.add, get_ident(), []

    def add_or_fail(*given):
        is_it = (get_ident() == main) == here and not failed
        if is_it:
            failed.append(1)
        if is_it and not after:
            raise OperationalError("gone")
        counts = add(*given)
        if is_it:
            raise OperationalError("gone")
        return counts

    monkeypatch.setattr(applying, "add", add_or_fail)


@pytest.mark.parametrize("after", [False, True])
def test_where_the_other_half_fails_nothing_of_the_step_is_there(claimed, monkeypatch, after):
    failing_once(monkeypatch, here=False, after=after)
    with pytest.raises(OperationalError, match="gone"):
        continue_applying(claimed)
    batch = Batch.objects.get(pk=claimed.pk)
    assert (Customer.objects.count(), batch.added, batch.result["done"]) == (0, 0, 0)
    continue_applying(batch)
    is_whole(batch)


@pytest.mark.parametrize("after", [False, True])
def test_where_our_half_fails_the_other_one_stays_and_is_counted(claimed, monkeypatch, after):
    failing_once(monkeypatch, here=True, after=after)
    with pytest.raises(OperationalError, match="gone"):
        continue_applying(claimed)
    batch = Batch.objects.get(pk=claimed.pk)
    assert sorted(Customer.objects.values_list("first_name", flat=True)) == ["Noor3", "Noor4"]
    assert (batch.added, batch.result["added"], batch.result["done"]) == (2, 2, 2)
    assert list(broken()) == []
    continue_applying(batch)
    is_whole(batch)


def test_who_waits_for_both_in_turn_gives_up_and_nothing_is_written(office, monkeypatch):
    """No database sees that one half waits for the other, and the other, here, for the first."""
    monkeypatch.setattr(halves, "PATIENCE", "50ms")

    def make() -> Customer:
        now = timezone.now()
        return Customer.objects.create(first_name="An", last_name="Claes", client_code="K1", updated_at=now)

    with Halves() as both, pytest.raises(OperationalError, match="lock timeout"), transaction.atomic():  # noqa: PT012
        make()
        both.both(lambda: None, make)
    assert not Customer.objects.exists()


def test_where_no_second_connection_is_to_be_had_ours_does_it_all(claimed, monkeypatch, caplog):
    def refused() -> None:
        raise OperationalError("too many connections")

    monkeypatch.setattr(second_connection, "connect", refused)
    continue_applying(claimed)
    is_whole(claimed)
    assert "no second connection" in caplog.text
    assert Customer.objects.values("created_at").distinct().count() == 3


def test_within_a_transaction_there_is_one_connection(office):
    with transaction.atomic(), Halves() as both:
        assert not both.are_of_use(10)


def test_other_work_may_point_to_the_office_whose_turn_is_taken(office):
    with Halves() as both, transaction.atomic():
        take_turn(office.pk)
        both.both(lambda: None, lambda: Customer.objects.create(first_name="An", last_name="Claes"))
    assert Customer.objects.get().office == office


def test_what_both_halves_wrote_is_checked_before_either_is_there(office):
    """A customer of no office is refused, in whichever half it stands."""

    def wrong() -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO dossiers_dossier (office_id, customer_id, task_flow, assessment_year, status, "
                           "created_at) VALUES (%s, -1, 'x', 2026, 'not_sent', now())", [office.pk])  # fmt: skip

    for here, there in ((wrong, lambda: None), (lambda: None, wrong)):
        with Halves() as both, pytest.raises(Exception, match="foreign key"), transaction.atomic():
            both.both(here, there)
    assert not Dossier.objects.exists()


def test_customers_only_here_are_noted_in_two_halves_as_well(claimed, staged):
    continue_applying(claimed)
    batch = staged(*PEOPLE[:4], person(20))
    noted = OnlyHere.objects.filter(batch=batch).values_list("customer__first_name", flat=True)
    assert sorted(noted) == ["Noor5", "Noor6", "Noor7", "Noor8", "Noor9"]
