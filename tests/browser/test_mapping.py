"""A list with its own headers: matched, reviewed, and read without asking the next time."""

import re

import openpyxl
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounton.importing.models import Batch, State
from tests.browser.test_the_import import tab_to

HEADERS = ["Naam + voornaam", "RRN", "Mail", "GSM/tel", "Adres", "Woonplaats", "T", "Kenmerk", "E-mail factuur"]
ROWS = [
    ["Peeters Emma", "85073003328", "e@telenet.be", "+32478123456", "Kerkstraat 12 bus 3", "9300 Aalst", "N", "k1", ""],
    ["Janssens Louis", "93051822361", "l@skynet.be", "09/225.11.02", "Markt 4", "9000 Gent", "F", "k2", "f@x.be"],
]


def export(path):
    book = openpyxl.Workbook()
    book.active.append(["Klanten 2026"])
    for row in (HEADERS, *ROWS):
        book.active.append(row)
    book.save(path)
    return path


def upload(page: Page, live_server, path) -> None:
    page.goto(f"{live_server.url}/imports/new/")
    page.get_by_label("Klik hier om een bestand te uploaden").set_input_files(path)


def test_a_list_with_its_own_headers(page: Page, live_server, admin, log_in, tmp_path):
    log_in(admin)
    path = export(tmp_path / "export.xlsx")
    upload(page, live_server, path)
    expect(page.get_by_role("heading", name="Welke kolom is wat?")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("kopregel op rij 2")).to_be_visible()
    expect(page.get_by_text("Alle verplichte kolommen zijn gevonden")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^RRN"))).to_contain_text("85.07.30-***.**")
    expect(page.get_by_label("Adres wordt")).to_have_value("street_and_number")
    assert Axe().run(page).response["violations"] == []

    page.get_by_label("Mail wordt").select_option("none")
    page.get_by_role("button", name="Controleren").click()
    expect(page.get_by_text("nog geen bron: E-mail")).to_be_visible()
    page.get_by_label("Mail wordt").select_option("email")
    page.get_by_label("Kenmerk wordt").select_option(label="Klantcode")
    page.get_by_role("button", name="Controleren").click()
    expect(page.get_by_role("heading", name="export.xlsx")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("^Klanten enkel in import"))).to_contain_text("2")

    upload(page, live_server, path)
    expect(page.get_by_role("heading", name="export.xlsx")).to_be_visible(timeout=20_000)
    assert Batch.objects.latest("id").state == State.REVIEW
    page.get_by_role("link", name="Kolommen", exact=True).click()
    expect(page.get_by_role("row", name=re.compile("^Kenmerk"))).to_contain_text("Klantcode")


def test_the_first_rows_are_seen_on_a_phone(page: Page, live_server, admin, log_in, tmp_path):
    log_in(admin)
    page.set_viewport_size({"width": 390, "height": 844})
    upload(page, live_server, export(tmp_path / "export.xlsx"))
    rows = page.get_by_role("region", name="De eerste rijen")
    expect(rows.get_by_role("cell", name="Peeters Emma")).to_be_visible(timeout=20_000)
    rows.get_by_role("cell", name="9300 Aalst").scroll_into_view_if_needed()
    expect(rows.get_by_role("cell", name="9300 Aalst")).to_be_in_viewport()
    expect(rows.get_by_role("button", name="Rij 1 heeft de koppen")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert rows.evaluate("box => box.scrollWidth > box.clientWidth && box.scrollLeft > 0")
    assert Axe().run(page).response["violations"] == []


def test_every_column_of_the_imports_list_is_seen(page: Page, live_server, admin, log_in, tmp_path):
    admin.name = "Elisabeth Van den Berghe-Vandenbroucke van het kantoor"
    admin.save()
    log_in(admin)
    upload(page, live_server, export(tmp_path / f"{'klanten_' * 9}.xlsx"))
    expect(page.get_by_role("heading", name="Welke kolom is wat?")).to_be_visible(timeout=20_000)
    page.goto(f"{live_server.url}/imports/")
    listed = page.get_by_role("region", name="Imports")
    expect(listed.get_by_role("button", name=re.compile("^Weggooien"))).to_be_in_viewport(ratio=1)
    assert listed.evaluate("box => box.scrollWidth <= box.clientWidth")


def test_each_choice_is_followed_by_what_is_missing_then(page: Page, live_server, admin, log_in, tmp_path):
    log_in(admin)
    upload(page, live_server, export(tmp_path / "export.xlsx"))
    said = page.locator("#mapping-notices")
    expect(said).to_contain_text("Alle verplichte kolommen zijn gevonden")
    page.get_by_label("Mail wordt").focus()
    page.get_by_label("Mail wordt").select_option("none")
    expect(said).to_contain_text("hebben nog geen bron: E-mail")
    expect(page.get_by_label("Mail wordt")).to_be_focused()


def test_choices_outlive_a_reload_and_another_header_row(page: Page, live_server, admin, log_in, tmp_path):
    log_in(admin)
    upload(page, live_server, export(tmp_path / "export.xlsx"))
    choice = page.get_by_label("Kenmerk wordt")
    with page.expect_response(re.compile("/columns/keep/$")) as kept:
        choice.select_option("labels")
    assert kept.value.status == 204
    # Elsewhere in the browser, which remembers nothing of its own.
    page.goto("about:blank")
    page.goto(f"{live_server.url}/imports/{Batch.objects.get().pk}/columns/")
    expect(choice).to_have_value("labels")
    choice.select_option("client_code")
    page.get_by_role("button", name="Rij 1 heeft de koppen").click()
    expect(page.get_by_text("kopregel op rij 1")).to_be_visible()
    page.get_by_role("button", name="Rij 2 heeft de koppen").click()
    expect(page.get_by_text("kopregel op rij 2")).to_be_visible()
    expect(choice).to_have_value("client_code")


def test_columns_are_matched_by_keyboard_alone(page: Page, live_server, admin, log_in, tmp_path):
    log_in(admin)
    upload(page, live_server, export(tmp_path / "export.xlsx"))
    expect(page.get_by_role("heading", name="Welke kolom is wat?")).to_be_visible(timeout=20_000)

    def focused(script: str) -> bool:
        return page.evaluate(f"document.activeElement.{script}")

    tab_to(page, lambda: focused("ariaLabel === 'Kenmerk wordt'"))
    page.keyboard.type("Klantc")
    expect(page.get_by_label("Kenmerk wordt")).to_have_value("client_code")
    tab_to(page, lambda: focused("textContent.trim() === 'Rij 3 heeft de koppen'"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("kopregel op rij 3")).to_be_visible()
    tab_to(page, lambda: focused("textContent.trim() === 'Rij 2 heeft de koppen'"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("kopregel op rij 2")).to_be_visible()
    expect(page.get_by_label("Kenmerk wordt")).to_have_value("client_code")
    tab_to(page, lambda: focused("textContent.trim() === 'Controleren'"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="export.xlsx")).to_be_visible()
    assert Batch.objects.get().rows.filter(client_code="k1").exists()
