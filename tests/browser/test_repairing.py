"""Repairing on the spot, as a bookkeeper does it: with the mouse, with the keys alone, one for all, and back again."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_the_import import tab, upload
from tests.browser.workbooks import PEOPLE, WRONG, by_openpyxl

SLIPS = [
    {**PEOPLE[0], "first_name": f"Slip{n}", "email": f"slip{n}@x.example", "national_number": "", "client_code": "",
     "spouse_national_number": "", "mobile": f"0478 12 34 5{n}"}
    for n in range(3)
]  # fmt: skip
GERMAN = [{**slip, "first_name": f"Duits{n}", "email": f"duits{n}@x.example", "mobile": "", "language": "duits"}
          for n, slip in enumerate(SLIPS)]  # fmt: skip


@pytest.fixture
def invalid_tab(page: Page, live_server, admin, log_in, tmp_path):
    def invalid_tab(*people) -> Page:
        log_in(admin)
        page.goto(f"{live_server.url}/imports/new/")
        upload(page, by_openpyxl(tmp_path / "klanten.xlsx", [PEOPLE[1], *people]))
        tab(page, "Ongeldige klanten").click()
        page.wait_for_url("**/?bucket=invalid")  # and until its scripts are there
        return page

    return invalid_tab


def cell(page: Page, name: str, column: str):
    return page.get_by_role("row", name=re.compile(name)).locator(f"[data-edit={column}]")


def test_a_cell_is_put_right_with_the_mouse_and_taken_back(invalid_tab):
    page = invalid_tab({**SLIPS[0], "mobile": "", "email": "slip0@@x"}, SLIPS[1])
    cell(page, "Slip0", "email").click()
    editor = page.get_by_role("textbox", name="E-mail")
    expect(editor).to_have_value("slip0@@x")
    editor.fill("slip0@x.example")
    editor.press("Enter")
    expect(page.get_by_text("is in orde en staat nu bij “Klanten enkel in import”")).to_be_visible()
    expect(tab(page, "Ongeldige klanten")).to_contain_text("1")
    expect(tab(page, "Klanten enkel in import")).to_contain_text("2")
    page.locator("tr.is-moved").get_by_role("button", name=re.compile("Ongedaan maken")).click()
    expect(tab(page, "Ongeldige klanten")).to_contain_text("2")
    expect(cell(page, "Slip0", "email")).to_contain_text("slip0@@x")


def test_a_row_is_put_right_by_keyboard_alone(invalid_tab):
    page = invalid_tab({**SLIPS[0], "mobile": "", "email": "a@@x"}, {**SLIPS[1], "mobile": "", "email": "b@@x"})
    cell(page, "Slip0", "email").focus()
    page.keyboard.press("F2")
    page.keyboard.type("nog fout")
    page.keyboard.press("Escape")
    expect(cell(page, "Slip0", "email")).to_be_focused()
    expect(cell(page, "Slip0", "email")).to_contain_text("a@@x")
    page.keyboard.press("ArrowDown")
    expect(cell(page, "Slip1", "email")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("nog fout")
    page.keyboard.press("Enter")
    expect(cell(page, "Slip1", "email")).to_contain_text("nog fout")
    page.keyboard.press("Enter")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("b@x.example")
    page.keyboard.press("Tab")
    expect(tab(page, "Ongeldige klanten")).to_contain_text("1")


def test_all_suggestions_are_accepted_with_one_click(invalid_tab):
    page = invalid_tab(*SLIPS)
    page.get_by_role("button", name="Aanvaard alle 3 suggesties").click()
    expect(tab(page, "Ongeldige klanten")).to_contain_text("0")
    expect(tab(page, "Klanten enkel in import")).to_contain_text("4")
    expect(page.get_by_text("Suggesties aanvaard: Mobiel nummer, 3 rijen", exact=True)).to_be_visible()
    page.get_by_role("button", name=re.compile("Ongedaan maken")).click()
    expect(tab(page, "Ongeldige klanten")).to_contain_text("3")


def test_one_suggestion_is_accepted_with_the_space_bar(invalid_tab):
    page = invalid_tab(*SLIPS[:2])
    cell(page, "Slip0", "mobile").focus()
    page.keyboard.press("Space")
    expect(tab(page, "Ongeldige klanten")).to_contain_text("1")
    expect(cell(page, "Slip1", "mobile")).to_be_focused()


def test_one_wrong_value_is_mapped_once_for_all_its_rows(invalid_tab):
    page = invalid_tab(*GERMAN)
    page.get_by_role("link", name=re.compile("Rechtzetten")).click()
    row = page.get_by_role("row", name=re.compile("duits"))
    expect(row).to_contain_text("3")
    row.get_by_label("Taal").select_option(label="Frans")
    row.get_by_role("button", name="Wijzig alle 3 rijen").click()
    expect(page.get_by_text("Hier is niets meer recht te zetten")).to_be_visible()
    page.get_by_role("link", name="Terug naar het overzicht").click()
    expect(tab(page, "Klanten enkel in import")).to_contain_text("4")


def test_a_block_copied_in_a_spreadsheet_is_put_in(invalid_tab):
    page = invalid_tab(*({**slip, "mobile": "", "email": f"{n}@@x"} for n, slip in enumerate(SLIPS)))
    cell(page, "Slip0", "email").focus()
    page.evaluate(
        """() => { const data = new DataTransfer(); data.setData("text/plain", "a@x.example\\r\\nb@x.example\\r\\n");
        document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true,
        cancelable: true})); }"""
    )
    expect(tab(page, "Ongeldige klanten")).to_contain_text("1")


def test_a_whole_row_is_put_right_on_a_page_of_its_own(invalid_tab):
    page = invalid_tab(WRONG)
    page.get_by_role("row", name=re.compile("Arthur")).get_by_role("link").first.click()
    page.get_by_label("Rijksregisternummer", exact=True).fill("85073003328")
    page.get_by_label("Mobiel nummer").fill("+32478123456")
    page.get_by_role("button", name="Bewaren").click()
    expect(tab(page, "Ongeldige klanten")).to_contain_text("0")
    page.get_by_role("link", name="Alles wat in dit overzicht gedaan werd").click()
    expect(page.get_by_role("row", name=re.compile("Cel gewijzigd: rij 3"))).to_contain_text("Els Claes")
