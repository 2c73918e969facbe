"""Double customers: nothing is overwritten by default; what was chosen is, once, and only as it was seen."""

import pytest

from accounton.customers.models import Customer
from accounton.customers.numbers import take
from accounton.customers.saving import put_values
from accounton.dossiers.models import Dossier
from accounton.importing.applying import CannotApply, claim, continue_applying
from accounton.importing.choosing import ReviewClosed
from accounton.importing.comparing import look
from accounton.importing.invariants import broken
from accounton.importing.models import Batch, Bucket, Overwritten, State
from accounton.importing.overwriting import (
    CustomerMoved,
    choose_column,
    choose_dossier,
    choose_dossiers,
    choose_fields,
    choose_proposed,
    chosen,
    counts,
    empty_column,
)  # fmt: skip
from accounton.importing.repairing import edit
from accounton.importing.undoing import claim_undo, continue_undoing
from accounton.questionnaires.models import Questionnaire
from tests.importing.conftest import person

pytestmark = pytest.mark.database
NUMBER = "85073003328"


def add(batch: Batch, user=None) -> Batch:
    claim(batch, user, batch.revision)
    return continue_applying(batch)


def by_hand(customer: Customer, **values) -> None:
    put_values(customer, values, {})
    customer.save()


def differs(batch: Batch) -> dict[int, tuple[str, str]]:
    return {each.number: (each.differs, each.proposed) for each in batch.differences.order_by("number")}


def moved(batch: Batch, key: str) -> str:
    [sides] = look(batch, list(batch.rows.filter(bucket=Bucket.DOUBLE)), proposals=True)
    return sides.moved(key)


@pytest.fixture
def customer(known) -> Customer:
    return known(national_number=NUMBER, mobile="+32470123000", email="oud@x.example", box="3", street="Kerkstraat")


def again(**values) -> dict[str, str]:
    """The row of the known customer once more, with other cells."""
    same = {"last_name": "Bekend", "national_number": NUMBER, "mobile": "+32470123000", "email": "oud@x.example",
            "box": "3", "street": "Kerkstraat"}  # fmt: skip
    return person(1000, **{**same, **values})


def test_nothing_is_overwritten_unless_it_was_chosen(customer, staged):
    batch = staged(again(mobile="+32495551000", email="nieuw@x.example"), person(1))
    assert differs(batch) == {2: (",email,mobile,", ",email,mobile,")}
    add(batch)
    customer.refresh_from_db()
    assert (customer.email, customer.mobile) == ("oud@x.example", "+32470123000")
    assert not Overwritten.objects.exists()


def test_a_row_that_says_the_same_has_nothing_to_choose(customer, staged):
    batch = staged(again())
    assert not batch.differences.exists()
    assert chosen(batch) == (0, 0, 0)
    with pytest.raises(CannotApply, match="nothing_selected"):
        claim(batch, None, batch.revision)


def test_a_chosen_field_is_overwritten_and_no_other(customer, staged, admin):
    batch = staged(again(mobile="+32495551000", email="nieuw@x.example", first_name="Nora"))
    choose_fields(batch, admin, 2, ["mobile", "first_name"], on=True, seen="")
    assert chosen(batch) == (2, 1, 0)
    add(batch)
    customer.refresh_from_db()
    assert (customer.first_name, customer.email, customer.mobile) == ("Nora", "oud@x.example", "+32495551000")
    assert customer.search.startswith("bekend nora")
    assert (batch.changed, batch.result["fields"], batch.added) == (1, 2, 0)
    assert Overwritten.objects.get().chosen_by == admin
    # It is done: what is left to choose is the address alone.
    assert differs(batch) == {2: (",email,", "")}
    assert list(broken()) == []


def test_known_customers_can_be_overwritten_after_all_new_ones_were_added(customer, staged):
    batch = staged(again(mobile="+32495551000"), person(1))
    assert add(batch).state == State.DONE
    choose_column(batch, None, "mobile", on=True)
    assert add(batch).state == State.DONE
    customer.refresh_from_db()
    assert customer.mobile == "+32495551000"


def test_only_known_customers_are_changed_when_that_was_asked(customer, staged):
    batch = staged(again(mobile="+32495551000"), person(1))
    choose_column(batch, None, "mobile", on=True)
    assert claim(batch, None, batch.revision, only_known=True) == 1
    continue_applying(batch)
    assert (batch.state, batch.added, batch.changed) == (State.REVIEW, 0, 1)


def test_what_each_side_moved_since_the_last_import_decides_the_proposal(customer, staged):
    assert moved(staged(again(mobile="+32495551000")), "mobile") == "proposed"
    by_hand(customer, mobile="+32499999999")
    assert moved(staged(again()), "mobile") == "kept"
    assert moved(staged(again(mobile="+32495551000")), "mobile") == "asked"


def test_a_difference_that_was_left_as_it_was_is_not_proposed_again(customer, staged):
    batch = staged(again(mobile="+32495551000", email="nieuw@x.example"))
    choose_fields(batch, None, 2, ["mobile"], on=True, seen="")
    add(batch)
    assert moved(staged(again(mobile="+32495551000", email="nieuw@x.example")), "email") == "kept"
    assert moved(staged(again(mobile="+32495551000", email="nog@x.example")), "email") == "proposed"


def test_a_whole_list_that_was_left_as_it_was_is_the_last_import_too(customer, staged):
    add(staged(again(mobile="+32495551000"), person(1)))
    assert moved(staged(again(mobile="+32495551000")), "mobile") == "kept"
    assert moved(staged(again(mobile="+32495552000")), "mobile") == "proposed"
    by_hand(customer, mobile="+32499999999")
    assert moved(staged(again(mobile="+32495551000")), "mobile") == "kept"
    assert moved(staged(again(mobile="+32495552000")), "mobile") == "asked"


def test_what_a_list_said_of_somebody_made_by_hand_is_not_proposed_again(office, staged):
    by_hand(Customer(office=office), **again(box=""))
    add(staged(again(mobile="+32495551000", box="4"), person(1)))
    assert moved(staged(again(mobile="+32495551000")), "mobile") == "kept"
    assert moved(staged(again(mobile="+32495552000")), "mobile") == "asked"
    assert moved(staged(again(box="5")), "box") == "proposed"


def test_a_list_that_was_undone_is_not_the_last_import(customer, staged):
    batch = add(staged(again(mobile="+32495551000"), person(1)))
    claim_undo(batch, None)
    continue_undoing(batch)
    assert moved(staged(again(mobile="+32495551000")), "mobile") == "proposed"


def test_of_a_customer_made_by_hand_only_what_is_unknown_is_proposed(office, staged):
    by_hand(Customer(office=office), **again(box=""))
    batch = staged(again(mobile="+32495551000"))
    assert differs(batch) == {2: (",mobile,box,", ",box,")}


def test_an_empty_cell_never_overwrites_but_a_column_can_be_emptied(customer, staged):
    batch = staged(again(box="", mobile=""), person(1))
    assert differs(batch) == {2: ("", "")}
    choose_column(batch, None, "box", on=True)
    choose_fields(batch, None, 2, ["box"], on=True, seen="")
    assert not chosen(batch).is_any
    assert [(each.key, each.rows) for each in counts(batch).empties] == [("mobile", 1), ("box", 1)]
    empty_column(batch, None, "box", on=True)
    add(batch)
    customer.refresh_from_db()
    assert (customer.box, customer.mobile) == ("", "+32470123000")


def test_a_cell_with_an_unknown_colleague_is_not_empty(customer, staged, admin):
    Customer.objects.filter(pk=customer.pk).update(responsible=admin)
    batch = staged(again(responsible="weg@x.example", box=""))
    assert [each.key for each in counts(batch).empties] == ["box"]


def test_a_required_column_cannot_be_emptied(customer, staged, admin):
    batch = staged(again(email=""))
    edit(batch, admin, {2: (0, {"email": "oud@x.example"})})
    empty_column(batch, None, "email", on=True)
    assert not chosen(batch).is_any


def test_a_column_is_chosen_for_all_and_taken_back(customer, known, staged):
    known(client_code="K2", email="ander@x.example")
    rows = [again(mobile="+32495551000"), person(1000, last_name="Bekend", client_code="K2", email="anders@x.example")]
    batch = staged(*rows)
    choose_column(batch, None, "mobile", on=True)
    choose_column(batch, None, "email", on=True)
    choose_column(batch, None, "email", on=True)
    assert chosen(batch) == (2, 2, 0)
    choose_column(batch, None, "mobile", on=False)
    assert chosen(batch) == (1, 1, 0)
    choose_proposed(batch, None, on=True)
    assert chosen(batch) == (2, 2, 0)
    choose_proposed(batch, None, on=False)
    assert chosen(batch) == (0, 0, 0)


def test_what_moved_after_it_was_shown_is_not_chosen(customer, staged):
    batch = staged(again(mobile="+32495551000"))
    [shown] = look(batch, list(batch.rows.all()))
    by_hand(customer, mobile="+32499999999")
    with pytest.raises(CustomerMoved):
        choose_fields(batch, None, 2, ["mobile"], on=True, seen=shown.seen(batch.office_id).hex())
    assert not chosen(batch).is_any


def test_a_customer_who_moved_after_the_choice_is_left_out_and_said(customer, staged):
    batch = staged(again(mobile="+32495551000"))
    choose_column(batch, None, "mobile", on=True)
    by_hand(customer, mobile="+32499999999")
    add(batch)
    customer.refresh_from_db()
    assert customer.mobile == "+32499999999"
    assert (batch.result["moved"], batch.result["overwritten"], batch.changed) == ([2], 0, 0)
    assert not chosen(batch).is_any


def test_a_choice_made_after_the_review_was_seen_is_left_out(customer, staged):
    batch = staged(again(mobile="+32495551000"))
    seen = batch.revision
    choose_column(batch, None, "mobile", on=True)
    claim(batch, None, seen)
    continue_applying(batch)
    assert batch.result["moved"] == [2]


def test_a_code_that_somebody_else_has_by_now_is_left_out(customer, known, staged):
    batch = staged(again(client_code="K9"))
    choose_column(batch, None, "client_code", on=True)
    known(client_code="K9", first_name="Ander")
    add(batch)
    customer.refresh_from_db()
    assert (customer.client_code, batch.result["moved"]) == ("", [2])


def test_a_repaired_row_is_compared_again_and_its_choice_falls_away(customer, staged, admin):
    batch = staged(again(mobile="+32495551000"))
    choose_column(batch, None, "mobile", on=True)
    edit(batch, admin, {2: (batch.rows.get().revision, {"mobile": "+32495552222"})})
    assert not chosen(batch).is_any
    edit(batch, admin, {2: (batch.rows.get().revision, {"mobile": "+32470123000"})})
    assert not batch.differences.exists()


def test_a_known_customer_gets_a_dossier_of_the_next_year_when_ticked(customer, staged):
    batch = staged(again(deadline="2027-09-01"), assessment_year=2027)
    choose_dossier(batch, None, 2, on=True)
    assert chosen(batch) == (0, 0, 1)
    add(batch)
    dossier = Dossier.objects.get(assessment_year=2027)
    assert (dossier.customer, str(dossier.deadline)) == (customer, "2027-09-01")
    assert Questionnaire.objects.get(dossier=dossier).definition == "personenbelasting"
    choose_dossiers(batch, None, on=True)
    assert not chosen(batch).is_any
    assert list(broken()) == []


def test_dossiers_need_a_questionnaire(customer, staged):
    batch = staged(again(), assessment_year=2027, questionnaire="")
    choose_dossiers(batch, None, on=True)
    with pytest.raises(CannotApply, match="no_questionnaire"):
        claim(batch, None, batch.revision)


def test_a_new_partner_makes_the_return_joint_and_stays_sealed(customer, staged):
    batch = staged(again(spouse_national_number="93051822361"))
    choose_column(batch, None, "spouse_national_number", on=True)
    add(batch)
    customer.refresh_from_db()
    assert customer.is_joint
    assert take(customer, "spouse_national_number") == "93051822361"
    kept = Overwritten.objects.get()
    assert b"93051822361" not in bytes(kept.sealed)
    assert NUMBER.encode() not in bytes(kept.sealed)


def test_nothing_can_be_chosen_while_it_is_done(customer, staged):
    batch = staged(again(mobile="+32495551000"))
    choose_column(batch, None, "mobile", on=True)
    claim(batch, None, batch.revision)
    with pytest.raises(ReviewClosed):
        choose_column(batch, None, "mobile", on=False)
