"""The database that the environment names, and what is in it, asked before Django has its settings."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import dj_database_url

from accounton.site import environment
from accounton.site.startup import CannotStart

# Every row that is sealed or hashed belongs to an office, and the second knows which keys there are.
_TABLES = ("offices_office", "offices_encryptionkey")
_QUESTION = "SELECT 1 FROM %s LIMIT 1"
# Of the options that an address may carry these are Django's own; the others are libpq's.
_OF_DJANGO = {"assume_role", "cursor_factory", "isolation_level", "pool", "server_side_binding"}


def database(default: str) -> dict[str, Any]:
    """Return what Django needs to know of the database. Raises UnusableEnvironment; the message holds no password."""
    try:
        return dict(dj_database_url.parse(environment.text("DATABASE_URL", default), conn_max_age=60))
    except ValueError:
        raise environment.UnusableEnvironment(
            "ACCOUNTON_DATABASE_URL cannot be read: write it like postgres://user:password@host:5432/name, "
            "with signs other than letters and digits in a password as %xx"
        ) from None


def is_in_use(database: Mapping[str, Any]) -> bool:
    """Return whether the database, as Django's settings name it, holds an office or knows a key. Changes nothing.

    Raises CannotStart where it cannot be asked: then nobody knows.
    """
    return _in_sqlite(database) if database["ENGINE"].endswith("sqlite3") else _in_postgresql(database)


def _in_sqlite(database: Mapping[str, Any]) -> bool:
    path = Path(database["NAME"])
    if not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True)) as connection:
            found = connection.execute("SELECT name FROM sqlite_master WHERE name IN (?, ?)", _TABLES).fetchall()
            return any(connection.execute(_QUESTION % name).fetchone() for (name,) in found)
    except sqlite3.Error as error:
        raise CannotStart(f"The database {path} cannot be read: {error}") from error


def _in_postgresql(database: Mapping[str, Any]) -> bool:
    import psycopg

    options = {name: value for name, value in database.get("OPTIONS", {}).items() if name not in _OF_DJANGO}
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    given = {name: database[key] for name, key in names.items() if database.get(key)}
    try:
        with psycopg.connect(**given, **options) as connection:
            found = connection.execute(
                "SELECT to_regclass(name) FROM unnest(%s::text[]) AS name", [list(_TABLES)]
            ).fetchall()
            return any(connection.execute(_QUESTION % name).fetchone() for (name,) in found if name is not None)
    except psycopg.Error as error:
        raise CannotStart(f"The database cannot be used: {str(error).strip().splitlines()[0]}") from error
