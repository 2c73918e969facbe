"""Every column of the template is compared with known customers, and can be taken over and undone."""

import orjson
import pytest

from accounton.customers.models import Customer
from accounton.customers.numbers import COLUMNS as NUMBERS
from accounton.customers.saving import values_of
from accounton.dossiers.models import Dossier
from accounton.importing.comparing import look
from accounton.importing.models import Batch, Bucket, Overwritten
from accounton.importing.overwriting import (
    choose_column,
    choose_dossiers,
    choose_fields,
    choose_proposed,
    chosen,
    empty_column,
)
from accounton.importing.sides import COMPARED_BEFORE
from accounton.importing.traces import traces
from accounton.importing.undo_plan import plan
from accounton.importing.undoing import claim_undo, continue_undoing
from accounton.offices.keys import sealer
from accounton.rows.columns import COLUMNS
from tests.importing.test_overwriting import add, by_hand, moved

pytestmark = pytest.mark.database

FIRST = {
    "type": "person", "first_name": "Jan", "last_name": "Peeters", "email": "jan@x.example", "mobile": "+32470123000",
    "national_number": "85073003328", "street": "Kerkstraat", "house_number": "208", "box": "3", "postal_code": "9300",
    "city": "Aalst", "country": "BE", "labels": "Gent", "spouse_national_number": "93051822361", "language": "dutch",
    "client_code": "K1", "enterprise_number": "0403019261", "spouse_enterprise_number": "0417497106",
    "deadline": "2026-10-16", "responsible": "els@aalst.example",
}  # fmt: skip
LATER = {
    "first_name": "Johan", "last_name": "Pieters", "email": "johan@x.example", "mobile": "+32495551000",
    "national_number": "17073003384", "street": "Molenstraat", "house_number": "5", "box": "4", "postal_code": "9000",
    "city": "Gent", "country": "NL", "labels": "Brugge", "spouse_national_number": "17073003384",
    "language": "french", "client_code": "K2", "enterprise_number": "0417497106",
    "spouse_enterprise_number": "0403019261", "deadline": "2026-08-31", "responsible": "tom@aalst.example",
}  # fmt: skip
AFTER = {"labels": "Brugge,Gent"}
"""What stands on the customer afterwards, where that is not simply what the list says."""
NO_VALUE = {
    "type": "only persons are taken in: the column has one value, and a customer keeps none",
    "extra_pb": "must be empty: whatever stands there is ignored with a notice, and a customer keeps none",
}
"""The columns of which a customer keeps nothing, so that there is nothing to compare, and why."""


@pytest.fixture(autouse=True)
def staff(office, django_user_model):
    for name in ("els", "tom"):
        django_user_model.objects.create_user(f"{name}@aalst.example", "een-lang-wachtwoord-2026", office, name=name)


@pytest.fixture
def jan(staged):
    """A known customer of whom every column is filled but those in `without`."""

    def jan(*without) -> Customer:
        add(staged(FIRST | dict.fromkeys(without, "")))
        return Customer.objects.get()

    return jan


def now(customer: Customer) -> dict[str, str]:
    customer = Customer.objects.get(pk=customer.pk)
    deadline = Dossier.objects.get(customer=customer, assessment_year=2026).deadline
    return values_of(customer) | {"deadline": str(deadline or "")}


def undo(batch: Batch) -> Batch:
    claim_undo(batch, None)
    return continue_undoing(batch)


def test_no_column_is_forgotten_here():
    assert {column.key for column in COLUMNS} == {*LATER, *NO_VALUE}


@pytest.mark.parametrize("key", LATER)
def test_another_value_in_any_column_is_seen_taken_over_and_undone(jan, staged, key):
    # A national number that is known is replaced by another of one row at a time (test_two_numbers).
    customer = jan(key) if key in NUMBERS else jan()
    before = now(customer)
    batch = staged(FIRST | {key: LATER[key]})
    assert f",{key}," in batch.differences.get().differs
    choose_column(batch, None, key, on=True)
    assert chosen(batch) == (1, 1, 0)
    add(batch)
    assert now(customer)[key] == AFTER.get(key, LATER[key])
    assert (batch.changed, batch.result["fields"], batch.result["moved"]) == (1, 1, [])
    assert [field.header for field in traces(customer)[0].fields] != []
    assert not batch.differences.exists()
    assert plan(batch).taken_back.counts["change"] == 1
    undo(batch)
    assert now(customer) == before


@pytest.mark.parametrize("key", NO_VALUE)
def test_what_a_customer_keeps_nothing_of_makes_no_difference(jan, staged, key):
    jan()
    batch = staged(FIRST | {key: {"type": "", "extra_pb": "12"}[key]})
    assert not batch.differences.exists()


def test_a_list_that_says_the_same_everywhere_makes_no_difference(jan, staged):
    jan()
    batch = staged(FIRST)
    assert batch.rows.get().bucket == Bucket.DOUBLE
    assert not batch.differences.exists()


def test_a_new_deadline_is_proposed_and_goes_to_the_dossier_of_the_list_alone(jan, staged):
    customer = jan()
    old = Dossier.objects.create(customer=customer, assessment_year=2025)
    batch = staged(FIRST | {"deadline": "2026-08-31"})
    assert moved(batch, "deadline") == "proposed"
    choose_proposed(batch, None, on=True)
    add(batch)
    assert now(customer)["deadline"] == "2026-08-31"
    old.refresh_from_db()
    assert old.deadline is None


def test_a_deadline_that_somebody_set_by_hand_is_kept_until_the_list_says_another(jan, staged):
    customer = jan()
    Dossier.objects.filter(customer=customer).update(deadline="2026-09-30")
    assert moved(staged(FIRST), "deadline") == "kept"
    assert moved(staged(FIRST | {"deadline": "2026-08-31"}), "deadline") == "asked"


def test_a_deadline_of_another_year_says_nothing_about_this_one(jan, staged):
    customer = jan()
    later = staged(FIRST | {"deadline": "2027-10-16"}, assessment_year=2027)
    assert later.differences.get().differs == ""
    choose_dossiers(later, None, on=True)
    add(later)
    deadlines = dict(Dossier.objects.values_list("assessment_year", "deadline"))
    assert {year: str(day) for year, day in deadlines.items()} == {2026: "2026-10-16", 2027: "2027-10-16"}
    # The list of 2026 comes again after that of 2027: it says what it said, and nothing moved.
    assert not staged(FIRST).differences.exists()
    Dossier.objects.filter(customer=customer, assessment_year=2026).update(deadline=None)
    assert moved(staged(FIRST), "deadline") == "kept"
    assert moved(staged(FIRST | {"deadline": "2027-08-31"}, assessment_year=2027), "deadline") == "proposed"


def test_where_a_dossier_is_lacking_the_deadline_goes_with_the_new_one(jan, staged, client_as, admin):
    customer = jan()
    batch = staged(FIRST | {"deadline": "2027-08-31", "labels": "Aalst"}, assessment_year=2027)
    page = client_as(admin).get(f"/imports/{batch.pk}/?bucket=double").content.decode()
    assert "Dossier 2027 aanmaken" in page
    assert "· 31/08/2027" in page
    choose_dossiers(batch, None, on=True)
    choose_proposed(batch, None, on=True)
    assert chosen(batch) == (1, 1, 1)
    add(batch)
    assert str(Dossier.objects.get(assessment_year=2027).deadline) == "2027-08-31"
    undo(batch)
    assert not Dossier.objects.filter(assessment_year=2027).exists()
    assert now(customer)["labels"] == "Gent"


def test_a_deadline_chosen_for_a_dossier_that_is_gone_meanwhile_is_said(jan, staged):
    customer = jan("deadline")
    batch = staged(FIRST | {"deadline": "2026-08-31", "mobile": "+32495551000"})
    choose_proposed(batch, None, on=True)
    Dossier.objects.all().delete()
    add(batch)
    customer.refresh_from_db()
    assert (batch.result["moved"], batch.changed, customer.mobile) == ([2], 0, "+32470123000")


def test_a_deadline_can_be_emptied_so_that_the_calendar_decides(jan, staged):
    customer = jan()
    batch = staged(FIRST | {"deadline": ""})
    assert ",deadline," in batch.differences.get().empties
    empty_column(batch, None, "deadline", on=True)
    add(batch)
    assert now(customer)["deadline"] == ""
    undo(batch)
    assert now(customer)["deadline"] == "2026-10-16"


def test_a_deadline_that_was_changed_by_hand_since_stays_when_the_import_is_undone(jan, staged):
    customer = jan()
    batch = staged(FIRST | {"deadline": "2026-08-31"})
    choose_column(batch, None, "deadline", on=True)
    add(batch)
    Dossier.objects.filter(customer=customer).update(deadline="2026-09-15")
    [kept] = plan(batch).kept.first
    assert (kept.keys, kept.reasons) == (("deadline",), ("changed",))
    undo(batch)
    assert now(customer)["deadline"] == "2026-09-15"


def test_a_deadline_whose_dossier_is_gone_is_said_when_the_import_is_undone(jan, staged):
    jan()
    batch = staged(FIRST | {"deadline": "2026-08-31"})
    choose_column(batch, None, "deadline", on=True)
    add(batch)
    Dossier.objects.all().delete()
    [kept] = plan(batch).kept.first
    assert (kept.keys, kept.reasons) == (("deadline",), ("file_gone",))
    undo(batch)


def test_labels_are_added_whatever_their_case_and_none_is_taken_away(jan, staged):
    customer = jan()
    by_hand(customer, labels="Gent,VIP")
    batch = staged(FIRST | {"labels": "gent,Zelfstandig"})
    choose_column(batch, None, "labels", on=True)
    add(batch)
    customer.refresh_from_db()
    assert customer.labels == ["Gent", "VIP", "Zelfstandig"]
    assert not staged(FIRST | {"labels": "ZELFSTANDIG"}).differences.exists()
    undo(batch)
    customer.refresh_from_db()
    assert customer.labels == ["Gent", "VIP"]


def test_the_page_shows_both_days_and_that_labels_are_added(jan, staged, client_as, admin):
    customer = jan()
    batch = staged(FIRST | {"deadline": "2026-08-31", "labels": "Aalst"})
    page = client_as(admin).get(f"/imports/{batch.pk}/?bucket=double").content.decode()
    assert "<del>16/10/2026</del><ins>31/08/2026</ins>" in page
    assert "<del>Gent</del><ins>Aalst,Gent</ins>" in page
    assert "Labels van uw lijst komen erbij; er gaat er geen weg." in page
    choose_fields(batch, admin, 2, ["deadline", "labels"], on=True, seen="")
    add(batch, admin)
    history = client_as(admin).get(f"/customers/{customer.pk}/").content.decode()
    assert "31/08/2026" in history


def test_choices_of_a_review_that_was_opened_by_the_version_before_keep_working(jan, staged, admin):
    customer = jan()
    batch = staged(FIRST | {"mobile": "+32495551000", "deadline": "2026-08-31"})
    choose_column(batch, admin, "mobile", on=True)
    _as_before(batch)
    add(batch)
    assert (now(customer)["mobile"], now(customer)["deadline"]) == ("+32495551000", "2026-10-16")
    assert Overwritten.objects.get().keys == ",mobile,"


def test_a_review_of_the_version_before_is_compared_again_without_losing_a_choice(jan, staged, admin):
    customer = jan()
    batch = staged(FIRST | {"mobile": "+32495551000", "deadline": "2026-08-31"})
    choose_column(batch, admin, "mobile", on=True)
    _as_before(batch)
    Customer.objects.filter(pk=customer.pk).update(updated_at=batch.created_at)
    choose_column(batch, admin, "deadline", on=True)
    difference = batch.differences.get()
    assert (difference.differs, difference.chosen) == (",mobile,deadline,", ",mobile,deadline,")


def _as_before(batch: Batch) -> None:
    """Write a difference down as the version before 0.1.0 did: the deadline was not compared."""
    [sides] = look(batch, list(batch.rows.all()))
    both = [{key: side[key] for key in COMPARED_BEFORE} for side in (sides.file, sides.known)]
    digest = sealer().hash(orjson.dumps(both).decode(), batch.office_id)
    batch.differences.update(differs=",mobile,", proposed=",mobile,", seen=digest)
