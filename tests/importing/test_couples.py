"""Couples on two rows or in one: merged into joint returns, counted, added as one, and brought back by undo."""

import pytest

from accounton.customers import numbers
from accounton.customers.models import Customer
from accounton.importing.all_couples import MergeAll, SplitAll
from accounton.importing.applying import claim, continue_applying
from accounton.importing.changing import ChangedMeanwhile
from accounton.importing.choosing import ReviewClosed
from accounton.importing.couples import CannotMerge, apart, merge, proposed_names, split
from accounton.importing.deciding import revoke
from accounton.importing.invariants import broken
from accounton.importing.models import Bucket, Decision, Reason
from accounton.importing.near import look
from accounton.importing.pieces import at_once
from accounton.importing.proposals import counts, open_proposals
from accounton.importing.repairing import edit
from accounton.importing.review import Review
from accounton.importing.sealed_rows import opened
from accounton.importing.undoing_changes import CannotUndo, undo
from tests.importing.conftest import person
from tests.importing.test_repairing import row, state

pytestmark = pytest.mark.database
JAN, AN, BO = "85073003328", "93051822361", "17073003384"
HOME = {"street": "Kerkstraat", "house_number": "12", "postal_code": "9300", "city": "Aalst"}


def couple(**of_an):
    jan = person(1, first_name="Jan", last_name="Peeters", national_number=JAN, spouse_national_number=AN)
    an = person(2, first_name="An", last_name="Claes", national_number=AN, mobile="+32478123456", **of_an)
    return jan, an


def proposal(batch, reason=Reason.COUPLE):
    return open_proposals(batch, (reason,)).get()


def test_a_couple_on_two_rows_becomes_one_joint_return_and_nobody_vanishes(staged, admin):
    batch = staged(*couple(), person(3))
    before = state(batch)
    change = merge(batch, admin, proposal(batch).pk, main=2, seen=batch.revision)
    assert Review(batch, {}).counts | {"only_in_platform": 0} == {
        "only_in_import": 2, "only_in_platform": 0, "double": 0, "invalid": 0, "merged": 1, "left_out": 0, "added": 0,
    }  # fmt: skip
    assert row(batch, 2).is_joint
    assert row(batch, 3).merged_into == 2
    values = opened(row(batch, 2)).values
    assert values["spouse_national_number"] == AN
    assert (values["spouse_first_name"], values["spouse_last_name"]) == ("An", "Claes")
    assert values["mobile"] == "+32478123456"
    assert values["email"] == "noor1@x.example"
    assert not counts(batch)
    assert list(broken()) == []
    undo(batch, admin, change)
    assert state(batch) == before
    assert counts(batch) == {"couple": 1}


def test_the_other_one_can_be_the_main_declarant(staged, admin):
    batch = staged(*couple())
    merge(batch, admin, proposal(batch).pk, main=3, seen=batch.revision)
    values = opened(row(batch, 3)).values
    assert (values["national_number"], values["spouse_national_number"]) == (AN, JAN)
    assert (row(batch, 2).bucket, row(batch, 2).merged_into) == ("merged", 3)


def test_a_merged_couple_is_added_as_one_customer_with_a_partner(staged, admin):
    batch = staged(*couple())
    change = merge(batch, admin, proposal(batch).pk, main=2, seen=batch.revision)
    claim(batch, admin, batch.revision)
    continue_applying(batch)
    customer = Customer.objects.get()
    assert customer.household_name == "Jan Peeters & An Claes"
    assert numbers.take(customer, "spouse_national_number") == AN
    assert batch.state == "done"
    assert list(broken()) == []
    with pytest.raises(ReviewClosed):
        undo(batch, admin, change)


def test_the_partner_may_be_invalid_by_herself(staged, admin):
    batch = staged(*couple(email=""))
    assert row(batch, 3).bucket == Bucket.INVALID
    at_once(batch, admin, MergeAll())
    assert [r.bucket for r in batch.rows.order_by("number")] == ["only_in_import", "merged"]


def test_all_couples_are_merged_at_once_whoever_stands_first(staged, admin):
    jan, an = couple()
    each_other = ("00010100105", "00010100204")
    both = (
        person(6, national_number=each_other[0], spouse_national_number=each_other[1]),
        person(7, national_number=each_other[1], spouse_national_number=each_other[0]),
    )
    batch = staged(an, jan, person(5, national_number=BO), *both)
    before = state(batch)
    assert counts(batch) == {"couple": 2}
    change = at_once(batch, admin, MergeAll())
    assert change.rows == 4
    assert Review(batch, {}).counts["merged"] == 2
    assert row(batch, 2).merged_into == 3
    assert not counts(batch)
    assert list(broken()) == []
    undo(batch, admin, change)
    assert state(batch) == before


def test_who_names_somebody_else_is_not_merged(staged, admin):
    jan, an = couple(spouse_national_number=BO)
    batch = staged(jan, an)
    with pytest.raises(CannotMerge):
        merge(batch, admin, proposal(batch).pk, main=2, seen=batch.revision)
    assert at_once(batch, admin, MergeAll()) is None


def test_what_changed_after_it_was_shown_is_not_merged(staged, admin):
    batch = staged(*couple())
    shown = batch.revision
    edit(batch, admin, {3: (shown, {"city": "Gent"})})
    with pytest.raises(ChangedMeanwhile):
        merge(batch, admin, proposal(batch).pk, main=2, seen=shown)


def test_an_edit_makes_a_couple_and_breaks_it(staged, admin):
    jan, an = couple()
    batch = staged({**jan, "spouse_national_number": ""}, an)
    assert not counts(batch)
    edit(batch, admin, {2: (0, {"spouse_national_number": AN})})
    assert counts(batch) == {"couple": 1}
    edit(batch, admin, {3: (row(batch, 3).revision, {"national_number": BO})})
    assert not counts(batch)


def test_a_merge_is_not_undone_after_its_main_row_changed(staged, admin):
    batch = staged(*couple())
    change = at_once(batch, admin, MergeAll())
    edit(batch, admin, {2: (row(batch, 2).revision, {"city": "Gent"})})
    with pytest.raises(CannotUndo) as refused:
        undo(batch, admin, change)
    assert refused.value.rows == [2]


def test_two_of_one_address_and_name_are_asked_about_and_remembered_as_no_couple(staged, admin):
    people = [person(1, last_name="Peeters", **HOME), person(2, last_name="Peeters", **HOME), person(3, **HOME)]
    batch = staged(*people)
    look(batch)
    assert counts(batch) == {"household": 1}
    apart(batch, admin, proposal(batch, Reason.HOUSEHOLD).pk)
    assert not counts(batch)
    again = staged(*reversed(people))
    look(again)
    assert not counts(again)
    assert Decision.objects.count() == 1


def test_a_household_is_merged_without_any_number(staged, admin):
    batch = staged(person(1, last_name="Peeters", **HOME), person(2, last_name="Peeters", email="", **HOME))
    look(batch)
    merge(batch, admin, proposal(batch, Reason.HOUSEHOLD).pk, main=2, seen=batch.revision)
    assert row(batch, 2).is_joint
    assert opened(row(batch, 2)).values["spouse_first_name"] == "Noor2"


def test_one_row_of_two_people_gets_its_partner_split_off(staged, admin):
    batch = staged(person(1, first_name="Jan", last_name="Peeters en An Claes"), person(2, first_name="M. et Mme"))
    look(batch)
    assert counts(batch) == {"two_people": 2}
    assert at_once(batch, admin, SplitAll()).rows == 1
    assert row(batch, 2).is_joint
    claim(batch, admin, batch.revision)
    continue_applying(batch)
    assert Customer.objects.get(first_name="Jan").household_name == "Jan Peeters & An Claes"


def test_a_split_is_undone(staged, admin):
    batch = staged(person(1, first_name="Jan & An", last_name="Peeters-Claes"))
    look(batch)
    before = state(batch)
    names = proposed_names(opened(row(batch, 2)).values)
    change = split(batch, admin, proposal(batch, Reason.TWO_PEOPLE).pk, names, seen=batch.revision)
    assert not counts(batch)
    undo(batch, admin, change)
    assert state(batch) == before
    assert counts(batch) == {"two_people": 1}


def test_who_were_said_to_be_no_couple_are_not_asked_about_with_the_next_list(staged, admin):
    batch = staged(*couple(), person(3))
    apart(batch, admin, proposal(batch).pk)
    again = staged(person(7), *couple())
    look(again)
    assert not counts(again)
    revoke(admin, Decision.objects.get().pk)
    assert counts(again) == counts(batch) == {"couple": 1}
    look(again)
    assert counts(again) == {"couple": 1}
