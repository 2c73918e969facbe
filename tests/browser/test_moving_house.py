"""A known customer who moved to a house without a box: nothing of the old address is left, as a bookkeeper sees it."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounton.customers.models import Customer
from accounton.importing.applying import claim, continue_applying
from accounton.importing.models import Batch
from accounton.importing.staging import stage
from accounton.offices.scoping import acting_for
from tests.browser.test_overwriting_and_undoing import check_accessible
from tests.browser.test_the_import import tab, upload
from tests.browser.workbooks import PEOPLE, by_openpyxl

OLD, NEW = "Kerkstraat 12 bus 3, 9300 Aalst", "Molenstraat 5, 9300 Aalst"


@pytest.fixture
def emma(admin, tmp_path) -> Customer:
    with acting_for(admin.office_id):
        batch = Batch.objects.create(file_name="klanten-2025.xlsx", assessment_year=2026, applied_by=admin,
                                     questionnaire="personenbelasting")  # fmt: skip
        stage(batch, by_openpyxl(tmp_path / "klanten-2025.xlsx", PEOPLE[:1]))
        claim(batch, admin, batch.revision, with_undecided=True)
        continue_applying(batch)
        return Customer.objects.get()


def test_who_moved_to_a_house_without_a_box_keeps_no_box(page: Page, live_server, admin, log_in, emma, tmp_path):
    log_in(admin)
    page.goto(f"{live_server.url}/imports/new/")
    moved = {**PEOPLE[0], "street": "Molenstraat", "house_number": "5", "box": ""}
    upload(page, by_openpyxl(tmp_path / "klanten-2026.xlsx", [moved]))
    tab(page, "Dubbele klanten").click()
    cell = page.get_by_role("row", name=re.compile("Emma")).get_by_role("cell", name=re.compile("Molenstraat"))
    expect(cell.locator("del")).to_have_text(OLD)
    expect(cell.locator("ins")).to_have_text(NEW)
    check_accessible(page)
    page.get_by_role("button", name="Neem alle voorstellen over (1)").click()
    page.get_by_role("button", name="Overschrijf 1 veld bij 1 klant").click()
    expect(page.get_by_role("heading", name=re.compile("1 bekende klant gewijzigd"))).to_be_visible()

    page.goto(f"{live_server.url}/customers/{emma.pk}/")
    expect(page.get_by_text(NEW).first).to_be_visible()
    expect(page.get_by_text("Overschreven uit klanten-2026.xlsx")).to_be_visible()
    page.goto(f"{live_server.url}/imports/")
    page.get_by_role("row", name=re.compile("klanten-2026")).get_by_role(
        "link", name=re.compile("Ongedaan maken")
    ).click()
    page.get_by_role("button", name=re.compile("Maak deze import ongedaan")).click()
    expect(page.get_by_role("heading", name="Deze import is ongedaan gemaakt")).to_be_visible()
    page.goto(f"{live_server.url}/customers/{emma.pk}/")
    expect(page.get_by_text(OLD).first).to_be_visible()
