"""Adding waits until it was looked who in a list is like a customer, unless all are wanted or it was given up."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from accounton.customers.models import Customer
from accounton.importing import bulk_actions, jobs, looking
from accounton.importing.applying import CannotApply, claim, continue_applying
from accounton.importing.choosing import choose_rows
from accounton.importing.deciding import decide
from accounton.importing.jobs import look_again
from accounton.importing.looking import ATTEMPTS, STALE
from accounton.importing.models import Batch, Verdict
from accounton.importing.overwriting import choose_proposed
from accounton.importing.proposals import counts
from accounton.importing.repairing import edit
from accounton.importing.setting import SetColumn
from accounton.importing.undoing_changes import undo
from tests.importing.conftest import person
from tests.importing.test_near import NEARS

pytestmark = pytest.mark.database
WAITS = "still-looking"


@pytest.fixture
def client(client_as, admin):
    return client_as(admin, "en")


@pytest.fixture
def batch(staged, known):
    """A list that was read and not yet looked through: one row looks like a customer, one does not."""
    known(**NEARS["birth"][0])
    return staged(person(1, **{"last_name": "Bekend", **NEARS["birth"][1]}), person(2), looked=False)


def add(client, batch, **more):
    return client.post(reverse("importing:add", args=[batch.pk]), {"revision": batch.revision, **more}, follow=True)


def looked(client, batch, revision=None):
    shown = batch.revision if revision is None else revision
    return client.get(reverse("importing:looked", args=[batch.pk]), {"revision": shown})


def page_of(client, batch) -> str:
    return client.get(reverse("importing:review", args=[batch.pk])).content.decode()


def given_up(batch):
    Batch.objects.filter(pk=batch.pk).update(near_attempts=ATTEMPTS, touched_at=timezone.now() - STALE)


def test_nobody_is_added_before_it_was_looked(batch, admin):
    with pytest.raises(CannotApply, match="still_looking"):
        claim(batch, admin, batch.revision)
    batch.refresh_from_db()
    assert (batch.state, batch.adds) == ("review", [])
    look_again(batch.office_id, batch.pk)
    assert claim(batch, admin, batch.revision) == 1


def test_all_are_added_at_once_where_that_is_asked(batch, admin):
    assert claim(batch, admin, batch.revision, with_undecided=True) == 2
    assert continue_applying(batch).result["added"] == 2


def test_what_was_chosen_for_known_customers_waits_for_nothing(staged, known, admin):
    known(client_code="K1", mobile="+32470123000")
    again = person(1000, last_name="Bekend", client_code="K1", mobile="+32495551000")
    batch = staged(again, person(2), looked=False)
    choose_proposed(batch, admin, on=True)
    choose_rows(batch, batch.rows.filter(number=3), selected=False)
    assert claim(batch, admin, batch.revision) == 1


def test_once_it_was_given_up_adding_is_possible(batch, admin):
    given_up(batch)
    assert claim(batch, admin, batch.revision) == 2


def test_the_last_look_is_waited_for_while_it_may_be_under_way(batch, admin):
    given_up(batch)
    Batch.objects.filter(pk=batch.pk).update(touched_at=timezone.now())
    with pytest.raises(CannotApply, match="still_looking"):
        claim(batch, admin, batch.revision)


def test_adding_waits_again_for_rows_that_are_brought_back_to_a_long_list(client, batch, admin, monkeypatch):
    monkeypatch.setattr(jobs, "LONG", 1)
    look_again(batch.office_id, batch.pk)
    decide(batch, admin, batch.proposals.get().pk, Verdict.LEFT_OUT, batch.revision)
    client.post(reverse("importing:bring_back", args=[batch.pk]), {"only": "2"})
    batch.refresh_from_db()
    with pytest.raises(CannotApply, match="still_looking"):
        claim(batch, admin, batch.revision)
    look_again(batch.office_id, batch.pk)
    batch.refresh_from_db()
    assert claim(batch, admin, batch.revision) == 1


@pytest.fixture
def repaired(staged, known, admin):
    """A list that was looked through; since then a number was put right by which a row looks like a customer."""
    known(**NEARS["birth"][0])
    wrong = {**NEARS["birth"][1], "last_name": "Bekend", "national_number": "85073003329"}
    batch = staged(person(1, **wrong), person(2), looked=False)
    look_again(batch.office_id, batch.pk)
    edit(batch, admin, {2: (batch.revision, {"national_number": NEARS["birth"][1]["national_number"]})})
    batch.refresh_from_db()
    return batch


def test_who_looks_like_a_customer_once_repaired_is_not_added_unseen(client, repaired):
    add(client, repaired)
    assert counts(repaired) == {"birth": 1}
    assert list(Customer.objects.filter(last_name="Declercq")) == [Customer.objects.get(first_name="Noor2")]
    assert not Customer.objects.filter(first_name="Lise").exists()


def test_who_looks_like_a_customer_of_another_list_added_meanwhile_is_not_added_unseen(client, staged, known):
    batch = staged(person(1, **{"last_name": "Bekend", **NEARS["birth"][1]}), person(2), looked=False)
    look_again(batch.office_id, batch.pk)
    known(**NEARS["birth"][0])
    add(client, batch)
    assert counts(batch) == {"birth": 1}
    assert set(Customer.objects.values_list("first_name", flat=True)) == {"Lies", "Noor2"}
    assert not looking.is_outdated(Batch.objects.get(pk=batch.pk))


def test_of_a_long_list_adding_waits_for_that(client, repaired, monkeypatch):
    monkeypatch.setattr(jobs, "LONG", 1)
    assert "still being looked for" in add(client, repaired).content.decode()
    assert OrmQ.objects.count() == 1
    look_again(repaired.office_id, repaired.pk)
    add(client, repaired)
    assert Customer.objects.filter(first_name="Noor2").exists()
    assert not Customer.objects.filter(first_name="Lise").exists()


@pytest.mark.parametrize(("column", "is_asked"), [("last_name", True), ("city", True), ("labels", False)])
def test_a_long_list_is_looked_through_once_much_of_it_was_changed(batch, admin, monkeypatch, column, is_asked):
    monkeypatch.setattr(jobs, "LONG", 1)
    look_again(batch.office_id, batch.pk)
    batch.refresh_from_db()
    bulk_actions.start(batch, admin, SetColumn("set", column, {}, "Maes"), "/")
    jobs.work_on(batch.office_id, batch.pk)
    batch.refresh_from_db()
    assert (batch.near_at is None, OrmQ.objects.exists()) == (is_asked, is_asked)


def test_what_says_nothing_of_who_somebody_is_has_nobody_looked_for(client, batch, admin):
    look_again(batch.office_id, batch.pk)
    change = edit(batch, admin, {3: (batch.revision, {"mobile": "+32478123456"})})
    assert not looking.is_outdated(Batch.objects.get(pk=batch.pk))
    undo(batch, admin, change)
    edit(batch, admin, {3: (batch.revision, {"street": "Kerkstraat"})})
    assert looking.is_outdated(Batch.objects.get(pk=batch.pk))


def test_the_page_waits_and_says_so(client, batch):
    page = page_of(client, batch)
    assert WAITS in page
    assert reverse("importing:looked", args=[batch.pk]) in page
    assert "Add without waiting" in page
    done = add(client, batch).content.decode()
    assert "still being looked for" in done
    assert not Customer.objects.filter(first_name="Noor2").exists()
    add(client, batch, undecided="add")
    assert Customer.objects.filter(first_name="Noor2").exists()


def test_the_page_says_that_it_could_not_be_looked_for(client, batch):
    given_up(batch)
    for name in ("review", "near"):
        page = client.get(reverse(f"importing:{name}", args=[batch.pk])).content.decode()
        assert "It could not be looked for" in page
        assert WAITS not in page
        assert "Look now" in page or name == "review"
    add(client, batch)
    assert Customer.objects.filter(first_name="Noor2").exists()


def test_the_button_comes_by_itself_with_what_there_is_to_settle(client, batch):
    assert looked(client, batch).status_code == 204
    look_again(batch.office_id, batch.pk)
    answer = looked(client, batch).content.decode()
    assert WAITS not in answer
    about = "1 row looks like a customer or another row"
    for words in ("Add the others first", 'id="settling"', about, 'id="review-tabs"'):
        assert words in answer


def test_where_rows_moved_meanwhile_the_whole_page_is_asked_for(client, batch):
    shown = batch.revision
    choose_rows(batch, batch.rows.filter(number=3), selected=False)
    look_again(batch.office_id, batch.pk)
    assert looked(client, batch, shown).headers["HX-Refresh"] == "true"
    Batch.objects.filter(pk=batch.pk).update(state="applying")
    assert looked(client, batch).headers["HX-Refresh"] == "true"


def test_whoever_waits_has_a_look_that_broke_off_taken_up_again_once(client, batch):
    looked(client, batch)
    assert OrmQ.objects.count() == 0
    Batch.objects.filter(pk=batch.pk).update(touched_at=timezone.now() - STALE - timedelta(seconds=1))
    assert [looked(client, batch).status_code for _ in range(2)] == [204, 204]
    assert OrmQ.objects.count() == 1


def test_another_office_hears_nothing(client_as, other_admin, batch):
    assert looked(client_as(other_admin), batch).status_code == 404
