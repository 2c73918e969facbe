"""Near matches: found, decided once, remembered for the office, revocable; the same customer twice in a list."""

import re

import pytest
from django.utils import timezone

from accounton.customers.models import Customer
from accounton.importing import repeated
from accounton.importing.applying import CannotApply, claim, continue_applying
from accounton.importing.changing import ChangedMeanwhile
from accounton.importing.choosing import choose, choose_rows
from accounton.importing.comparing import look as compared
from accounton.importing.deciding import NotOffered, StandsAlready, decide, offered, revoke
from accounton.importing.invariants import broken
from accounton.importing.jobs import look_again, take_up_interrupted
from accounton.importing.looking import STALE
from accounton.importing.models import NEAR, Batch, Decision, Reason, Verdict
from accounton.importing.near import look, looking
from accounton.importing.overwriting import choose_dossiers, choose_proposed
from accounton.importing.pieces import at_once
from accounton.importing.proposals import counts, open_proposals
from accounton.importing.remembering import decisions
from accounton.importing.repairing import edit
from accounton.importing.resuming import resume
from accounton.importing.review import Review
from accounton.importing.sealed_rows import opened
from accounton.importing.staging import stage
from accounton.importing.undoing_changes import undo
from tests.importing.conftest import person, workbook
from tests.importing.test_repairing import row, state

pytestmark = pytest.mark.database
TWINS = ("85073003328", "85073003427")
OTHER = "93051822361"
HOME = {"street": "Kerkstraat", "house_number": "12", "postal_code": "9300", "city": "Aalst"}


@pytest.fixture
def reviewed(staged):
    def reviewed(*people, **fields):
        batch = staged(*people, **fields)
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


@pytest.mark.parametrize(("reason", "is_shown"), [("birth", True), ("address", True), ("email", False)])
def test_who_stands_in_the_list_too_is_shown_unless_only_a_mailbox_is_shared(reviewed, known, reason, is_shown):
    theirs, ours = NEARS[reason]
    customer = known(**theirs, client_code="K1")
    again = person(1000, **{"last_name": "Bekend", **theirs}, client_code="K1")
    batch = reviewed(person(1, **{"last_name": "Bekend", **ours}), again)
    assert row(batch, 3).match == customer
    assert counts(batch) == ({reason: 1} if is_shown else {})


def test_one_name_at_one_address_is_more_than_a_mailbox(reviewed, known):
    known(first_name="Noor", national_number=TWINS[0], email="noor@x.example", client_code="K1", **HOME)
    again = person(2, first_name="Noor", last_name="Bekend", national_number=TWINS[0], email="noor@x.example", **HOME)
    batch = reviewed(person(1, first_name="Noôr", last_name="Bekendt", email="noor@x.example", **HOME), again)
    assert counts(batch) == {"address": 1}


@pytest.fixture
def read_with(office):
    """Read a list of people while it is looked through, in this process or another; gives what was found."""

    def read_with(*people, long, meanwhile=lambda looker: None):
        batch = Batch.objects.create(file_name="lijst.xlsx", assessment_year=2026)
        with looking(batch, long=long) as looker:
            stage(batch, workbook(*people), looker=looker)
            meanwhile(looker)
            looker.write_down()
        return sorted(open_proposals(batch, Reason.values).values_list("reason", "row", "other", "customer_id"))

    return read_with


def many_alike(known):
    nears = {**NEARS, "partner": ({"spouse_national_number": OTHER}, {"first_name": "Piet", "national_number": OTHER})}
    for theirs, _ in nears.values():
        known(**theirs)
    alike = [person(at, **{"last_name": "Bekend", **ours}) for at, (_, ours) in enumerate(nears.values(), 1)]
    return (
        *(*alike, person(8, last_name="Bakkerij Peeters BV"), person(9, first_name="Jan en An")),
        *(person(10, **HOME, last_name="Maes", first_name=name) for name in ("Jan", "An")),
    )


def test_another_process_finds_the_same_while_a_list_is_read(read_with, known):
    people = many_alike(known)
    found = read_with(*people, long=False)
    assert {reason for reason, *_ in found} == {*NEARS, "firm", "two_people", "household"}
    assert read_with(*people, long=True) == found


def test_where_that_process_dies_the_list_is_looked_through_here(read_with, known, caplog):
    people = many_alike(known)
    found = read_with(*people, long=False)
    assert read_with(*people, long=True, meanwhile=lambda looker: looker._lookalikes._process.kill()) == found
    assert "looking beside broke off" in caplog.text
    assert "Bekend" not in caplog.text


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
    known(**NEARS["partner"][0])
    batch = reviewed(person(1, **NEARS["partner"][1]))
    with pytest.raises(NotOffered):
        decide(batch, admin, only(batch).pk, Verdict.NEW, batch.revision)
    assert Verdict.NEW not in offered("partner")


def test_a_partner_stands_for_the_joint_return_and_says_nothing_of_the_customer(reviewed, known, admin):
    customer = known(**NEARS["partner"][0], mobile="+32470123000")
    batch = reviewed(person(1, **NEARS["partner"][1], mobile="+32470999999"), assessment_year=2027)
    decide(batch, admin, only(batch).pk, Verdict.SAME, batch.revision)
    assert (row(batch, 2).bucket, row(batch, 2).match) == ("double", customer)
    different = batch.differences.get()
    assert (different.differs, different.empties) == (
        ",spouse_first_name,spouse_last_name,spouse_email,spouse_mobile,", "",
    )  # fmt: skip
    choose_proposed(batch, admin, on=True)
    choose_dossiers(batch, admin, on=True)
    claim(batch, admin, batch.revision)
    continue_applying(batch)
    customer.refresh_from_db()
    assert customer.name == "Noor1000 Bekend"
    assert (customer.spouse_first_name, customer.mobile, customer.is_joint) == ("Piet", "+32470123000", True)
    assert (customer.spouse_email, customer.spouse_mobile) == ("noor1@x.example", "+32470999999")
    assert list(customer.dossiers.values_list("assessment_year", flat=True)) == [2026, 2027]
    assert Customer.objects.count() == 1
    assert list(broken()) == []


def test_a_partners_row_is_not_what_the_last_list_said_of_the_customer(reviewed, known, admin):
    known(**NEARS["partner"][0], client_code="K1", mobile="+32470123000")
    partner = reviewed(person(1, **NEARS["partner"][1], mobile="+32470999999"), assessment_year=2027)
    decide(partner, admin, only(partner).pk, Verdict.SAME, partner.revision)
    choose_dossiers(partner, admin, on=True)
    claim(partner, admin, partner.revision)
    continue_applying(partner)
    later = reviewed(person(1000, last_name="Bekend", client_code="K1", mobile="+32470777777"))
    [sides] = compared(later, list(later.rows.all()), proposals=True)
    assert sides.base.file["mobile"] == "+32470123000"


def test_a_partner_is_left_out_where_the_customer_stands_in_the_list(reviewed, known, admin):
    customer = known(**NEARS["partner"][0], client_code="K1")
    people = (person(1, **NEARS["partner"][1]), person(1000, last_name="Bekend", client_code="K1"))
    batch = reviewed(*people)
    decide(batch, admin, only(batch).pk, Verdict.SAME, batch.revision)
    assert (row(batch, 2).bucket, row(batch, 3).match) == ("left_out", customer)
    again = reviewed(*people)  # it is remembered
    assert not counts(again)
    assert (row(again, 2).bucket, row(again, 3).match) == ("left_out", customer)


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
    change = at_once(batch, admin, repeated.CombineAll())
    assert Review(batch, {}).counts["merged"] == 3
    values = opened(row(batch, 4)).values
    assert (values["mobile"], values["city"], values["email"]) == ("+32478123456", "Aalst", "noor3@x.example")
    assert list(broken()) == []
    undo(batch, admin, change)
    assert state(batch) == before
    assert at_once(batch, admin, repeated.KeepFirst()).rows == 3


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
    batch = staged(person(1, **{"last_name": "Bekend", **NEARS["birth"][1]}), looked=False)
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


def test_who_looks_like_somebody_stays_in_the_review_until_it_is_decided(reviewed, known, admin):
    customer = known(**NEARS["birth"][0])
    batch = reviewed(person(1, **{"last_name": "Bekend", **NEARS["birth"][1]}), person(2), person(3))
    choose_rows(batch, batch.rows.filter(number=4), selected=False)
    assert (Review(batch, {}).undecided, Review(batch, {}).decided, Review(batch, {}).selected) == (1, 1, 2)
    assert claim(batch, admin, batch.revision) == 1
    result = continue_applying(batch).result
    assert (result["added"], result["undecided"], result["moved"]) == (1, 1, [])
    assert (batch.state, row(batch, 2).bucket, Review(batch, {}).undecided) == ("review", "only_in_import", 1)
    with pytest.raises(CannotApply, match="undecided"):
        claim(batch, admin, batch.revision)
    decide(batch, admin, only(batch).pk, Verdict.NEW, batch.revision)
    assert claim(batch, admin, batch.revision) == 1
    assert continue_applying(batch).result["added"] == 1
    assert Customer.objects.exclude(pk=customer.pk).count() == 2
    assert list(broken()) == []


def test_who_looks_like_somebody_is_added_too_where_that_is_asked(reviewed, known, admin):
    known(**NEARS["email"][0])
    batch = reviewed(person(1, **{"last_name": "Bekend", **NEARS["email"][1]}), person(2))
    assert claim(batch, admin, batch.revision, with_undecided=True) == 2
    assert continue_applying(batch).result["added"] == 2
    assert (batch.state, batch.result["undecided"]) == ("done", 0)


def test_adding_asks_the_same_number_of_times_however_many_rows_wait(
    reviewed, known, admin, django_assert_max_num_queries
):
    people = [person(number, email=f"an{number % 9}@x.example") for number in range(60)]
    for number in range(9):
        known(first_name=f"Bo{number}", email=f"an{number}@x.example")
    batch = reviewed(*people, *(person(number) for number in range(100, 160)))
    assert Review(batch, {}).undecided == 60
    claim(batch, admin, batch.revision)
    with django_assert_max_num_queries(45):
        assert continue_applying(batch).result["added"] == 60


def test_the_button_adds_the_others_first_unless_all_are_wanted(reviewed, known, client, admin):
    known(**NEARS["birth"][0])
    batch = reviewed(person(1, **{"last_name": "Bekend", **NEARS["birth"][1]}), person(2))
    client.force_login(admin)
    page = client.get(f"/imports/{batch.pk}/").content.decode()
    assert f"/imports/{batch.pk}/near/" in page
    assert re.search(r'btn btn-primary[^>]*name="undecided" value="leave"', page)
    assert 'name="undecided" value="add"' in page
    done = client.post(f"/imports/{batch.pk}/add/", {"revision": batch.revision, "undecided": "leave"}, follow=True)
    assert "1 geselecteerde rij wacht op een beslissing" in done.content.decode()
    page = client.get(f"/imports/{batch.pk}/").content.decode()
    assert 'value="leave"' not in page
    assert "Voeg deze rij toch toe" in page
    client.post(f"/imports/{batch.pk}/add/", {"revision": batch.revision}, follow=True)
    assert Batch.objects.get(pk=batch.pk).added == 1
    client.post(f"/imports/{batch.pk}/add/", {"revision": batch.revision, "undecided": "add"}, follow=True)
    assert Batch.objects.get(pk=batch.pk).added == 2


def test_what_was_said_of_a_number_falls_away_with_it_and_comes_back_by_undoing(reviewed, known, admin):
    customer = known(**NEARS["partner"][0])
    batch = reviewed(person(1, **NEARS["partner"][1], language="klingon"))
    before = state(batch)
    change = decide(batch, admin, only(batch).pk, Verdict.SAME, batch.revision)
    assert (row(batch, 2).bucket, row(batch, 2).match) == ("invalid", customer)
    edited = edit(batch, admin, {2: (row(batch, 2).revision, {"national_number": OTHER})})
    assert (row(batch, 2).match, row(batch, 2).matched_by) == (None, "")
    mended = edit(batch, admin, {2: (row(batch, 2).revision, {"language": "dutch"})})
    assert row(batch, 2).bucket == "only_in_import"
    undo(batch, admin, mended)
    undo(batch, admin, edited)
    assert (row(batch, 2).match, row(batch, 2).matched_by) == (customer, "decision")
    undo(batch, admin, change)
    assert state(batch) == before
    assert counts(batch) == {"partner": 1}
    assert list(broken()) == []


def test_what_was_said_of_somebody_stays_while_other_cells_are_mended(reviewed, known, admin):
    customer = known(**NEARS["address"][0], national_number=TWINS[0])
    batch = reviewed(person(1, **{"last_name": "Bekend", **NEARS["address"][1]}, language="klingon"))
    decide(batch, admin, only(batch).pk, Verdict.SAME, batch.revision)
    edit(batch, admin, {2: (row(batch, 2).revision, {"language": "dutch", "email": "ander@x.example"})})
    assert (row(batch, 2).bucket, row(batch, 2).match) == ("double", customer)


@pytest.fixture
def beside_own_row(reviewed, known):
    """A row that looks like a customer who stands in the list themselves."""
    theirs, ours = NEARS["birth"]
    known(**theirs, client_code="K1")
    return reviewed(
        person(1, **{"last_name": "Bekend", **ours}),
        person(1000, **{"last_name": "Bekend", **theirs}, client_code="K1"),
    )


def test_nobody_is_in_two_rows_of_a_list(beside_own_row, admin, client):
    batch, url = beside_own_row, f"/imports/{beside_own_row.pk}/near/"
    with pytest.raises(StandsAlready):
        decide(batch, admin, only(batch).pk, Verdict.SAME, batch.revision)
    client.force_login(admin)
    form = {"proposal": only(batch).pk, "verdict": "same", "revision": 99}
    page = client.post(f"{url}one/", form, follow=True).content.decode()
    assert "Deze klant staat ook in rij 3 van de lijst" in page
    assert counts(batch) == {"birth": 1}
    assert not decisions().exists()
    decide(batch, admin, only(batch).pk, Verdict.LEFT_OUT, batch.revision)
    assert list(broken()) == []


def test_what_is_remembered_puts_nobody_in_two_rows_either(reviewed, known, admin):
    theirs, ours = NEARS["birth"]
    known(**theirs, client_code="K1")
    alike = person(1, **{"last_name": "Bekend", **ours})
    first = reviewed(alike)
    decide(first, admin, only(first).pk, Verdict.SAME, first.revision)
    batch = reviewed(alike, person(1000, **{"last_name": "Bekend", **theirs}, client_code="K1"))
    assert counts(batch) == {"birth": 1}
    assert row(batch, 2).match is None
