"""The steps of an add: made ready ahead, and made ready anew where anything happened in between."""

from threading import get_ident

import pytest
from django.db import transaction

from accounton.customers.models import Customer
from accounton.importing import applying
from accounton.importing import steps as reading_steps
from accounton.importing.applying import claim, continue_applying
from accounton.importing.halves import Halves
from accounton.importing.invariants import broken
from accounton.importing.models import Batch
from accounton.importing.rematching import candidates, made_elsewhere
from accounton.importing.steps import Steps
from accounton.offices.models import User
from tests.importing.conftest import person

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def two_at_once(monkeypatch):
    monkeypatch.setattr(applying, "FIRST_STEP_ROWS", 2)
    monkeypatch.setattr(applying, "STEP_ROWS", 2)


@pytest.fixture
def claimed(staged):
    """Give a function that stages people and claims them all."""

    def of(*people: dict[str, str]) -> Batch:
        batch = staged(*people)
        claim(batch, None, batch.revision)
        return batch

    return of


def step(batch: Batch, steps: Steps) -> bool:
    with Halves() as halves:
        return applying._step(batch, made_elsewhere(batch), steps, halves)


def names() -> list[str]:
    return sorted(Customer.objects.values_list("first_name", flat=True))


def test_two_workers_that_take_turns_add_everybody_once(claimed):
    batch = claimed(*(person(n) for n in range(1, 10)))
    again = Batch.objects.get(pk=batch.pk)
    with (
        Steps(batch, applying._rows_to_add, 2, 2) as one,
        Steps(again, applying._rows_to_add, 2, 2) as other,
    ):
        while step(batch, one) or step(again, other):
            step(again, other)
    batch = continue_applying(Batch.objects.get(pk=batch.pk))
    assert names() == [f"Noor{n}" for n in range(1, 10)]
    assert batch.result["added"] == batch.added == 9
    assert list(broken()) == []


def test_what_was_made_ready_is_given_as_it_stands(claimed, django_assert_num_queries):
    batch = claimed(*(person(n) for n in range(1, 5)))
    with transaction.atomic(), Steps(batch, applying._rows_to_add, 2, 2) as steps:
        first = steps.take()
        batch.result["done"] += len(first.rows)
        steps.begin_next()
        with django_assert_num_queries(1):  # who works here
            second = steps.take()
        assert [row.number for row in (*first.rows, *second.rows)] == [2, 3, 4, 5]
        assert list(second.opened.customers) == [row.id for row in second.rows]


def test_a_colleague_who_is_gone_by_then_is_nobodys_responsible(claimed, admin, office):
    leaving = User.objects.create_user(email="weg@x.example", password="x", name="Weg", office=office)
    batch = claimed(*(person(n, responsible=leaving.email) for n in range(1, 5)))
    with Steps(batch, applying._rows_to_add, 2, 2) as steps:
        assert step(batch, steps)
        leaving.delete()
        assert step(batch, steps)
    assert list(Customer.objects.order_by("import_row").values_list("responsible", flat=True)) == [None] * 4


def test_a_run_that_begins_half_way_adds_only_what_is_left(claimed):
    batch = claimed(*(person(n) for n in range(1, 6)))
    with Steps(batch, applying._rows_to_add, 2, 2) as steps:
        step(batch, steps)
    assert continue_applying(Batch.objects.get(pk=batch.pk)).result["added"] == 5
    assert names() == [f"Noor{n}" for n in range(1, 6)]


def test_steps_grow_so_that_the_first_rows_are_in_at_once(claimed):
    batch = claimed(*(person(n) for n in range(1, 20)))
    with transaction.atomic(), Steps(batch, applying._rows_to_add, 2, 8) as steps:
        assert [len(steps.take().rows) for _ in range(5)] == [2, 4, 8, 5, 0]


def test_after_a_step_that_was_not_full_nothing_more_is_made_ready(claimed, django_assert_num_queries):
    batch = claimed(*(person(n) for n in range(1, 4)))
    with transaction.atomic(), Steps(batch, applying._rows_to_add, 4, 4) as steps:
        steps.take()
        with django_assert_num_queries(0):
            steps.begin_next()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_the_next_rows_are_read_over_a_connection_of_their_own(claimed, monkeypatch):
    threads = []

    def noted(*given):
        threads.append(get_ident())
        return candidates(*given)

    monkeypatch.setattr(reading_steps, "candidates", noted)
    assert continue_applying(claimed(*(person(n) for n in range(1, 8)))).result["added"] == 7
    assert threads[0] == get_ident()
    assert get_ident() not in threads[1:4]
    assert len(threads) >= 4
