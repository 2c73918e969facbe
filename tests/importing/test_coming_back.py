"""A list that may be the wrong one is asked about; a review that was left says what changed since."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounton.customers.models import Customer
from accounton.importing.applying import claim, continue_applying
from accounton.importing.departing import Depart
from accounton.importing.models import Batch, Bucket
from accounton.importing.pieces import at_once
from accounton.importing.proposals import counts
from tests.importing.conftest import person, workbook
from tests.importing.test_near import NEARS

pytestmark = pytest.mark.database


@pytest.fixture
def client(client_as, admin):
    return client_as(admin)


@pytest.fixture
def full_office(staged):
    """An office with twenty-five customers who have a dossier."""
    batch = staged(*(person(number) for number in range(25)))
    claim(batch, None, batch.revision)
    continue_applying(batch)


def uploaded(client, *people) -> str:
    return client.post("/imports/new/", {"file": SimpleUploadedFile("lijst.xlsx", workbook(*people))}).url


def test_a_list_that_leaves_most_customers_out_is_asked_about_first(client, full_office):
    url = uploaded(client, *(person(number) for number in range(4)), person(77))
    page = client.get(url).content.decode()
    assert "Is dit de juiste lijst?" in page
    assert "21 klanten met een dossier in dit jaar staan er niet in" in page
    client.post(f"{url}confirm/")
    assert "Klanten enkel in import" in client.get(url).content.decode()


def test_the_wrong_list_is_thrown_away(client, full_office):
    url = uploaded(client, *(person(number) for number in range(50, 80)))
    before = Batch.objects.count()
    client.post(f"{url}discard/")
    assert Batch.objects.count() == before - 1


@pytest.mark.parametrize("known", [5, 25])
def test_a_list_that_knows_enough_customers_is_not_asked_about(client, full_office, known):
    url = uploaded(client, *(person(number) for number in range(known)))
    assert ("Is dit de juiste lijst?" in client.get(url).content.decode()) == (known < 5)


@pytest.mark.parametrize(
    ("customers", "known", "others", "is_asked"),
    [(25, 0, 30, True), (25, 1, 30, True), (25, 3, 30, False), (25, 0, 10, False), (450, 21, 0, False)],
)
def test_a_list_that_knows_hardly_any_customer_is_asked_about(client, staged, customers, known, others, is_asked):
    from accounton.importing.applying import claim, continue_applying

    earlier = staged(*(person(number) for number in range(customers)), assessment_year=2020)
    claim(earlier, None, earlier.revision)
    continue_applying(earlier)
    people = [person(number) for number in (*range(known), *range(1000, 1000 + others))]
    page = client.get(uploaded(client, *people)).content.decode()
    assert ("Bijna geen van uw klanten" in page) is is_asked
    assert ("Is dit de juiste lijst?" in page) is is_asked


def test_a_first_list_is_not_asked_about(client):
    url = uploaded(client, *(person(number) for number in range(30)))
    assert "Is dit de juiste lijst?" not in client.get(url).content.decode()


def left(batch: Batch, minutes: int) -> None:
    Batch.objects.filter(pk=batch.pk).update(touched_at=timezone.now() - timedelta(minutes=minutes))


def test_on_return_a_bar_says_when_it_was_left_and_which_rows_moved(client, staged, known):
    batch = staged(person(1, client_code="K1"), person(2))
    left(batch, 45)
    known(client_code="K1")
    page = client.get(f"/imports/{batch.pk}/").content.decode()
    assert "U verliet dit overzicht op" in page
    assert "staan nu elders: 2." in page
    assert batch.rows.get(number=2).bucket == Bucket.DOUBLE
    assert "U verliet" not in client.get(f"/imports/{batch.pk}/").content.decode()


def test_a_review_without_news_says_so(client, staged):
    batch = staged(person(1))
    left(batch, 60 * 24 * 3)
    assert "Sindsdien is er niets veranderd." in client.get(f"/imports/{batch.pk}/").content.decode()


def test_a_review_touched_a_moment_ago_says_nothing(client, staged):
    batch = staged(person(1))
    left(batch, 20)
    assert "U verliet" not in client.get(f"/imports/{batch.pk}/").content.decode()


def test_who_got_a_dossier_meanwhile_stands_among_those_only_here_on_return(client, staged, known):
    batch = staged(person(1), person(2))
    claim(batch, None, batch.revision)
    continue_applying(batch)
    batch = staged(person(1), person(3))
    left(batch, 45)
    here = known(first_name="Lies", email="lies@x.example")
    page = client.get(f"/imports/{batch.pk}/").content.decode()
    assert "1 klant meer staat nu enkel in Accounton." in page
    assert "Sindsdien is er niets veranderd." not in page
    found = set(batch.only_here.values_list("customer_id", flat=True))
    assert found == {here.pk, Customer.objects.get(first_name="Noor2").pk}


def test_who_was_archived_there_stays_among_those_only_here_on_return(client, staged, known, admin):
    gone = known(first_name="Lies", email="lies@x.example")
    batch = staged(person(1), person(3, email="x"))
    at_once(batch, admin, Depart("archive", "left", [gone.pk]))
    claim(batch, None, batch.revision)
    continue_applying(batch)
    Customer.objects.update(updated_at=timezone.now())
    left(batch, 45)
    client.get(f"/imports/{batch.pk}/")
    assert [each.customer for each in batch.only_here.all()] == [gone]


def test_whoever_looks_like_a_customer_by_now_is_found_on_return(client, staged, known):
    theirs, ours = NEARS["birth"]
    batch = staged(person(1, **{"last_name": "Bekend", **ours}))
    left(batch, 45)
    known(**theirs)
    page = client.get(f"/imports/{batch.pk}/").content.decode()
    assert counts(batch) == {"birth": 1}
    assert "U verliet" in page
    assert "Sindsdien is er niets veranderd." not in page
    left(batch, 45)
    Customer.objects.update(mobile="+32478123456", updated_at=timezone.now())
    assert "Sindsdien is er niets veranderd." in client.get(f"/imports/{batch.pk}/").content.decode()
