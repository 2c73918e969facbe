"""Workbooks that take long: made in the background, followed, fetched, stopped, wiped."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.utils import timezone

from accounton.importing import handing_out, handing_out_views, jobs
from accounton.importing.models import MadeWorkbook
from accounton.offices.models import AuditEntry, User
from tests.conftest import PASSWORD
from tests.importing.conftest import person

pytestmark = pytest.mark.database


@pytest.fixture
def client(client_as, admin):
    return client_as(admin)


@pytest.fixture
def batch(staged):
    return staged(*(person(n, email="an@@x") for n in range(1, 6)))


@pytest.fixture(autouse=True)
def _few(monkeypatch):
    monkeypatch.setattr(handing_out_views, "LONG", 2)


def url(batch, kind="review", what="") -> str:
    return f"/imports/{batch.pk}/workbooks/{kind}/{what}"


def make(batch) -> None:
    made = MadeWorkbook.objects.get(batch=batch)
    jobs.make_workbook(made.office_id, made.pk)


@pytest.mark.parametrize("kind", ["errors", "review"])
def test_a_large_workbook_is_made_meanwhile_and_then_fetched(client, admin, batch, kind):
    asked = client.get(f"/imports/{batch.pk}/{kind}.xlsx")
    assert asked.url == url(batch, kind)
    assert "0 van 5 rijen geschreven" in client.get(asked.url).content.decode()
    assert not AuditEntry.objects.filter(action=f"import.{kind}_downloaded")
    make(batch)
    assert "5" in str(MadeWorkbook.objects.get().done)
    ready = client.get(url(batch, kind, "progress/")).content.decode()
    assert f"/imports/{batch.pk}/{kind}.xlsx" in ready
    assert "hx-get" not in ready
    fetched = client.get(f"/imports/{batch.pk}/{kind}.xlsx")
    assert openpyxl.load_workbook(BytesIO(fetched.content)).worksheets[0].max_row == 6
    assert AuditEntry.objects.filter(action=f"import.{kind}_downloaded", user=admin).count() == 1


def test_it_is_made_once_and_anew_when_the_review_moved(client, batch):
    client.get(f"/imports/{batch.pk}/review.xlsx")
    client.get(f"/imports/{batch.pk}/review.xlsx")
    first = MadeWorkbook.objects.get().pk
    make(batch)
    client.post(f"/imports/{batch.pk}/choose/", {"language": "french"})
    assert client.get(f"/imports/{batch.pk}/review.xlsx").url == url(batch)
    assert MadeWorkbook.objects.get().pk != first


def test_what_is_kept_says_nothing_in_plain_and_goes_after_a_day(client, batch):
    client.get(f"/imports/{batch.pk}/review.xlsx")
    make(batch)
    assert b"PK\x03\x04" not in bytes(MadeWorkbook.objects.get().sealed)[:64]
    jobs.take_up_interrupted()
    assert MadeWorkbook.objects.count() == 1
    MadeWorkbook.objects.update(asked_at=timezone.now() - timedelta(days=1, minutes=1))
    jobs.take_up_interrupted()
    assert not MadeWorkbook.objects.exists()


def test_it_can_be_stopped_while_it_is_made(client, batch, monkeypatch):
    client.get(f"/imports/{batch.pk}/review.xlsx")
    made = MadeWorkbook.objects.get()
    write = handing_out.WRITERS["review"]

    def stopped(target, of, passed):
        answer = client.post(url(of, what="stop/"), follow=True)
        assert "niet verder gemaakt" in answer.content.decode()
        write(target, of, passed)

    monkeypatch.setitem(handing_out.WRITERS, "review", stopped)
    jobs.make_workbook(made.office_id, made.pk)
    assert not MadeWorkbook.objects.exists()
    assert client.get(url(batch)).url == f"/imports/{batch.pk}/"


def test_a_worker_that_died_is_followed_by_another_but_not_for_ever(client, batch, monkeypatch):
    client.get(f"/imports/{batch.pk}/review.xlsx")
    MadeWorkbook.objects.update(touched_at=timezone.now() - timedelta(minutes=6))
    assert jobs.take_up_interrupted() >= 1

    def dies(*_):
        raise MemoryError

    monkeypatch.setitem(handing_out.WRITERS, "review", dies)
    made = MadeWorkbook.objects.get()
    for _ in range(handing_out.ATTEMPTS):
        with pytest.raises(MemoryError):
            jobs.make_workbook(made.office_id, made.pk)
    jobs.make_workbook(made.office_id, made.pk)
    assert "kon niet gemaakt worden" in client.get(url(batch, what="progress/")).content.decode()


def test_nobody_fetches_what_a_colleague_asked_for(client, client_as, office, batch):
    client.get(f"/imports/{batch.pk}/review.xlsx")
    make(batch)
    other = client_as(User.objects.create_user("ann@gent.example", PASSWORD, office, role=User.Role.ADMIN))
    assert other.get(url(batch)).url == f"/imports/{batch.pk}/"
    assert other.get(url(batch, what="progress/")).status_code == 404
    assert other.get(f"/imports/{batch.pk}/review.xlsx").url == url(batch)
    assert MadeWorkbook.objects.count() == 2
