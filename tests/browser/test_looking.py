"""A review that is opened before its list was looked through: the button waits, and comes by itself."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounton.importing.jobs import look_again
from accounton.importing.models import Batch
from accounton.importing.staging import stage
from tests.browser.test_accessibility import GRAVE, RULES
from tests.importing.conftest import person, workbook


def test_the_button_comes_by_itself_once_it_was_looked(page: Page, live_server, office, admin, log_in):
    batch = Batch.objects.create(file_name="lijst.xlsx", assessment_year=2026, questionnaire="personenbelasting")
    stage(batch, workbook(person(1), person(2, first_name="Jan", last_name="Bakkerij Peeters BV")))
    log_in(admin)
    page.goto(f"{live_server.url}/imports/{batch.pk}/")
    button = page.get_by_role("button", name="Voeg de geselecteerde klanten toe aan Accounton (2)")
    expect(button).to_be_disabled()
    expect(button).to_have_accessible_description(re.compile("Er wordt nog gezocht"))
    expect(page.get_by_role("button", name="Toevoegen zonder te wachten")).to_be_enabled()
    assert [v["id"] for v in Axe().run(page, options=RULES).response["violations"] if v["impact"] in GRAVE] == []
    with page.expect_response(re.compile("/looked/")) as asked:
        pass
    assert asked.value.status == 204
    expect(button).to_be_disabled()

    look_again(office.pk, batch.pk)
    first = page.get_by_role("button", name="Voeg eerst de andere toe (1)")
    expect(first).to_be_enabled()
    expect(page.get_by_role("link", name="1 rij lijkt op een klant of een andere rij", exact=True)).to_be_visible()
    first.click()
    expect(page.get_by_role("heading", name="1 klant toegevoegd")).to_be_visible()
