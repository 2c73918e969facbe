"""Two rows of one list that look like one person: decided as two people, or made one."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounton.importing.starting import start
from tests.browser.test_accessibility import GRAVE, RULES
from tests.importing.conftest import person, workbook
from tests.importing.test_twice import ADDRESS, BIRTH


def test_who_stands_twice_in_a_list_is_made_one_or_stays_two(page: Page, live_server, admin, log_in):
    people = [person(at, **values) for at, values in enumerate([*BIRTH, *ADDRESS], 1)]
    batch = start(admin, "lijst.xlsx", workbook(*people), task_flow="personenbelasting", assessment_year=2026)
    log_in(admin)
    page.goto(f"{live_server.url}/imports/{batch.pk}/")
    page.get_by_role("link", name="2 rijen lijken op een klant of een andere rij").click()
    assert [v["id"] for v in Axe().run(page, options=RULES).response["violations"] if v["impact"] in GRAVE] == []

    lies = page.get_by_role("region", name="Lies Peeters", exact=True)
    expect(lies.get_by_role("row", name=re.compile("Voornaam"))).to_contain_text("Lise")
    lies.get_by_role("button", name="Twee mensen: beide houden").click()
    expect(page.get_by_text("Gelijkenis beslist: 2 rijen")).to_be_visible()
    noor = page.get_by_role("region", name="Noor Maes", exact=True)
    noor.get_by_role("radio", name="Rij 5").check()
    noor.get_by_role("button", name="Aanvullen wat leeg is uit de andere").click()
    expect(page.get_by_text("Geen gelijkenissen")).to_be_visible()

    page.get_by_role("link", name="Terug naar het overzicht").click()
    expect(page.get_by_text("+ 1 samengevoegd")).to_be_visible()
    expect(page.get_by_role("button", name="Voeg de geselecteerde klanten toe aan Accounton (3)")).to_be_visible()
    page.goto(f"{live_server.url}/imports/{batch.pk}/changes/")
    page.get_by_role("row", name=re.compile("Gelijkenis beslist")).get_by_role("button").click()
    page.goto(f"{live_server.url}/imports/{batch.pk}/near/")
    expect(page.get_by_role("region", name="Lies Peeters", exact=True)).to_be_visible()
