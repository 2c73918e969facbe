"""Two national numbers are two people: matching is one to one over a list; a known number is not proposed away."""

from contextlib import nullcontext

import pytest

from accounton.customers.models import Customer
from accounton.customers.numbers import take
from accounton.customers.saving import put_values
from accounton.importing.applying import CannotApply, claim, continue_applying, count_undecided
from accounton.importing.deciding import decide
from accounton.importing.invariants import broken
from accounton.importing.left_out import bring_back
from accounton.importing.models import Batch, Bucket, ChangeKind, Overwritten, Proposal, Reason, State, Verdict
from accounton.importing.near import look
from accounton.importing.outdated_matches import follow
from accounton.importing.overwriting import (
    OtherNumberKnown,
    choose_column,
    choose_fields,
    choose_proposed,
    choose_row,
    counts,
    empty_column,
)  # fmt: skip
from accounton.importing.pieces import at_once
from accounton.importing.proposals import open_proposals
from accounton.importing.repairing import edit
from accounton.importing.repeated import CombineAll, repeated_rows
from accounton.importing.undoing_changes import undo
from tests.importing.conftest import person
from tests.importing.test_overwriting import add, differs

pytestmark = pytest.mark.database
JAN = {"first_name": "Jan", "last_name": "Peeters", "email": "familie.peeters@x.example"}


def number(start: str) -> str:
    """Return the national number that begins so."""
    return f"{start}{97 - int(start) % 97:02}"


FATHER, SON, THIRD = number("550203123"), number("870612001"), number("611111001")


def jan(number: str = "", **values) -> dict[str, str]:
    return person(1, **{**JAN, "national_number": number, **values})


@pytest.fixture
def reviewed(staged):
    def reviewed(*people, **fields) -> Batch:
        batch = staged(*people, **fields)
        look(batch)
        return batch

    return reviewed


@pytest.fixture
def customer(known) -> Customer:
    """The one whom the office has, without a number."""
    return known(**JAN)


def stand(batch: Batch) -> dict[int, tuple[str, int | None]]:
    return {row.number: (row.bucket, row.match_id) for row in batch.rows.order_by("number")}


def asked(batch: Batch) -> list[tuple[int, int | None]]:
    found = open_proposals(batch, (Reason.CLAIMED,))
    return [(each.row, each.customer_id) for each in found.order_by("row", "customer")]


def numbers() -> list[str]:
    return sorted(filter(None, (take(each, "national_number") for each in Customer.objects.all())))


def settle(batch: Batch, admin, row: int, verdict: Verdict, customer: Customer | None = None):
    open_ones = open_proposals(batch, (Reason.CLAIMED,)).filter(row=row)
    proposal = (open_ones.filter(customer=customer) if customer else open_ones).first()
    batch.refresh_from_db()
    return decide(batch, admin, proposal.pk, verdict, batch.revision)


def take_all(batch: Batch) -> None:
    """Take whatever is proposed and add everybody, until nothing changes."""
    for _once_more in range(3):
        batch.refresh_from_db()
        choose_proposed(batch, None, on=True)
        batch.refresh_from_db()
        if batch.differences.exclude(chosen="").exists() or count_addable(batch):
            add(batch)


def count_addable(batch: Batch) -> int:
    new = batch.rows.filter(bucket=Bucket.ONLY_IN_IMPORT, selected=True)
    made = Customer.objects.filter(import_row__in=new.values("pk")).count()
    return new.count() - made - count_undecided(batch)


def test_father_and_son_of_one_name_and_mailbox_are_never_one_customer(customer, reviewed):
    batch = reviewed(jan(FATHER), jan(SON))
    assert stand(batch) == {2: ("only_in_import", None), 3: ("only_in_import", None)}
    assert asked(batch) == [(2, customer.pk), (3, customer.pk)]
    assert count_undecided(batch) == 2
    assert not batch.differences.exists()
    assert list(broken()) == []


@pytest.mark.parametrize(("row", "his", "other"), [(2, FATHER, SON), (3, SON, FATHER)])
def test_whoever_is_said_to_be_the_customer_both_end_with_their_own_numbers(customer, reviewed, admin, row, his, other):
    batch = reviewed(jan(FATHER), jan(SON))
    settle(batch, admin, row, Verdict.SAME)
    assert stand(batch)[row] == ("double", customer.pk)
    assert asked(batch) == []
    take_all(batch)
    customer.refresh_from_db()
    assert take(customer, "national_number") == his
    assert numbers() == [FATHER, SON]
    assert Customer.objects.count() == 2
    assert list(broken()) == []


def test_where_neither_is_the_customer_there_are_three(customer, reviewed, admin):
    batch = reviewed(jan(FATHER), jan(SON))
    settle(batch, admin, 2, Verdict.NEW)
    assert asked(batch) == [(3, customer.pk)]  # not by elimination: somebody says it
    settle(batch, admin, 3, Verdict.NEW)
    take_all(batch)
    customer.refresh_from_db()
    assert take(customer, "national_number") == ""
    assert (numbers(), Customer.objects.count()) == ([FATHER, SON], 3)


def test_what_was_decided_is_undone_for_both(customer, reviewed, admin):
    batch = reviewed(jan(FATHER), jan(SON))
    change = settle(batch, admin, 2, Verdict.SAME)
    assert stand(batch) == {2: ("double", customer.pk), 3: ("only_in_import", None)}
    batch.refresh_from_db()
    undo(batch, admin, change)
    assert asked(batch) == [(2, customer.pk), (3, customer.pk)]
    assert stand(batch) == {2: ("only_in_import", None), 3: ("only_in_import", None)}


def test_a_decision_is_remembered_in_the_next_list(customer, reviewed, admin):
    batch = reviewed(jan(FATHER), jan(SON))
    settle(batch, admin, 2, Verdict.SAME)
    again = reviewed(jan(SON), jan(FATHER))
    assert stand(again) == {2: ("only_in_import", None), 3: ("double", customer.pk)}
    assert asked(again) == []


def test_one_row_alone_is_recognised_as_ever(customer, reviewed):
    batch = reviewed(jan(FATHER), person(2))
    assert stand(batch) == {2: ("double", customer.pk), 3: ("only_in_import", None)}
    assert differs(batch) == {2: (",national_number,", ",national_number,")}


def test_a_row_that_has_the_customers_number_takes_him_from_all_others(known, reviewed):
    customer = known(**JAN, national_number=FATHER)
    batch = reviewed(jan(SON), jan(FATHER, email="nieuw@x.example"), jan(client_code="K1"))
    assert stand(batch)[2] == ("only_in_import", None)
    assert stand(batch)[3] == ("double", customer.pk)


def test_a_row_without_a_number_beside_the_one_with_it_is_asked_about(known, reviewed):
    customer = known(**JAN, national_number=FATHER)
    batch = reviewed(jan(FATHER, email="nieuw@x.example"), jan())
    assert stand(batch) == {2: ("double", customer.pk), 3: ("only_in_import", None)}
    assert asked(batch) == [(3, customer.pk)]


def test_a_code_and_a_mailbox_that_claim_one_customer_are_asked_about(known, reviewed):
    customer = known(**JAN, client_code="K1")
    batch = reviewed(jan(FATHER, email="j@x.example", client_code="K1"), jan(SON))
    assert asked(batch) == [(2, customer.pk), (3, customer.pk)]


def test_two_customers_who_fit_alike_are_both_asked_about(office, reviewed, admin):
    made = [Customer(office=office, language="dutch") for _each in range(2)]
    for each in made:
        put_values(each, JAN, {})
        each.save()
    batch = reviewed(jan(FATHER), jan(SON))
    one, other = made
    assert asked(batch) == [(2, one.pk), (2, other.pk), (3, one.pk), (3, other.pk)]
    settle(batch, admin, 2, Verdict.SAME, other)
    assert asked(batch) == [(3, one.pk)]
    settle(batch, admin, 3, Verdict.SAME, one)
    take_all(batch)
    assert [take(each, "national_number") for each in Customer.objects.order_by("pk")] == [SON, FATHER]


def test_a_code_alone_puts_nobodys_number_on_somebody_of_another_name(known, reviewed, admin):
    an = known(first_name="An", last_name="Peeters", email="an@x.example", client_code="1")
    fatima = {"first_name": "Fatima", "last_name": "Haddad", "email": "fatima@x.example"}
    batch = reviewed(person(1, **fatima, client_code="1", national_number=SON))
    assert stand(batch) == {2: ("invalid", None)}
    assert asked(batch) == [(2, an.pk)]
    settle(batch, admin, 2, Verdict.SAME)  # she married and moved: somebody knows
    assert stand(batch) == {2: ("double", an.pk)}


def test_an_archived_customer_is_claimed_like_any_other(customer, reviewed):
    Customer.objects.update(archived_at=customer.created_at)
    batch = reviewed(jan(FATHER), jan(SON))
    assert asked(batch) == [(2, customer.pk), (3, customer.pk)]


def test_the_partners_row_is_no_rival(known, reviewed, admin):
    customer = known(**JAN, spouse_national_number=THIRD)
    batch = reviewed(jan(FATHER, last_name="Peters"), person(2, first_name="An", national_number=THIRD))
    proposal = open_proposals(batch, (Reason.PARTNER,)).get()
    decide(batch, admin, proposal.pk, Verdict.SAME, batch.revision)
    batch.refresh_from_db()
    edit(batch, admin, {2: (batch.revision, {"last_name": "Peeters"})})
    assert stand(batch) == {2: ("double", customer.pk), 3: ("double", customer.pk)}
    assert list(broken()) == []


def test_an_invalid_row_claims_too(customer, reviewed, admin):
    batch = reviewed(jan(FATHER), jan(SON, mobile="12"))
    assert asked(batch) == [(2, customer.pk), (3, customer.pk)]
    assert [bucket for bucket, _match in stand(batch).values()] == ["only_in_import", "invalid"]
    edit(batch, admin, {3: (batch.revision, {"mobile": "+32478123456"})})
    assert asked(batch) == [(2, customer.pk), (3, customer.pk)]
    assert [bucket for bucket, _match in stand(batch).values()] == ["only_in_import"] * 2


def test_a_row_that_is_repaired_into_a_rival_makes_both_wait_and_undoing_it_does_not(customer, reviewed, admin):
    batch = reviewed(jan(FATHER), jan(SON, last_name="Peters"))
    assert stand(batch)[2] == ("double", customer.pk)
    change = edit(batch, admin, {3: (batch.revision, {"last_name": "Peeters"})})
    assert asked(batch) == [(2, customer.pk), (3, customer.pk)]
    assert not batch.differences.exists()
    undo(batch, admin, change)
    assert asked(batch) == []
    assert stand(batch) == {2: ("double", customer.pk), 3: ("only_in_import", None)}
    assert differs(batch) == {2: (",national_number,", ",national_number,")}


def test_a_rival_who_is_left_out_and_brought_back_is_a_rival_again(customer, reviewed, admin):
    batch = reviewed(jan(FATHER), jan(SON))
    settle(batch, admin, 3, Verdict.LEFT_OUT)
    assert stand(batch) == {2: ("double", customer.pk), 3: ("left_out", customer.pk)}
    batch.refresh_from_db()
    bring_back(batch, admin, [3])
    assert stand(batch) == {2: ("only_in_import", None), 3: ("only_in_import", None)}
    assert asked(batch) == [(2, customer.pk), (3, customer.pk)]


def test_the_customer_is_not_called_missing_while_it_is_asked_who_he_is(customer, reviewed, admin):
    batch = reviewed(jan(FATHER), jan(SON))
    assert not batch.only_here.exists()
    settle(batch, admin, 2, Verdict.NEW)
    settle(batch, admin, 3, Verdict.NEW)
    batch.refresh_from_db()
    edit(batch, admin, {3: (batch.revision, {"email": "jan@x.example"})})
    batch.refresh_from_db()
    edit(batch, admin, {2: (batch.revision, {"email": "peeters@x.example"})})
    assert [each.customer_id for each in batch.only_here.all()] == [customer.pk]


def test_a_number_put_on_him_meanwhile_tells_them_apart_in_every_open_review(customer, reviewed, admin):
    first, other = reviewed(jan(FATHER)), reviewed(jan(SON), person(7))
    assert stand(other)[2] == ("double", customer.pk)
    choose_proposed(first, admin, on=True)
    add(first)
    assert stand(other)[2] == ("only_in_import", None)
    other.refresh_from_db()
    add(other)
    assert numbers() == [FATHER, SON]


def test_of_two_reviews_that_are_added_at_once_the_second_tells_them_apart_by_itself(customer, reviewed, admin):
    both = [reviewed(jan(FATHER)), reviewed(jan(SON))]
    for batch in both:
        choose_proposed(batch, admin, on=True)
        claim(batch, None, batch.revision)
    for batch in both:
        continue_applying(batch)
    assert stand(both[1])[2] == ("only_in_import", None)
    customer.refresh_from_db()
    assert take(customer, "national_number") == FATHER
    add(Batch.objects.get(pk=both[1].pk))
    assert numbers() == [FATHER, SON]


def test_a_number_typed_by_hand_tells_them_apart_before_anybody_is_added(customer, reviewed):
    batch = reviewed(jan(SON), person(7))
    put_values(customer, {"national_number": FATHER}, {})
    customer.save()
    assert stand(batch)[2] == ("double", customer.pk)
    claim(batch, None, batch.revision)
    continue_applying(batch)
    assert stand(batch)[2] == ("only_in_import", None)
    assert batch.state == State.REVIEW
    batch.refresh_from_db()
    batch.rows.filter(number=2).update(selected=True)
    add(batch)
    assert numbers() == [FATHER, SON]


def test_a_customer_who_came_meanwhile_is_claimed_by_one_at_most(reviewed, office):
    batch = reviewed(jan(FATHER), jan(SON), person(7))
    mine = Customer(office=office, language="dutch")
    put_values(mine, JAN, {})
    mine.save()
    add(batch)
    assert stand(batch)[2] == stand(batch)[3] == ("only_in_import", None)
    assert asked(batch) == [(2, mine.pk), (3, mine.pk)]
    assert batch.added == 1


def test_with_an_asked_row_added_all_the_same_nobody_is_merged(customer, reviewed):
    batch = reviewed(jan(FATHER), jan(SON))
    claim(batch, None, batch.revision, with_undecided=True)
    continue_applying(batch)
    assert (numbers(), Customer.objects.count()) == ([FATHER, SON], 3)


@pytest.mark.parametrize("others", [[], [person(7)]])
def test_a_review_from_before_is_told_apart_once_somebody_adds(customer, reviewed, others):
    batch = reviewed(jan(FATHER), jan(SON), *others)
    Proposal.objects.all().delete()
    batch.rows.filter(number__in=(2, 3)).update(match=customer, matched_by="email_and_name", bucket=Bucket.DOUBLE)
    assert [line for line in broken() if "two national numbers" in line]
    with nullcontext() if others else pytest.raises(CannotApply, match="undecided"):
        add(batch)
    assert asked(batch) == [(2, customer.pk), (3, customer.pk)]
    assert list(broken()) == []


@pytest.fixture
def decided(known, reviewed, admin):
    """A row of another number of which somebody said that it is a customer who has one."""
    customer = known(**JAN, national_number=FATHER)
    wrong = number("550203124")
    batch = reviewed(jan(wrong, mobile="+32478123456"))
    proposal = open_proposals(batch, (Reason.BIRTH,)).get()
    decide(batch, admin, proposal.pk, Verdict.SAME, batch.revision)
    batch.refresh_from_db()
    return batch, customer, wrong


def test_a_known_number_is_never_proposed_away(decided, admin):
    batch, customer, _wrong = decided
    [(differing, proposed)] = differs(batch).values()
    assert ",national_number," in differing
    assert ",national_number," not in proposed
    take_all(batch)
    choose_column(batch, admin, "national_number", on=True)
    empty_column(batch, admin, "national_number", on=True)
    assert [column.key for column in counts(batch).columns if column.key == "national_number"] == []
    assert not batch.differences.filter(chosen__contains="number").exists()
    customer.refresh_from_db()
    assert take(customer, "national_number") == FATHER
    assert customer.mobile == "+32478123456"


def test_a_known_number_is_replaced_only_where_that_was_confirmed(decided, admin):
    batch, customer, wrong = decided
    with pytest.raises(OtherNumberKnown):
        choose_fields(batch, admin, 2, ["national_number", "mobile"], on=True, seen="")
    with pytest.raises(OtherNumberKnown):
        choose_row(batch, admin, 2, ["national_number"], dossier=False, seen="")
    assert not batch.differences.exclude(chosen="").exists()
    choose_fields(batch, admin, 2, ["national_number"], on=True, seen="", is_confirmed=True)
    choose_row(batch, admin, 2, ["national_number", "mobile"], dossier=False, seen="")
    batch.refresh_from_db()
    add(batch)
    customer.refresh_from_db()
    assert take(customer, "national_number") == wrong


def test_a_known_number_of_a_partner_is_never_proposed_away(known, staged, admin):
    customer = known(**JAN, national_number=FATHER, spouse_national_number=THIRD)
    batch = staged(jan(FATHER, spouse_national_number=SON), person(3))
    assert differs(batch) == {2: (",spouse_national_number,", "")}
    with pytest.raises(OtherNumberKnown):
        choose_fields(batch, admin, 2, ["spouse_national_number"], on=True, seen="")
    choose_column(batch, admin, "spouse_national_number", on=True)
    empty_column(batch, admin, "spouse_national_number", on=True)
    assert not batch.differences.exclude(chosen="").exists()
    assert customer.spouse_national_number_hash


def test_what_is_asked_takes_the_same_number_of_questions_however_many(known, staged, django_assert_max_num_queries):
    for at in range(12):
        known(first_name=f"Jan{at}", last_name="Peeters", email=f"jan{at}@x.example")
    people = [
        jan(number(f"5502{at:02}{month}23"), first_name=f"Jan{at}", email=f"jan{at}@x.example")
        for at in range(12)
        for month in (10, 11)
    ]
    with django_assert_max_num_queries(80):
        batch = staged(*people, looked=False)
    assert len(asked(batch)) == 24


def test_who_is_followed_elsewhere_is_only_who_is_another_person_by_now(customer, reviewed, admin):
    batch = reviewed(jan(FATHER))
    before = batch.revision
    follow([customer.pk])
    batch.refresh_from_db()
    assert batch.revision == before
    assert not batch.changes.filter(kind=ChangeKind.DECIDED).exists()
    assert not Overwritten.objects.exists()


def test_combining_all_loses_no_number_of_a_row_that_repeats_a_repeated_one(staged, admin):
    namesakes = {"first_name": "An", "last_name": "Peeters", "email": "familie@x.example"}
    batch = staged(*(person(1, **namesakes, national_number=each) for each in (THIRD, "", FATHER)))
    at_once(batch, admin, CombineAll())
    assert [row.merged_into for row in batch.rows.order_by("number")] == [None, 2, None]
    assert not repeated_rows(batch).exists()
    assert list(broken()) == []


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_who_is_said_not_to_be_the_owner_of_a_code_keeps_out_with_that_code(known, reviewed, admin, order):
    owner = known(**JAN, client_code="K2")
    people = [jan(email="elders@x.example", client_code="K2"), jan()]
    batch = reviewed(*(people[each] for each in order))
    coded, other = (order.index(each) + 2 for each in (0, 1))
    assert stand(batch) == {coded: ("invalid", None), other: ("only_in_import", None)}
    assert asked(batch) == sorted([(coded, owner.pk), (other, owner.pk)])
    for _each in order:
        settle(batch, admin, asked(batch)[0][0], Verdict.NEW)
    assert batch.rows.get(number=coded).problems == "client_code.taken"
    take_all(batch)
    assert Customer.objects.count() == 2
    batch.refresh_from_db()
    edit(batch, admin, {coded: (batch.revision, {"client_code": "K3"})})
    take_all(batch)
    assert sorted(Customer.objects.values_list("client_code", flat=True)) == ["", "K2", "K3"]
    assert list(broken()) == []


def test_a_code_is_taken_once_somebody_else_in_the_list_is_said_to_be_its_owner(known, reviewed, admin):
    known(**JAN, client_code="K2")
    batch = reviewed(jan(SON, client_code="K2"), jan(FATHER))
    settle(batch, admin, 3, Verdict.SAME)
    row = batch.rows.get(number=2)
    assert (row.bucket, row.match_id, row.problems) == ("invalid", None, "client_code.taken")
    take_all(batch)
    assert numbers() == [FATHER]
    assert list(broken()) == []


def test_who_is_the_owner_of_a_code_after_all_comes_in_as_them(known, reviewed, admin):
    owner = known(**JAN, client_code="K2")
    batch = reviewed(jan(email="elders@x.example", client_code="K2"), jan())
    change = settle(batch, admin, 2, Verdict.SAME)
    row = batch.rows.get(number=2)
    assert (row.bucket, row.match_id, row.problems) == ("double", owner.pk, "")
    batch.refresh_from_db()
    undo(batch, admin, change)
    assert batch.rows.get(number=2).problems == "client_code.taken"
    assert asked(batch) == [(2, owner.pk), (3, owner.pk)]
