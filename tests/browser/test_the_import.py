"""The main job as a bookkeeper does it: upload, look, select, add, see them, import again and see them double."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounton.customers.models import Customer
from tests.browser.conftest import PASSWORD
from tests.browser.workbooks import PEOPLE, WRONG, by_openpyxl, by_xlsxwriter

LIBREOFFICE = Path(__file__).parent.parent / "spreadsheets" / "files" / "libreoffice.xlsx"


def upload(page: Page, path: Path) -> None:
    page.get_by_label("Klik hier om een bestand te uploaden").set_input_files(path)
    expect(page.get_by_role("heading", name=path.name)).to_be_visible(timeout=20_000)


def tab(page: Page, name: str):
    return page.get_by_role("link", name=re.compile(f"^{name}"))


def test_from_login_to_customers_with_a_questionnaire(page: Page, live_server, admin, tmp_path):
    page.goto(live_server.url)
    page.get_by_label("E-mail").fill(admin.email)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Aanmelden").click()
    expect(page.get_by_role("heading", name="Klanten", exact=True)).to_be_visible()

    page.get_by_role("button", name="Klanten importeren").click()
    page.get_by_role("link", name="Excel-bestand", exact=True).click()
    path = by_openpyxl(tmp_path / "klanten.xlsx", [*PEOPLE, WRONG])
    upload(page, path)
    for name, count in (("Klanten enkel in import", 3), ("Klanten enkel in Accounton", 0),
                        ("Dubbele klanten", 0), ("Ongeldige klanten", 1)):  # fmt: skip
        expect(tab(page, name)).to_contain_text(str(count))

    button = page.get_by_role("button", name="Voeg de geselecteerde klanten toe aan Accounton")
    expect(button).to_be_disabled()
    expect(button).to_have_accessible_description(re.compile("vragenlijst"))
    with page.expect_response(re.compile("/select/")):
        page.get_by_label("Louis Goossens").uncheck()
    expect(page.get_by_text("2 van 3 geselecteerd", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_label("Louis Goossens")).not_to_be_checked()
    page.get_by_label("Selecteer vragenlijst").select_option(label="Checklist van de personenbelasting")
    expect(button).to_be_enabled()
    button.click()

    expect(page.get_by_role("heading", name="2 klanten toegevoegd")).to_be_visible()
    page.get_by_role("link", name="Naar de klanten").click()
    row = page.get_by_role("row", name=re.compile("Emma"))
    for text in (
        "Nog niet verzonden",
        "Nederlands",
        "Gezamenlijk",
        "kantoor Gent",
        "Checklist van de personenbelasting",
    ):
        expect(row).to_contain_text(text)
    expect(page.get_by_role("row", name=re.compile("Louis"))).to_have_count(0)

    page.goto(f"{live_server.url}/imports/new/")
    upload(page, path)
    expect(tab(page, "Klanten enkel in import")).to_contain_text("1")
    expect(tab(page, "Dubbele klanten")).to_contain_text("2")


def test_an_invalid_row_says_why_at_its_cell_and_in_a_column(page: Page, live_server, admin, log_in, tmp_path):
    log_in(admin)
    page.goto(f"{live_server.url}/imports/new/")
    upload(page, by_openpyxl(tmp_path / "fout.xlsx", [*PEOPLE, WRONG]))
    tab(page, "Ongeldige klanten").click()
    row = page.get_by_role("row", name=re.compile("Arthur"))
    expect(row).to_contain_text("Vul een geldig rijksregisternummer in: 11 cijfers, zonder punten of streepjes.")
    expect(row).to_contain_text("Vul het gsm-nummer in met de landcode (+32).")
    cell = row.get_by_role("gridcell", name=re.compile("85073003329"))
    cell.focus()
    expect(page.locator(".tip")).to_contain_text("Vul een geldig rijksregisternummer in")


@pytest.mark.parametrize("write", [by_xlsxwriter, None], ids=["XlsxWriter", "LibreOffice"])
def test_a_list_of_another_program(page: Page, live_server, admin, log_in, tmp_path, write):
    log_in(admin)
    path = write(tmp_path / "lijst.xlsx", PEOPLE) if write else LIBREOFFICE
    page.goto(f"{live_server.url}/imports/new/")
    upload(page, path)
    page.get_by_label("Selecteer vragenlijst").select_option(label="Checklist van de personenbelasting")
    page.get_by_role("button", name="Voeg de geselecteerde klanten toe aan Accounton").click()
    expect(page.get_by_role("heading", name=re.compile(r"\d klanten? toegevoegd"))).to_be_visible()
    assert Customer.objects.count() >= 2


def test_in_french_by_drag_and_drop(page: Page, live_server, admin, log_in, tmp_path):
    log_in(admin)
    page.context.add_cookies([{"name": "django_language", "value": "fr", "url": live_server.url}])
    path = by_openpyxl(tmp_path / "clients.xlsx", PEOPLE)
    page.goto(f"{live_server.url}/customers/")
    page.get_by_role("button", name="Importer des clients").click()
    page.get_by_role("link", name="Fichier Excel", exact=True).click()
    transfer = page.evaluate_handle(
        """bytes => { const t = new DataTransfer();
           t.items.add(new File([new Uint8Array(bytes)], "clients.xlsx")); return t; }""",
        list(path.read_bytes()),
    )
    for event in ("dragenter", "dragover", "drop"):
        page.locator(".dropzone").dispatch_event(event, {"dataTransfer": transfer})
    expect(page.get_by_role("heading", name="clients.xlsx")).to_be_visible(timeout=20_000)
    expect(tab(page, "Clients uniquement dans l'import")).to_contain_text("3")
    page.get_by_label("Sélectionnez un questionnaire").select_option(
        label="Checklist de l'impôt des personnes physiques"
    )
    page.get_by_role("button", name="Ajouter les clients sélectionnés à Accounton").click()
    expect(page.get_by_role("heading", name="3 clients ajoutés")).to_be_visible()


def test_the_main_job_by_keyboard_alone(page: Page, live_server, admin, log_in, tmp_path):
    log_in(admin)
    page.goto(f"{live_server.url}/imports/new/")
    with page.expect_file_chooser() as chooser:
        tab_to(page, lambda: page.evaluate("document.activeElement.type") == "file")
        page.keyboard.press("Enter")
    chooser.value.set_files(by_openpyxl(tmp_path / "toets.xlsx", PEOPLE))
    expect(page.get_by_role("heading", name="toets.xlsx")).to_be_visible(timeout=20_000)
    tab_to(page, lambda: page.evaluate("document.activeElement.name") == "questionnaire")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Voeg de geselecteerde klanten toe aan Accounton")).to_be_enabled()
    tab_to(page, lambda: page.evaluate("document.activeElement.ariaLabel") == "Louis Goossens")
    page.keyboard.press("Space")
    expect(page.get_by_text("2 van 3 geselecteerd", exact=True)).to_be_visible()
    page.get_by_role("heading", name="toets.xlsx").evaluate("heading => { heading.tabIndex = -1; heading.focus(); }")
    tab_to(page, lambda: page.evaluate("document.activeElement.closest('#add') !== null"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="2 klanten toegevoegd")).to_be_visible()


def tab_to(page: Page, is_there, most: int = 60) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if is_there():
            return
    raise AssertionError("the keyboard does not get there")


def test_a_file_that_cannot_be_used_says_so_on_the_page(page: Page, live_server, admin, log_in, tmp_path):
    log_in(admin)
    page.goto(f"{live_server.url}/imports/new/")
    path = tmp_path / "brief.xlsx"
    path.write_bytes(b"%PDF-1.7 not a workbook at all")
    page.get_by_label("Klik hier om een bestand te uploaden").set_input_files(path)
    expect(page.get_by_role("alert")).to_be_visible(timeout=20_000)
    expect(page.get_by_label("Klik hier om een bestand te uploaden")).to_be_attached()


def test_a_double_click_adds_nobody_twice(page: Page, live_server, admin, log_in, tmp_path):
    log_in(admin)
    page.goto(f"{live_server.url}/imports/new/")
    upload(page, by_openpyxl(tmp_path / "dubbel.xlsx", PEOPLE))
    page.get_by_label("Selecteer vragenlijst").select_option(label="Checklist van de personenbelasting")
    button = page.get_by_role("button", name="Voeg de geselecteerde klanten toe aan Accounton")
    expect(button).to_be_enabled()
    button.dblclick()
    expect(page.get_by_role("heading", name="3 klanten toegevoegd")).to_be_visible()
    page.go_back()
    page.reload()
    assert Customer.objects.count() == 3


def test_a_shift_click_selects_a_range(page: Page, live_server, admin, log_in, tmp_path):
    log_in(admin)
    many = [
        {**PEOPLE[2], "first_name": f"Noor {n}", "email": f"n{n}@x.example", "client_code": f"C{n}"} for n in range(9)
    ]
    page.goto(f"{live_server.url}/imports/new/")
    upload(page, by_openpyxl(tmp_path / "reeks.xlsx", many))
    page.get_by_role("button", name="Niets selecteren").click()
    expect(page.get_by_text("0 van 9 geselecteerd", exact=True)).to_be_visible()
    page.get_by_label("Noor 2 Declercq").click()
    page.get_by_label("Noor 6 Declercq").click(modifiers=["Shift"])
    expect(page.get_by_text("5 van 9 geselecteerd", exact=True)).to_be_visible()
    page.get_by_role("searchbox").fill("noor 8")
    expect(page.get_by_label("Noor 2 Declercq")).to_have_count(0)
    page.get_by_role("button", name="Alle gevonden selecteren").click()
    expect(page.get_by_text("6 van 9 geselecteerd", exact=True)).to_be_visible()


def test_cells_copied_in_a_spreadsheet_are_pasted_on_the_page(page: Page, live_server, admin, log_in):
    log_in(admin)
    page.goto(f"{live_server.url}/imports/new/")
    cells = "Voornaam\tAchternaam\tE-mail\tTaal\r\nAn\tClaes\tan@telenet.example\tNederlands\r\n"
    page.evaluate(
        """cells => { const data = new DataTransfer(); data.setData("text/plain", cells);
        document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true,
        cancelable: true})); }""",
        cells,
    )
    expect(page.get_by_role("heading", name="geplakte-cellen.tsv")).to_be_visible()
    expect(tab(page, "Klanten enkel in import")).to_contain_text("1")
