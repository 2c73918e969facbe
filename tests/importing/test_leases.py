"""One process at a time reads a list; one that was killed is followed by the next within half a minute."""

import logging
from datetime import timedelta
from threading import Event

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from accounton.importing import expired, jobs, leases
from accounton.importing.leases import EXPIRES, RENEWED_EVERY, Held, Lost, leased
from accounton.importing.models import Batch, Lease, StagedRow, State
from accounton.importing.staging import keep_upload
from accounton.offices.scoping import acting_for
from tests.importing.conftest import person, workbook

pytestmark = pytest.mark.database
HEARD_OF_AT_MOST = timedelta(seconds=30)


@pytest.fixture
def waiting(office):
    """A list that waits to be read."""
    batch = Batch.objects.create(file_name="l.xlsx", assessment_year=2026)
    keep_upload(batch, workbook(*map(person, range(3))))
    return batch


@pytest.fixture
def killed(waiting):
    """Leave a list as a process does that was killed so long ago while it read."""

    def killed(ago: timedelta) -> Batch:
        renewed_at = timezone.now() - ago
        Lease.objects.create(batch=waiting, token="x" * 32, renewed_at=renewed_at)
        Batch.objects.filter(pk=waiting.pk).update(state=State.READING, attempts=1, touched_at=renewed_at)
        return waiting

    return killed


def test_a_killed_process_is_known_within_half_a_minute():
    queued_within = timedelta(seconds=1)
    watched = timedelta(seconds=expired.WATCHED_EVERY)
    assert EXPIRES + watched + queued_within <= HEARD_OF_AT_MOST
    assert timedelta(seconds=4 * RENEWED_EVERY) < EXPIRES  # a busy machine is no reason to take a list away


def test_a_list_whose_reader_was_killed_is_taken_up_once_and_read(killed, office):
    batch = killed(EXPIRES + timedelta(seconds=1))
    assert expired.take_up_all_expired() == 1
    assert expired.take_up_all_expired() == 0
    assert OrmQ.objects.count() == 1
    jobs.work_on(office.pk, batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count(), Lease.objects.count()) == (State.REVIEW, 3, 0)


def test_a_list_whose_reader_is_alive_is_left_to_it(killed, office):
    batch = killed(EXPIRES - timedelta(seconds=1))
    assert expired.take_up_all_expired() == 0
    assert jobs.take_up_interrupted() == 0
    jobs.work_on(office.pk, batch.pk)  # delivered twice by the queue
    batch.refresh_from_db()
    assert (batch.state, batch.attempts, batch.rows.count()) == (State.READING, 1, 0)


def test_the_page_of_its_progress_takes_it_up_too(killed, admin, client_as):
    batch = killed(EXPIRES + timedelta(seconds=1))
    client_as(admin).get(f"/imports/{batch.pk}/progress/")
    assert OrmQ.objects.count() == 1


def test_a_process_that_was_held_up_writes_nothing_once_another_has_the_list(waiting, office, monkeypatch, caplog):
    """It is as if the machine stood still in mid-reading, for longer than the lease lasts."""
    real = jobs.read_upload

    def stood_still(batch, looker, renew):
        Lease.objects.update(renewed_at=timezone.now() - EXPIRES - timedelta(seconds=1))
        expired.take_up_all_expired()
        with leased(Batch.objects.get(pk=batch.pk)), caplog.at_level(logging.WARNING):
            real(batch, looker, renew)

    monkeypatch.setattr(jobs, "read_upload", stood_still)
    jobs.work_on(office.pk, waiting.pk)
    assert not StagedRow.objects.exists()
    assert "taken over" in caplog.text


def test_nobody_else_takes_a_batch_that_is_held(waiting):
    with leased(waiting) as hold:
        with pytest.raises(Held), leased(waiting):
            pass
        hold.renew()
        Lease.objects.all().delete()
        with pytest.raises(Lost):
            hold.renew()


def test_a_list_that_kills_its_reader_each_time_ends_with_a_sentence(killed, office, admin, client_as):
    batch = killed(EXPIRES + timedelta(seconds=1))
    for attempt in range(2, jobs.ATTEMPTS + 1):
        expired.take_up_all_expired()
        with leased(batch):  # a reader that counts its attempt, and is killed
            batch.refresh_from_db()
            assert jobs._claimed_attempt(batch)
        Lease.objects.create(batch=batch, token="y" * 32, renewed_at=timezone.now() - 2 * EXPIRES)
        assert batch.attempts == attempt
    expired.take_up_all_expired()
    jobs.work_on(office.pk, batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.problem["code"]) == (State.FAILED, "file.never_read")
    assert "drie keer afgebroken" in client_as(admin).get(f"/imports/{batch.pk}/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_reader_is_heard_of_all_the_time(office, monkeypatch):
    monkeypatch.setattr(leases, "RENEWED_EVERY", 0.01)
    batch = Batch.objects.create(file_name="l.xlsx", assessment_year=2026)
    renewed, real = Event(), leases.Hold.renew

    def noted(hold):
        real(hold)
        renewed.set()

    monkeypatch.setattr(leases.Hold, "renew", noted)
    with leased(batch):
        assert renewed.wait(20)
    with acting_for(office.pk):
        assert not Lease.objects.exists()
