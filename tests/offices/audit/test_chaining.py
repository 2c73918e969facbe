"""Many write at once: the chain has no fork and no hole, nobody waits for a long transaction, and nothing deadlocks."""

import os
import re
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier, Event

import pytest
from django.db import connection, transaction

from accounton.offices.audit import chain, record, record_all
from accounton.offices.audit.checks import faults
from accounton.offices.models import AuditEntry, AuditHead
from accounton.offices.scoping import acting_for
from tests.faults.conftest import Installation

THREADS, EACH = 6, 8
WRITE = """
from accounton.site.startup import start_django
start_django()
from accounton.offices.audit import record
from accounton.offices.models import Office
from accounton.offices.scoping import acting_for
from tests.faults.conftest import Installation
with acting_for(Office.objects.get().pk):
    for number in range(40):
        record(None, "customer.edited", f"customer:{number}")
"""


def positions():
    return list(AuditEntry.objects.order_by("position").values_list("position", flat=True))


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_entries_are_chained_right_after_the_commit(admin, office):
    with transaction.atomic():
        record(admin, "customer.edited", "customer:1")
        record(admin, "customer.edited", "customer:2")
        assert positions() == [None, None]
    assert positions() == [1, 2]
    assert AuditHead.objects.get(chain=office.pk).position == 2


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_hole(admin):
    with transaction.atomic():
        record(admin, "customer.edited", "customer:1")
        transaction.set_rollback(True)
    record(admin, "customer.edited", "customer:2")
    with transaction.atomic():
        with transaction.atomic():
            record(admin, "customer.edited", "customer:3")
            transaction.set_rollback(True)
        record(admin, "customer.edited", "customer:4")
    assert positions() == [1, 2]
    assert list(faults()) == []


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_chaining_costs_a_handful_of_queries(admin, django_assert_max_num_queries):
    record(admin, "customer.edited", "customer:1")
    with django_assert_max_num_queries(14), transaction.atomic():
        for number in range(1000):
            if number < 3:
                record(admin, "customer.edited", f"customer:{number}")
        record_all(admin, "customer.archived", ["customer:1", "customer:2"])
    assert positions() == [1, 2, 3, 4, 5, 6]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_threads_chain_without_fork_hole_or_deadlock(admin, office):
    together = Barrier(THREADS)

    def write(thread):
        try:
            with acting_for(office.pk):
                together.wait()
                for number in range(EACH):
                    with transaction.atomic():
                        record(admin, "customer.edited", f"customer:{thread}{number}")
                        record_all(admin, "customer.archived", (f"customer:{n}" for n in range(20)))
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(write, range(THREADS)))
    chain.chain_all()
    assert positions() == list(range(1, THREADS * EACH * 21 + 1))
    assert list(faults()) == []


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_long_import_that_has_written_an_entry(admin, office):
    written, go_on = Event(), Event()

    def long_import():
        try:
            with acting_for(office.pk), transaction.atomic():
                record(admin, "import.added", "batch:1", added=1)
                written.set()
                assert go_on.wait(30)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(long_import)
        assert written.wait(30)
        record(admin, "customer.edited", "customer:1")
        assert positions() == [1]
        go_on.set()
        running.result()
    # The lower id was committed later, and comes later in the chain.
    first, second = AuditEntry.objects.order_by("position")
    assert (first.action, second.action) == ("customer.edited", "import.added")
    assert first.pk > second.pk
    assert list(faults()) == []


def test_processes_chain_on_sqlite_without_fork_or_hole_and_doctor_finds_a_change(tmp_path):
    if "ACCOUNTON_DATABASE_URL" in os.environ:
        pytest.skip("SQLite's own")
    installation = Installation(tmp_path)
    running = [subprocess.Popen([sys.executable, "-c", WRITE], env=installation.env) for _ in range(3)]
    assert [each.wait(60) for each in running] == [0, 0, 0]
    database = sqlite3.connect(installation.folder / "data" / "accounton.sqlite3")
    with closing(database), database:
        entries = database.execute("SELECT position FROM offices_auditentry WHERE office_id = 1").fetchall()
        waiting = entries.count((None,))  # as many as waited for a process that was at it: the worker links them
        assert len(entries) == 120
        assert sorted(each for (each,) in entries if each) == list(range(1, 121 - waiting))
        database.execute("DROP TRIGGER audit_entry_update")
        database.execute("UPDATE offices_auditentry SET subject = 'customer:99' WHERE office_id = 1 AND position = 20")
    doctor = installation.run("doctor")
    first, second = doctor.stdout.splitlines()
    assert doctor.returncode == 1
    assert first.startswith("offices_auditentry: trigger audit_entry_update is missing or says something else")
    assert re.fullmatch(r"audit of demo: entry \d+ \(customer.edited\) was changed after it was written, .*", second)
