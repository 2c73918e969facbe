"""The server refuses, fails or is not there: it is said, the screen shows what is saved, and nothing is lost."""

import re
from time import time

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, Route, expect

from accounton.customers import numbers
from accounton.customers.models import Customer
from accounton.importing.models import Batch
from tests.browser.conftest import PASSWORD
from tests.browser.signing_in import after_a_while, end_session, fill_sign_in, is_quiet, says
from tests.browser.test_editing_in_place import NAMES, WRONG, moved, stored
from tests.browser.test_repairing import cell, invalid_tab  # noqa: F401
from tests.browser.test_signed_out import ADD, QUESTIONNAIRE, review, selected  # noqa: F401
from tests.browser.test_the_import import upload  # noqa: F401


@pytest.fixture
def expected_on_console() -> list[str]:
    """What Chromium and htmx say of requests that fail."""
    return ["422", "the server responded with a status of", "net::ERR_", "htmx:sendError"]


def fail(page: Page, address: str, status: int) -> None:
    page.route(address, lambda route: route.fulfill(status=status, body="<h1>mis</h1>"))


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (500, "Er ging iets mis aan onze kant"),
        (404, "Waar dit over gaat, is er niet meer"),
        (405, "Deze pagina is te oud"),
        (413, "Dit is te veel in één keer"),
        (403, "Dit mag u niet"),
    ],
)
def test_a_refused_choice_is_said_and_put_back(review, status, text):  # noqa: F811
    page = review
    fail(page, re.compile("/(choose|select)/"), status)
    page.get_by_label("Louis Goossens").click()
    says(page, text)
    expect(page.get_by_label("Louis Goossens")).to_be_checked()
    page.locator("#refusal").get_by_role("button", name="Sluiten").click()
    is_quiet(page)
    choice = page.get_by_label("Selecteer vragenlijst")
    choice.select_option(label=QUESTIONNAIRE)
    says(page, text)
    expect(choice).to_have_value("")
    page.unroute(re.compile("/(choose|select)/"))
    choice.select_option(label=QUESTIONNAIRE)
    expect(page.get_by_role("button", name=ADD)).to_be_enabled()
    is_quiet(page)


@pytest.mark.parametrize("how", ["busy", "gone"])
def test_what_is_chosen_while_nothing_answers_is_saved_later(review, how):  # noqa: F811
    page = review

    def answer(route: Route) -> None:
        route.fulfill(status=503) if how == "busy" else route.abort("internetdisconnected")

    page.route(re.compile("/imports/|/accounts/session/"), answer)
    page.get_by_label("Louis Goossens").uncheck()
    page.get_by_label("Selecteer vragenlijst").select_option(label=QUESTIONNAIRE)
    says(page, "Het is nu erg druk" if how == "busy" else "Er is geen verbinding")
    expect(page.get_by_label("Louis Goossens")).not_to_be_checked()
    page.unroute(re.compile("/imports/|/accounts/session/"))
    page.locator("#refusal").get_by_role("button", name="Nu proberen").click()
    expect(page.get_by_text("2 van 3 geselecteerd", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=ADD)).to_be_enabled()
    is_quiet(page)
    assert (selected(), Batch.objects.get().questionnaire) == ([2, 4], "personenbelasting")


def test_cells_typed_without_a_connection_are_saved_when_it_is_back(invalid_tab):  # noqa: F811
    page = invalid_tab(*WRONG)
    page.context.set_offline(True)
    cell(page, "Slip0", "email").focus()
    for name in NAMES:
        page.keyboard.type(name)
        page.keyboard.press("Enter")
    says(page, "Er is geen verbinding")
    expect(cell(page, "Slip2", "email")).to_contain_text(NAMES[2])
    page.context.set_offline(False)
    moved(page, 3)
    is_quiet(page)
    assert stored() == list(NAMES)


def test_a_form_stays_filled_while_there_is_no_connection(page: Page, live_server, admin, log_in):
    customer = Customer.objects.create(first_name="Jan", last_name="Maes", email="jan@x.example", language="dutch")
    log_in(admin)
    page.goto(f"{live_server.url}/customers/{customer.pk}/edit/")
    page.context.set_offline(True)
    after_a_while(page)
    page.get_by_label("Voornaam").first.fill("Johan")
    page.get_by_role("button", name="Bewaren").first.click()
    says(page, "Er is geen verbinding")
    expect(page.get_by_label("Voornaam").first).to_have_value("Johan")
    page.context.set_offline(False)
    page.wait_for_url(f"**/customers/{customer.pk}/")
    customer.refresh_from_db()
    assert customer.first_name == "Johan"


def used(seconds_ago: int) -> None:
    """Let the session have been used last so long ago."""
    store = SessionStore(Session.objects.get().session_key)
    store["used_at"] = int(time()) - seconds_ago
    store.save()


def test_one_is_warned_before_the_end_and_can_stay(page: Page, live_server, admin, log_in):
    log_in(admin)
    page.clock.install()
    page.goto(f"{live_server.url}/customers/new/")
    page.get_by_label("Voornaam").first.fill("Jan")
    used(3600 - 100)
    page.clock.run_for((3600 - 120) * 1000)
    says(page, "U hebt hier een tijdje niets gedaan")
    page.get_by_role("button", name="Aangemeld blijven").click()
    is_quiet(page)
    assert Session.objects.get().get_decoded()["used_at"] > time() - 30
    used(3600 + 1)
    page.clock.run_for(3600 * 1000)
    says(page, "U bent afgemeld")
    expect(page.get_by_label("Voornaam").first).to_have_value("Jan")


def test_without_scripts_what_was_sent_is_kept_too(browser: Browser, page: Page, live_server, admin, log_in):
    customer = Customer.objects.create(first_name="Jan", last_name="Maes", email="jan@x.example", language="dutch")
    log_in(admin)
    context = browser.new_context(java_script_enabled=False, locale="nl-BE", storage_state=page.context.storage_state())
    plain = context.new_page()
    plain.goto(f"{live_server.url}/customers/{customer.pk}/edit/")
    plain.get_by_label("Voornaam").first.fill("Johan")
    end_session()
    plain.get_by_role("button", name="Bewaren").first.click()
    expect(plain.get_by_text("blijft een uur lang bewaard")).to_be_visible()
    fill_sign_in(plain, admin)
    expect(plain.get_by_role("heading", name="Dit is nog niet bewaard")).to_be_visible()
    plain.get_by_role("button", name="Nu bewaren").click()
    plain.wait_for_url(f"**/customers/{customer.pk}/")
    customer.refresh_from_db()
    assert customer.first_name == "Johan"
    context.close()


def test_an_address_from_the_history_leads_to_its_page(review):  # noqa: F811
    page = review
    page.goto(f"{page.url}add/")
    expect(page.get_by_role("heading", name="klanten.xlsx")).to_be_visible()
    expect(page.get_by_text("Er is niets gewijzigd")).to_be_visible()


def test_what_asks_who_one_is_goes_on_once_that_is_shown(page: Page, live_server, admin, log_in):
    """As revealing a number does after many; a glance at another tab is no proof."""
    customer = Customer.objects.create(first_name="Jan", last_name="Maes", email="jan@x.example", language="dutch")
    numbers.put(customer, "national_number", "85073003328")
    customer.save()
    log_in(admin)
    page.goto(f"{live_server.url}/customers/{customer.pk}/")
    proof = "/accounts/reauthenticate/?next=/accounts/signed-in/"
    headers = {"X-Refused": "not-confirmed", "X-Sign-In": proof}
    page.route("**/reveal/**", lambda route: route.fulfill(status=401, headers=headers), times=1)
    page.get_by_role("button", name=re.compile("Toon")).first.click()
    says(page, "Toon nog eens dat u het bent")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    with page.context.expect_page() as opened:
        page.locator("#refusal").get_by_role("link", name=re.compile("Bevestigen")).click()
    opened.value.get_by_label("Wachtwoord").fill(PASSWORD)
    with opened.value.expect_event("close"):
        opened.value.get_by_role("button", name="Bevestigen").click()
    is_quiet(page)
    expect(page.get_by_text("85.07.30-033.28")).to_be_visible()
