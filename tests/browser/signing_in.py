"""What ends a session behind the back of a page, and how somebody signs in again from there."""

import re
from typing import Any

from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD

SIGNED_OUT = "U bent afgemeld"


def end_session() -> None:
    """End every session, as time does."""
    Session.objects.all().delete()


def after_a_while(page: Page) -> None:
    """Let the page no longer take it for granted that the server answers as it did just now."""
    page.evaluate(
        """() => new Promise((resolve) => {
            new BroadcastChannel("session").onmessage = resolve;  // told after the page, which listened before
            new BroadcastChannel("session").postMessage("opened");
        })"""
    )


def says(page: Page, text: str) -> None:
    """Expect the notice with this text, announced as an alert."""
    expect(page.locator("#refusal [role=alert]").get_by_text(text)).to_be_visible()


def is_quiet(page: Page) -> None:
    """Expect no notice any more."""
    expect(page.locator("#refusal")).to_be_empty()


def open_sign_in(page: Page, name: str = "Aanmelden") -> Page:
    """Follow the link of the notice, and return the tab that it opens."""
    with page.context.expect_page() as opened:
        page.locator("#refusal").get_by_role("link", name=re.compile(name)).click()
    return opened.value


def fill_sign_in(tab: Page, user: Any) -> None:
    """Sign in on the page for it; the tab closes itself then."""
    tab.get_by_label("E-mail").fill(user.email)
    tab.get_by_label("Wachtwoord").fill(PASSWORD)
    tab.get_by_role("button", name="Aanmelden").click()


def sign_in_again(page: Page, user: Any) -> None:
    """Sign in from the notice, and come back to a page that says nothing any more."""
    tab = open_sign_in(page)
    with tab.expect_event("close"):
        fill_sign_in(tab, user)
    is_quiet(page)
