"""Near matches: found, decided once, remembered for the office, revocable; the same customer twice in a list."""

import pytest
from django.utils import timezone

from accounton.customers.models import Customer
from accounton.importing import repeated
from accounton.importing.choosing import choose
from accounton.importing.deciding import NotOffered, decide, decisions, offered, revoke
from accounton.importing.invariants import broken
from accounton.importing.jobs import STALE, look_again, take_up_interrupted
from accounton.importing.models import NEAR, Decision, Verdict
from accounton.importing.near import look
from accounton.importing.proposals import counts, open_proposals
from accounton.importing.repairing import ChangedMeanwhile, edit, undo
from accounton.importing.resuming import resume
from accounton.importing.review import Review
from accounton.importing.sealed_rows import opened
from tests.importing.conftest import person
from tests.importing.test_repairing import row, state

pytestmark = pytest.mark.database
TWINS = ("85073003328", "85073003427")
OTHER = "93051822361"
HOME = {"street": "Kerkstraat", "house_number": "12", "postal_code": "9300", "city": "Aalst"}


@pytest.fixture
def reviewed(staged):
    def reviewed(*people):
        batch = staged(*people)
        look(batch)
        return batch

    return reviewed


def only(batch):
    return open_proposals(batch, NEAR).get()


NEARS = {
    "birth": ({"first_name": "Lies", "national_number": TWINS[0]}, {"first_name": "Lise", "national_number": TWINS[1]}),
    "email": ({"first_name": "An", "email": "a@x.example"}, {"first_name": "Bo", "email": "A@x.example"}),
    "address": ({"first_name": "Noor", **HOME}, {"first_name": "Noôr", **HOME, "street": "kerkstraat"}),
    "partner": ({"spouse_national_number": TWINS[0]}, {"first_name": "Piet", "national_number": TWINS[0]}),
}


@pytest.mark.parametrize("reason", NEARS)
def test_a_row_that_looks_like_a_customer_is_shown_beside_them(reviewed, known, reason):
    theirs, ours = NEARS[reason]
    customer = known(**theirs)
    batch = reviewed(person(1, **{"last_name": "Bekend", **ours}), person(2))
    assert counts(batch) == {reason: 1}
    assert (only(batch).row, only(batch).customer) == (2, customer)


def test_a_company_on_a_persons_row_is_shown(reviewed, admin):
    batch = reviewed(person(1, last_name="Bakkerij Peeters BV"))
    assert counts(batch) == {"firm": 1}
    change = decide(batch, admin, only(batch).pk, Verdict.LEFT_OUT, batch.revision)
    assert Review(batch, {}).counts["left_out"] == 1
    assert list(broken()) == []
    undo(batch, admin, change)
    assert row(batch, 2).bucket == "only_in_import"


def test_people_of_other_birth_dates_are_not_near(reviewed, known):
    known(first_name="Jan", national_number=TWINS[0], **HOME)
    assert not counts(reviewed(person(1, first_name="Jan", last_name="Bekend", national_number=OTHER, **HOME)))


def test_who_is_the_same_becomes_double_and_stays_so_through_edits(reviewed, known, admin):
    customer = known(**NEARS["birth"][0])
    batch = reviewed(person(1, **{"last_name": "Bekend", **NEARS["birth"][1]}))
    change = decide(batch, admin, only(batch).pk, Verdict.SAME, batch.revision)
    assert (row(batch, 2).bucket, row(batch, 2).match) == ("double", customer)
    assert not batch.only_here.exists()
    edited = edit(batch, admin, {2: (batch.revision, {"first_name": "Liesbeth"})})
    assert (row(batch, 2).bucket, row(batch, 2).matched_by) == ("double", "decision")
    undo(batch, admin, edited)
    assert row(batch, 2).bucket == "double"
    undo(batch, admin, change)
    assert row(batch, 2).bucket == "only_in_import"
    assert not decisions()
    assert counts(batch) == {"birth": 1}


def test_a_partner_is_never_offered_as_new(reviewed, known, admin):
    customer = known(**NEARS["partner"][0])
    batch = reviewed(person(1, **NEARS["partner"][1]))
    with pytest.raises(NotOffered):
        decide(batch, admin, only(batch).pk, Verdict.NEW, batch.revision)
    decide(batch, admin, only(batch).pk, Verdict.SAME, batch.revision)
    assert (row(batch, 2).bucket, row(batch, 2).match) == ("left_out", customer)
    assert Verdict.NEW not in offered("partner")


@pytest.mark.parametrize("verdict", Verdict)
def test_a_decision_is_never_asked_again_until_it_is_revoked(reviewed, known, admin, verdict):
    known(**NEARS["birth"][0])
    ours = person(1, **{"last_name": "Bekend", **NEARS["birth"][1]})
    first = reviewed(ours)
    decide(first, admin, only(first).pk, verdict, first.revision)
    assert not counts(first)
    again = reviewed(person(7), ours)
    assert not counts(again)
    assert row(again, 3).bucket == {"new": "only_in_import", "same": "double", "left_out": "left_out"}[verdict]
    [decision] = decisions()
    assert (decision.made_by, decision.name) == (admin, "Lise Bekend")
    revoke(admin, decision.pk)
    assert counts(first) == {"birth": 1}
    assert row(first, 2).bucket == "only_in_import"
    assert counts(reviewed(ours)) == {"birth": 1}
    assert list(broken()) == []


def test_looking_again_keeps_what_was_decided(reviewed, known, admin):
    known(**NEARS["birth"][0])
    batch = reviewed(person(1, **{"last_name": "Bekend", **NEARS["birth"][1]}))
    decide(batch, admin, only(batch).pk, Verdict.NEW, batch.revision)
    look(batch)
    assert not counts(batch)
    assert Decision.objects.count() == 1


def test_what_changed_after_it_was_shown_is_not_decided(reviewed, known, admin):
    known(**NEARS["birth"][0])
    batch = reviewed(person(1, **{"last_name": "Bekend", **NEARS["birth"][1]}))
    shown = batch.revision
    edit(batch, admin, {2: (shown, {"city": "Gent"})})
    with pytest.raises(ChangedMeanwhile):
        decide(batch, admin, only(batch).pk, Verdict.NEW, shown)


def test_a_birth_date_stands_nowhere_in_plain(reviewed, known, admin):
    known(**NEARS["birth"][0])
    batch = reviewed(person(1, **{"last_name": "Bekend", **NEARS["birth"][1]}))
    decide(batch, admin, only(batch).pk, Verdict.NEW, batch.revision)
    kept = str([list(model.objects.values()) for model in (Decision, type(row(batch, 2)), Customer)])
    assert "850730" not in kept
    assert "1985" not in kept


def test_of_a_repeated_row_either_one_is_kept(staged, admin):
    batch = staged(person(1, client_code="A", city="Gent"), person(2, client_code="A"), person(3))
    before = state(batch)
    change = repeated.keep(batch, admin, 3, kept=3, seen=batch.revision)
    assert [r.bucket for r in batch.rows.order_by("number")] == ["left_out", "only_in_import", "only_in_import"]
    undo(batch, admin, change)
    assert state(batch) == before
    repeated.keep(batch, admin, 3, kept=2, seen=batch.revision)
    assert [r.bucket for r in batch.rows.order_by("number")] == ["only_in_import", "left_out", "only_in_import"]


def test_repeated_rows_are_combined_one_by_one_or_all(staged, admin):
    batch = staged(
        person(1, client_code="A"), person(2, client_code="A", city="Gent"), person(3, client_code="B"),
        person(4, client_code="B", mobile="+32478123456"), person(5, client_code="B", city="Aalst"),
    )  # fmt: skip
    before = state(batch)
    one = repeated.combine(batch, admin, 3, kept=2, seen=batch.revision)
    assert opened(row(batch, 2)).values["city"] == "Gent"
    assert row(batch, 3).merged_into == 2
    undo(batch, admin, one)
    change = repeated.combine_everywhere(batch, admin)
    assert Review(batch, {}).counts["merged"] == 3
    values = opened(row(batch, 4)).values
    assert (values["mobile"], values["city"], values["email"]) == ("+32478123456", "Aalst", "noor3@x.example")
    assert list(broken()) == []
    undo(batch, admin, change)
    assert state(batch) == before
    assert repeated.keep_first_everywhere(batch, admin).rows == 3


def test_a_closed_review_takes_no_remembered_decision(staged, known, admin):
    known(**NEARS["birth"][0])
    ours = person(1, **{"last_name": "Bekend", **NEARS["birth"][1]})
    first = staged(ours)
    look(first)
    decide(first, admin, only(first).pk, Verdict.LEFT_OUT, first.revision)
    closed = staged(ours)
    choose(closed, language="dutch")
    type(closed).objects.filter(pk=closed.pk).update(state="done")
    look(closed)
    assert row(closed, 2).bucket == "only_in_import"


def test_a_look_that_nobody_finished_is_taken_up_again_but_not_for_ever(staged, known):
    known(**NEARS["birth"][0])
    batch = staged(person(1, **{"last_name": "Bekend", **NEARS["birth"][1]}))
    type(batch).objects.filter(pk=batch.pk).update(touched_at=timezone.now() - STALE * 2)
    queued = take_up_interrupted()
    assert queued >= 1
    look_again(batch.office_id, batch.pk)
    assert counts(batch) == {"birth": 1}
    assert take_up_interrupted() == queued - 1


def test_a_row_that_is_not_in_its_bucket_because_of_a_decision_is_not_moved_on_return(reviewed, known, admin):
    customer = known(**NEARS["birth"][0])
    batch = reviewed(person(1, **{"last_name": "Bekend", **NEARS["birth"][1]}))
    decide(batch, admin, only(batch).pk, Verdict.SAME, batch.revision)
    customer.save()
    assert resume(batch).times == 0
    assert row(batch, 2).bucket == "double"
