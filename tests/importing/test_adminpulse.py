"""AdminPulse's workbook in a review: joint returns from the start, which can be undone; every row accounted for."""

import json
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounton.customers.models import Customer
from accounton.importing import pieces
from accounton.importing.applying import claim, continue_applying
from accounton.importing.choosing import choose
from accounton.importing.couples import apart
from accounton.importing.invariants import broken
from accounton.importing.linked import join_linked
from accounton.importing.mapping import go_on
from accounton.importing.mapping_layouts import opened_layout
from accounton.importing.models import Batch, Change, ChangeKind, Reason
from accounton.importing.proposals import counts, open_proposals
from accounton.importing.review import Review
from accounton.importing.review_workbook import write_review
from accounton.importing.sealed_rows import opened
from accounton.importing.starting import start
from accounton.importing.undoing_changes import undo
from accounton.site.cli import main
from tests.adminpulse import LOUIS, by_openpyxl, by_xlsxwriter, relation, sheets
from tests.adminpulse import office as workbook
from tests.importing.test_repairing import row

pytestmark = pytest.mark.database


@pytest.fixture
def batch(admin):
    return started(admin, by_openpyxl(workbook()))


def started(admin, file: bytes) -> Batch:
    batch = start(admin, "migratie.xlsx", file, task_flow="personenbelasting", assessment_year=2026)
    choose(batch, questionnaire="personenbelasting")
    return batch


def test_it_goes_straight_to_a_review_with_joint_returns(batch):
    assert batch.state == "review"
    found = Review(batch, {}).counts
    assert {key: found[key] for key in ("only_in_import", "invalid", "merged", "left_out")} == {
        "only_in_import": 3, "invalid": 0, "merged": 1, "left_out": 2,
    }  # fmt: skip
    assert batch.rows_read == 6
    emma = opened(row(batch, 4)).values
    assert (emma["spouse_first_name"], emma["spouse_last_name"]) == ("Louis", "Janssens")
    assert emma["spouse_national_number"] == LOUIS
    assert counts(batch) == {}
    assert list(broken()) == []


def test_the_couples_are_one_change_that_can_be_undone(batch, admin):
    change = Change.objects.get()
    assert change.kind == ChangeKind.MERGE
    undo(batch, admin, change)
    assert not row(batch, 4).is_joint
    assert row(batch, 5).bucket == "invalid"
    assert counts(batch)[Reason.LINKED] == 1
    assert list(broken()) == []


def test_who_was_left_as_two_is_not_joined_again(batch, admin):
    undo(batch, admin, Change.objects.get())
    apart(batch, admin, open_proposals(batch, (Reason.LINKED,)).get().pk)
    again = started(admin, by_openpyxl(workbook()))
    assert not row(again, 4).is_joint
    assert Reason.LINKED not in counts(again)


def test_adding_makes_one_customer_of_a_couple_and_nobody_of_who_was_left_out(batch, admin):
    claim(batch, admin, batch.revision)
    continue_applying(batch)
    names = {customer.household_name for customer in Customer.objects.all()}
    assert names == {"Emma Peeters & Louis Janssens", "An De Smet", "Noor Janssens"}
    assert list(broken()) == []


def test_the_balance_line_by_line_says_why_a_row_was_left_out(batch):
    target = BytesIO()
    with translation.override("en"):
        write_review(target, batch)
    lines = {row[0]: row for row in openpyxl.load_workbook(target)["Rows"].iter_rows(values_only=True)}
    assert [lines[number][1] for number in ("5", "6", "8")] == ["Merged into another row", "Left out", "Left out"]
    assert lines["6"][5] == "This is a company: it was left out."
    assert lines["8"][5] == "This relation is no customer (Prospect): it was left out."


def test_the_columns_can_be_looked_at_all_the_same(admin):
    batch = start(
        admin, "m.xlsx", by_openpyxl(workbook()), task_flow="personenbelasting", assessment_year=2026, show_columns=True
    )
    assert batch.state == "mapping"
    layout = opened_layout(batch)
    columns = {column["place"]: column["target"] for column in layout["columns"]}
    go_on(batch, admin, batch.revision, columns, "french")
    assert batch.state == "review"
    assert row(batch, 4).is_joint
    assert row(batch, 4).language == "french"
    assert Review(batch, {}).counts["left_out"] == 2


def test_next_year_the_couple_is_known(batch, admin):
    claim(batch, admin, batch.revision)
    continue_applying(batch)
    again = started(admin, by_xlsxwriter(workbook()))
    found = Review(again, {}).counts
    assert (found["double"], found["only_in_import"], found["invalid"], found["only_in_platform"]) == (3, 0, 0, 0)
    assert list(broken()) == []


def test_the_page_says_what_was_recognised_and_left_out(client, admin):
    client.force_login(admin)
    file = SimpleUploadedFile("migratie.xlsx", by_xlsxwriter(workbook()))
    response = client.post(reverse("importing:upload"), {"file": file, "assessment_year": 2026}, follow=True)
    page = response.content.decode()
    assert response.redirect_chain[-1][0] == reverse("importing:review", args=[Batch.objects.get().pk])
    for text in ("AdminPulse", "Prospect: 1"):
        assert text in page


def test_the_command_line_imports_it(office, tmp_path, capsys):
    file = tmp_path / "migratie.xlsx"
    file.write_bytes(by_openpyxl(workbook()))
    code = main(["import", str(file), "--office", office.slug, "--questionnaire", "personenbelasting", "--json"])
    counted = json.loads(capsys.readouterr().out)
    assert code == 0
    assert (counted["imported"], counted["merged"], counted["left_out"]) == (3, 1, 2)


def test_joining_couples_in_pieces_asks_as_often_for_each_piece(admin, monkeypatch):
    monkeypatch.setattr(pieces, "PIECE", 20)
    asked = []
    for couples in (20, 60):
        people = [relation(f"Naam{number}", "An", number) for number in range(2 * couples)]
        links = [[number, "Partner", number + 1] for number in range(0, 2 * couples, 2)]
        batch = started(admin, by_openpyxl(sheets(*people, links=links)))
        undo(batch, admin, batch.changes.get())
        assert join_linked(batch) is None  # whom somebody took apart is not put together again
        batch.proposals.update(change=None)
        with CaptureQueriesContext(connection) as queries:
            assert join_linked(batch).rows == 2 * couples
        asked.append(len(queries))
    assert asked[1] <= 3 * asked[0] + 10
