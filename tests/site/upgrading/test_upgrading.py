"""A database of the version before 0.1.0 is brought up to date and goes on where it was; one that cannot be is left."""

import json
import sqlite3

import pytest

from tests.site.upgrading.old_installation import OldInstallation

pytestmark = pytest.mark.database
ADD = """
page = client.get("/imports/2/")
assert page.status_code == 200, page.status_code
assert "Wouters" in page.content.decode(), page.content.decode()
client.post("/imports/2/add/", {"revision": Batch.objects.get(pk=2).revision, "undecided": "add"}, follow=True)
print(*Customer.objects.order_by("last_name").values_list("last_name", flat=True))
"""
WAITED = """
from django_q.models import Success
# A list that waits for so long is taken up again as well: what was queued comes first, and the other finds it done.
assert {job.args[1] for job in Success.objects.filter(func="accounton.importing.jobs.work_on")} == {3}
print(Batch.objects.get(pk=3).state, Batch.objects.get(pk=3).rows.count())
"""
SECOND_FACTOR = """
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
print(get_adapter().decrypt(Authenticator.objects.get().data["secret"]))
"""


@pytest.fixture
def old(tmp_path) -> OldInstallation:
    return OldInstallation(tmp_path)


@pytest.fixture
def migrated(old) -> OldInstallation:
    done = old.run("migrate")
    assert (done.returncode, done.stderr) == (0, "")
    return old


def test_the_version_before_0_1_0_is_brought_up_to_date_and_its_open_review_is_added(migrated):
    doctor = migrated.run("doctor", "--json")
    assert (doctor.returncode, json.loads(doctor.stdout)) == (0, {"healthy": True, "broken": []})
    assert migrated.in_django(ADD).split() == ["Claes", "Maes", "Peeters", "Wouters"]
    doctor = migrated.run("doctor", "--json")
    assert (doctor.returncode, json.loads(doctor.stdout)) == (0, {"healthy": True, "broken": []})


def test_the_job_that_the_version_before_0_1_0_queued_is_done(migrated):
    assert migrated.run("worker", "--once").returncode == 0
    assert migrated.in_django(WAITED).split() == ["review", "1"]
    assert migrated.run("doctor").returncode == 0


def test_customers_and_second_factors_of_the_version_before_0_1_0_are_known_again(migrated, tmp_path):
    path = tmp_path / "weer.csv"
    # Nothing but the number says that she is the customer.
    path.write_text("Voornaam,Achternaam,E-mail,Rijksregisternummer,Taal\nE.,Pieters,e@x.example,85073003328,N\n")
    again = migrated.run("import", str(path), "--office", "aalst", "--questionnaire", "personenbelasting",
                         "--year", "2026", "--dry-run", "--json")  # fmt: skip
    assert json.loads(again.stdout)["double"] == 1
    assert migrated.in_django(SECOND_FACTOR).strip() == "JBSWY3DPEHPK3PXP"


def test_bringing_up_to_date_twice_changes_nothing(migrated):
    again = migrated.run("migrate")
    assert (again.returncode, again.stdout) == (0, "The database is up to date.\n")


# What a migration that was rewritten in place leaves behind: marked as run, and yet without the column.
@pytest.mark.parametrize(
    "command",
    [
        ("migrate",),
        ("demo",),
        ("serve", "--port", "1"),
        ("import", "LIST", "--office", "aalst", "--questionnaire", "personenbelasting"),
    ],
)
def test_a_database_whose_tables_do_not_fit_is_refused_in_one_sentence(migrated, tmp_path, command):
    path = tmp_path / "lijst.csv"
    path.write_text("Voornaam,Achternaam,E-mail,Taal\nNoor,Nieuw,n@x.example,N\n")
    migrated.in_django(
        "from django.db import connection\n"
        "connection.cursor().execute('ALTER TABLE importing_batch DROP COLUMN near_attempts')"
    )
    before = migrated.run("doctor")
    assert "importing_batch.near_attempts: the column is missing" in before.stdout
    assert before.returncode == 1
    done = migrated.run(*[str(path) if word == "LIST" else word for word in command])
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1
    assert "do not fit this version" in done.stderr
    assert migrated.run("doctor").stdout == before.stdout


def test_a_database_that_cannot_be_migrated_is_refused_before_anything_is_changed(old):
    if "ACCOUNTON_DATABASE_URL" in old.env:
        pytest.skip("one database is enough here")
    path = old.folder / "data" / "accounton.sqlite3"
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("ALTER TABLE customers_customer DROP COLUMN box")
    before = "\n".join(connection.iterdump())
    done = old.run("migrate")
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1)
    assert "customers_customer.box: the column is missing" in done.stderr
    assert "\n".join(connection.iterdump()) == before


def test_a_database_of_a_later_version_is_refused(migrated):
    migrated.in_django(
        "from django.db import connection\n"
        "from django.db.migrations.recorder import MigrationRecorder\n"
        "MigrationRecorder(connection).record_applied('customers', '9999_of_tomorrow')"
    )
    for command in (("migrate",), ("doctor",), ("demo",)):
        done = migrated.run(*command)
        assert (done.returncode, done.stdout, len(done.stderr.strip().splitlines())) == (2, "", 1)
        assert "customers.9999_of_tomorrow" in done.stderr
