"""The database itself refuses to change or delete what was recorded, and says so of a trigger that is missing."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounton.offices.audit import record, triggers
from accounton.offices.audit.chain import chain_all
from accounton.offices.models import AuditEntry, AuditHead, Office
from accounton.offices.scoping import acting_for
from accounton.site.schema import differences

pytestmark = pytest.mark.database
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's own")


def refused(statement):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture(params=["chained", "waiting"])
def entry(request, admin):
    entry = record(admin, "customer.edited", "customer:12", fields=["city"])
    if request.param == "chained":
        chain_all()
    return entry


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE offices_auditentry SET action = 'customer.added'",
        "UPDATE offices_auditentry SET details = '{}'",
        "UPDATE offices_auditentry SET user_id = NULL",
        "UPDATE offices_auditentry SET office_id = office_id + 1",
        "UPDATE offices_auditentry SET at = CURRENT_TIMESTAMP",
        "UPDATE offices_auditentry SET subject = subject",
        "UPDATE offices_auditentry SET position = 7, action = 'customer.added'",
        "UPDATE offices_auditentry SET position = NULL",
        "DELETE FROM offices_auditentry",
    ],
)
def test_what_was_recorded_is_neither_changed_nor_deleted(entry, statement):
    refused(statement)
    assert AuditEntry.objects.get().details == {"fields": ["city"]}


def test_the_end_of_a_chain_is_neither_set_back_nor_deleted(admin):
    for _ in range(3):
        record(admin, "customer.edited", "customer:12")
    chain_all()
    refused("UPDATE offices_audithead SET position = position - 1")
    refused("UPDATE offices_audithead SET position = position")
    refused("DELETE FROM offices_audithead")


@on_postgresql
def test_the_tables_are_not_emptied(entry):
    refused("TRUNCATE offices_auditentry")
    refused("TRUNCATE offices_audithead")


@pytest.mark.parametrize("way", ["id", "own_hash", "position"])
def test_sqlite_replaces_no_entry(admin, way):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has REPLACE")
    record(admin, "customer.edited", "customer:12")
    chain_all()
    at, other = ("id", "id") if way == "id" else (f"{way}", "id + 100")
    values = {"id": other, "own_hash": "x'00'", "position": "NULL"} | {way: at}
    refused(
        "INSERT OR REPLACE INTO offices_auditentry (id, at, action, subject, details, office_id, own_hash, position) "
        f"SELECT {values['id']}, at, 'forged', subject, details, office_id, {values['own_hash']}, {values['position']} "
        "FROM offices_auditentry WHERE office_id > 0"
    )
    record(admin, "customer.edited", "customer:13")
    refused("UPDATE OR REPLACE offices_auditentry SET position = 1 WHERE position IS NULL AND office_id > 0")
    assert AuditEntry.objects.filter(action="customer.edited").count() == 2


def test_a_colleague_or_an_office_that_is_gone_leaves_its_entries(admin, office):
    record(admin, "customer.edited", "customer:12")
    chain_all()
    with acting_for(office.pk):
        admin.delete()
        Office.objects.filter(pk=office.pk).delete()
        [entry] = AuditEntry.objects.select_related("user")
        assert (entry.user, entry.office_id) == (None, office.pk)
        assert entry.user_id
    assert AuditHead.objects.filter(chain=office.pk).exists()


def test_a_trigger_that_is_missing_is_named_and_made_anew(db):
    assert differences() == []
    with connection.cursor() as cursor:
        on = "" if connection.vendor == "sqlite" else " ON offices_auditentry"
        cursor.execute(f"DROP TRIGGER audit_entry_delete{on}")
    [difference] = differences()
    assert str(difference).startswith("offices_auditentry: trigger audit_entry_delete is missing")
    assert not difference.is_harmful
    triggers.restore()
    assert differences() == []


def test_a_trigger_that_says_something_else_is_named(db):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER audit_entry_delete")
            cursor.execute(
                "CREATE TRIGGER audit_entry_delete BEFORE DELETE ON offices_auditentry FOR EACH ROW WHEN 0 "
                "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
            )
        else:
            cursor.execute("ALTER TABLE offices_auditentry DISABLE TRIGGER audit_entry_delete")
    assert [str(each).split(" is ")[0] for each in differences()] == ["offices_auditentry: trigger audit_entry_delete"]


@on_postgresql
def test_a_function_that_refuses_nothing_is_noticed(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$"
        )
    assert len(differences()) == 6
