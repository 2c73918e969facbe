"""A couple on two rows, merged in the review and added as one joint return."""

import re

from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounton.importing.applying import claim, continue_applying
from accounton.importing.choosing import choose
from accounton.importing.starting import start
from tests.browser.test_accessibility import GRAVE, RULES
from tests.importing.conftest import person, workbook

JAN, AN = "85073003328", "93051822361"


def test_a_couple_on_two_rows_becomes_one_joint_return(page: Page, live_server, admin, log_in):
    people = (
        person(1, first_name="Jan", last_name="Peeters", national_number=JAN, spouse_national_number=AN),
        person(2, first_name="An", last_name="Claes", national_number=AN, mobile="+32478123456"),
        person(3, first_name="Bo & Do", last_name="Maes"),
    )
    batch = start(admin, "koppels.xlsx", workbook(*people), task_flow="personenbelasting", assessment_year=2026)
    log_in(admin)
    page.goto(f"{live_server.url}/imports/{batch.pk}/")
    page.get_by_role("link", name="2 koppels staan uit elkaar in deze lijst").click()
    box = page.get_by_role("region", name=re.compile("^Jan Peeters . An Claes$")).first
    expect(box).to_be_visible()
    assert [v["id"] for v in Axe().run(page, options=RULES).response["violations"] if v["impact"] in GRAVE] == []

    page.get_by_role("radio", name="An Claes").check()
    page.get_by_role("button", name="Samenvoegen tot één gezamenlijke aangifte").click()
    expect(page.get_by_text("Koppel samengevoegd: 2 rijen")).to_be_visible()
    page.get_by_role("button", name="De partner afsplitsen").click()
    expect(page.get_by_text("Geen koppels uit elkaar")).to_be_visible()

    page.get_by_role("link", name="Terug naar het overzicht").click()
    expect(page.get_by_text("+ 1 samengevoegd")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("An Claes"))).to_contain_text("Gezamenlijk")
    expect(page.get_by_role("row", name=re.compile("Jan Peeters"))).to_have_count(0)
    page.goto(f"{live_server.url}/imports/{batch.pk}/changes/")
    page.get_by_role("row", name=re.compile("Koppel samengevoegd")).get_by_role("button").click()
    page.goto(f"{live_server.url}/imports/{batch.pk}/")
    expect(page.get_by_role("row", name=re.compile("Jan Peeters"))).to_be_visible()


def test_the_partners_mobile_is_kept_shown_found_and_goes_with_an_undo(page: Page, live_server, admin, log_in):
    people = (
        person(1, first_name="Jan", last_name="Peeters", national_number=JAN, spouse_national_number=AN,
               mobile="+32470111222"),
        person(2, first_name="An", last_name="Claes", national_number=AN, mobile="+32478123456"),
    )  # fmt: skip
    batch = start(admin, "koppels.xlsx", workbook(*people), task_flow="personenbelasting", assessment_year=2026)
    log_in(admin)
    page.goto(f"{live_server.url}/imports/{batch.pk}/couples/")
    page.get_by_role("radio", name="Jan Peeters").check()
    page.get_by_role("button", name="Samenvoegen tot één gezamenlijke aangifte").click()
    expect(page.get_by_text("Koppel samengevoegd: 2 rijen")).to_be_visible()
    page.get_by_role("link", name="Terug naar het overzicht").click()
    page.goto(f"{live_server.url}/imports/{batch.pk}/?q=0478+12+34+56")
    expect(page.get_by_role("row", name=re.compile("Jan Peeters"))).to_be_visible()
    batch.refresh_from_db()
    choose(batch, questionnaire="personenbelasting")
    batch.near_at = timezone.now()  # nobody looks for possible duplicates here
    batch.save()
    claim(batch, admin, batch.revision)
    continue_applying(batch)

    page.goto(f"{live_server.url}/customers/?q=an+claes")
    page.get_by_role("link", name=re.compile("Peeters")).first.click()
    for text in ("noor2@x.example", "+32 478 12 34 56", "+32 470 11 12 22"):
        expect(page.get_by_text(text).first).to_be_visible()
    page.get_by_role("link", name="Wijzigen").click()
    expect(page.get_by_label("Mobiel nummer van de partner")).to_have_value("+32478123456")
    page.get_by_label("Mobiel nummer van de partner").fill("0495 55 10 00")
    page.get_by_role("button", name=re.compile("^(Bewaren|Opslaan)$")).first.click()
    page.get_by_label("Mobiel nummer van de partner").fill("+32495551000")
    page.get_by_role("button", name=re.compile("^(Bewaren|Opslaan)$")).first.click()
    expect(page.get_by_text("+32 495 55 10 00").first).to_be_visible()
    page.goto(f"{live_server.url}/customers/?q=0495%2F55.10.00")
    expect(page.get_by_role("link", name=re.compile("Peeters")).first).to_be_visible()
