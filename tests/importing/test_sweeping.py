"""Work that broke off is taken up within a minute, by a worker that was there all the time too."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import Schedule

from accounton.importing import jobs
from accounton.importing.applying import claim
from accounton.importing.models import Batch, State
from accounton.offices.scoping import acting_for
from tests.importing.conftest import person

pytestmark = pytest.mark.database


@pytest.fixture
def adding(staged, admin):
    """A batch that is being added, last touched so many seconds ago."""

    def adding(seconds: float) -> Batch:
        batch = staged(person(1))
        claim(batch, admin, batch.revision)
        touched_at = timezone.now() - timedelta(seconds=seconds)
        Batch.objects.filter(pk=batch.pk).update(touched_at=touched_at)
        return batch

    return adding


def test_the_queue_sweeps_every_minute_however_often_a_worker_starts(office):
    jobs.sweep_every_minute()
    jobs.sweep_every_minute()
    [schedule] = Schedule.objects.all()
    assert import_string(schedule.func) is jobs.take_up_interrupted
    assert (schedule.schedule_type, schedule.minutes, schedule.repeats) == (Schedule.MINUTES, 1, -1)
    assert schedule.next_run <= timezone.now()


def test_what_broke_off_is_queued_once_and_then_finished(adding, office):
    batch = adding(jobs.STALE.total_seconds() + 1)
    assert jobs.take_up_interrupted() == 1
    assert jobs.take_up_interrupted() == 0  # it waits in the queue already
    jobs.work_on(office.pk, batch.pk)
    with acting_for(office.pk):
        batch.refresh_from_db()
    assert (batch.state, batch.added) == (State.DONE, 1)


def test_what_a_worker_goes_on_with_is_left_to_it(adding):
    adding(jobs.STALE.total_seconds() / 2)
    assert jobs.take_up_interrupted() == 0


def test_a_heavy_file_has_the_time_that_its_limit_gives_it(office):
    batch = Batch.objects.create(file_name="l.xlsx", assessment_year=2026, state=State.READING)
    for seconds, queued in ((-10, 0), (10, 1)):
        touched_at = timezone.now() - jobs.STALE_READING - timedelta(seconds=seconds)
        Batch.objects.filter(pk=batch.pk).update(touched_at=touched_at)
        assert jobs.take_up_interrupted() == queued
