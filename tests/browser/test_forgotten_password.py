"""A colleague who forgot their password gets in again, on a local run: by the link in the mailbox of the demo."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils.module_loading import import_string
from django_q.models import OrmQ
from playwright.sync_api import Page, expect

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
NEW = "een-gloednieuw-wachtwoord-2027"


@pytest.fixture(autouse=True)
def local_run(settings, live_server):
    settings.BASE_URL = live_server.url
    settings.DEMO_MAILBOX = True
    settings.EMAIL_BACKEND = "accounton.mail.backends.DemoMailboxBackend"


def work_off() -> None:
    for waiting in OrmQ.objects.all():
        waiting.delete()
        import_string(waiting.task["func"])(*waiting.task["args"])


def is_accessible(page: Page) -> bool:
    found = Axe().run(page, options=RULES)
    return not [one for one in found.response["violations"] if one["impact"] in ("serious", "critical")]


def test_from_forgotten_to_signed_in(page: Page, live_server, admin):
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_role("link", name="Wachtwoord vergeten?").click()
    page.get_by_label("E-mailadres").fill(admin.email)
    page.get_by_role("button", name="Link sturen").click()
    expect(page.get_by_role("heading", name="Kijk in uw mailbox")).to_be_visible()
    page.get_by_role("link", name="Postvak van de demo").click()
    expect(page.get_by_text("Nog geen mails")).to_be_visible()
    assert is_accessible(page)
    work_off()
    # The page looks for itself whether a mail has come.
    page.get_by_role("link", name="Kies een nieuw wachtwoord").click()
    assert is_accessible(page)
    expect(page.get_by_text(admin.email)).to_be_visible()
    page.locator(".mail-text a").click()
    page.wait_for_url("**set-password/")
    for field in ("password1", "password2"):
        page.locator(f"input[name={field}]").fill(NEW)
    page.get_by_role("button", name="Nieuw wachtwoord bewaren").click()
    expect(page.get_by_role("heading", name="Uw nieuwe wachtwoord is bewaard")).to_be_visible()
    page.get_by_role("link", name="Aanmelden").click()
    page.locator("input[name=login]").fill(admin.email)
    page.locator("input[name=password]").fill(NEW)
    page.get_by_role("button", name="Aanmelden").click()
    page.wait_for_url("**/customers/**")
    work_off()
    page.get_by_role("link", name="Postvak van de demo").click()
    expect(page.get_by_role("link", name="Uw wachtwoord is gewijzigd")).to_be_visible()
    page.get_by_role("button", name="Alle mails verwijderen").click()
    expect(page.get_by_text("Nog geen mails")).to_be_visible()
