"""Rows that were added are counted apart from those that can still be added, and shown when somebody asks for them."""

import re

import pytest

from accounton.importing.choosing import choose_rows
from accounton.importing.finishing import finish
from accounton.importing.handing_out import handed_out
from accounton.importing.models import Batch
from accounton.importing.review import Review
from accounton.importing.undoing import claim_undo, continue_undoing
from accounton.questionnaires.choosing import BY_RULES, Rule
from accounton.questionnaires.office_rules import add_rule, choose_rest
from tests.importing.conftest import person
from tests.importing.test_applying import add
from tests.importing.test_couples import couple
from tests.importing.test_review_workbook import rows_of

pytestmark = pytest.mark.database


@pytest.fixture
def client(client_as, admin):
    return client_as(admin)


@pytest.fixture
def partly(staged, admin) -> Batch:
    """Of seven rows three were added, two can still be (one of them deselected), and two are a couple that waits."""
    batch = staged(*(person(n) for n in range(4)), person(5, email="an@@x"), *couple())
    choose_rows(batch, batch.rows.filter(number=5), selected=False)
    return add(batch, admin)


def text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split()).replace(" ,", ",")


def test_what_was_added_is_counted_apart_and_the_sum_stays_that_of_the_file(partly, client):
    counts = Review(partly, {}).counts
    counts.pop("only_in_platform")
    assert counts == {"added": 3, "only_in_import": 3, "double": 0, "invalid": 1, "merged": 0, "left_out": 0}
    assert sum(counts.values()) == partly.rows_read
    page = client.get(f"/imports/{partly.pk}/").content.decode()
    assert "7 rijen: 3 nieuw, 0 dubbel, 1 ongeldig, + 3 toegevoegd" in text(page)
    assert "Klanten enkel in import 3 " in text(page)


def test_the_list_shows_what_can_still_be_added_and_on_request_who_was(partly, client):
    url = f"/imports/{partly.pk}/"
    page = client.get(url).content.decode()
    assert re.findall(r'data-row="(\d)"', page) == ["5", "7", "8"]
    assert "2 van 3 geselecteerd" in text(page)
    assert f'href="{url}?bucket=only_in_import&amp;added=1"' in page
    page = client.get(f"{url}?added=1").content.decode()
    assert re.findall(r'data-row="(\d)"', page) == ["2", "3", "4"]
    assert "1–3 van 3" in text(page)
    assert "data-editing" not in page
    assert 'id="choose-none"' not in page
    assert re.findall(r'data-row="(\d)"', client.get(f"{url}?added=1&q=noor0").content.decode()) == ["2"]
    assert not re.findall(r'data-row="(\d)"', client.get(f"{url}?q=noor0").content.decode())


def test_selecting_all_leaves_rows_that_were_added_alone(partly, client):
    client.post(f"/imports/{partly.pk}/select/", {"choice": "none"})
    assert sorted(partly.rows.filter(selected=True).values_list("number", flat=True)) == [2, 3, 4, 6]
    partly.refresh_from_db()
    assert Review(partly, {}).selected == 0


def test_questionnaires_are_counted_for_what_can_still_be_added(partly, admin):
    add_rule(admin, Rule("personenbelasting_kort", language="dutch"))
    choose_rest(admin, "personenbelasting")
    partly.questionnaire = BY_RULES
    partly.save()
    review = Review(partly, {"gets": "personenbelasting_kort"})
    assert review.given["personenbelasting_kort"] == (2, 3)
    assert review.page.paginator.count == len(review.page.object_list) == 3


def test_once_all_were_added_the_empty_list_says_so_and_leads_to_them(staged, admin, client):
    batch = add(staged(person(1), person(2)), admin)
    url = f"/imports/{batch.pk}/"
    page = client.get(url).content.decode()
    assert "Alle nieuwe klanten zijn toegevoegd." in text(page)
    assert 'href="?added=1"' in page
    assert re.findall(r'data-row="(\d)"', client.get(f"{url}?added=1").content.decode()) == ["2", "3"]


def test_what_was_taken_back_can_be_counted_as_new_again(partly, admin):
    claim_undo(partly, admin)
    continue_undoing(partly)
    assert (Review(partly, {}).counts["only_in_import"], Review(partly, {}).counts["added"]) == (6, 0)


def test_the_workbook_counts_them_apart_too(partly, admin):
    book, _rows = rows_of(handed_out(partly, admin, "review"))
    facts = {line[0].value: line[1].value for line in book.worksheets[2]}
    assert (facts["Toegevoegd"], facts["Klanten enkel in import"], facts["Ongeldige klanten"]) == ("3", "3", "1")


def test_the_page_after_adding_names_what_waits_and_what_can_be_repaired(partly, admin, client):
    url = f"/imports/{partly.pk}/"
    page = client.get(f"{url}result/").content.decode()
    assert "2 geselecteerde rijen wachten op een beslissing" in text(page)
    assert f'<a href="{url}?bucket=invalid"> 1 ongeldige rij kan nog verbeterd worden</a>' in re.sub(r"\s+", " ", page)
    finish(partly, admin)
    assert "ongeldige rij" not in client.get(f"{url}result/").content.decode()
