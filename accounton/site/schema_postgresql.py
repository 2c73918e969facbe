"""What PostgreSQL says of the tables that a connection sees, and a place where tables can be made and leave nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

_COLUMNS = """
    SELECT t.relname, a.attname, format_type(a.atttypid, a.atttypmod)
        || CASE WHEN a.attcollation NOT IN (0, y.typcollation) THEN ' COLLATE ' || c.collname ELSE '' END
        || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE ' NULL' END
        || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
        || CASE WHEN a.attidentity <> '' THEN ' IDENTITY' ELSE '' END
    FROM tables t
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type y ON y.oid = a.atttypid
    LEFT JOIN pg_collation c ON c.oid = a.attcollation
    LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum
    ORDER BY t.relname, a.attnum"""
_CONSTRAINTS = """
    SELECT t.relname, k.conname, pg_get_constraintdef(k.oid) || CASE WHEN k.convalidated THEN '' ELSE ' NOT VALID' END
    FROM tables t JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype IN ('c', 'f', 'p', 'u', 'x')"""
_INDEXES = """
    SELECT t.relname, i.relname, CASE WHEN x.indisunique THEN 'unique index ' ELSE 'index ' END
        || regexp_replace(pg_get_indexdef(i.oid), '^.* USING (btree )?', '')
        || CASE WHEN x.indisvalid THEN '' ELSE ' INVALID' END
    FROM tables t JOIN pg_index x ON x.indrelid = t.oid JOIN pg_class i ON i.oid = x.indexrelid
    WHERE NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype IN ('p', 'u', 'x'))"""
# Of tables of one name a connection sees the first of its path only.
_TABLES = """
    WITH tables AS (
        SELECT t.oid, t.relname FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE t.relkind IN ('r', 'p') AND pg_table_is_visible(t.oid)
            AND n.nspname NOT IN ('pg_catalog', 'information_schema'))"""


def columns(cursor: Any) -> Iterator[tuple[str, str, str]]:
    """Yield table, name and description of each column."""
    cursor.execute(_TABLES + _COLUMNS)
    yield from cursor.fetchall()


def constraints(cursor: Any) -> Iterator[tuple[str, str, str]]:
    """Yield table, name and definition of each constraint and index: FOREIGN KEY (…), index (…)."""
    for query in (_CONSTRAINTS, _INDEXES):
        cursor.execute(_TABLES + query)
        yield from cursor.fetchall()


@contextmanager
def scratch(connection: BaseDatabaseWrapper) -> Iterator[BaseDatabaseWrapper]:
    """Make tables as temporary ones inside the block; at its end they were never there."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Tables are made in the first schema of the path, and found there first.
        cursor.execute("SELECT set_config('search_path', 'pg_temp, ' || current_setting('search_path'), true)")
        yield connection
        transaction.set_rollback(True)
