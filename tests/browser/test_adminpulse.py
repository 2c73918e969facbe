"""AdminPulse's migration workbook as a bookkeeper brings it in: recognised, firms left out, couples joined."""

import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounton.customers.models import Customer
from tests.adminpulse import by_openpyxl, by_xlsxwriter, office
from tests.browser.test_accessibility import GRAVE, RULES
from tests.browser.test_the_import import tab, upload

LEFT_OUT, COMPANY = "2 weggelaten", "Bakkerij Peeters NV"


def opened(page: Page, url: str, path: Path) -> None:
    """Bring the workbook in; it goes straight to the review."""
    page.goto(f"{url}/imports/new/")
    upload(page, path)
    expect(page).to_have_url(re.compile(r"/imports/\d+/$"))


def grave(page: Page) -> list[str]:
    return [v["id"] for v in Axe().run(page, options=RULES).response["violations"] if v["impact"] in GRAVE]


def test_the_workbook_from_upload_to_customers(page: Page, live_server, admin, log_in, tmp_path):
    path = tmp_path / "migratie.xlsx"
    path.write_bytes(by_openpyxl(office()))
    log_in(admin)
    opened(page, live_server.url, path)
    for words in ("Herkend als het migratiebestand van AdminPulse.", "+ 1 samengevoegd", "Prospect: 1"):
        expect(page.get_by_text(words)).to_be_visible()
    expect(tab(page, "Klanten enkel in import")).to_contain_text("3")
    emma = page.get_by_role("row", name=re.compile("Emma Peeters"))
    expect(emma).to_contain_text("Gezamenlijk")
    expect(page.get_by_role("row", name=re.compile("Louis"))).to_have_count(0)

    page.get_by_role("link", name=LEFT_OUT).click()
    company, prospect = (page.get_by_role("row", name=re.compile(name)) for name in (COMPANY, "Tom Maes"))
    expect(company).to_contain_text("Bedrijven worden niet geïmporteerd")
    expect(prospect).to_contain_text("Geen klant in AdminPulse")
    expect(page.get_by_role("row", name=re.compile("Louis"))).to_have_count(0)
    assert grave(page) == []
    prospect.get_by_role("button", name="Terughalen").click()
    expect(page.get_by_text("Rijen teruggehaald: rij 8. Nu: Klanten enkel in import (1).")).to_be_visible()
    expect(prospect).to_have_count(0)

    page.get_by_role("link", name="Terug naar het overzicht").click()
    expect(tab(page, "Klanten enkel in import")).to_contain_text("4")
    expect(page.get_by_label("Tom Maes")).to_be_checked()
    page.get_by_label("Selecteer vragenlijst").select_option(label="Checklist van de personenbelasting")
    page.get_by_role("button", name="Voeg de geselecteerde klanten toe aan Accounton (4)").click()
    expect(page.get_by_role("heading", name="4 klanten toegevoegd")).to_be_visible()
    page.get_by_role("link", name="Naar de klanten").click()
    for name in ("Peeters Emma Gezamenlijk", "Maes Tom", "De Smet An", "Janssens Noor"):
        expect(page.get_by_role("row", name=re.compile(name))).to_be_visible()
    assert Customer.objects.count() == 4

    page.goto(f"{live_server.url}/imports/")
    page.get_by_role("link", name="migratie.xlsx", exact=True).click()
    page.get_by_role("link", name="1 weggelaten").click()
    expect(company).to_be_visible()
    expect(page.get_by_role("button", name="Terughalen")).to_have_count(0)


def test_rows_are_ticked_by_keyboard_and_brought_back_together_on_a_phone(
    page: Page, live_server, admin, log_in, tmp_path
):
    path = tmp_path / "migratie.xlsx"
    path.write_bytes(by_xlsxwriter(office()))
    log_in(admin)
    opened(page, live_server.url, path)
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("link", name=LEFT_OUT).click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("checkbox", name=COMPANY).focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Aangevinkte terughalen").press("Enter")
    expect(page.get_by_text("Rijen teruggehaald: 2 rijen.")).to_be_visible()
    expect(page.get_by_role("heading", name="Niemand is weggelaten")).to_be_visible()

    page.get_by_role("link", name="Terug naar het overzicht").click()
    expect(tab(page, "Ongeldige klanten")).to_contain_text("1")
    page.get_by_role("button", name=re.compile("^Ongedaan maken")).click()
    expect(page.get_by_role("link", name=LEFT_OUT)).to_be_visible()


def test_it_goes_without_scripts(browser, live_server, admin, log_in, page, tmp_path):
    path = tmp_path / "migratie.xlsx"
    path.write_bytes(by_openpyxl(office()))
    log_in(admin)
    opened(page, live_server.url, path)
    with browser.new_context(java_script_enabled=False, locale="nl-BE") as plain:
        plain.add_cookies(page.context.cookies())
        still = plain.new_page()
        still.goto(page.url)
        still.get_by_role("link", name=LEFT_OUT).click()
        still.get_by_role("checkbox", name=COMPANY).check()
        still.get_by_role("button", name="Aangevinkte terughalen").click()
        expect(still.get_by_text("Rijen teruggehaald: rij 6. Nu: Ongeldige klanten (1).")).to_be_visible()
