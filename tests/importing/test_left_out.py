"""Rows that were left out: listed with the reason, brought back as if they had come in so, put out again by undo."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounton.customers.models import Customer
from accounton.importing import repeated
from accounton.importing.applying import claim, continue_applying
from accounton.importing.choosing import ReviewClosed, choose
from accounton.importing.deciding import decide
from accounton.importing.invariants import broken
from accounton.importing.left_out import LeftOut, bring_back
from accounton.importing.models import NEAR, ChangeKind, Proposal, StagedRow, State, Verdict
from accounton.importing.near import look
from accounton.importing.pieces import at_once
from accounton.importing.proposals import counts, open_proposals
from accounton.importing.remembering import decisions
from accounton.importing.repairing import edit
from accounton.importing.review import Review
from accounton.importing.sealed_rows import opened
from accounton.importing.starting import start
from accounton.importing.undoing_changes import CannotUndo, undo
from tests.adminpulse import EMMA, by_openpyxl, relation, sheets
from tests.adminpulse import office as workbook
from tests.importing.conftest import person
from tests.importing.test_near import NEARS, TWINS, only
from tests.importing.test_repairing import row, state

pytestmark = pytest.mark.database
BAKERY, TOM = 6, 8


@pytest.fixture
def batch(admin):
    return started(admin, workbook())


@pytest.fixture
def client(client_as, admin):
    return client_as(admin, "en")


def started(admin, content):
    batch = start(admin, "migratie.xlsx", by_openpyxl(content), task_flow="personenbelasting", assessment_year=2026)
    choose(batch, questionnaire="personenbelasting")
    return batch


def everything(batch):
    """All that a review says of its rows, and what there is to decide and was decided."""
    rows = [  # columns that a list does not have are written down as empty ones
        tuple({k: v for k, v in part.items() if v and k != "type"} if isinstance(part, dict) else part for part in each)
        for each in state(batch)
    ]
    settled = Proposal.objects.filter(batch=batch).order_by("row", "reason", "customer_id")
    return (
        rows,
        sorted(batch.only_here.values_list("customer_id", flat=True)),
        list(settled.values_list("row", "reason", "customer_id", "change")),
        list(decisions().values_list("pk", flat=True)),
    )


def page_of(client, batch, query=""):
    return client.get(reverse("importing:left_out", args=[batch.pk]) + query)


def test_a_company_brought_back_is_checked_like_any_row(batch, admin):
    change = bring_back(batch, admin, [BAKERY])
    assert (change.kind, change.rows, change.first_row, change.made_by) == (ChangeKind.BROUGHT_BACK, 1, BAKERY, admin)
    bakery = row(batch, BAKERY)
    assert (bakery.bucket, bakery.problems, bakery.selected) == ("invalid", "first_name.missing", True)
    assert "adminpulse.company" not in {finding.code for finding in opened(bakery).findings}
    assert Review(batch, {}).counts["left_out"] == 1
    assert list(broken()) == []


def test_who_was_no_customer_comes_back_as_a_new_one_and_is_added(batch, admin):
    bring_back(batch, admin, [TOM])
    assert (row(batch, TOM).bucket, row(batch, TOM).selected) == ("only_in_import", True)
    claim(batch, admin, batch.revision)
    continue_applying(batch)
    assert Customer.objects.filter(last_name="Maes").exists()
    assert list(broken()) == []


def test_who_is_known_comes_back_as_double(batch, admin, known):
    tom = known(first_name="Tom", last_name="Maes", email="tom@telenet.be")
    batch = started(admin, workbook())
    assert list(batch.only_here.values_list("customer_id", flat=True)) == [tom.pk]
    before = everything(batch)
    change = bring_back(batch, admin, [TOM])
    assert (row(batch, TOM).bucket, row(batch, TOM).match) == ("double", tom)
    assert not batch.only_here.exists()
    undo(batch, admin, change)
    assert everything(batch) == before


def test_undoing_leaves_them_out_again_as_they_were(batch, admin):
    before = everything(batch)
    change = bring_back(batch, admin, [BAKERY, TOM])
    assert change.rows == 2
    undo(batch, admin, change)
    assert everything(batch) == before
    assert row(batch, TOM).number_hash is None
    assert bring_back(batch, admin, [TOM]).rows == 1


def test_what_came_later_must_be_undone_first(batch, admin):
    change = bring_back(batch, admin, [BAKERY])
    edit(batch, admin, {BAKERY: (batch.revision, {"first_name": "Bo"})})
    assert row(batch, BAKERY).bucket == "only_in_import"
    with pytest.raises(CannotUndo):
        undo(batch, admin, change)


def test_who_repeats_another_row_says_so_once_back(admin):
    twice = sheets(
        relation("Peeters", "Emma", 1, Rijksregisternummer=EMMA),
        relation("Peeters", "Emma", 2, Status="Prospect", Rijksregisternummer=EMMA),
        links=[],
    )
    batch = started(admin, twice)
    before = everything(batch)
    change = bring_back(batch, admin, [3])
    assert "row.repeated" in row(batch, 3).problems
    undo(batch, admin, change)
    assert everything(batch) == before


def test_a_repeated_row_that_was_left_out_comes_back_to_be_settled(staged, admin):
    batch = staged(person(1), person(1))
    repeated.keep(batch, admin, 3, 2, batch.revision)
    before = everything(batch)
    change = bring_back(batch, admin, [3])
    assert row(batch, 3).problems == "row.repeated"
    undo(batch, admin, change)
    assert everything(batch) == before


@pytest.mark.parametrize("reason", ["birth", "email", "partner"])
@pytest.mark.parametrize("verdict", [Verdict.LEFT_OUT, Verdict.SAME])
def test_a_near_match_that_was_left_out_is_asked_about_again(staged, known, admin, reason, verdict):
    theirs, ours = NEARS[reason]
    known(**theirs)
    batch = staged(person(1, **{"last_name": "Bekend", **ours}), person(2))
    look(batch)
    decide(batch, admin, only(batch).pk, verdict, batch.revision)
    if row(batch, 2).bucket != "left_out":  # the same person: a double customer
        return
    before = everything(batch)
    change = bring_back(batch, admin, [2])
    assert open_proposals(batch, NEAR).get().row == 2
    assert not decisions().exists()
    look(batch)
    assert counts(batch) == {reason: 1}
    undo(batch, admin, change)
    assert (counts(batch), row(batch, 2).bucket, decisions().count()) == ({}, "left_out", 1)
    assert everything(batch)[:2] == before[:2]


def test_who_is_left_out_by_an_earlier_decision_is_not_left_out_once_more_by_the_next_look(staged, known, admin):
    known(**NEARS["email"][0])
    people = (person(1, **{"last_name": "Bekend", **NEARS["email"][1]}), person(2))
    first, again = staged(*people), staged(*people)
    look(first)
    decide(first, admin, only(first).pk, Verdict.LEFT_OUT, first.revision)
    look(again)
    assert row(again, 2).bucket == "left_out"
    before = everything(again)
    change = bring_back(again, admin, [2])
    look(again)
    assert (row(again, 2).bucket, counts(again)) == ("only_in_import", {"email": 1})
    undo(again, admin, change)
    assert everything(again)[:2] == before[:2]
    assert decisions().count() == 1


def test_what_is_not_left_out_is_passed_over(batch, admin):
    assert bring_back(batch, admin, [4, 5, 999]) is None
    assert batch.changes.count() == 1


def test_a_closed_review_stays_as_it_is(batch, admin):
    claim(batch, admin, batch.revision)
    continue_applying(batch)
    assert batch.state == State.DONE
    with pytest.raises(ReviewClosed):
        bring_back(batch, admin, [TOM])


def test_the_page_says_what_each_is_and_why_it_was_left_out(client, batch, admin, staged):
    page = page_of(client, batch).content.decode()
    for words in ("Bakkerij Peeters NV", "Companies are not imported", "Prospect", "Not a customer in AdminPulse"):
        assert words in page
    assert "Janssens" not in page  # Louis is merged, not left out
    other = staged(person(1, last_name="Maes BV"), person(2), person(2))
    look(other)
    decide(other, admin, only(other).pk, Verdict.LEFT_OUT, other.revision)
    at_once(other, admin, repeated.KeepFirst())
    page = page_of(client, other).content.decode()
    for words in ("This looks like a company", "Twice in the list", "Left out by Els Claes on "):
        assert words in page


def test_the_counts_of_the_review_lead_there(client, batch):
    url = reverse("importing:left_out", args=[batch.pk])
    assert client.get(reverse("importing:review", args=[batch.pk])).content.decode().count(f'href="{url}"') == 2


def test_ticked_rows_and_one_row_are_brought_back(client, batch):
    url = reverse("importing:bring_back", args=[batch.pk])
    done = client.post(url, {"row": [BAKERY, TOM]}, follow=True).content.decode()
    assert "Rows brought back: 2 rows. Now: Invalid customers (1), Customers only in import (1)." in done
    assert "Nobody was left out" in done
    client.post(reverse("importing:undo_change", args=[batch.pk, batch.changes.latest("pk").pk]))
    done = client.post(f"{url}?q=tom", {"only": TOM, "row": [BAKERY]}, follow=True)
    assert done.redirect_chain[-1][0].endswith("?q=tom")
    assert [row(batch, number).bucket for number in (BAKERY, TOM)] == ["left_out", "only_in_import"]
    assert "Tick the rows" in client.post(url, {}, follow=True).content.decode()
    assert "brought back already" in client.post(url, {"only": TOM}, follow=True).content.decode()


def test_a_company_that_is_brought_back_is_looked_at(client, admin):
    firm = relation("Maes NV", "Maes", 1, Type="Bedrijf")
    batch = started(admin, sheets(relation("Peeters", "Emma", 2), firm, links=[]))
    client.post(reverse("importing:bring_back", args=[batch.pk]), {"only": 3})
    assert (row(batch, 3).bucket, counts(batch)) == ("only_in_import", {"firm": 1})


def test_search_finds_by_name_mailbox_and_code(client, batch):
    for query, names in (("bakkerij", ["Bakkerij Peeters NV"]), ("1005", ["Tom Maes"]), ("zzz", [])):
        found = LeftOut(batch, query).page
        assert [f"{e.content.values['first_name']} {e.content.values['last_name']}".strip() for e in found] == names
    assert "Clear the search" in page_of(client, batch, "?q=zzz").content.decode()


def test_a_done_import_shows_them_read_only(client, batch, admin):
    claim(batch, admin, batch.revision)
    continue_applying(batch)
    page = page_of(client, batch).content.decode()
    assert "Bakkerij Peeters NV" in page
    assert "Bring back" not in page
    done = client.post(reverse("importing:bring_back", args=[batch.pk]), {"only": TOM}, follow=True)
    assert "nothing was changed" in done.content.decode()
    assert row(batch, TOM).bucket == "left_out"


def test_an_empty_list_says_what_would_stand_there(client, staged):
    assert "Nobody was left out" in page_of(client, staged(person(1))).content.decode()


def test_another_office_finds_nothing(client_as, other_admin, batch):
    client = client_as(other_admin)
    assert page_of(client, batch).status_code == 404
    assert client.post(reverse("importing:bring_back", args=[batch.pk]), {"only": TOM}).status_code == 404


def test_a_page_takes_few_queries_and_shows_a_hundred(client, admin):
    firms = (relation(f"Firma {number} NV", "", number, Type="Bedrijf") for number in range(230))
    batch = started(admin, sheets(relation("Peeters", "Emma", 999), *firms, links=[]))
    for query in ("", "?page=3", "?q=firma"):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page = page_of(client, batch, query)
        assert len(asked) <= 12
        assert len(page.context["lines"]) == (30 if "page" in query else 100)
    many = list(StagedRow.objects.filter(batch=batch, bucket="left_out").values_list("number", flat=True)[:100])
    with CaptureQueriesContext(connection) as asked:
        assert bring_back(batch, admin, many).rows == 100
    assert len(asked) <= 40


def test_numbers_are_not_found_by_a_partner_while_left_out(staged, admin):
    rows = sheets(
        relation("Peeters", "Emma", 1, Rijksregisternummer=TWINS[0]),
        relation("Claes", "An", 2, Status="Prospect", Rijksregisternummer=EMMA),
        links=[],
    )
    batch = started(admin, rows)
    edit(batch, admin, {2: (batch.revision, {"spouse_national_number": EMMA})})
    before = everything(batch)
    assert counts(batch) == {}
    change = bring_back(batch, admin, [3])
    assert counts(batch) == {"couple": 1}
    undo(batch, admin, change)
    assert (counts(batch), everything(batch)[0]) == ({}, before[0])
