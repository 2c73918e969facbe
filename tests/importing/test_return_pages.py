"""The pages around corrected workbooks: downloads, the upload on the invalid tab, and on the ordinary upload page."""

from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounton.importing.models import Batch, Bucket
from tests.importing.conftest import person
from tests.importing.test_returning import Downloaded

pytestmark = pytest.mark.database


@pytest.fixture
def client(client_as, admin):
    return client_as(admin)


@pytest.fixture
def batch(staged):
    return staged(person(1), person(2, email="an@@x", national_number="85073003328"))


@pytest.fixture
def corrected(client, batch) -> bytes:
    downloaded = Downloaded(client.get(f"/imports/{batch.pk}/errors.xlsx").content)
    downloaded.cell(2, "Email").value = "an@x.example"
    return downloaded.saved()


def upload(client, url: str, content: bytes, **options):
    return client.post(url, {"file": SimpleUploadedFile("verbeterd.xlsx", content)}, follow=True, **options)


def words(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("name", ["errors", "review"])
def test_downloads_are_workbooks_that_nobody_keeps(client, batch, name):
    answer = client.get(f"/imports/{batch.pk}/{name}.xlsx")
    assert "no-store" in answer.headers["Cache-Control"]
    assert "lijst" in answer.headers["Content-Disposition"]
    assert openpyxl.load_workbook(BytesIO(answer.content)).worksheets


def test_the_invalid_tab_leads_to_the_download_and_the_others_do_not(client, batch):
    assert "errors.xlsx" in words(client.get(f"/imports/{batch.pk}/?bucket=invalid"))
    assert "errors.xlsx" not in words(client.get(f"/imports/{batch.pk}/"))


def test_corrected_rows_come_back_on_the_invalid_tab(client, batch, corrected):
    answer = upload(client, f"/imports/{batch.pk}/returned/", corrected)
    assert "1 rij vervangen" in words(answer)
    assert set(batch.rows.values_list("bucket", flat=True)) == {Bucket.ONLY_IN_IMPORT}


def test_corrected_rows_are_recognised_on_the_ordinary_upload_page(client, batch, corrected):
    answer = upload(client, "/imports/new/", corrected)
    assert "1 rij vervangen" in words(answer)
    assert Batch.objects.count() == 1
    again = client.post(
        "/imports/new/",
        {"file": SimpleUploadedFile("x.xlsx", corrected)},
        headers={"accept": "application/json"},
    )
    assert (again.status_code, again.json()["next"]) == (201, f"/imports/{batch.pk}/?bucket=invalid")


def test_without_its_review_it_is_a_list_like_any_other(client, batch, corrected):
    batch.delete()
    upload(client, "/imports/new/", corrected)
    assert Batch.objects.get().rows.count() == 1


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04 half"])
def test_what_cannot_be_used_is_refused_in_words(client, batch, content):
    answer = upload(client, f"/imports/{batch.pk}/returned/", content)
    assert "notice-error" in words(answer)
    assert batch.changes.count() == 0


def test_rows_that_were_left_alone_are_named(client, batch, corrected):
    book = Downloaded(corrected)
    book.page.append(["person", "Iemand", "Anders"])
    answer = upload(client, f"/imports/{batch.pk}/returned/", book.saved())
    assert "rijen 3." in words(answer)
