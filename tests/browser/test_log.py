"""An admin reads who did what: from a customer to the log, filtered, and out as a workbook."""

import os
import re

import pytest
from playwright.sync_api import expect

from accounton.customers.models import Customer
from accounton.offices.audit import record
from accounton.offices.models import AuditEntry, User
from tests.browser.conftest import PASSWORD


@pytest.fixture
def customer(office):
    return Customer.objects.create(first_name="Noor", last_name="Peeters", email="noor@x.example", language="dutch")


def test_from_a_customer_to_the_log_and_out_as_a_workbook(page, live_server, admin, office, customer, log_in):
    tom = User.objects.create_user("tom@aalst.example", PASSWORD, office, name="Tom Baert")
    record(tom, "number.revealed", f"customer:{customer.pk}", column="national_number", numbers=1)
    record(admin, "signed_in", f"user:{admin.pk}")
    log_in(admin)
    page.goto(f"{live_server.url}/customers/{customer.pk}/")
    page.get_by_role("link", name="Alles wat geregistreerd is, in het logboek").click()
    table = page.get_by_role("table")
    expect(table.get_by_text("Tom Baert keek naar het rijksregisternummer van klant Noor Peeters")).to_be_visible()
    expect(page.get_by_text("Alleen wat over klant Noor Peeters gaat")).to_be_visible()
    page.get_by_role("link", name="Toon alles").click()
    expect(table.get_by_text("Els Claes meldde zich aan")).to_be_visible()
    page.get_by_label("Wie deed het").select_option("Tom Baert")
    page.get_by_label("Soort").select_option("Rijksregisternummers")
    page.get_by_role("button", name="Toon", exact=True).click()
    expect(table.get_by_text("Els Claes")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name="Downloaden als werkmap").click()
    assert re.fullmatch(r"Logboek \d{4}-\d{2}-\d{2}\.xlsx", download.value.suggested_filename)
    assert AuditEntry.objects.get(action="audit.downloaded").details == {"entries": 1}
    page.goto(f"{live_server.url}/settings/log/")
    expect(table.get_by_text("Els Claes downloadde het logboek; regels: 1")).to_be_visible()
    table.get_by_role("link", name="klant Noor Peeters").click()
    expect(page.get_by_role("heading", name="Noor Peeters")).to_be_visible()
    if folder := os.environ.get("ACCOUNTON_PICTURES"):
        for language, size in (("nl", (1440, 900)), ("fr", (390, 844)), ("nl", (1280, 720))):
            page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
            page.set_viewport_size({"width": size[0], "height": size[1]})
            page.goto(f"{live_server.url}/settings/log/")
            page.screenshot(path=f"{folder}/log-{language}-{size[0]}.png")
