"""What SQLite says of its tables, and a place where tables can be made and leave nothing."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import DatabaseWrapper

_TABLES = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
_CHECK = re.compile(r"(?:CONSTRAINT \"(?P<name>\w+)\" )?CHECK \(", re.IGNORECASE)
_PARENTHESES_AND_STRINGS = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|[()]")


def columns(cursor: Any) -> Iterator[tuple[str, str, str]]:
    """Yield table, name and description of each column."""
    for table, sql in _tables(cursor):
        collations = dict(re.findall(r'"(\w+)" [^,]*? COLLATE "?(\w+)', sql, re.IGNORECASE))
        cursor.execute(f'PRAGMA table_info("{table}")')
        for _position, name, kind, not_null, default, key in cursor.fetchall():
            words = [
                kind.lower(),
                f"COLLATE {collations[name]}" if name in collations else "",
                "NOT NULL" if not_null else "NULL",
                f"DEFAULT {default}" if default is not None else "",
                "PRIMARY KEY" if key else "",
            ]
            yield table, name, " ".join(filter(None, words))


def constraints(cursor: Any) -> Iterator[tuple[str, str, str]]:
    """Yield table, name and definition of each constraint and index: foreign key (…), index (…)."""
    for table, sql in _tables(cursor):
        cursor.execute(f'PRAGMA foreign_key_list("{table}")')
        for _id, _order, parent, column, parent_column, _update, on_delete, _match in cursor.fetchall():
            cascade = f" ON DELETE {on_delete}" if on_delete != "NO ACTION" else ""
            yield table, "", f"foreign key ({column}) to {parent} ({parent_column or 'its key'}){cascade}"
        cursor.execute(f'PRAGMA index_list("{table}")')
        for _order, name, unique, origin, _partial in cursor.fetchall():
            if origin != "pk":  # stands with its column
                yield table, *_index(cursor, sql, name, bool(unique), origin)
        for found in _CHECK.finditer(sql):
            yield table, found["name"] or "", f"check {_balanced(sql, found.end() - 1)}"


def _index(cursor: Any, table_sql: str, name: str, unique: bool, origin: str) -> tuple[str, str]:
    if origin == "c":  # made by CREATE INDEX, whose text stays as it was given
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND name = %s", [name])
        ((sql,),) = cursor.fetchall()
        return name, f"{'unique ' if unique else ''}index {sql[sql.index('(') :]}"
    cursor.execute(f'PRAGMA index_info("{name}")')
    names = [column for _order, _position, column in cursor.fetchall()]
    quoted = ", ".join(f'"{column}"' for column in names)
    constraint = re.search(rf'CONSTRAINT "(\w+)" UNIQUE \({re.escape(quoted)}\)', table_sql)
    return constraint[1] if constraint else "", f"unique ({', '.join(names)})"


def _tables(cursor: Any) -> list[tuple[str, str]]:
    cursor.execute(_TABLES)
    return list(cursor.fetchall())


def _balanced(sql: str, start: int) -> str:
    """Return the text from a parenthesis to the one that closes it."""
    depth = 0
    for found in _PARENTHESES_AND_STRINGS.finditer(sql, start):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if depth == 0:
            return sql[start : found.end()]
    return sql[start:]


@contextmanager
def scratch(connection: BaseDatabaseWrapper) -> Iterator[BaseDatabaseWrapper]:
    """Give a database in memory."""
    memory = DatabaseWrapper({**connection.settings_dict, "NAME": ":memory:", "OPTIONS": {}}, alias="scratch")
    try:
        memory.disable_constraint_checking()
        yield memory
    finally:
        memory.close()
