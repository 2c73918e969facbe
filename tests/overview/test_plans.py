"""The overview is read through its indexes. At 100,000 dossiers that is the difference between 5 and 100 ms."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounton.overview import listing
from accounton.overview.filters import Filters
from accounton.overview.listing import Listing
from tests.overview.conftest import YEAR


@pytest.fixture
def plans(make, monkeypatch):
    """Give a function that gives SQLite's plan of each query behind a view of the overview."""
    if connection.vendor != "sqlite":
        pytest.skip("reads SQLite's plans")
    monkeypatch.setattr(listing, "WALK_FROM", 1)
    make()

    def of(**params) -> list[str]:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert Listing(Filters.of(params, YEAR)).page.object_list
        found = []
        with connection.cursor() as cursor:
            for query in queries.captured_queries:
                cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
                found.append("; ".join(row[3] for row in cursor.fetchall()))
        return found

    return of


def test_counting_reads_indexes_only(plans):
    counting = plans()[0]
    assert "dossiers_dossier USING COVERING INDEX dossier_overview" in counting
    assert "U0 USING COVERING INDEX customer_search" in counting


def test_searching_reads_indexes_only(plans):
    counting = plans(q="goossens")[0]
    assert "dossiers_dossier USING COVERING INDEX dossier_overview" in counting
    assert "U0 USING COVERING INDEX customer_search" in counting


@pytest.mark.parametrize("sort", ["name", "-name"])
def test_names_come_in_the_order_of_an_index(plans, sort):
    walking = plans(sort=sort)[1]
    assert "customers_customer USING COVERING INDEX customer_search" in walking
    assert "B-TREE" not in walking


def test_what_is_shown_is_fetched_for_fifty_only(plans):
    for plan in plans(sort="deadline")[1:2]:
        assert "questionnaires_questionnaire" not in plan
        assert "offices_user" not in plan
