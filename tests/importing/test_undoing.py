"""Undoing an import: what nobody touched goes, old values come back, the rest stays and says why."""

import pytest
from django.utils import timezone

from accounton.customers.models import Customer
from accounton.customers.numbers import take
from accounton.dossiers.models import Dossier, Status
from accounton.importing import undo_plan, undoing
from accounton.importing.applying import claim, continue_applying
from accounton.importing.choosing import choose, choose_rows
from accounton.importing.departing import Depart
from accounton.importing.invariants import broken
from accounton.importing.models import Batch, Bucket, Decision, Overwritten, State, Undone
from accounton.importing.overwriting import choose_column, choose_dossiers, choose_proposed
from accounton.importing.pieces import at_once
from accounton.importing.undo_plan import outcome, plan
from accounton.importing.undoing import CannotTakeBack, claim_undo, continue_undoing
from accounton.offices.models import AuditEntry
from accounton.questionnaires.models import Questionnaire
from tests.importing.conftest import person
from tests.importing.test_overwriting import NUMBER, add, again, by_hand

pytestmark = pytest.mark.database


def undo(batch: Batch, user=None) -> Batch:
    claim_undo(batch, user)
    return continue_undoing(batch)


def kept(lists) -> list[tuple[int, str, tuple[str, ...], tuple[str, ...]]]:
    return [(each.number, each.part.value, each.reasons, each.keys) for each in lists.kept.first]


@pytest.fixture
def customer(known) -> Customer:
    return known(national_number=NUMBER, mobile="+32470123000", email="oud@x.example", box="3", street="Kerkstraat")


def test_what_an_import_made_goes_with_its_dossiers_and_questionnaires(staged, admin):
    batch = add(staged(person(1, labels="b,a", responsible=admin.email, deadline="2026-09-01"), person(2)))
    assert plan(batch).taken_back.counts["customer"] == 2
    undo(batch, admin)
    assert (batch.state, batch.added) == (State.UNDONE, 0)
    for model in (Customer, Dossier, Questionnaire):
        assert not model.objects.exists()
    assert batch.rows.count() == 2
    details = AuditEntry.objects.get(action="import.undone").details
    assert details == {"taken_back": 2, "kept": 0, "impossible": 0}
    assert list(broken()) == []
    with pytest.raises(CannotTakeBack, match="undone"):
        claim_undo(batch, admin)


def test_a_list_can_be_imported_anew_after_its_undo(staged):
    people = [person(1, national_number=NUMBER, client_code="K1"), person(2)]
    undo(add(staged(*people)))
    assert add(staged(*people)).added == 2
    assert list(broken()) == []


TOUCHES = {
    "changed": lambda customer: by_hand(customer, mobile="+32499999999"),
    "archived": lambda customer: Customer.objects.filter(pk=customer.pk).update(archived_at=timezone.now()),
    "file_moved": lambda customer: customer.dossiers.update(status=Status.SENT),
    "deadline": lambda customer: customer.dossiers.update(deadline="2026-10-01"),
    "other_file": lambda customer: Questionnaire.objects.create(
        dossier=Dossier.objects.create(customer=customer, assessment_year=2027), definition="x", language="dutch"
    ),
    "questionnaire": lambda customer: Questionnaire.objects.filter(dossier__customer=customer).update(definition="x"),
}


@pytest.mark.parametrize(("reason", "touch"), TOUCHES.items(), ids=TOUCHES)
def test_whom_somebody_touched_since_stays_and_says_why(staged, reason, touch):
    batch = add(staged(person(1), person(2)))
    touch(Customer.objects.get(first_name="Noor1"))
    keys = ("mobile",) if reason == "changed" else ()
    assert kept(plan(batch)) == [(2, "customer", (reason,), keys)]
    undo(batch)
    assert [customer.first_name for customer in Customer.objects.all()] == ["Noor1"]
    assert (batch.state, batch.added) == (State.UNDONE, 1)
    assert kept(outcome(batch)) == [(2, "customer", (reason,), keys)]
    assert list(broken()) == []


def test_what_was_changed_and_changed_back_was_not_touched(staged):
    batch = add(staged(person(1)))
    customer = Customer.objects.get()
    by_hand(customer, mobile="+32499999999")
    by_hand(customer, mobile="")
    assert plan(batch).taken_back.counts["customer"] == 1


def test_the_language_chosen_for_all_at_each_add_is_no_touch(staged):
    batch = staged(person(1), person(2))
    choose(batch, language="french")
    choose_rows(batch, batch.rows.filter(number=3), selected=False)
    add(batch)
    choose_rows(batch, batch.rows.filter(number=3), selected=True)
    choose(batch, language="english")
    add(batch)
    assert plan(batch).kept.total == 0
    undo(batch)
    assert not Customer.objects.exists()


def test_old_values_of_known_customers_come_back(customer, staged):
    batch = staged(again(mobile="+32495551000", spouse_national_number="93051822361", first_name="Nora"), person(1))
    choose_proposed(batch, None, on=True)
    add(batch)
    assert plan(batch).taken_back.counts == {"customer": 1, "change": 1, "file": 0, "decision": 0}
    undo(batch)
    customer.refresh_from_db()
    assert (customer.first_name, customer.mobile, customer.is_joint) == ("Noor1000", "+32470123000", False)
    assert take(customer, "spouse_national_number") == ""
    assert customer.search.startswith("bekend noor1000")
    assert (batch.added, batch.changed) == (0, 0)
    assert list(broken()) == []


def test_a_field_changed_since_stays_while_the_others_come_back(customer, staged):
    batch = staged(again(mobile="+32495551000", email="nieuw@x.example"))
    choose_proposed(batch, None, on=True)
    add(batch)
    customer.refresh_from_db()
    by_hand(customer, mobile="+32499999999")
    assert kept(plan(batch)) == [(2, "change", ("changed",), ("mobile",))]
    undo(batch)
    customer.refresh_from_db()
    assert (customer.email, customer.mobile) == ("oud@x.example", "+32499999999")
    assert batch.changed == 1


def test_two_imports_over_one_customer_are_undone_the_last_one_first(customer, staged):
    batches = []
    for mobile in ("+32495551001", "+32495551002"):
        batches.append(staged(again(mobile=mobile)))
        choose_column(batches[-1], None, "mobile", on=True)
        add(batches[-1])
    assert kept(plan(batches[0])) == [(2, "change", ("changed",), ("mobile",))]
    undo(batches[1])
    undo(batches[0])
    customer.refresh_from_db()
    assert customer.mobile == "+32470123000"


def test_a_customer_whom_a_later_import_overwrote_stays(staged, known):
    customer = known(national_number=NUMBER, mobile="+32470123000", email="oud@x.example", box="3", street="Kerkstraat")
    first = Batch.objects.get()
    second = staged(again(mobile="+32495551000"))
    choose_column(second, None, "mobile", on=True)
    add(second)
    assert kept(plan(first)) == [(2, "customer", ("changed", "overwritten"), ("mobile",))]
    undo(second)
    undo(first)
    assert not Customer.objects.filter(pk=customer.pk).exists()
    assert list(broken()) == []


def test_a_code_that_is_somebody_elses_by_now_cannot_come_back(known, staged):
    customer = known(national_number=NUMBER, client_code="K1")
    batch = staged(person(1000, last_name="Bekend", national_number=NUMBER, client_code="K2"))
    choose_column(batch, None, "client_code", on=True)
    add(batch)
    known(client_code="K1", first_name="Ander")
    assert [(each.reasons, each.keys) for each in plan(batch).impossible.first] == [(("taken",), ("client_code",))]
    undo(batch)
    customer.refresh_from_db()
    assert customer.client_code == "K2"
    assert list(broken()) == []


def test_a_dossier_that_a_known_customer_got_goes_unless_it_moved_on(customer, known, staged):
    other = known(client_code="K2", first_name="Ander")
    rows = [again(), person(1000, last_name="Bekend", client_code="K2", first_name="Ander")]
    batch = staged(*rows, assessment_year=2027)
    choose_dossiers(batch, None, on=True)
    add(batch)
    Dossier.objects.filter(customer=other, assessment_year=2027).update(status=Status.IN_PROGRESS)
    assert kept(plan(batch)) == [(3, "file", ("file_moved",), ())]
    undo(batch)
    assert [dossier.customer for dossier in Dossier.objects.filter(assessment_year=2027)] == [other]
    assert Customer.objects.count() == 2
    assert list(broken()) == []


def test_an_archived_customer_who_got_a_dossier_goes_back_into_the_archive(customer, staged):
    Customer.objects.filter(pk=customer.pk).update(archived_at=timezone.now())
    batch = staged(again(), assessment_year=2027)
    choose_dossiers(batch, None, on=True)
    add(batch)
    customer.refresh_from_db()
    assert customer.archived_at is None
    undo(batch)
    customer.refresh_from_db()
    assert customer.archived_at is not None


def test_decisions_about_customers_only_here_are_taken_back_too(customer, known, staged):
    known(client_code="K2", first_name="Ander")
    batch = staged(person(1))
    at_once(batch, None, Depart("archive", "left", [customer.pk]))
    others = [each.customer_id for each in batch.only_here.exclude(customer=customer)]
    at_once(batch, None, Depart("take_out", "moved", others))
    assert Dossier.objects.count() == 1
    assert plan(batch).taken_back.counts["decision"] == 2
    undo(batch)
    customer.refresh_from_db()
    assert customer.archived_at is None
    assert Dossier.objects.count() == 2
    assert list(broken()) == []


@pytest.mark.parametrize(
    ("action", "touch"),
    [
        ("archive", lambda customer: Customer.objects.filter(pk=customer.pk).update(archived_at=None)),
        ("archive", lambda customer: Customer.objects.filter(pk=customer.pk).update(archived_at=timezone.now())),
        ("take_out", lambda customer: Dossier.objects.create(customer=customer, assessment_year=2026)),
        ("archive", None),
        ("take_out", None),
    ],
)
def test_a_decision_that_somebody_touched_since_is_kept_and_that_is_shown_before(customer, staged, action, touch):
    batch = staged(person(1))
    at_once(batch, None, Depart(action, "left", [customer.pk]))
    if touch:
        touch(customer)
    shown = kept(plan(batch))
    assert shown == ([(0, "decision", ("changed",), ())] if touch else [])
    undo(batch)
    assert kept(outcome(batch)) == shown


def test_rows_of_another_review_become_new_again_but_nobody_is_added_unseen(staged):
    first = add(staged(person(1)))
    second = staged(person(1, mobile="+32499999999"))
    assert second.rows.get().bucket == Bucket.DOUBLE
    undo(first)
    row = second.rows.get()
    assert (row.bucket, row.selected, row.match) == (Bucket.ONLY_IN_IMPORT, False, None)
    assert not second.differences.exists()


def test_what_is_remembered_of_a_near_match_does_not_keep_a_customer(staged):
    batch = add(staged(person(1)))
    Decision.objects.create(
        customer=Customer.objects.get(), person=b"somebody", name="Noor Declercq", reason="email", verdict="new"
    )
    undo(batch)
    assert not Customer.objects.exists()


def test_a_review_in_which_nothing_happened_has_nothing_to_undo(staged):
    with pytest.raises(CannotTakeBack, match="nothing"):
        claim_undo(staged(person(1)), None)


def test_many_are_undone_in_steps_and_the_plan_compares_only_suspects(staged, monkeypatch):
    monkeypatch.setattr(undoing, "AT_ONCE", 7)
    monkeypatch.setattr(undo_plan, "LOOKED_AT_ALL", 10)
    monkeypatch.setattr(undo_plan, "SHOWN_AT_MOST", 5)
    batch = add(staged(*[person(n) for n in range(30)]))
    by_hand(Customer.objects.get(first_name="Noor3"), mobile="+32499999999")
    lists = plan(batch)
    assert (lists.taken_back.total, len(lists.taken_back.first), lists.kept.total) == (29, 5, 1)
    undo(batch)
    assert [customer.first_name for customer in Customer.objects.all()] == ["Noor3"]
    assert Undone.objects.filter(part="customer").count() == 30
    assert batch.undo["done"] == 30


def test_an_undo_that_was_given_up_can_be_asked_again(staged, monkeypatch):
    monkeypatch.setattr(undoing, "AT_ONCE", 1)
    batch = add(staged(person(1), person(2), person(3)))
    by_hand(Customer.objects.get(first_name="Noor1"), mobile="+32499999999")
    claim_undo(batch, None)
    undoing._step(batch, undoing._made_step)
    undoing._step(batch, undoing._made_step)
    undoing.give_undo_back(batch)
    assert list(broken()) == []
    batch.refresh_from_db()
    undo(batch)
    assert [customer.first_name for customer in Customer.objects.all()] == ["Noor1"]
    assert list(broken()) == []


def test_what_cannot_be_opened_any_more_cannot_be_put_back(customer, staged):
    batch = staged(again(mobile="+32495551000"))
    choose_column(batch, None, "mobile", on=True)
    add(batch)
    Overwritten.objects.update(sealed=b"something else")
    assert [each.reasons for each in plan(batch).impossible.first] == [("sealed",)]
    undo(batch)
    customer.refresh_from_db()
    assert customer.mobile == "+32495551000"
    assert continue_applying(batch).state == State.UNDONE


def test_an_undo_waits_until_the_add_is_done(staged):
    batch = staged(person(1))
    claim(batch, None, batch.revision)
    with pytest.raises(CannotTakeBack, match="busy"):
        claim_undo(batch, None)
