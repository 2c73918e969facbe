"""A known customer who moved: the address is proposed, chosen, counted, overwritten and undone as one."""

import pytest

from accounton.customers.models import Customer
from accounton.importing.models import Batch, Overwritten
from accounton.importing.overwriting import (
    choose_column,
    choose_fields,
    choose_proposed,
    choose_row,
    chosen,
    counts,
    empty_column,
)
from accounton.importing.traces import FieldTrace, traces
from accounton.importing.undo_plan import plan
from accounton.importing.undoing import claim_undo, continue_undoing
from accounton.rows.groups import keys_of
from tests.importing.conftest import person
from tests.importing.test_overwriting import NUMBER, add, by_hand, moved

pytestmark = pytest.mark.database
KEYS = keys_of("address")
OLD = {"street": "Kerkstraat", "house_number": "208", "box": "3", "postal_code": "9300", "city": "Aalst"}
NEW = {"street": "Molenstraat", "house_number": "5", "postal_code": "9300", "city": "Aalst"}
WHOLE = ",street,house_number,box,postal_code,city,country,"


def row(**values) -> dict[str, str]:
    return person(1000, last_name="Bekend", national_number=NUMBER, **values)


@pytest.fixture
def customer(known) -> Customer:
    return known(national_number=NUMBER, **OLD)


def home(customer: Customer) -> dict[str, str]:
    customer = Customer.objects.get(pk=customer.pk)
    return {key: getattr(customer, key) for key in KEYS if getattr(customer, key)}


def undo(batch: Batch) -> Batch:
    claim_undo(batch, None)
    return continue_undoing(batch)


def test_who_moved_to_a_house_without_a_box_never_keeps_the_old_box(customer, staged):
    batch = staged(row(**NEW))
    assert moved(batch, "box") == "proposed"
    assert counts(batch).proposed == 1
    choose_proposed(batch, None, on=True)
    assert chosen(batch) == (1, 1, 0)
    add(batch)
    assert home(customer) == NEW
    assert batch.result["fields"] == 1
    assert Overwritten.objects.get().keys == ",street,house_number,box,"
    assert not batch.differences.exists()
    assert traces(customer)[0].fields == [
        FieldTrace("Adres", "Kerkstraat 208 bus 3, 9300 Aalst", "Molenstraat 5, 9300 Aalst", is_code=False)
    ]
    undo(batch)
    assert home(customer) == OLD


@pytest.mark.parametrize("key", KEYS)
def test_choosing_any_part_chooses_the_whole_address(customer, staged, key):
    batch = staged(row(**NEW))
    choose_column(batch, None, key, on=True)
    assert (chosen(batch), batch.differences.get().chosen) == ((1, 1, 0), WHOLE)
    choose_column(batch, None, "address", on=True)
    assert batch.differences.get().chosen == WHOLE
    choose_column(batch, None, "address", on=False)
    assert (chosen(batch), batch.differences.get().chosen) == ((0, 0, 0), "")
    choose_fields(batch, None, 2, ["street"], on=True, seen="")
    assert batch.differences.get().chosen == WHOLE
    choose_row(batch, None, 2, [], dossier=False, seen="")
    assert not chosen(batch).is_any
    choose_row(batch, None, 2, ["house_number"], dossier=False, seen="")
    add(batch)
    assert home(customer) == NEW


def test_other_columns_that_are_chosen_stay_chosen(customer, staged):
    batch = staged(row(**NEW, mobile="+32495551000", labels="Gent"))
    for key in ("mobile", "address", "labels"):
        choose_column(batch, None, key, on=True)
    assert chosen(batch) == (3, 1, 0)
    assert [(each.key, each.rows, each.chosen) for each in counts(batch).columns] == [
        ("mobile", 1, 1), ("address", 1, 1), ("labels", 1, 1),
    ]  # fmt: skip
    choose_column(batch, None, "address", on=False)
    assert batch.differences.get().chosen == ",mobile,labels,"


def test_a_part_that_was_chosen_alone_by_the_version_before_takes_the_whole_address_along(customer, staged):
    batch = staged(row(**NEW))
    batch.differences.update(differs=",street,house_number,", proposed=",street,house_number,", chosen=",street,")
    assert chosen(batch) == (1, 1, 0)
    add(batch)
    assert home(customer) == NEW


def test_who_moved_by_hand_since_is_asked_about(customer, staged):
    by_hand(customer, street="Markt", box="")
    batch = staged(row(**NEW))
    assert (moved(batch, "street"), counts(batch).proposed) == ("asked", 0)
    assert moved(staged(row(**OLD)), "box") == "kept"


def test_another_spelling_is_a_choice_of_its_own_and_costs_no_box(customer, staged):
    batch = staged(row(street="KERKSTRAAT", house_number="208", postal_code="9300", city="AALST"))
    choose_proposed(batch, None, on=True)
    assert not chosen(batch).is_any
    choose_column(batch, None, "address", on=True)
    add(batch)
    assert home(customer) == {**OLD, "street": "KERKSTRAAT", "city": "AALST"}


@pytest.mark.parametrize("country", ["", "BE"])
def test_a_list_that_says_belgium_or_nothing_moves_nobody(customer, staged, country):
    assert not staged(row(**OLD, country=country)).differences.exists()
    assert not staged(row()).differences.filter(differs__gt="").exists()


def test_a_box_is_emptied_alone_and_an_address_as_a_whole(customer, known, staged):
    other = known(client_code="K2", first_name="Ander", email="ander@x.example", **OLD)
    batch = staged(row(**{**OLD, "box": ""}), person(1000, last_name="Bekend", first_name="Ander", client_code="K2",
                                                     email="ander@x.example"))  # fmt: skip
    assert [(each.key, each.rows) for each in counts(batch).empties] == [("address", 1), ("box", 1)]
    empty_column(batch, None, "box", on=True)
    assert [each.chosen for each in batch.differences.order_by("number")] == [",box,", ""]
    assert chosen(batch) == (1, 1, 0)
    empty_column(batch, None, "address", on=True)
    assert chosen(batch) == (2, 2, 0)
    add(batch)
    assert home(customer) == {key: OLD[key] for key in OLD if key != "box"}
    assert home(other) == {}


def test_no_part_of_an_address_goes_back_alone(customer, staged):
    batch = staged(row(**NEW, mobile="+32495551000"))
    choose_proposed(batch, None, on=True)
    add(batch)
    by_hand(Customer.objects.get(pk=customer.pk), postal_code="9400", city="Ninove")
    [kept] = plan(batch).kept.first
    assert (kept.keys, kept.reasons) == (("street", "house_number", "box"), ("changed",))
    undo(batch)
    assert home(customer) == {**NEW, "postal_code": "9400", "city": "Ninove"}
    assert Customer.objects.get(pk=customer.pk).mobile == ""
    assert "Wat bleef: Adres: sindsdien gewijzigd" in traces(customer)[0].undone


def test_the_page_shows_the_address_as_one_with_why(customer, staged, client_as, admin):
    client = client_as(admin)
    page = client.get(f"/imports/{staged(row(**NEW)).pk}/?bucket=double").content.decode()
    assert "<del>Kerkstraat 208 bus 3, 9300 Aalst</del><ins>Molenstraat 5, 9300 Aalst</ins>" in page
    assert "In uw lijst stond bij de vorige import: Kerkstraat 208 bus 3, 9300 Aalst." in page
    page = client.get(f"/imports/{staged(row(street='KERKSTRAAT')).pk}/?bucket=double").content.decode()
    assert "Alleen de schrijfwijze verschilt: u beslist." in page
    batch = staged(row(postal_code="9000", city="Gent"))
    page = client.get(f"/imports/{batch.pk}/?bucket=double").content.decode()
    assert "<del>Kerkstraat 208 bus 3, 9300 Aalst</del><ins>9000 Gent</ins>" in page
    assert "niet volledig" in page
    assert counts(batch).proposed == 0
    answer = client.post(f"/imports/{batch.pk}/doubles/?bucket=double", {"choice": "column:address:1"}, follow=True)
    assert "Overschrijf 1 veld bij 1 klant" in " ".join(answer.content.decode().split())
