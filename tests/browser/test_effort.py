"""How much work it is: clicks counted from the overview to the customers added. A choice in a list counts as two."""

import re
from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Locator, Page, expect

from accounton.customers.models import Customer
from accounton.importing.demo.people import national_number
from tests.browser.test_the_import import tab

ADD = "Voeg de geselecteerde klanten toe aan Accounton"
OWN_HEADERS = ("Naam", "Voornaam", "Mailadres", "GSM-nr", "Kenmerk", "INSZ partner", "Taalcode", "Dossiernr")


class Hand:
    """A hand on a mouse that counts what it does."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def click(self, what: Locator) -> None:
        self.clicks += 1
        what.click()

    def choose(self, where: Locator, label: str) -> None:
        self.clicks += 2
        where.select_option(label=label)

    def upload(self, path: Path) -> None:
        self.clicks += 2
        self.page.get_by_label("Klik hier om een bestand te uploaden").set_input_files(path)

    def open_upload(self) -> None:
        self.click(self.page.get_by_role("button", name="Klanten importeren"))
        self.click(self.page.get_by_role("link", name="Excel-bestand", exact=True))

    def add(self) -> None:
        self.choose(self.page.get_by_label("Selecteer vragenlijst"), "Checklist van de personenbelasting")
        button = self.page.get_by_role("button", name=ADD)
        expect(button).to_be_enabled()
        self.click(button)


@pytest.fixture
def hand(page: Page, live_server, admin, log_in) -> Hand:
    log_in(admin)
    page.goto(f"{live_server.url}/customers/")
    return Hand(page)


def written(path: Path, headers, rows) -> Path:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Klanten")
    for number, row in enumerate([headers, *rows]):
        for column, text in enumerate(row):
            sheet.write_string(number, column, text)
    book.close()
    return path


def person(number: int) -> list[str]:
    """A customer as a package exports one, in the order of OWN_HEADERS."""
    name, language = "Peeters" if number % 2 else "Claes", "N" if number % 3 else "F"
    contact = (f"noor{number}@telenet.example", f"+3247812{number:04}")
    return [name, f"Noor{number}", *contact, national_number(number * 2), "", language, f"D{number}"]


def test_five_hundred_clean_customers_take_at_most_eight_clicks(hand, tmp_path):
    numbers = ("Rijksregisternummer", "Rijksregisternummer partner")
    headers = ("Achternaam", "Voornaam", "E-mail", "Mobiel nummer", *numbers, "Taal", "Klantcode")
    rows = [[*person(number)[:6], "dutch", f"D{number}"] for number in range(500)]
    hand.open_upload()
    hand.upload(written(tmp_path / "klanten.xlsx", headers, rows))
    expect(tab(hand.page, "Klanten enkel in import")).to_contain_text("500", timeout=30_000)
    hand.add()
    expect(hand.page.get_by_role("heading", name="500 klanten toegevoegd")).to_be_visible(timeout=30_000)
    assert hand.clicks <= 8


def awkward() -> list[list[str]]:
    """Five hundred rows under other headers: forty of them wrong in three ways, and ten couples on two rows."""
    rows = [person(number) for number in range(500)]
    for row in rows[:15]:
        row[3] = row[3].replace("+32", "0")
    for row in rows[15:30]:
        row[6] = "duits"
    for row in rows[30:40]:
        row[2] = ""
    for position in range(40, 60, 2):
        rows[position][5] = rows[position + 1][4]
    return rows


def test_a_foreign_list_with_faults_and_couples_takes_at_most_twenty_clicks_and_no_excel(hand, tmp_path):
    page = hand.page
    hand.open_upload()
    hand.upload(written(tmp_path / "export.xlsx", OWN_HEADERS, awkward()))
    expect(page.get_by_role("heading", name="Welke kolom is wat?")).to_be_visible(timeout=30_000)
    hand.click(page.get_by_role("button", name="Controleren"))
    expect(tab(page, "Ongeldige klanten")).to_contain_text("40", timeout=30_000)
    hand.click(page.get_by_role("button", name="Voeg alle 10 koppels samen"))
    expect(page.get_by_text("+ 10 samengevoegd")).to_be_visible()
    hand.click(tab(page, "Ongeldige klanten"))
    hand.click(page.get_by_role("button", name="Aanvaard alle 15 suggesties"))
    expect(tab(page, "Ongeldige klanten")).to_contain_text("25")
    hand.click(page.get_by_role("link", name=re.compile("Rechtzetten.*Taal onbekend")))
    hand.choose(page.get_by_role("row", name=re.compile("duits")).get_by_label("Taal"), "Nederlands")
    hand.click(page.get_by_role("button", name="Wijzig alle 15 rijen"))
    hand.click(page.get_by_role("link", name="Terug naar het overzicht"))
    hand.click(page.get_by_role("link", name=re.compile("Rechtzetten.*E-mailadres ontbreekt")))
    hand.click(page.get_by_role("button", name="Zonder e-mail toelaten"))
    expect(tab(page, "Ongeldige klanten")).to_contain_text("0")
    hand.click(tab(page, "Klanten enkel in import"))
    hand.add()
    expect(page.get_by_role("heading", name="490 klanten toegevoegd")).to_be_visible(timeout=30_000)
    assert Customer.objects.filter(is_joint=True).count() == 10
    assert hand.clicks <= 20
