"""Somebody downloads what is wrong, corrects it in a spreadsheet and brings it back into the same review."""

import re
from io import BytesIO
from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect

from tests.browser.test_the_import import tab, upload
from tests.browser.workbooks import PEOPLE, WRONG, by_openpyxl


def test_what_is_wrong_is_corrected_elsewhere_and_brought_back(page: Page, live_server, admin, log_in, tmp_path):
    log_in(admin)
    page.goto(f"{live_server.url}/imports/new/")
    upload(page, by_openpyxl(tmp_path / "klanten.xlsx", [*PEOPLE, WRONG]))
    tab(page, "Ongeldige klanten").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download wat fout is").click()
    path = Path(download.value.path())
    assert download.value.suggested_filename == "klanten - wat fout is.xlsx"
    book = openpyxl.load_workbook(BytesIO(path.read_bytes()))
    sheet = book.active
    headers = [cell.value for cell in sheet[1]]
    assert sheet.max_row == 2
    sheet.cell(2, headers.index("Registration Number") + 1).value = None
    sheet.cell(2, headers.index("Mobile Number") + 1).value = "+32478123456"
    book.save(tmp_path / "verbeterd.xlsx")

    page.get_by_text("Verbeterd wat u downloadde?").first.click()
    page.get_by_label("Verbeterd wat u downloadde?").set_input_files(tmp_path / "verbeterd.xlsx")
    page.get_by_role("button", name="Verbeterde rijen opladen").click()
    expect(page.get_by_text(re.compile("1 rij vervangen"))).to_be_visible()
    tab(page, "Klanten enkel in import").click()
    expect(page.get_by_role("row", name=re.compile("Arthur"))).to_be_visible()
