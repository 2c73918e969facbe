"""Pages of very many rows: counted and sorted through indexes, whole from the first page to the last."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounton.customers.models import Customer
from accounton.importing import near, only_here
from accounton.importing.applying import claim, continue_applying
from accounton.importing.choosing import ReviewClosed, choose_rows, touch, unread
from accounton.importing.lengths import LONG
from accounton.importing.models import Batch, State
from accounton.offices.scoping import acting_for
from tests.importing.conftest import person

pytestmark = pytest.mark.database


@pytest.fixture
def client(client_as, admin):
    return client_as(admin)


@pytest.fixture
def plans(client):
    """Give a function that gives SQLite's plan of each query behind a page."""
    if connection.vendor != "sqlite":
        pytest.skip("reads SQLite's plans")

    def of(url: str) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        found = []
        with connection.cursor() as cursor:
            for query in queries.captured_queries:
                cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
                found.append("; ".join(row[3] for row in cursor.fetchall()))
        return found

    return of


@pytest.mark.parametrize("sort", ["name", "-email", "-language"])
def test_all_pages_together_hold_every_row_once(client, staged, sort):
    batch = staged(*(person(n % 7, email=f"noor{n}@x.example") for n in range(170)))
    numbers = []
    for page in range(1, 5):
        content = client.get(f"/imports/{batch.pk}/?sort={sort}&page={page}").content.decode()
        numbers += re.findall(r'<tr data-row="(\d+)"', content)
    assert len(numbers) == len(set(numbers)) == 170
    if sort == "-email":
        assert [int(number) for number in numbers] == list(
            batch.rows.order_by("-email").values_list("number", flat=True)
        )


def test_counts_read_indexes_only(plans, staged):
    batch = staged(*(person(n) for n in range(3)))
    batch.rows.filter(number=2).update(selected=False)
    [counting] = [plan for plan in plans(f"/imports/{batch.pk}/") if "COMPOUND" in plan and "onlyhere" in plan]
    for name in ("staged_deselected", "staged_repaired", "staged_own_questionnaire"):
        assert f"COVERING INDEX {name}" in counting
    assert "SEARCH importing_stagedrow USING INDEX" not in counting
    assert "SCAN" not in counting


@pytest.mark.parametrize("sort", ["name", "email", "language"])
def test_customers_only_here_are_sorted_without_reading_their_own_table(plans, known, staged, sort):
    known(client_code="K1")
    batch = staged(person(1))
    [sorting] = [
        plan for plan in plans(f"/imports/{batch.pk}/?bucket=only_in_platform&sort={sort}") if "B-TREE" in plan
    ]
    assert "importing_onlyhere USING COVERING INDEX" in sorting


@pytest.fixture
def many_here(staged):
    """Give a review of a list that 130 customers do not stand in; every ninth of them is archived."""
    known = staged(*(person(n, last_name=f"Declercq {n * 37 % 130:03}") for n in range(130)))
    claim(known, None, known.revision)
    continue_applying(known)
    batch = staged(person(999))
    archived = [customer.pk for customer in Customer.objects.order_by("id")[::9]]
    Customer.objects.filter(pk__in=archived).update(archived_at=timezone.now())
    return batch


def customers_of(client, batch: Batch, query: str, pages: int = 3) -> list[int]:
    found = []
    for page in range(1, pages + 1):
        url = f"/imports/{batch.pk}/?bucket=only_in_platform&page={page}&{query}"
        found += re.findall(r'cell-name">\s*<a href="/customers/(\d+)/"', client.get(url).content.decode())
    return list(map(int, found))


@pytest.mark.parametrize("query", ["", "q=Declercq"])
@pytest.mark.parametrize("sort", ["name", "-name"])
@pytest.mark.parametrize("most_archived", [0, 2000])
def test_however_many_are_only_here_they_come_by_name(client, many_here, monkeypatch, query, sort, most_archived):
    monkeypatch.setattr(only_here, "WALK_FROM", 1)
    monkeypatch.setattr(only_here, "MOST_ARCHIVED", most_archived)
    expected = list(Customer.objects.order_by("search").values_list("pk", flat=True))
    expected = expected[::-1] if sort == "-name" else expected
    assert customers_of(client, many_here, f"sort={sort}&{query}") == expected


@pytest.mark.parametrize(("query", "count"), [("noor12", 11), ("declercq noor7", 11), ("zzz", 0)])
def test_a_search_among_very_many_only_here_finds_them(client, many_here, monkeypatch, query, count):
    monkeypatch.setattr(only_here, "WALK_FROM", 1)
    found = customers_of(client, many_here, f"q={query}", pages=1)
    named = Customer.objects.filter(search__contains=query.split()[-1]).order_by("search")
    assert len(found) == count
    assert found == list(named.values_list("pk", flat=True))


@pytest.mark.parametrize("sort", ["name", "-name"])
def test_very_many_only_here_are_not_sorted(plans, many_here, monkeypatch, sort):
    monkeypatch.setattr(only_here, "WALK_FROM", 1)
    found = plans(f"/imports/{many_here.pk}/?bucket=only_in_platform&sort={sort}")
    [walking] = [plan for plan in found if "COVERING INDEX customer_search (office_id=? AND archived_at=?)" in plan
                 and "SUBQUERY" in plan]  # fmt: skip
    assert "U0 USING COVERING INDEX" in walking
    assert "B-TREE" not in walking


def test_a_choice_of_two_reviewers_counts_twice(staged):
    batch = staged(person(1), person(2))
    mine, theirs = Batch.objects.get(pk=batch.pk), Batch.objects.get(pk=batch.pk)
    touch(theirs)
    choose_rows(mine, mine.rows.filter(number=2), selected=False)
    assert (theirs.revision, mine.revision) == (batch.revision + 1, batch.revision + 2)
    assert mine.touched_at == Batch.objects.get(pk=batch.pk).touched_at
    assert batch.rows.get(number=2).revision == mine.revision


def test_a_batch_that_was_not_read_is_read_as_it_is_touched(staged, django_assert_num_queries):
    batch = staged(person(1), language="french")
    with django_assert_num_queries(1):
        touched = unread(batch.pk, batch.office)
        touch(touched, language="dutch")
        assert (touched.revision, touched.language, touched.file_name) == (batch.revision + 1, "dutch", "lijst.xlsx")
        assert touched.columns == batch.columns
    assert Batch.objects.get(pk=batch.pk).language == "dutch"


def test_one_that_is_closed_is_read_all_the_same_and_one_that_is_not_there_is_missed(staged, office):
    batch = staged(person(1))
    Batch.objects.filter(pk=batch.pk).update(state=State.APPLYING)
    touched = unread(batch.pk, office)
    with pytest.raises(ReviewClosed) as closed:
        touch(touched)
    assert (closed.value.state, touched.file_name) == (State.APPLYING, "lijst.xlsx")
    assert Batch.objects.get(pk=batch.pk).revision == batch.revision
    with pytest.raises(Batch.DoesNotExist):
        touch(unread(batch.pk + 1, office))


def test_nobody_touches_a_batch_of_another_office(staged, other_office):
    batch = staged(person(1))
    with acting_for(other_office.pk), pytest.raises(Batch.DoesNotExist):
        touch(unread(batch.pk, other_office))
    assert Batch.objects.get(pk=batch.pk).revision == batch.revision


def test_the_menu_counts_customers_only_where_it_is_seen(client, known, staged):
    known(client_code="K1")
    url = f"/imports/{staged(person(1)).pk}/"
    assert "menu-count" in client.get(url).content.decode()
    assert "menu-count" not in client.get(url, headers={"hx-request": "true"}).content.decode()
    restored = {"hx-request": "true", "hx-history-restore-request": "true"}
    assert "menu-count" in client.get(url, headers=restored).content.decode()


def test_people_of_one_name_in_other_mailboxes_are_not_opened_for_an_edit(client, staged):
    batch = staged(*(person(n, first_name="Jan", email=f"jan{n}@x.example") for n in range(9)))
    with CaptureQueriesContext(connection) as asked:
        cells = '[{"row": 2, "revision": 0, "key": "email", "text": "jan@y.example"}]'
        client.post(f"/imports/{batch.pk}/edit/", {"cells": cells}, headers={"hx-request": "true"})
    looked_through = [
        query["sql"] for query in asked if '"name_key" IN' in query["sql"] and "stagedrow" in query["sql"]
    ]
    assert len(looked_through) == 1


@pytest.mark.postgresql
def test_postgresql_has_looked_at_a_long_list_before_anybody_asks_about_it(staged):
    staged(person(1))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # it knows a batch, but not the next one
    batch = staged(*(person(n) for n in range(LONG + 1)))
    assert int(re.search(r"rows=(\d+)", batch.rows.explain())[1]) > LONG / 2


@pytest.mark.parametrize("few", [0, 5000])
@pytest.mark.parametrize("sort", ["name", "-name", "email", "-language"])
def test_a_search_gives_the_same_customers_however_many_it_finds(client, many_here, monkeypatch, few, sort):
    monkeypatch.setattr(only_here, "FEW", few)
    column, sign = {"name": "search"}.get(sort.strip("-"), sort.strip("-")), "-" if sort[0] == "-" else ""
    expected = Customer.objects.order_by(f"{sign}{column}", f"{sign}id").values_list("pk", flat=True)
    assert customers_of(client, many_here, f"sort={sort}&q=declercq") == list(expected)


def test_a_search_that_finds_few_looks_all_customers_through_once(client, many_here):
    with CaptureQueriesContext(connection) as asked:
        customers_of(client, many_here, "q=noor12", pages=1)
    assert sum("LIKE" in query["sql"] for query in asked) == 1


def test_what_is_counted_names_no_column_that_its_index_lacks(client, staged):
    batch = staged(person(1))
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/imports/{batch.pk}/")
    counting = [query["sql"] for query in asked if "UNION ALL" in query["sql"]]
    assert len(counting) == 2
    assert not [sql for sql in counting if 'COUNT("importing_stagedrow"."id")' in sql]
    deselected = 'NOT "importing_stagedrow"."selected"'
    [buckets] = [sql for sql in counting if "importing_proposal" not in sql]
    [to_settle] = [sql for sql in counting if "importing_proposal" in sql]
    assert deselected in buckets
    # PostgreSQL takes those for none until it looks again: from them on, 98,000 took it 25 seconds.
    assert deselected not in to_settle


@pytest.mark.postgresql
def test_postgresql_has_looked_at_the_near_matches_of_a_long_list(staged, monkeypatch):
    monkeypatch.setattr(near, "LONG", 1)
    batch = staged(person(1), person(2))
    with CaptureQueriesContext(connection) as asked:
        near.look(batch)
    assert any(query["sql"].startswith('ANALYZE "importing_proposal"') for query in asked)
