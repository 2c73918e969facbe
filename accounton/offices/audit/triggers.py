"""The triggers by which the database itself refuses to change or delete what was recorded.

They stand here once: after migrations they are made where they are missing or say something else, and
`accounton doctor` compares what is there with them. On SQLite a table that a migration makes anew loses its triggers.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from accounton.offices.models import AuditEntry, AuditHead

_FUNCTION = "audit_refuse"
_SAID = "the audit is append-only"
_BODY = f" BEGIN RAISE EXCEPTION '{_SAID}' USING ERRCODE = 'integrity_constraint_violation'; END "
_ON = re.compile(r"(?<=\w) ON \S+")
_LINK = ("position", "chain_hash")
"""Written once, after the entry was committed."""


@dataclass(frozen=True)
class Trigger:
    """A trigger on a table: its name, and the statement that makes it."""

    table: str
    name: str
    sql: str


def wanted() -> list[Trigger]:
    """Return the triggers that this database should have."""
    return list(_on_sqlite() if connection.vendor == "sqlite" else _on_postgresql())


def missing() -> list[Trigger]:
    """Return the triggers that are not there, are switched off, or say something else."""
    found, expected = (_on_tables(), _as_made()) if connection.vendor == "postgresql" else (_sqlite_found(), None)
    return [
        each
        for each in wanted()
        if found.get((each.table, each.name)) != (expected[each.table, each.name] if expected else each.sql)
    ]


def restore() -> None:
    """Make what is missing."""
    absent = missing()
    if absent:
        with transaction.atomic(), connection.cursor() as cursor:
            _make_function(cursor)
            for each in absent:
                _drop(cursor, each)
                cursor.execute(each.sql)


@contextmanager
def lifted() -> Iterator[None]:
    """Take the triggers away inside the block: for moving an office's whole chain away, and for tests.

    All of it is one transaction: others never see the tables without their triggers.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for each in wanted():
            _drop(cursor, each)
        yield
        _make_function(cursor)
        for each in wanted():
            cursor.execute(each.sql)


def _on_sqlite() -> Iterator[Trigger]:
    entry, head = AuditEntry._meta.db_table, AuditHead._meta.db_table
    same = " AND ".join(f'OLD."{name}" IS NEW."{name}"' for name in _fixed())
    # REPLACE deletes what stands in its way, and no trigger on DELETE hears of it.
    in_the_way = f'EXISTS (SELECT 1 FROM "{entry}" WHERE "office_id" = NEW."office_id" AND "position" = NEW."position")'
    taken = f'{in_the_way} OR EXISTS (SELECT 1 FROM "{entry}" WHERE "id" = NEW."id" OR "own_hash" = NEW."own_hash")'
    linked = f'OLD."position" IS NULL AND NEW."position" IS NOT NULL AND {same}'
    yield _sqlite(entry, "audit_entry_insert", "INSERT", taken)
    yield _sqlite(entry, "audit_entry_update", "UPDATE", f"NOT ({linked}) OR {in_the_way}")
    yield _sqlite(entry, "audit_entry_delete", "DELETE", "1")
    yield _sqlite(head, "audit_head_insert", "INSERT", f'EXISTS (SELECT 1 FROM "{head}" WHERE "chain" = NEW."chain")')
    yield _sqlite(
        head, "audit_head_update", "UPDATE",
        'NEW."chain" <> OLD."chain" OR NEW."position" <= OLD."position"',
    )  # fmt: skip
    yield _sqlite(head, "audit_head_delete", "DELETE", "1")


def _sqlite(table: str, name: str, event: str, refused: str) -> Trigger:
    body = f"SELECT RAISE(ABORT, '{_SAID}')"
    sql = f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH ROW WHEN {refused} BEGIN {body}; END'
    return Trigger(table, name, sql)


def _on_postgresql() -> Iterator[Trigger]:
    entry, head = AuditEntry._meta.db_table, AuditHead._meta.db_table
    old, new = (", ".join(f'{row}."{name}"' for name in _fixed()) for row in ("OLD", "NEW"))
    linked = f'OLD."position" IS NULL AND NEW."position" IS NOT NULL AND ({old}) IS NOT DISTINCT FROM ({new})'
    yield _postgresql(entry, "audit_entry_update", "UPDATE", f"NOT ({linked})")
    yield _postgresql(entry, "audit_entry_delete", "DELETE")
    yield _postgresql(entry, "audit_entry_truncate", "TRUNCATE")
    yield _postgresql(
        head, "audit_head_update", "UPDATE",
        'NEW."chain" <> OLD."chain" OR NEW."position" <= OLD."position"',
    )  # fmt: skip
    yield _postgresql(head, "audit_head_delete", "DELETE")
    yield _postgresql(head, "audit_head_truncate", "TRUNCATE")


def _postgresql(table: str, name: str, event: str, refused: str = "") -> Trigger:
    each = "STATEMENT" if event == "TRUNCATE" else "ROW"
    when = f" WHEN ({refused})" if refused else ""
    sql = f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH {each}{when} EXECUTE FUNCTION {_FUNCTION}()'
    return Trigger(table, name, sql)


def _fixed() -> list[str]:
    return [field.column or "" for field in AuditEntry._meta.fields if field.name not in _LINK]


def _drop(cursor: Any, trigger: Trigger) -> None:
    where = f' ON "{trigger.table}"' if connection.vendor == "postgresql" else ""
    cursor.execute(f'DROP TRIGGER IF EXISTS "{trigger.name}"{where}')


def _make_function(cursor: Any) -> None:
    if connection.vendor == "postgresql":
        cursor.execute(f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $${_BODY}$$")


def _sqlite_found() -> dict[tuple[str, str], str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'")
        return {(table, name): sql for table, name, sql in cursor.fetchall()}


def _on_tables() -> dict[tuple[str, str], str]:
    """Return the triggers on the tables that this connection sees, in PostgreSQL's words, with what they run."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT t.relname, g.tgname, g.tgenabled::text || p.prosrc || pg_get_triggerdef(g.oid)
            FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid JOIN pg_proc p ON p.oid = g.tgfoid
            WHERE NOT g.tgisinternal AND pg_table_is_visible(t.oid)"""
        )
        return {(table, name): _ON.sub(" ON", text, count=1) for table, name, text in cursor.fetchall()}


def _as_made() -> dict[tuple[str, str], str]:
    """Return the same of the triggers as we make them: on temporary tables, which leave nothing behind."""
    with transaction.atomic(), connection.cursor() as cursor:
        for model in (AuditEntry, AuditHead):
            cursor.execute(f'CREATE TEMPORARY TABLE "{model._meta.db_table}" (LIKE "{model._meta.db_table}")')
        _make_function(cursor)
        for each in wanted():
            cursor.execute(each.sql.replace(f'ON "{each.table}"', f'ON pg_temp."{each.table}"'))
        made = _on_tables()
        transaction.set_rollback(True)
    return made
