"""From a fresh server to an admin at work: the command, its link, a password, the first page, the settings."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounton.offices.models import Office
from accounton.site import cli

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
NEW = "een-gloednieuw-wachtwoord-2027"


def is_accessible(page: Page) -> bool:
    found = Axe().run(page, options=RULES)
    return not [one for one in found.response["violations"] if one["impact"] in ("serious", "critical")]


def made(capsys, *language: str) -> str:
    """Make an office by the command; return the path of the admin's link."""
    command = ["office", "create", "aalst", "--name", "Kantoor Aalst", "--admin", "els@aalst.example", "--json"]
    capsys.readouterr()
    assert cli.main([*command, *language]) == 0
    link: str = json.loads(capsys.readouterr().out)["link"]
    return link.removeprefix("http://localhost:8000")


@pytest.fixture
def first_page(page: Page, live_server, capsys) -> Page:
    """The admin has followed the link and chosen a password."""
    page.goto(live_server.url)
    expect(page.get_by_role("heading", name="Nog geen kantoor")).to_be_visible()
    assert is_accessible(page)
    link = made(capsys)
    page.get_by_role("link", name="Het kantoor is aangemaakt").click()
    expect(page.get_by_role("heading", name="Aanmelden")).to_be_visible()
    page.goto(live_server.url + link)
    expect(page.get_by_text("U werkt voortaan voor Kantoor Aalst")).to_be_visible()
    assert is_accessible(page)
    page.get_by_label("Uw naam").fill("Els Claes")
    page.get_by_label("Wachtwoord", exact=True).fill(NEW)
    page.get_by_label("Wachtwoord (nogmaals)").fill(NEW)
    page.get_by_role("button", name="Bewaren en aanmelden").click()
    page.wait_for_url("**/customers/")
    return page


def test_from_the_command_to_settings_that_are_saved(first_page: Page):
    page = first_page
    expect(page.get_by_text("Uw wachtwoord is bewaard en u bent aangemeld")).to_be_visible()
    for step in ("Klanten importeren uit", "Eén klant zelf toevoegen", "Collega’s uitnodigen"):
        expect(page.locator(".first-steps").get_by_role("link", name=step)).to_be_visible()
    assert is_accessible(page)
    page.get_by_role("link", name="Uw kantoor invullen").click()
    assert is_accessible(page)
    page.get_by_label("Postcode").fill("9999")
    page.get_by_label("Telefoon").fill("053 21 34 56")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_text("Deze postcode bestaat niet in België.")).to_be_visible()
    assert is_accessible(page)
    page.get_by_label("Postcode").fill("9300")
    page.get_by_label("Engels").uncheck()
    page.get_by_label("Taal van een lijst die het niet zegt").select_option(label="Nederlands")
    page.get_by_label("Afmelden na zoveel minuten").fill("20")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_text("De instellingen van het kantoor zijn bewaard.")).to_be_visible()
    expect(page.get_by_label("Telefoon")).to_have_value("+32 53 21 34 56")
    office = Office.objects.get()
    assert (office.postal_code, office.languages, office.list_language) == ("9300", ["dutch", "french"], "dutch")
    assert office.idle_minutes == 20


def test_leaving_with_something_unsaved_is_asked_about(first_page: Page):
    page = first_page
    page.get_by_role("link", name="Instellingen").click()
    page.get_by_label("Straat en nummer").fill("Grote Markt 1")
    expect(page.get_by_text("Nog niet bewaard")).to_be_visible()
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="Klanten").first.click(no_wait_after=True)
    expect(page.get_by_label("Straat en nummer")).to_have_value("Grote Markt 1")
    page.wait_for_function("true")
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_text("De instellingen van het kantoor zijn bewaard.")).to_be_visible()
    page.get_by_role("link", name="Klanten").first.click()
    page.wait_for_url("**/customers/")
