"""Comparing the tables of a database with the models, in the words of the database itself (decision 025)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.apps import apps
from django.db import DatabaseError, connection, models
from django.db.backends.base.base import BaseDatabaseWrapper

from accounton.offices.audit import triggers
from accounton.offices.models import AuditEntry
from accounton.site import schema_postgresql, schema_sqlite

_TRIGGER = "{0.table}: trigger {0.name} is missing or says something else; accounton migrate makes it anew"


class CannotCompare(Exception):
    """The database does not let the tables of the models be made beside the real ones; the text says why."""


@dataclass
class Table:
    """A table: what each column is, and how often each constraint or index is there, both in the database's words."""

    columns: dict[str, str] = field(default_factory=dict)
    constraints: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Difference:
    """What a database and the models say differently. Not harmful is an index more: administrators add them."""

    text: str
    is_harmful: bool = True

    def __str__(self) -> str:
        return self.text


def differences(wanted: Iterable[type[models.Model]] | None = None) -> list[Difference]:
    """Return all differences between the database and the models, those of the code unless told otherwise.

    Raises CannotCompare.
    """
    asked = apps.get_models() if wanted is None else wanted
    stored = [model for model in asked if model._meta.can_migrate(connection)]
    named = {each.name for model in stored for each in (*model._meta.indexes, *model._meta.constraints)}
    expected, found = _expected(stored, named), _read(connection, named)
    for name in _linking(stored):
        # Django's own migrations give these ids another width than its models do; nothing refers to them.
        for tables in (expected, found):
            tables.get(name, Table()).columns.pop("id", None)
    compared = [each for name, table in sorted(expected.items()) for each in _compared(name, table, found.get(name))]
    ours = tuple(f"{config.label}_" for config in apps.get_app_configs() if config.name.startswith("accounton."))
    surplus = sorted(name for name in found.keys() - expected.keys() if name.startswith(ours))
    if wanted is None and AuditEntry._meta.db_table in found:  # migrations know no triggers
        compared += [Difference(_TRIGGER.format(each), is_harmful=False) for each in triggers.missing()]
    return compared + [Difference(f"{name}: a table that the models do not know") for name in surplus]


def _compared(name: str, expected: Table, found: Table | None) -> Iterator[Difference]:
    if found is None:
        yield Difference(f"{name}: the table is missing")
        return
    for column, kind in expected.columns.items():
        if column not in found.columns:
            yield Difference(f"{name}.{column}: the column is missing ({kind})")
        elif found.columns[column] != kind:
            yield Difference(f"{name}.{column}: is {found.columns[column]} where the models say {kind}")
    for column, kind in found.columns.items():
        if column not in expected.columns:
            yield Difference(f"{name}.{column}: a column that the models do not know ({kind})")
    for each in sorted((expected.constraints - found.constraints).elements()):
        yield Difference(f"{name}: {each} is missing")
    for each in sorted((found.constraints - expected.constraints).elements()):
        yield Difference(f"{name}: {each} is there, but the models do not know it", not each.startswith("index "))


def _expected(stored: Sequence[type[models.Model]], named: set[str]) -> dict[str, Table]:
    """Make the tables of the models where they harm nothing, and return what the database then says of them."""
    names = {model._meta.db_table for model in stored} | _linking(stored)
    scratch = schema_sqlite.scratch if connection.vendor == "sqlite" else schema_postgresql.scratch
    try:
        with scratch(connection) as there:
            with there.schema_editor(atomic=False) as editor:
                for model in stored:
                    editor.create_model(model)
            tables = _read(there, named)
            return {name: tables[name] for name in names}
    except DatabaseError as error:
        raise CannotCompare(str(error).strip().split("\n")[0]) from error


def _linking(stored: Sequence[type[models.Model]]) -> set[str]:
    """Return the tables that Django makes by itself for many-to-many fields."""
    throughs = (each.remote_field.through for model in stored for each in model._meta.local_many_to_many)
    return {through._meta.db_table for through in throughs if through and through._meta.auto_created}


def _read(there: BaseDatabaseWrapper, named: set[str]) -> dict[str, Table]:
    reader = schema_sqlite if there.vendor == "sqlite" else schema_postgresql
    tables: dict[str, Table] = {}
    with there.cursor() as cursor:
        for name, column, kind in reader.columns(cursor):
            tables.setdefault(name, Table()).columns[column] = kind
        for name, own_name, definition in reader.constraints(cursor):
            kind, _parenthesis, rest = definition.partition("(")
            # Names that Django makes up may differ between databases of different age; those of the models may not.
            words = [kind.strip().lower(), own_name if own_name in named else "", f"({rest}"]
            tables[name].constraints[" ".join(filter(None, words))] += 1
    return tables
