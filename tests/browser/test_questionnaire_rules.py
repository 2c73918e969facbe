"""A mixed list goes in at once: an admin makes rules, sees who gets what, changes one, and adds everybody."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounton.questionnaires.models import Questionnaire
from tests.browser.test_the_import import upload
from tests.browser.workbooks import PEOPLE, by_openpyxl

ADD = "Voeg de geselecteerde klanten toe aan Accounton"
SHORT = "Korte checklist van de personenbelasting"
USUAL = "Checklist van de personenbelasting"
BUSINESS = "Zelfstandigen: checklist van de personenbelasting"
MIXED = [PEOPLE[0], PEOPLE[1], {**PEOPLE[2], "enterprise_number": "0403019261"}]


def add_rule(page: Page, questionnaire: str, **conditions: str) -> None:
    for label, option in conditions.items():
        page.get_by_label(label.replace("_", " "), exact=True).select_option(label=option)
    page.get_by_label("Krijgt de vragenlijst").select_option(label=questionnaire)
    before = page.get_by_role("rowheader").count()
    page.get_by_role("button", name="Voeg de regel toe").click()
    expect(page.get_by_role("rowheader")).to_have_count(before + 1)


def row(page: Page, name: str):
    return page.get_by_role("row", name=re.compile(name))


def test_rules_choose_for_a_mixed_list_and_one_row_is_changed(page: Page, live_server, admin, log_in, tmp_path):
    log_in(admin)
    page.goto(f"{live_server.url}/imports/")
    page.get_by_role("link", name="Regels voor de vragenlijst").click()
    add_rule(page, SHORT, Taal="Frans")
    add_rule(page, BUSINESS, Zelfstandig="Ja")
    page.get_by_role("button", name=re.compile("Omhoog.*zelfstandige")).click()
    expect(page.get_by_role("rowheader").first).to_contain_text("Wie zelfstandige is")
    assert Axe().run(page).violations_count == 0
    page.goto(f"{live_server.url}/imports/new/")
    upload(page, by_openpyxl(tmp_path / "gemengd.xlsx", MIXED))
    expect(page.get_by_label("Selecteer vragenlijst")).to_have_value("by-rules")
    expect(row(page, "Emma")).to_contain_text(f"{USUAL} ·")
    expect(row(page, "Louis")).to_contain_text(SHORT)
    expect(row(page, "Noor")).to_contain_text(BUSINESS)
    cell = row(page, "Emma").locator("[data-edit=questionnaire]")
    cell.focus()
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="Vragenlijst", exact=True).select_option(label=SHORT)
    page.keyboard.press("Enter")
    expect(row(page, "Emma")).to_contain_text(SHORT)
    expect(page.locator("#which")).to_contain_text(f"{SHORT} (2)")
    page.get_by_role("button", name=ADD).click()
    expect(page.get_by_role("heading", name="3 klanten toegevoegd")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text=f"{SHORT} (2)")).to_be_visible()
    found = Questionnaire.objects.order_by("dossier__customer__first_name").values_list("definition", flat=True)
    assert list(found) == ["personenbelasting_kort", "personenbelasting_kort", "personenbelasting_zelfstandigen"]
