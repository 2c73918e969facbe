"""The pages of the rules for the questionnaire, and what a review shows of them."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounton.importing.models import Batch, StagedRow
from accounton.offices.models import AuditEntry
from accounton.questionnaires import office_rules
from accounton.questionnaires.choosing import BY_RULES, Rule
from accounton.questionnaires.models import Questionnaire, QuestionnaireRule
from tests.importing.conftest import person
from tests.importing.test_pages import review_url

pytestmark = pytest.mark.django_db
URL = "/imports/rules/"
KORT, ZELF, GEWOON = "personenbelasting_kort", "personenbelasting_zelfstandigen", "personenbelasting"
PEOPLE = (person(1), person(2, language="french"), person(3, enterprise_number="0403019261"))


@pytest.fixture
def client(client_as, admin):
    return client_as(admin)


@pytest.fixture
def rules(office, admin):
    office_rules.add_rule(admin, Rule(ZELF, self_employed=True))
    office_rules.add_rule(admin, Rule(KORT, language="french"))


def words(client) -> list[str]:
    page = client.get(URL).content.decode()
    return [
        " ".join(text.split()) for text in re.findall(r'<th scope="row" class="cell-name[^>]*>(.*?)</th>', page, re.S)
    ]


def test_rules_are_added_read_in_words_put_in_order_changed_and_deleted(client):
    assert "Er zijn nog geen regels" in client.get(URL).content.decode()
    client.post(URL, {"self_employed": "yes", "questionnaire": ZELF})
    client.post(URL, {"language": "french", "label": "VIP", "joint": "no", "questionnaire": KORT})
    self_employed = "Wie zelfstandige is, krijgt “Zelfstandigen: checklist van de personenbelasting”."
    french = (
        "Wie Frans als taal heeft, het label “VIP” heeft en een individuele aangifte doet, krijgt “Korte checklist van "
        "de personenbelasting”."
    )
    assert words(client) == [self_employed, french]
    second = QuestionnaireRule.objects.last()
    client.post(f"{URL}{second.pk}/move/", {"direction": "up"})
    assert words(client) == [french, self_employed]
    client.post(f"{URL}{second.pk}/move/", {"direction": "up"})
    assert words(client) == [french, self_employed]
    client.post(f"{URL}{second.pk}/", {"language": "french", "questionnaire": KORT})
    assert words(client)[0] == "Wie Frans als taal heeft, krijgt “Korte checklist van de personenbelasting”."
    client.post(f"{URL}{second.pk}/delete/")
    assert words(client) == [self_employed]
    actions = AuditEntry.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == ["rules.added", "rules.added", "rules.moved", "rules.changed", "rules.deleted"]


@pytest.mark.parametrize(
    "given",
    [
        {"questionnaire": KORT},
        {"language": "french"},
        {"language": "french", "questionnaire": "andere"},
        {"language": "german", "questionnaire": KORT},
        {"label": "a,b", "questionnaire": KORT},
        {"label": "!!", "questionnaire": KORT},
        {"self_employed": "maybe", "questionnaire": KORT},
    ],
)
def test_what_is_no_rule_is_refused_in_words(client, given):
    answer = client.post(URL, given)
    assert answer.status_code == 422
    assert re.search(r'errorlist|role="alert"', answer.content.decode())
    assert not QuestionnaireRule.objects.exists()


def test_a_rule_that_nobody_reaches_says_so(client, rules, admin):
    office_rules.add_rule(admin, Rule(GEWOON, language="french", joint=True))
    assert "Niemand komt aan deze regel toe: regel 2 erboven past op hen allemaal." in words(client)[2]


def test_what_all_others_get_is_chosen_below_the_rules(client, office):
    client.post(f"{URL}rest/", {"questionnaire": KORT})
    client.post(f"{URL}rest/", {"questionnaire": "andere"})
    office.refresh_from_db()
    assert office.questionnaire == KORT


def test_without_rules_a_review_offers_no_choice_of_them_and_counts_nothing(client):
    page = client.get(review_url(client, *PEOPLE)).content.decode()
    assert BY_RULES not in page
    assert '<p class="soft" id="which" hidden>' in page
    assert Batch.objects.get().questionnaire == ""


def test_with_rules_each_row_shows_its_questionnaire_and_the_counts_lead_to_them(client, rules):
    url = review_url(client, *PEOPLE)
    assert Batch.objects.get().questionnaire == BY_RULES
    page = client.get(url).content.decode()
    assert "Volgens de regels van uw kantoor" in page
    assert "Zelfstandigen: checklist van de personenbelasting · Nederlands" in page
    assert "Korte checklist van de personenbelasting · Frans" in page
    shown = client.get(f"{url}?gets={ZELF}").content.decode()
    assert "Noor3" in shown
    assert "Noor1" not in shown
    client.post(f"{url}select/?gets={ZELF}", {"choice": "none"})
    assert list(StagedRow.objects.filter(selected=False).values_list("number", flat=True)) == [4]
    page = client.get(url).content.decode()
    assert f'<a href="{url}?gets={ZELF}">Zelfstandigen: checklist van de personenbelasting</a> (0)' in page


def test_of_a_long_list_the_counts_come_after_the_page(client, rules, monkeypatch):
    monkeypatch.setattr("accounton.importing.review.GIVEN_AT_ONCE", 2)
    url = review_url(client, *PEOPLE)
    page = client.get(url).content.decode()
    assert f'hx-get="{url}given/?gets="' in page
    assert f"?gets={ZELF}" not in page
    line = client.get(f"{url}given/", headers={"HX-Request": "true"}).content.decode()
    assert f'<a href="{url}?gets={ZELF}">Zelfstandigen: checklist van de personenbelasting</a> (1)' in line
    assert "<html" not in line
    assert "<html" in client.get(f"{url}given/").content.decode()


def test_one_questionnaire_can_still_be_chosen_for_all_and_the_rules_again(client, rules):
    url = review_url(client, *PEOPLE)
    client.post(f"{url}choose/", {"questionnaire": KORT})
    assert client.get(url).content.decode().count('title="Korte checklist van de personenbelasting ·') == 3
    client.post(f"{url}choose/", {"questionnaire": BY_RULES})
    assert Batch.objects.get().questionnaire == BY_RULES


def test_a_row_is_given_another_in_its_cell_by_key_or_title(client, rules):
    url = review_url(client, *PEOPLE)

    def put(text: str) -> str:
        cells = [{"row": 2, "revision": 10**6, "key": "questionnaire", "text": text}]
        return client.post(f"{url}edit/", {"cells": json.dumps(cells)}, headers={"HX-Request": "true"}).content.decode()

    answer = put(KORT)
    assert "Gekozen voor deze rij. Anders was het “Checklist van de personenbelasting”." in answer
    assert "Korte checklist van de personenbelasting</a> (2)" in answer
    put("zelfstandigen: checklist van de personenbelasting")
    assert StagedRow.objects.get(number=2).questionnaire == ZELF
    put("zomaar iets")
    assert StagedRow.objects.get(number=2).questionnaire == ZELF
    put("")
    assert StagedRow.objects.get(number=2).questionnaire == ""


def test_the_selected_rows_are_given_another_at_once_and_back_in_one_step(client, rules):
    url = review_url(client, *PEOPLE)
    client.post(f"{url}select/", {"row": [2], "selected": "0"})
    client.post(f"{url}bulk/", {"action": "questionnaire", "questionnaire": GEWOON})
    page = client.get(url).content.decode()
    assert re.search("Kolom ingevuld: Vragenlijst, [A-Z][^,<]+, 2 rijen", page)
    assert list(StagedRow.objects.order_by("number").values_list("questionnaire", flat=True)) == ["", GEWOON, GEWOON]
    client.post(f"{url}bulk/", {"action": "questionnaire", "questionnaire": "for-all"})
    assert not StagedRow.objects.exclude(questionnaire="").exists()


def test_the_page_of_one_row_changes_its_questionnaire(client, rules):
    url = review_url(client, *PEOPLE)
    page = client.get(f"{url}rows/2/").content.decode()
    fields = dict(re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', page))
    fields.pop("csrfmiddlewaretoken", None)
    client.post(f"{url}rows/2/", {**fields, "language": "dutch", "revision": "0", "questionnaire": KORT})
    assert StagedRow.objects.get(number=2).questionnaire == KORT
    assert StagedRow.objects.get(number=2).email == "noor1@x.example"


def test_adding_says_who_got_which_and_refuses_rules_that_were_not_seen(client, rules, admin):
    url = review_url(client, *PEOPLE)
    page = client.get(url).content.decode()
    seen = re.search(r'name="rules" value="(\w+)"', page)[1]
    office_rules.add_rule(admin, Rule(KORT, joint=True))
    answer = client.post(f"{url}add/", {"revision": "99", "rules": seen}, follow=True).content.decode()
    assert "De regels voor de vragenlijst zijn gewijzigd sinds u ze zag" in answer
    assert not Questionnaire.objects.exists()
    page = client.get(url).content.decode()
    seen = re.search(r'name="rules" value="(\w+)"', page)[1]
    answer = client.post(f"{url}add/", {"revision": "99", "rules": seen}, follow=True).content.decode()
    assert "<li>Korte checklist van de personenbelasting (1)</li>" in answer
    assert Questionnaire.objects.values_list("definition", flat=True).distinct().count() == 3


def test_a_review_by_rules_takes_few_queries_however_many_rows(client, rules):
    counts = []
    for size in (3, 120):
        url = review_url(client, *[person(n, language="french" if n % 2 else "dutch") for n in range(size)])
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15


def test_the_way_back_to_the_review_stands_on_the_rules_page(client, rules):
    url = review_url(client, *PEOPLE)
    number = Batch.objects.get().pk
    assert f'href="{URL}?batch={number}"' in client.get(url).content.decode()
    assert f'href="{url}"' in client.get(f"{URL}?batch={number}").content.decode()
    assert client.get(f"{URL}?batch=999999999").status_code == 200


def test_a_label_of_a_rule_is_no_national_number(client):
    page = client.post(URL, {"label": "RR 85.07.30-033.28", "questionnaire": KORT})
    assert page.status_code == 422
    assert "alleen in zijn eigen kolom" in page.content.decode()
    assert not QuestionnaireRule.objects.exists()
