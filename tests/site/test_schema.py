"""The tables are compared with the models: what is missing, there too much or otherwise is named, one line each."""

import pytest
from django.db import connection, models

from accounton.customers.models import Customer
from accounton.dossiers.models import Dossier
from accounton.importing.models import StagedRow
from accounton.site.schema import differences

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def _database(db):
    pass


def lines() -> list[str]:
    return [str(each) for each in differences()]


def test_the_tables_that_the_migrations_make_fit_the_models():
    assert lines() == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("ALTER TABLE customers_customer DROP COLUMN box", "customers_customer.box: the column is missing (CHAR(20)"),
        ("ALTER TABLE customers_customer ADD COLUMN fax text", "customers_customer.fax: a column that the models do"),
        ("ALTER TABLE customers_customer RENAME COLUMN box TO bus", "customers_customer.box: the column is missing"),
        ("DROP INDEX customer_search", "customers_customer: index customer_search (OFFICE, ARCHIVED, SEARCH) is missi"),
        ("DROP INDEX customer_client_code_once", "customers_customer: unique index customer_client_code_once ("),
        ("CREATE UNIQUE INDEX once ON customers_customer (city)", "customers_customer: unique index (CITY) is there"),
        ("ALTER TABLE offices_auditentry RENAME TO offices_old", "offices_auditentry: the table is missing"),
        ("CREATE TABLE importing_more (id bigint)", "importing_more: a table that the models do not know"),
        ("DROP INDEX customer_spouse; CREATE INDEX customer_spouse ON customers_customer "
         "(office_id, spouse_national_number_hash)", "customers_customer: index customer_spouse"),
    ],
)  # fmt: skip
def test_what_is_otherwise_in_the_database_is_named(statement, said):
    assert lines() == []
    with connection.cursor() as cursor:
        for each in statement.split(";"):
            cursor.execute(each)
    said = said.replace("CHAR", "varchar" if connection.vendor == "sqlite" else "character varying")
    for name in ("CITY", "ARCHIVED", "OFFICE", "SEARCH"):
        column = {"ARCHIVED": "archived_at", "OFFICE": "office_id"}.get(name, name.lower())
        quoted = f'"{column}"' if connection.vendor == "sqlite" and name != "CITY" else column
        said = said.replace(name, quoted)
    assert any(line.startswith(said) for line in lines()), lines()


@pytest.mark.parametrize(
    ("model", "field", "changed", "said"),
    [
        (Customer, "city", {"max_length": 99}, "customers_customer.city: is "),
        (Customer, "city", {"null": True}, "customers_customer.city: is "),
        (Customer, "archived_at", {"null": False}, "customers_customer.archived_at: is "),
        (Customer, "city", {"unique": True}, "customers_customer: unique (city"),
        (Customer, "responsible", {"db_index": False}, "customers_customer: index ("),
        (Dossier, "customer", {"db_constraint": False}, "dossiers_dossier: foreign key (customer_id)"),
        (StagedRow, "match", {"db_constraint": True, "column": "matching_id"}, "importing_stagedrow.matching_id: the"),
    ],
)
def test_what_is_otherwise_in_the_models_is_named(monkeypatch, model, field, changed, said):
    for name, value in changed.items():
        monkeypatch.setattr(model._meta.get_field(field), name, value)
    assert any(line.startswith(said) for line in lines()), lines()


def test_a_column_of_another_kind_is_named(monkeypatch):
    monkeypatch.setattr(Dossier._meta.get_field("deadline"), "get_internal_type", lambda: "DateTimeField")
    [line] = lines()
    assert line.startswith("dossiers_dossier.deadline: is date NULL where the models say ")


def test_a_check_that_says_something_else_is_named(monkeypatch):
    check = models.CheckConstraint(condition=models.Q(assessment_year__gt=1900), name="year_of_a_return")
    monkeypatch.setattr(Dossier._meta, "constraints", [*Dossier._meta.constraints, check])
    assert len(lines()) == 1
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "ALTER TABLE dossiers_dossier ADD CONSTRAINT year_of_a_return CHECK (assessment_year > 1899)"
            )
            assert sorted(line.split("(")[0] for line in lines()) == ["dossiers_dossier: check year_of_a_return "] * 2


def test_an_index_more_is_named_but_does_no_harm():
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX of_the_administrator ON customers_customer (city)")
    [difference] = differences()
    assert "index (" in str(difference)
    assert not difference.is_harmful


def test_comparing_leaves_nothing_behind():
    with connection.cursor() as cursor:
        before = connection.introspection.get_table_list(cursor)
        differences()
        assert connection.introspection.get_table_list(cursor) == before
        if connection.vendor == "postgresql":
            cursor.execute("SELECT current_setting('search_path')")
            assert "pg_temp" not in cursor.fetchone()[0]
