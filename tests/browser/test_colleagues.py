"""A colleague is invited by mail, works read only, and is closed in the middle of it: in two browsers at once."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounton.customers.models import Customer
from accounton.dossiers.models import Dossier
from accounton.importing.forms import this_year
from accounton.offices.models import User
from accounton.questionnaires.models import Questionnaire
from tests.browser.conftest import PASSWORD
from tests.offices.sign_in.conftest import link_in, mail_server, work_off  # noqa: F401

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
NEW = "een-gloednieuw-wachtwoord-2027"


@pytest.fixture
def expected_on_console() -> list[str]:
    return ["401", "422"]


@pytest.fixture
def customer(office, admin):
    tom = User.objects.create_user("tom@aalst.example", PASSWORD, office, name="Tom Baert")
    person = {"first_name": "Jo", "last_name": "Wit", "email": "jo@wit.example", "language": "dutch"}
    made = Customer.objects.create(**person, responsible=tom, search="wit jo", name_key="jo wit")
    dossier = Dossier.objects.create(customer=made, assessment_year=this_year())
    Questionnaire.objects.create(dossier=dossier, definition="personenbelasting", language="dutch")
    return made


def is_accessible(page: Page) -> bool:
    found = Axe().run(page, options=RULES)
    return not [one for one in found.response["violations"] if one["impact"] in ("serious", "critical")]


def invite(page: Page, live_server, address: str) -> None:
    page.goto(f"{live_server.url}/settings/colleagues/")
    assert is_accessible(page)
    page.get_by_role("link", name="Collega’s uitnodigen").click()
    page.get_by_label("E-mailadres").fill(address)
    page.get_by_label("Naam").fill("Lies Maes")
    page.get_by_label("Rol").select_option("read_only")
    assert is_accessible(page)
    page.get_by_role("button", name="Uitnodigen").click()
    expect(page.get_by_text(f"onderweg naar {address}")).to_be_visible()


def accept(page: Page, live_server, link: str, address: str) -> None:
    page.goto(live_server.url + link)
    page.wait_for_url("**set-password/")
    for field in ("password1", "password2"):
        page.locator(f"input[name={field}]").fill(NEW)
    expect(page.get_by_text(f"meldt u aan met {address}")).to_be_visible()
    page.get_by_role("button", name="Bewaren en aanmelden").click()
    page.wait_for_url("**/customers/**")


def test_from_invited_to_closed(
    page: Page,
    new_context,
    live_server,
    admin,
    customer,
    log_in,
    mail_server,  # noqa: F811
    work_off,  # noqa: F811
):
    log_in(admin)
    invite(page, live_server, "lies@aalst.example")
    work_off()
    theirs = new_context().new_page()
    accept(theirs, live_server, link_in(mail_server.only()), "lies@aalst.example")
    theirs.get_by_role("link", name="Wit Jo").click()
    expect(theirs.get_by_role("heading", name="Jo Wit")).to_be_visible()
    expect(theirs.get_by_role("link", name="Wijzigen")).to_have_count(0)
    expect(theirs.get_by_role("button", name="Archiveren")).to_have_count(0)
    page.get_by_role("link", name="Lies Maes").click()
    assert is_accessible(page)
    page.get_by_role("link", name="Account sluiten").click()
    page.get_by_role("button", name="Account sluiten").click()
    expect(page.get_by_text("Het account van Lies Maes is gesloten")).to_be_visible()
    theirs.get_by_role("link", name="Klanten").first.click()
    expect(theirs.get_by_text("Uw account werd gesloten door een beheerder")).to_be_visible()


def test_customers_are_handed_over_and_back_in_french(page: Page, live_server, admin, customer, log_in):
    page.context.add_cookies([{"name": "django_language", "value": "fr", "url": live_server.url}])
    log_in(admin)
    page.goto(f"{live_server.url}/settings/colleagues/")
    page.get_by_role("link", name="Tom Baert").click()
    page.get_by_label("Transmettre les clients à").select_option(label="Els Claes")
    page.get_by_role("button", name="Les transmettre tous").click()
    notice = page.get_by_role("status").get_by_text("1 client a été transmis à Els Claes.")
    expect(notice).to_be_visible()
    assert is_accessible(page)
    notice.get_by_role("button", name="Annuler").click()
    expect(page.get_by_text("1 client est de nouveau attribué à Tom Baert.")).to_be_visible()
