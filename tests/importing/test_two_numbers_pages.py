"""The pages on which two national numbers are told apart, and the lines of the doctor, through the test client."""

import pytest

from accounton.customers.models import Customer
from accounton.customers.numbers import take
from accounton.importing.check_settings import rules_of
from accounton.importing.comparing import compare
from accounton.importing.comparing import look as sides_of
from accounton.importing.deciding import decide
from accounton.importing.invariants import broken
from accounton.importing.models import Overwritten, Reason, Verdict
from accounton.importing.near import look
from accounton.importing.overwriting import choose_fields
from accounton.importing.pieces import at_once
from accounton.importing.proposals import open_proposals
from accounton.importing.repairing import edit
from accounton.importing.repeated import CombineAll, KeepFirst
from accounton.overview.editing import change, dossier_of, present_values
from accounton.overview.entry import check
from tests.importing.conftest import person
from tests.importing.test_double_pages import HTMX
from tests.importing.test_overwriting import add
from tests.importing.test_two_numbers import FATHER, JAN, SON, THIRD, jan, number, stand

pytestmark = pytest.mark.database
OTHER = number("550203124")


@pytest.fixture
def client(client_as, admin):
    return client_as(admin)


@pytest.fixture
def decided(known, staged, admin):
    """A review in which somebody said that a row with another number is a customer who has one; and the customer."""
    customer = known(**JAN, national_number=FATHER)
    batch = staged(jan(OTHER, mobile="+32478123456"))
    look(batch)
    proposal = open_proposals(batch, (Reason.BIRTH,)).get()
    decide(batch, admin, proposal.pk, Verdict.SAME, batch.revision)
    batch.refresh_from_db()
    return batch, customer


def flat(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_father_and_son_stand_beside_the_customer_until_somebody_says_who_he_is(client, known, staged):
    customer = known(**JAN)
    batch = staged(jan(FATHER), jan(SON), looked=False)
    look(batch)
    page = flat(client.get(f"/imports/{batch.pk}/near/"))
    assert page.count("of past ook bij iemand anders") == 2
    assert FATHER not in page
    assert SON not in page
    proposal = open_proposals(batch, (Reason.CLAIMED,)).first()
    sent = {"proposal": proposal.pk, "verdict": "same", "revision": batch.revision}
    answer = client.post(f"/imports/{batch.pk}/near/one/", sent, follow=True)
    assert "Geen gelijkenissen" in flat(answer)
    assert stand(batch) == {2: ("double", customer.pk), 3: ("only_in_import", None)}


def test_another_number_is_replaced_on_a_page_of_its_own(client, decided):
    batch, customer = decided
    page = flat(client.get(f"/imports/{batch.pk}/?bucket=double"))
    assert "Twee nummers: beslissen" in page
    assert 'value="national_number"' not in page
    url = f"/imports/{batch.pk}/doubles/2/national_number/"
    asking = flat(client.get(url))
    assert "Rij 2 heeft een ander rijksregisternummer dan Jan Peeters." in asking
    assert FATHER not in asking + page
    assert OTHER not in asking + page
    [sides] = sides_of(batch, list(batch.rows.select_related("content")))
    unseen = client.post(url, {}, follow=True)
    assert "Bekijk ze zoals ze nu is" in flat(unseen) or "intussen" in flat(unseen)
    assert not batch.differences.exclude(chosen="").exists()
    client.post(url, {"seen": sides.seen(batch.office_id).hex()})
    assert batch.differences.get().chosen == ",national_number,"
    assert 'value="national_number"' in flat(client.get(f"/imports/{batch.pk}/?bucket=double"))
    batch.refresh_from_db()
    add(batch)
    customer.refresh_from_db()
    assert take(customer, "national_number") == OTHER


def test_a_box_of_an_older_page_replaces_no_number(client, decided):
    batch, _customer = decided
    sent = {"what": "all", "number": "2", "keys": "mobile,national_number", "seen": "", "all": "1"}
    answer = client.post(f"/imports/{batch.pk}/doubles/row/?bucket=double", sent, headers=HTMX)
    assert "daarover beslist u apart" in flat(answer)
    client.post(f"/imports/{batch.pk}/doubles/", {"choice": "proposed::1"})
    client.post(f"/imports/{batch.pk}/doubles/", {"choice": "column:national_number:1"})
    client.post(f"/imports/{batch.pk}/doubles/", {"choice": "empty:national_number:1"})
    assert not batch.differences.filter(chosen__contains="number").exists()


@pytest.mark.parametrize("path", ["3/national_number", "2/mobile", "2/spouse_national_number", "9/national_number"])
def test_nothing_is_asked_where_no_other_number_is_known(client, decided, path):
    batch, _customer = decided
    assert client.get(f"/imports/{batch.pk}/doubles/{path}/").status_code == 404


def test_a_number_typed_on_the_page_of_a_customer_tells_the_rows_apart(known, staged, admin):
    customer = known(**JAN)
    batch = staged(jan(SON))
    assert stand(batch)[2] == ("double", customer.pk)
    office = batch.office
    typed = present_values(customer, dossier_of(customer, 2026)) | {"national_number": FATHER}
    checked = check(typed, rules_of(office))
    change(customer.pk, checked, office=office, user=admin, seen=customer.updated_at, assessment_year=2026)
    assert stand(batch)[2] == ("only_in_import", None)


def test_the_doctor_names_a_customer_on_whom_one_list_put_two_numbers(known, staged):
    customer = known(**JAN)
    batch = staged(jan(FATHER), person(7))
    batch.rows.filter(number=3).update(selected=False)  # so that the review stays open
    for number_now in (FATHER, SON):
        batch.refresh_from_db()
        edit(batch, None, {2: (batch.revision, {"national_number": number_now})})
        Customer.objects.filter(pk=customer.pk).update(national_number_hash=None, national_number_sealed=None)
        batch.rows.filter(number=2).update(match=customer, matched_by="email_and_name", bucket="double")
        compare(batch, batch.rows.all())
        choose_fields(batch, None, 2, ["national_number"], on=True, seen="")
        add(batch)
    assert [line for line in broken() if "two national numbers" in line] == [
        f"batch {batch.pk}: put two national numbers on customer {customer.pk}, one after the other"
    ]
    Overwritten.objects.all().delete()
    assert list(broken()) == []


def test_no_bulk_work_on_repeated_rows_loses_a_number(staged, admin):
    batch = staged(jan(), jan(FATHER), jan(SON), person(5, national_number=THIRD), person(6, national_number=THIRD))
    at_once(batch, admin, KeepFirst())
    batch.refresh_from_db()
    assert [row.bucket for row in batch.rows.order_by("number")] == [
        "only_in_import", "invalid", "invalid", "only_in_import", "left_out",
    ]  # fmt: skip
    at_once(batch, admin, CombineAll())
    batch.refresh_from_db()
    add(batch)
    found = sorted(take(each, "national_number") for each in Customer.objects.all())
    assert found == sorted([FATHER, SON, THIRD])
