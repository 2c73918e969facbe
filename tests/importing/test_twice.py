"""Rows of one list that look like one person: found, held back, decided as two people or as one, remembered, undone."""

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from accounton.customers.models import Customer
from accounton.importing.applying import claim, continue_applying, count_undecided
from accounton.importing.changing import ChangedMeanwhile
from accounton.importing.choosing import choose_rows
from accounton.importing.deciding import revoke
from accounton.importing.invariants import broken
from accounton.importing.left_out import bring_back
from accounton.importing.models import AGAIN, ChangeKind, Decision, Proposal, Reason, Verdict
from accounton.importing.near import look
from accounton.importing.proposals import counts, open_proposals
from accounton.importing.remembering import decisions
from accounton.importing.repairing import edit
from accounton.importing.sealed_rows import opened
from accounton.importing.twice import decide
from accounton.importing.undoing_changes import undo
from accounton.offices.models import AuditEntry
from accounton.offices.scoping import acting_for
from tests.importing.conftest import person
from tests.importing.test_repairing import row, state

pytestmark = pytest.mark.database
TWINS = ("85073003328", "85073003427")
OTHER = "93051822361"
HOME = {"street": "Kerkstraat", "house_number": "12", "postal_code": "9300", "city": "Aalst"}
BIRTH = (
    {"first_name": "Lies", "last_name": "Peeters", "national_number": TWINS[0]},
    {"first_name": "Lise", "last_name": "Peeters", "national_number": TWINS[1]},
)
ADDRESS = (
    {"first_name": "Noor", "last_name": "Maes", "national_number": OTHER, **HOME},
    {"first_name": "Noôr", "last_name": "Maes", **HOME, "street": "kerkstraat", "mobile": "+32478123456"},
)
PAIRS = {Reason.AGAIN_BIRTH: BIRTH, Reason.AGAIN_ADDRESS: ADDRESS}


@pytest.fixture
def client(client_as, admin):
    return client_as(admin)


def people(pair, *others):
    return [person(at, **values) for at, values in enumerate([*pair, *others], 1)]


@pytest.fixture
def reviewed(staged):
    def reviewed(*people, **fields):
        batch = staged(*people, **fields)
        look(batch)
        return batch

    return reviewed


def only(batch):
    return open_proposals(batch, AGAIN).get()


def settled(batch, user, verdict, kept=2):
    return decide(batch, user, only(batch).pk, verdict, kept=kept, seen=batch.revision)


@pytest.mark.parametrize("reason", PAIRS)
def test_who_stands_in_a_list_twice_perhaps_is_held_back_until_it_is_decided(reviewed, admin, reason):
    batch = reviewed(*people(PAIRS[reason]), person(3))
    assert counts(batch) == {reason: 1}
    assert (only(batch).row, only(batch).other, only(batch).customer) == (2, 3, None)
    assert count_undecided(batch) == 2
    claim(batch, admin, batch.revision)
    assert continue_applying(batch).result["added"] == 1
    settled(batch, admin, Verdict.NEW)
    claim(batch, admin, batch.revision)
    assert continue_applying(batch).result["added"] == 2
    assert list(broken()) == []


def test_they_are_added_apart_where_that_is_asked(reviewed, admin):
    batch = reviewed(*people(BIRTH))
    assert claim(batch, admin, batch.revision, with_undecided=True) == 2


@pytest.mark.parametrize(
    "pair",
    [
        ({**ADDRESS[0], "national_number": TWINS[0]}, {**ADDRESS[1], "national_number": OTHER}),
        ({"first_name": "An", "email": "a@x.example"}, {"first_name": "Bo", "email": "a@x.example"}),
        (ADDRESS[0], {**ADDRESS[1], "house_number": "14"}),
        (BIRTH[0], {**BIRTH[1], "first_name": "Jan"}),
    ],
    ids=["father and son", "a shared mailbox", "another house", "twins of other names"],
)
def test_who_are_certainly_two_are_not_asked_about(reviewed, pair):
    assert not set(counts(reviewed(*people(pair)))) & set(AGAIN)


def test_a_couple_of_names_that_look_alike_is_proposed_as_a_couple(reviewed):
    same = {"last_name": "Vandenbroucke", **HOME}
    assert counts(reviewed(*people([{"first_name": "Dirk", **same}, {"first_name": "Dina", **same}]))) == {
        Reason.HOUSEHOLD: 1
    }


def test_two_people_are_never_asked_about_again_until_it_is_revoked(reviewed, admin):
    first = reviewed(*people(BIRTH))
    change = settled(first, admin, Verdict.NEW)
    assert (change.kind, counts(first)) == (ChangeKind.DECIDED, {})
    again = reviewed(person(9), *reversed(people(BIRTH)))
    assert not counts(again)
    [decision] = decisions()
    assert (decision.made_by, decision.name, decision.verdict) == (admin, "Lies Peeters", "new")
    revoke(admin, decision.pk)
    assert counts(first) == counts(again) == {Reason.AGAIN_BIRTH: 1}


@pytest.mark.parametrize("kept", [2, 3])
def test_one_of_two_is_kept(reviewed, admin, kept):
    batch = reviewed(*people(ADDRESS))
    before = state(batch)
    change = settled(batch, admin, Verdict.LEFT_OUT, kept)
    assert (row(batch, kept).bucket, row(batch, 5 - kept).bucket) == ("only_in_import", "left_out")
    assert not counts(batch)
    undo(batch, admin, change)
    assert (state(batch), counts(batch)) == (before, {Reason.AGAIN_ADDRESS: 1})
    assert not decisions()


@pytest.mark.parametrize("kept", [2, 3])
def test_the_cells_of_two_are_combined(reviewed, admin, kept):
    batch = reviewed(*people(ADDRESS))
    before = state(batch)
    change = settled(batch, admin, Verdict.SAME, kept)
    values = opened(row(batch, kept)).values
    assert (values["national_number"], values["mobile"]) == (OTHER, "+32478123456")
    assert (row(batch, 5 - kept).bucket, row(batch, 5 - kept).merged_into) == ("merged", kept)
    assert (counts(batch), list(broken())) == ({}, [])
    undo(batch, admin, change)
    assert (state(batch), counts(batch)) == (before, {Reason.AGAIN_ADDRESS: 1})


def test_what_changed_after_it_was_shown_is_not_decided(reviewed, admin):
    batch = reviewed(*people(BIRTH))
    shown = batch.revision
    edit(batch, admin, {3: (shown, {"city": "Gent"})})
    with pytest.raises(ChangedMeanwhile):
        decide(batch, admin, only(batch).pk, Verdict.NEW, kept=2, seen=shown)


def test_nothing_of_a_birth_date_is_written_down(reviewed, admin):
    batch = reviewed(*people(BIRTH))
    settled(batch, admin, Verdict.NEW)
    kept = str([list(model.objects.values()) for model in (Decision, Proposal, type(row(batch, 2)), Customer)])
    assert "850730" not in kept
    assert "1985" not in kept


def test_two_rows_that_look_like_one_person_are_shown_side_by_side_and_decided(client, staged, admin):
    batch = staged(*people(BIRTH))
    look(batch)
    page = client.get(f"/imports/{batch.pk}/near/").content.decode()
    assert "Zelfde naam en geboortedatum" in page
    assert "Rij 2" in page
    assert "Rij 3" in page
    assert page.count("85.07.30-***.**") == 2
    assert TWINS[0] not in page
    assert "1 rij lijkt op" in client.get(f"/imports/{batch.pk}/").content.decode()
    given = {"proposal": only(batch).pk, "revision": batch.revision, "verdict": "left_out", "kept": 3}
    answer = client.post(f"/imports/{batch.pk}/near/one/", given, follow=True).content.decode()
    assert "Gelijkenis beslist" in answer
    assert (row(batch, 2).bucket, row(batch, 3).bucket) == ("left_out", "only_in_import")
    assert "Lies Peeters" in client.get("/imports/decisions/").content.decode()
    again = client.post(f"/imports/{batch.pk}/near/one/", given, follow=True).content.decode()
    assert "intussen geregeld" in again


def test_the_numbers_of_two_rows_are_shown_on_request_and_that_is_recorded(client, staged):
    batch = staged(*people(BIRTH))
    look(batch)
    given = {"proposal": only(batch).pk}
    shown = client.post(f"/imports/{batch.pk}/near/reveal/", given).content.decode()
    assert "85.07.30-033.28" in shown
    assert "85.07.30-034.27" in shown
    [looked] = AuditEntry.objects.filter(action="number.revealed")
    assert (looked.subject, looked.details["row"], looked.details["other"]) == (f"batch:{batch.pk}", 2, 3)
    assert TWINS[0] not in str(looked.details)


EDITS = {
    "birth": (BIRTH, {"first_name": "Jan"}, Reason.AGAIN_BIRTH),
    "number": (BIRTH, {"national_number": OTHER}, Reason.AGAIN_BIRTH),
    "address": (ADDRESS, {"house_number": "14"}, Reason.AGAIN_ADDRESS),
    "name": (ADDRESS, {"last_name": "Claes"}, Reason.AGAIN_ADDRESS),
    "added number": (ADDRESS, {"national_number": TWINS[0]}, Reason.AGAIN_ADDRESS),
}


@pytest.mark.parametrize("changed", EDITS)
def test_an_edit_of_one_cell_takes_a_pair_away_and_its_undoing_brings_it_back(reviewed, admin, changed):
    pair, cells, reason = EDITS[changed]
    batch = reviewed(*people(pair), person(3))
    change = edit(batch, admin, {3: (batch.revision, cells)})
    assert counts(batch) == {}
    undo(batch, admin, change)
    assert counts(batch) == {reason: 1}
    assert (only(batch).row, only(batch).other) == (2, 3)


@pytest.mark.parametrize("changed", ["number", "address", "name"])
@pytest.mark.parametrize("edited", [2, 3])
def test_an_edit_of_one_cell_makes_two_rows_a_pair(reviewed, admin, changed, edited):
    pair, cells, reason = EDITS[changed]
    was = [pair[0], {**pair[1], "first_name": pair[0]["first_name"]}]
    right = {key: was[edited - 2][key] for key in cells}
    was[edited - 2] = {**was[edited - 2], **cells}
    batch = reviewed(*people(was), person(3))
    assert not counts(batch)
    change = edit(batch, admin, {edited: (batch.revision, right)})
    assert counts(batch) == {reason: 1}
    undo(batch, admin, change)
    assert not counts(batch)


def test_two_people_who_are_told_apart_stay_so_through_edits(reviewed, admin):
    batch = reviewed(*people(ADDRESS))
    settled(batch, admin, Verdict.NEW)
    edit(batch, admin, {3: (batch.revision, {"house_number": "14"})})
    edit(batch, admin, {3: (batch.revision, {"house_number": "12"})})
    assert not counts(batch)
    other = reviewed(*people([ADDRESS[0], {**ADDRESS[1], "house_number": "14"}]))
    edit(other, admin, {3: (other.revision, {"house_number": "12"})})
    assert not counts(other)


def test_a_row_that_turns_out_to_be_known_is_no_half_of_a_pair(reviewed, known, admin):
    known(first_name="Bea", client_code="K1", email="noor2@x.example")
    batch = reviewed(*people(BIRTH))
    change = edit(batch, admin, {3: (batch.revision, {"client_code": "K1"})})
    assert row(batch, 3).bucket == "double"
    assert not open_proposals(batch, AGAIN)
    undo(batch, admin, change)
    assert only(batch).reason == Reason.AGAIN_BIRTH


def test_rows_that_repeat_one_another_no_longer_may_still_be_one_person(reviewed, admin):
    batch = reviewed(*people([{**each, "client_code": "A"} for each in ADDRESS]))
    assert (row(batch, 3).problems, counts(batch)) == ("row.repeated", {})
    edit(batch, admin, {3: (batch.revision, {"client_code": "B"})})
    assert counts(batch) == {Reason.AGAIN_ADDRESS: 1}


def test_a_new_cell_that_says_nothing_of_who_somebody_is_asks_nothing(reviewed, admin):
    batch = reviewed(*people(ADDRESS))
    with CaptureQueriesContext(connection) as asked:
        edit(batch, admin, {3: (batch.revision, {"mobile": "+32478999999"})})
    # Whether anything is asked about whom rows are comes with the revision that is claimed.
    others = [query["sql"] for query in asked if not query["sql"].startswith('UPDATE "importing_batch"')]
    assert not [sql for sql in others if "importing_proposal" in sql]


@pytest.mark.parametrize("turned", [False, True], ids=["same order", "turned round"])
@pytest.mark.parametrize("verdict", [Verdict.LEFT_OUT, Verdict.SAME])
def test_who_is_one_person_is_not_asked_about_again(reviewed, admin, verdict, turned):
    first = reviewed(*people(ADDRESS))
    settled(first, admin, verdict, kept=2)
    both = people(ADDRESS)
    again = reviewed(person(9), *(reversed(both) if turned else both))
    kept, other = (4, 3) if turned else (3, 4)
    aside = {Verdict.LEFT_OUT: "left_out", Verdict.SAME: "merged"}[verdict]
    assert (row(again, kept).bucket, row(again, other).bucket) == ("only_in_import", aside)
    assert opened(row(again, kept)).values["mobile"] == ("+32478123456" if verdict == Verdict.SAME else "")
    assert (counts(again), list(broken())) == ({}, [])
    [change] = again.changes.all()
    undo(again, admin, change)
    assert counts(again) == {Reason.AGAIN_ADDRESS: 1}


def test_of_three_who_were_decided_about_two_by_two_nobody_is_lost(reviewed, admin):
    three = people([*ADDRESS, {**ADDRESS[1], "mobile": ""}])
    first = reviewed(*three)
    assert counts(first) == {Reason.AGAIN_ADDRESS: 3}
    for kept in (3, 2):
        pair = open_proposals(first, AGAIN).filter(Q(row=kept) | Q(other=kept)).last()
        decide(first, admin, pair.pk, Verdict.LEFT_OUT, kept=kept, seen=first.revision)
    again = reviewed(*three)
    assert again.rows.filter(bucket="only_in_import").count() >= 1
    assert list(broken()) == []


@pytest.mark.parametrize("kept", [2, 3])
def test_a_row_that_was_left_out_and_comes_back_is_asked_about_again(reviewed, admin, kept):
    batch = reviewed(*people(ADDRESS))
    settled(batch, admin, Verdict.LEFT_OUT, kept)
    before = state(batch)
    back = bring_back(batch, admin, [5 - kept])
    assert counts(batch) == {Reason.AGAIN_ADDRESS: 1}
    assert not decisions()
    undo(batch, admin, back)
    assert (state(batch), counts(batch)) == (before, {})
    assert decisions().count() == 1


def test_looking_again_keeps_what_was_decided(reviewed, admin):
    batch = reviewed(*people(ADDRESS))
    settled(batch, admin, Verdict.NEW)
    edit(batch, admin, {3: (batch.revision, {"mobile": ""})})
    look(batch)
    assert not counts(batch)
    assert Proposal.objects.filter(batch=batch).count() == 1


def test_two_people_stay_two_once_one_of_them_is_a_customer(reviewed, admin):
    batch = reviewed(*people(ADDRESS))
    settled(batch, admin, Verdict.NEW)
    choose_rows(batch, batch.rows.filter(number=3), selected=False)
    claim(batch, admin, batch.revision)
    continue_applying(batch)
    look(batch)
    assert counts(batch) == {}
    assert counts(reviewed(person(7), people(ADDRESS)[1])) == {}
    [decision] = decisions()
    revoke(admin, decision.pk)
    assert counts(reviewed(person(7), people(ADDRESS)[1])) == {Reason.ADDRESS: 1}


def test_two_people_stay_two_for_whatever_reason_they_look_like_one(reviewed, admin):
    batch = reviewed(*people([{**BIRTH[0], **HOME}, {**BIRTH[0], "national_number": "", **HOME}]))
    settled(batch, admin, Verdict.NEW)
    edit(batch, admin, {3: (batch.revision, {"national_number": TWINS[1]})})
    assert not counts(batch)
    look(batch)
    assert not counts(batch)


def test_many_rows_that_change_at_once_are_compared_among_themselves(reviewed, admin):
    names = [letter * 3 for letter in "abcdefghijkl" for _ in range(2)]
    homes = [{**HOME, "house_number": f"{at}a"} for at in range(24)]
    batch = reviewed(*(person(at, first_name=name, **homes[at]) for at, name in enumerate(names)))
    assert not counts(batch)
    shown = batch.revision
    change = edit(batch, admin, {at + 2: (shown, {"house_number": str(at // 2)}) for at in range(24)})
    assert open_proposals(batch, AGAIN).count() == 12
    undo(batch, admin, change)
    assert not open_proposals(batch, AGAIN)


def test_another_office_decides_for_itself(reviewed, admin, other_office):
    settled(reviewed(*people(ADDRESS)), admin, Verdict.NEW)
    with acting_for(other_office.id):
        theirs = reviewed(*people(ADDRESS))
        assert counts(theirs) == {Reason.AGAIN_ADDRESS: 1}


def test_who_is_put_in_one_with_two_others_is_so_again(reviewed, admin):
    three = people([*ADDRESS, {**ADDRESS[1], "mobile": "", "language": "french"}])
    first = reviewed(*three)
    for other in (3, 4):
        pair = open_proposals(first, AGAIN).get(row=2, other=other)
        decide(first, admin, pair.pk, Verdict.SAME, kept=2, seen=first.revision)
    again = reviewed(*three)
    assert [each.bucket for each in again.rows.order_by("number")] == ["only_in_import", "merged", "merged"]
    assert opened(row(again, 2)).values["mobile"] == "+32478123456"
    assert (counts(again), list(broken())) == ({}, [])
    undo(again, admin, again.changes.get())
    assert [each.bucket for each in again.rows.order_by("number")] == ["only_in_import"] * 3
