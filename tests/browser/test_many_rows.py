"""A change of very many rows: its progress is shown, can be left, stopped and found again, and it says what it did."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounton.importing import jobs, pieces
from accounton.importing.models import Batch
from accounton.importing.starting import start
from tests.browser.test_accessibility import GRAVE, RULES
from tests.importing.conftest import workbook
from tests.importing.test_bulk_actions import mobiles


@pytest.fixture
def batch(admin, monkeypatch) -> Batch:
    monkeypatch.setattr(pieces, "LONG", 2)
    monkeypatch.setattr(pieces, "PIECE", 2)
    return start(admin, "klanten.xlsx", workbook(*mobiles()), task_flow="personenbelasting", assessment_year=2026)


def work(batch: Batch) -> None:
    """Do as the worker does."""
    jobs.work_on(batch.office_id, batch.pk)


def test_many_suggestions_are_accepted_and_undone_in_the_background(page: Page, live_server, admin, log_in, batch):
    log_in(admin)
    page.goto(f"{live_server.url}/imports/{batch.pk}/?bucket=invalid")
    page.get_by_role("button", name="Aanvaard alle 5 suggesties").click()
    expect(page.get_by_text("0 van 5 bekeken")).to_be_visible()
    expect(page.get_by_text("Suggesties worden aanvaard")).to_be_visible()
    expect(page.get_by_text(re.compile("Gevraagd door Els Claes om"))).to_be_visible()
    assert [v["id"] for v in Axe().run(page, options=RULES).response["violations"] if v["impact"] in GRAVE] == []

    page.get_by_role("link", name="Imports", exact=True).first.click()
    expect(page.get_by_role("row", name=re.compile("klanten.xlsx"))).to_contain_text("Wordt gewijzigd")
    page.get_by_role("link", name="klanten.xlsx").click()
    expect(page.get_by_text("0 van 5 bekeken")).to_be_visible()
    work(batch)
    expect(page.get_by_text("Suggesties aanvaard: Mobiel nummer, 5 rijen").first).to_be_visible()
    expect(page).to_have_url(re.compile("bucket=invalid"))

    page.goto(f"{live_server.url}/imports/{batch.pk}/changes/")
    page.get_by_role("row", name=re.compile("Suggesties aanvaard")).get_by_role("button").click()
    expect(page.get_by_text("Een wijziging wordt ongedaan gemaakt")).to_be_visible()
    expect(page.get_by_role("button", name="Hier stoppen")).to_have_count(0)
    work(batch)
    expect(page.get_by_text(re.compile("Ongedaan gemaakt: Suggesties aanvaard"))).to_be_visible()
    expect(page).to_have_url(re.compile("/changes/"))


def test_it_is_stopped_and_what_was_done_is_said(page: Page, live_server, admin, log_in, batch):
    log_in(admin)
    page.goto(f"{live_server.url}/imports/{batch.pk}/?bucket=invalid")
    page.get_by_role("button", name="Aanvaard alle 5 suggesties").click()
    page.get_by_role("button", name="Hier stoppen").click()
    expect(page.get_by_text("Gestopt. Er is niets gewijzigd.")).to_be_visible()
    expect(page.get_by_role("button", name="Aanvaard alle 5 suggesties")).to_be_visible()


def test_a_button_beside_the_progress_keeps_the_focus(page: Page, live_server, admin, log_in, batch):
    log_in(admin)
    page.goto(f"{live_server.url}/imports/{batch.pk}/?bucket=invalid")
    page.get_by_role("button", name="Aanvaard alle 5 suggesties").click()
    stop = page.get_by_role("button", name="Hier stoppen")
    stop.focus()
    stop.evaluate("each => { each.dataset.was = 1; }")
    words = page.locator("#progress [role=status]")
    for _look in range(2):
        with page.expect_response("**/progress/"):
            pass
    expect(words).to_have_attribute("aria-live", "off")
    expect(stop).to_have_attribute("data-was", "1")
    expect(stop).to_be_focused()
    expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuetext", "0 van 5 bekeken")
