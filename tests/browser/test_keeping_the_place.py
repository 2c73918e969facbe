"""Whoever works with the keys never loses their place: not when a list comes anew, not when a page comes back."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_overwriting_and_undoing import known  # noqa: F401
from tests.browser.test_repairing import SLIPS, invalid_tab  # noqa: F401
from tests.browser.test_the_import import tab, upload
from tests.browser.workbooks import by_openpyxl


@pytest.fixture
def compared(page: Page, live_server, admin, log_in, known, tmp_path) -> Page:  # noqa: F811
    log_in(admin)
    page.goto(f"{live_server.url}/imports/new/")
    upload(page, by_openpyxl(tmp_path / "klanten-2026.xlsx", known[:2]))
    return page


def press(button) -> None:
    button.focus()
    button.press("Enter")


def test_the_list_has_the_focus_once_all_of_a_card_is_accepted(invalid_tab):  # noqa: F811
    page = invalid_tab({**SLIPS[0], "mobile": "", "email": "fout"}, *SLIPS[1:])
    press(page.get_by_role("button", name="Aanvaard alle 2 suggesties"))
    expect(page.get_by_role("region", name="Ongeldige klanten")).to_be_focused()
    press(page.get_by_role("button", name=re.compile("Ongedaan maken")))
    expect(tab(page, "Ongeldige klanten")).to_contain_text("3")
    expect(page.locator("body")).not_to_be_focused()


def test_a_menu_of_columns_stays_open_where_one_was_and_closes_by_escape(compared):
    tab(compared, "Dubbele klanten").click()
    press(compared.get_by_text("Overschrijf voor iedereen"))
    column = compared.get_by_role("button", name=re.compile("^E-mail"))
    press(column)
    expect(column).to_have_attribute("aria-pressed", "true")
    expect(column).to_be_focused()
    compared.keyboard.press("Escape")
    expect(column).to_be_hidden()
    expect(compared.get_by_text("Overschrijf voor iedereen")).to_be_focused()


def test_the_row_has_the_focus_that_was_decided_about(compared):
    tab(compared, "Klanten enkel in Accounton").click()
    row = compared.locator("tbody tr").first
    press(row.get_by_role("button", name=re.compile("Archiveren")))
    expect(row).to_contain_text("Ongedaan maken")
    expect(row.get_by_role("checkbox")).to_be_focused()


def test_a_form_that_comes_back_has_the_focus_at_its_fault(invalid_tab):  # noqa: F811
    page = invalid_tab(*SLIPS[:1])
    page.get_by_role("button", name="Wijzig alle…").click()
    page.locator("#id_action").select_option(value="replace")
    press(page.get_by_role("button", name=re.compile("^Wijzig")))
    expect(page.locator("[aria-invalid=true]").first).to_be_focused()


def test_what_a_page_says_that_comes_back_is_put_in_once_more_to_be_read_out(compared):
    tab(compared, "Klanten enkel in Accounton").click()
    compared.add_init_script(
        """document.addEventListener("DOMContentLoaded", () => {
        const region = document.querySelector("#content > [role=status]");
        const said = () => { document.documentElement.dataset.said = region.innerText; };
        new MutationObserver(said).observe(region, { childList: true }); })"""
    )
    press(compared.locator("tbody tr").first.get_by_role("button", name=re.compile("Archiveren")))
    press(compared.get_by_role("button", name=re.compile("Ongedaan maken Noor")))
    expect(compared.locator("html")).to_have_attribute("data-said", re.compile("is weer zoals voordien"))
