"""A real Chromium from Debian's package against a real server; anything on its console fails the test."""

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Page

from accounton.offices.models import Office, User
from accounton.offices.scoping import acting_for

PASSWORD = "een-lang-wachtwoord-2026"
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
).split()


def pytest_collection_modifyitems(items):
    for item in items:
        if "/browser/" in str(item.fspath):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": "/usr/bin/chromium", "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "viewport": {"width": 1440, "height": 900}, "locale": "nl-BE"}


@pytest.fixture
def office(transactional_db):
    office = Office.objects.create(name="Kantoor Aalst", slug="aalst")
    with acting_for(office.id):
        yield office


@pytest.fixture
def admin(office):
    return User.objects.create_user("els@aalst.example", PASSWORD, office, name="Els Claes", role=User.Role.ADMIN)


@pytest.fixture
def expected_on_console() -> list[str]:
    """What the console may say: a refused form answers 422, which Chromium reports; that is no fault of the page."""
    return ["422"]


@pytest.fixture(autouse=True)
def quiet_console(page: Page, expected_on_console):
    said = []
    page.set_default_timeout(10_000)

    def listen(message):
        if message.type in ("error", "warning") and not any(text in message.text for text in expected_on_console):
            said.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield
    assert said == []


@pytest.fixture
def log_in(page: Page, live_server):
    """Log a user in by a session cookie; the login page has a test of its own."""

    def log_in(user: User) -> None:
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "accounton.offices.accounts.StaffBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        page.context.add_cookies([{"name": "sessionid", "value": session.session_key, "url": live_server.url}])

    return log_in
