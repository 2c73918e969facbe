"""Each invariant, broken on purpose: the doctor finds it."""

import pytest
from django.db import connection

from accounton.customers.models import Customer
from accounton.importing.applying import claim, continue_applying
from accounton.importing.departing import Depart
from accounton.importing.invariants import broken
from accounton.importing.models import Batch, State, Upload
from accounton.importing.pieces import at_once
from tests.importing.conftest import person

pytestmark = pytest.mark.database


@pytest.fixture
def done(staged) -> Batch:
    batch = staged(person(1, national_number="85073003328"), person(2))
    claim(batch, None, batch.revision)
    return continue_applying(batch)


def execute(statement: str, *parameters) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def test_a_healthy_office_has_nothing_to_say(done):
    assert list(broken()) == []


def test_a_dossier_that_was_taken_out_by_decision_is_not_missed(done, staged):
    batch = staged(person(1, national_number="85073003328"))
    at_once(batch, None, Depart("take_out", "left", [Customer.objects.get(first_name="Noor2").pk]))
    assert list(broken()) == []


BREAKS = {
    "a staged row vanished": "DELETE FROM importing_stagedrow WHERE number = 3",
    "a dossier vanished": "DELETE FROM questionnaires_questionnaire; DELETE FROM dossiers_dossier",
    "a questionnaire vanished": "DELETE FROM questionnaires_questionnaire",
    "done but not added": "UPDATE customers_customer SET import_row = NULL WHERE first_name = 'Noor2'",
    "a hash of another number": "UPDATE customers_customer SET national_number_hash = %s "
    "WHERE national_number_hash IS NOT NULL",
    "a sealed number altered": "UPDATE customers_customer SET national_number_sealed = %s "
    "WHERE national_number_sealed IS NOT NULL",
    "a sealed row altered": "UPDATE importing_stagedcontent SET sealed = %s",
    "a sealed row vanished": "DELETE FROM importing_stagedcontent",
}


@pytest.mark.parametrize("statement", BREAKS.values(), ids=BREAKS)
def test_what_is_broken_is_found(done, statement):
    for part in statement.split(";"):
        execute(part, *([b"0123456789abcdef"] if "%s" in part else []))
    assert list(broken()) != []


def test_a_file_kept_after_reading_is_found(done):
    Upload.objects.create(batch=done, sealed=b"x")
    assert any("file" in line for line in broken())


def test_a_row_that_points_to_another_office_is_found(done, other_office):
    execute("UPDATE dossiers_dossier SET office_id = %s", other_office.pk)
    execute("UPDATE questionnaires_questionnaire SET office_id = %s", other_office.pk)
    assert list(broken()) != []


def test_an_interrupted_add_is_not_broken(staged):
    batch = staged(person(1))
    claim(batch, None, batch.revision)
    assert batch.state == State.APPLYING
    assert list(broken()) == []
    assert Customer.objects.count() == 0


@pytest.mark.parametrize(
    "change",
    ["merged_into = 2", "bucket = 'merged'", "bucket = 'merged', merged_into = 99", "bucket = 'elsewhere'"],
)
def test_a_row_that_is_merged_into_nothing_is_found(staged, change):
    staged(person(1), person(2))
    execute(f"UPDATE importing_stagedrow SET {change} WHERE number = 3")
    assert any("row 3" in line for line in broken())
