"""The steps of an add: made ready ahead, and made ready anew where anything happened in between."""

import pytest
from django.db import transaction

from accounton.customers.models import Customer
from accounton.importing import applying
from accounton.importing.applying import claim, continue_applying
from accounton.importing.invariants import broken
from accounton.importing.models import Batch
from accounton.importing.rematching import made_of
from accounton.importing.steps import Steps
from accounton.offices.models import User
from tests.importing.conftest import person

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def two_at_once(monkeypatch):
    monkeypatch.setattr(applying, "STEP_ROWS", 2)


@pytest.fixture
def claimed(staged):
    """Give a function that stages people and claims them all."""

    def of(*people: dict[str, str]) -> Batch:
        batch = staged(*people)
        claim(batch, None, batch.revision)
        return batch

    return of


def names() -> list[str]:
    return sorted(Customer.objects.values_list("first_name", flat=True))


def test_two_workers_that_take_turns_add_everybody_once(claimed):
    batch = claimed(*(person(n) for n in range(1, 10)))
    again = Batch.objects.get(pk=batch.pk)
    own = made_of(batch)
    with (
        Steps(batch, applying._rows_to_add, 2) as one,
        Steps(again, applying._rows_to_add, 2) as other,
    ):
        while applying._step(batch, own, one) or applying._step(again, own, other):
            applying._step(again, own, other)
    batch = continue_applying(Batch.objects.get(pk=batch.pk))
    assert names() == [f"Noor{n}" for n in range(1, 10)]
    assert batch.result["added"] == batch.added == 9
    assert list(broken()) == []


def test_what_was_made_ready_is_given_as_it_stands(claimed, django_assert_num_queries):
    batch = claimed(*(person(n) for n in range(1, 5)))
    with transaction.atomic(), Steps(batch, applying._rows_to_add, 2) as steps:
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
    with Steps(batch, applying._rows_to_add, 2) as steps:
        assert applying._step(batch, made_of(batch), steps)
        leaving.delete()
        assert applying._step(batch, made_of(batch), steps)
    assert list(Customer.objects.order_by("import_row").values_list("responsible", flat=True)) == [None] * 4


def test_a_run_that_begins_half_way_adds_only_what_is_left(claimed):
    batch = claimed(*(person(n) for n in range(1, 6)))
    with Steps(batch, applying._rows_to_add, 2) as steps:
        applying._step(batch, made_of(batch), steps)
    assert continue_applying(Batch.objects.get(pk=batch.pk)).result["added"] == 5
    assert names() == [f"Noor{n}" for n in range(1, 6)]
