"""What a screen reader is told: what can be changed, what is wrong there, what a control is about, what changed."""

import re

from playwright.sync_api import Page, expect

from tests.browser.test_editing_in_place import WRONG
from tests.browser.test_repairing import SLIPS, cell, invalid_tab  # noqa: F401
from tests.browser.test_the_import import tab, upload
from tests.browser.workbooks import PEOPLE, by_openpyxl

NAMELESS = {**SLIPS[0], "mobile": "", "last_name": ""}


def test_a_missing_last_name_is_put_right_by_the_keys(invalid_tab):  # noqa: F811
    page = invalid_tab(NAMELESS, WRONG[1])
    page.get_by_role("row", name=re.compile("Slip0")).get_by_role("checkbox").focus()
    page.keyboard.press("ArrowRight")
    expect(cell(page, "Slip0", "first_name")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".tip")).to_contain_text("Vul de achternaam in")
    page.keyboard.press("F2")
    page.keyboard.type("Peeters")
    page.keyboard.press("Enter")
    expect(tab(page, "Ongeldige klanten")).to_contain_text("1")


def test_a_missing_last_name_is_put_right_with_the_mouse(invalid_tab):  # noqa: F811
    page = invalid_tab(NAMELESS)
    cell(page, "Slip0", "last_name").click()
    expect(page.get_by_role("textbox", name="Achternaam")).to_be_focused()


def test_a_list_without_a_finding_is_changed_by_the_keys(page: Page, live_server, admin, log_in, tmp_path):
    log_in(admin)
    page.goto(f"{live_server.url}/imports/new/")
    upload(page, by_openpyxl(tmp_path / "klanten.xlsx", [{**PEOPLE[1], "national_number": ""}]))
    first = cell(page, "Louis", "first_name")
    page.get_by_role("checkbox", name="Louis Goossens").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(first).to_be_focused()


def test_a_grid_says_what_can_be_changed_and_an_editor_what_is_wrong(invalid_tab):  # noqa: F811
    page = invalid_tab(WRONG[0])
    grid = page.get_by_role("grid", name="Ongeldige klanten")
    expect(grid).to_have_accessible_description(re.compile("F2"))
    email = grid.get_by_role("gridcell", name="fout0", exact=True)
    expect(email).to_have_attribute("aria-readonly", "false")
    expect(email).to_have_accessible_description(re.compile("Dit e-mailadres klopt niet"))
    email.focus()
    page.keyboard.press("F2")
    editor = page.get_by_role("textbox", name="E-mail")
    expect(editor).to_have_attribute("aria-invalid", "true")
    expect(editor).to_have_accessible_description(re.compile("Dit e-mailadres klopt niet"))


def test_what_is_wrong_once_and_what_goes_in_its_place_are_named_together(invalid_tab):  # noqa: F811
    page = invalid_tab(
        *({**WRONG[0], "email": f"{n}@x.example", "language": text} for n, text in enumerate(("duits", "D")))
    )
    page.get_by_role("link", name=re.compile("Rechtzetten.*Taal onbekend")).click()
    page.get_by_role("combobox", name="Taal: duits").select_option(label="Frans")
    page.get_by_role("button", name=re.compile("Wijzig 1 rij ?: duits")).click()
    expect(page.get_by_role("combobox", name="Taal: duits")).to_have_count(0)
    expect(page.get_by_role("combobox", name="Taal: D")).to_be_visible()


def test_a_row_without_a_name_is_chosen_by_its_number(invalid_tab):  # noqa: F811
    page = invalid_tab({**NAMELESS, "first_name": ""})
    expect(page.get_by_role("checkbox", name="Rij 3", exact=True)).to_be_visible()


def test_a_field_on_the_page_of_a_row_says_that_it_is_wrong(invalid_tab):  # noqa: F811
    page = invalid_tab(WRONG[0])
    page.get_by_role("row", name=re.compile("Slip0")).get_by_role("link").first.click()
    expect(page.get_by_label("E-mail", exact=True)).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("E-mail", exact=True)).to_have_accessible_description(re.compile("klopt niet"))


def test_what_is_ticked_is_seen_in_the_colours_of_the_reader(page: Page, live_server, admin, log_in, tmp_path):
    log_in(admin)
    page.emulate_media(forced_colors="active")
    page.goto(f"{live_server.url}/imports/new/")
    upload(page, by_openpyxl(tmp_path / "klanten.xlsx", PEOPLE))
    box = page.get_by_role("checkbox", name="Louis Goossens")
    box.uncheck()
    unticked = box.screenshot()
    box.check()
    assert box.screenshot() != unticked
