"""Couples that nobody decided about are held back when a list is added, as near matches are."""

import re

import pytest

from accounton.customers.models import Customer
from accounton.importing.all_couples import MergeAll
from accounton.importing.applying import CannotApply, claim, continue_applying, count_undecided
from accounton.importing.choosing import choose_rows
from accounton.importing.couples import apart
from accounton.importing.invariants import broken
from accounton.importing.models import Batch, Reason
from accounton.importing.near import look
from accounton.importing.pieces import at_once
from accounton.importing.proposals import note_linked, open_proposals
from accounton.importing.review import Review
from tests.importing.conftest import person
from tests.importing.test_couples import HOME, couple, proposal

pytestmark = pytest.mark.database


def test_both_rows_of_a_couple_stay_in_the_review_until_it_is_decided(staged, admin):
    batch = staged(*couple(), person(3))
    assert count_undecided(batch) == 2
    assert (Review(batch, {}).undecided, Review(batch, {}).decided, Review(batch, {}).selected) == (2, 1, 3)
    assert claim(batch, admin, batch.revision) == 1
    result = continue_applying(batch).result
    assert (result["added"], result["undecided"], result["moved"]) == (1, 2, [])
    assert (batch.state, list(Customer.objects.values_list("first_name", flat=True))) == ("review", ["Noor3"])
    with pytest.raises(CannotApply, match="undecided"):
        claim(batch, admin, batch.revision)
    at_once(batch, admin, MergeAll())
    assert claim(batch, admin, batch.revision) == 1
    assert continue_applying(batch).result["added"] == 1
    assert Customer.objects.get(first_name="Jan").household_name == "Jan Peeters & An Claes"
    assert (batch.state, Customer.objects.count(), list(broken())) == ("done", 2, [])


def test_who_are_said_to_be_no_couple_are_added_each(staged, admin):
    batch = staged(*couple())
    apart(batch, admin, proposal(batch).pk)
    assert claim(batch, admin, batch.revision) == 2
    assert continue_applying(batch).result["added"] == 2


def test_couples_are_added_apart_where_that_is_asked(staged, admin):
    batch = staged(*couple(), person(3))
    assert claim(batch, admin, batch.revision, with_undecided=True) == 3
    assert continue_applying(batch).result["added"] == 3


def test_one_who_was_deselected_holds_the_other_back(staged, admin):
    batch = staged(*couple(), person(3))
    choose_rows(batch, batch.rows.filter(number=3), selected=False)
    assert count_undecided(batch) == Review(batch, {}).undecided == 1
    claim(batch, admin, batch.revision)
    assert continue_applying(batch).result["added"] == 1


def test_a_row_that_was_merged_with_another_holds_nobody_back(staged, admin):
    """A row says of two that they are its partner's: what is settled with one settles the other."""
    jan, an = couple()
    batch = staged(jan, an, person(3, national_number="17073003384"), person(4, first_name="Mia en Bo"))
    look(batch)
    note_linked(batch, [(4, 3)])
    at_once(batch, admin, MergeAll())
    assert count_undecided(batch) == 1
    assert claim(batch, admin, batch.revision) == 2
    assert continue_applying(batch).result["added"] == 2
    assert not batch.rows.filter(number=4, selected=False).exists()


def test_a_row_in_two_proposals_is_held_back_once(staged):
    jan, an = couple()
    batch = staged({**jan, "first_name": "Jan en An"}, an)
    look(batch)
    assert set(open_proposals(batch, Reason.values).values_list("reason", flat=True)) == {"couple", "two_people"}
    assert count_undecided(batch) == Review(batch, {}).undecided == 2


def test_linked_couples_and_rows_of_two_people_are_held_back_but_a_shared_address_is_not(staged, admin):
    people = [person(4, last_name="Maes", **HOME), person(5, last_name="Maes", **HOME)]
    batch = staged(person(1), person(2), person(3, first_name="Jan en Mia"), *people)
    look(batch)
    note_linked(batch, [(2, 3)])
    found = set(open_proposals(batch, Reason.values).values_list("reason", flat=True))
    assert found == {Reason.LINKED, Reason.TWO_PEOPLE, Reason.HOUSEHOLD}
    assert count_undecided(batch) == Review(batch, {}).undecided == 3
    claim(batch, admin, batch.revision)
    continue_applying(batch)
    assert set(Customer.objects.values_list("first_name", flat=True)) == {"Noor4", "Noor5"}


def test_adding_asks_the_same_number_of_times_however_many_couples_wait(staged, admin, django_assert_max_num_queries):
    batch = staged(*(person(number) for number in range(120)))
    note_linked(batch, [(number, number + 1) for number in range(2, 62, 2)])
    assert Review(batch, {}).undecided == 60
    claim(batch, admin, batch.revision)
    with django_assert_max_num_queries(45):
        assert continue_applying(batch).result["added"] == 60


def test_the_page_offers_the_others_first_and_leads_to_the_couples(staged, client, admin):
    batch = staged(*couple(), person(3))
    client.force_login(admin)
    page = client.get(f"/imports/{batch.pk}/").content.decode()
    add = page[page.index('id="add"') : page.index("</form>", page.index('id="add"'))]
    assert re.search(r'btn btn-primary[^>]*name="undecided" value="leave"', add)
    assert f"/imports/{batch.pk}/couples/" in add
    assert f"/imports/{batch.pk}/near/" not in add
    done = client.post(f"/imports/{batch.pk}/add/", {"revision": batch.revision}, follow=True).content.decode()
    assert f"/imports/{batch.pk}/couples/" in done
    assert Batch.objects.get(pk=batch.pk).added == 1
    client.post(f"/imports/{batch.pk}/add/", {"revision": batch.revision, "undecided": "add"}, follow=True)
    assert Batch.objects.get(pk=batch.pk).added == 3


def test_of_one_row_the_button_does_not_say_all(staged, client, admin):
    batch = staged(person(1, first_name="Jan en Mia"))
    look(batch)
    client.force_login(admin)
    page = " ".join(client.get(f"/imports/{batch.pk}/").content.decode().split())
    assert "alle 1 " not in page
    assert "> Voeg deze rij toch toe </button>" in page
