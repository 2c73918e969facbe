"""Lists are read in the web process only where they are light, one at a time for an office; others by the worker."""

from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django_q.models import OrmQ

from accounton.importing import jobs
from accounton.importing.handing_out import written
from accounton.importing.leases import leased
from accounton.importing.models import Batch, Lease, State, Upload
from tests.importing.conftest import person, workbook
from tests.spreadsheets.test_weight import TINY, of

pytestmark = pytest.mark.database
HEAVY = of(TINY * 190_000)


@pytest.fixture
def client(admin, client_as):
    return client_as(admin)


def upload(client, content: bytes, **fields) -> Batch:
    answer = client.post("/imports/new/", {"file": SimpleUploadedFile("l.xlsx", content), **fields})
    assert answer.status_code == 302, answer.content.decode()
    return Batch.objects.latest("pk")


@pytest.fixture
def reading_here(monkeypatch):
    """The batches that are read in this process."""
    read: list[int] = []
    monkeypatch.setattr(jobs, "_read", lambda batch, _hold: read.append(batch.pk))
    return read


def test_a_list_of_200_kib_with_190_000_rows_is_left_to_the_worker(client, reading_here):
    assert len(HEAVY) < 210 * 1024
    batch = upload(client, HEAVY)
    assert (batch.state, reading_here, OrmQ.objects.count()) == (State.WAITING, [], 1)
    assert "data-progress" in client.get(f"/imports/{batch.pk}/").content.decode()


def test_a_light_list_is_read_at_once(client, reading_here):
    assert reading_here == [upload(client, workbook(person(1))).pk]
    assert not Lease.objects.exists()


def test_while_one_list_is_read_in_the_web_the_next_of_the_office_goes_to_the_worker(client, reading_here):
    first = upload(client, workbook(person(1)))
    reading_here.clear()
    with leased(first, in_web=True):
        second = upload(client, workbook(person(2)))
    assert (reading_here, second.state, OrmQ.objects.count()) == ([], State.WAITING, 1)
    third = upload(client, workbook(person(3)))
    assert reading_here == [third.pk]


def test_another_office_does_not_wait(client, reading_here, office, other_office, other_admin, client_as):
    first = upload(client, workbook(person(1)))
    with leased(first, in_web=True):
        client_as(other_admin).post("/imports/new/", {"file": SimpleUploadedFile("l.xlsx", workbook(person(2)))})
    assert len(reading_here) == 2


def test_an_office_with_very_many_customers_leaves_every_list_to_the_worker(client, reading_here, monkeypatch):
    monkeypatch.setattr(jobs, "MANY_CUSTOMERS", 0)
    assert upload(client, workbook(person(1))).state == State.WAITING
    assert reading_here == []


def test_near_matches_among_very_many_customers_are_looked_for_by_the_worker(client, monkeypatch):
    batch = upload(client, workbook(person(1)))
    monkeypatch.setattr(jobs, "MANY_CUSTOMERS", 0)
    jobs.look_anew(batch)
    batch.refresh_from_db()
    assert (batch.near_at, OrmQ.objects.count()) == (None, 1)


def test_a_text_that_no_field_takes_does_not_come_in(client):
    """A file of 1.5 MiB made a page of 54 MiB, which was drawn in the web process each time."""
    answer = client.post(
        "/imports/new/", {"file": SimpleUploadedFile("l.xlsx", workbook(person(1), person(2, street="x" * 2001)))}
    )
    assert answer.status_code == 422
    assert "rij 3" in answer.content.decode()
    assert upload(client, workbook(person(1), person(2, street="x" * 2000))).state == State.REVIEW


def test_a_heavy_list_whose_columns_are_matched_is_read_again_by_the_worker(client, monkeypatch):
    with patch("accounton.importing.staging.is_light", return_value=False):
        batch = upload(client, workbook(person(1)), show_columns="on")
    jobs.work_on(batch.office_id, batch.pk)
    batch.refresh_from_db()
    assert batch.state == State.MAPPING
    read: list[int] = []
    monkeypatch.setattr(jobs, "read", lambda batch, **_in_web: read.append(batch.pk))
    client.post(f"/imports/{batch.pk}/columns/look/", {"revision": batch.revision, "sheet": "", "header_row": "1"})
    batch.refresh_from_db()
    assert (batch.state, read) == (State.WAITING, [])


def test_a_heavy_workbook_that_comes_back_corrected_is_taken_back_by_the_worker(client, monkeypatch):
    review = upload(client, workbook(person(1, email="geen adres")))
    assert (review.state, review.rows.get().bucket) == (State.REVIEW, "invalid")
    corrected = _corrected(written(review, "errors"))
    for module in ("staging", "returning", "return_views"):
        monkeypatch.setattr(f"accounton.importing.{module}.is_light", lambda _content: False)
    batch = upload(client, corrected)
    jobs.work_on(batch.office_id, batch.pk)
    jobs.work_on(review.office_id, review.pk)
    assert review.rows.get().bucket == "only_in_import"
    page = client.get(f"/imports/{batch.pk}/").content.decode()
    assert "verbeterde rijen van een andere import" in page
    assert f"/imports/{review.pk}/" in page
    assert not Upload.objects.exists()


def _corrected(content: bytes) -> bytes:
    import io

    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content))
    for row in book.active.iter_rows():
        for cell in row:
            if cell.value == "geen adres":
                cell.value = "noor@x.example"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
