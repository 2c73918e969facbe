"""Pages for the scripts of the frame: real files under the real policy, served to Chromium without any server."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import Page, Route

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
]
ADDRESS = "http://frame.example"
HEAD = """<!DOCTYPE html><html lang="nl"><head><meta charset="utf-8"><title>Proef</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="htmx-config" content='{"allowEval":false,"includeIndicatorStyles":false,"allowScriptTags":false}'>
<link rel="icon" href="/static/site/icon.svg">
<link rel="stylesheet" href="/static/bootstrap/css/bootstrap.min.css">
<link rel="stylesheet" href="/static/site/theme.css"></head><body>"""
SCRIPTS = [
    "django_htmx/htmx-2.min.js",
    *(f"site/{name}.js" for name in "announce filters menu session sending selection tips upload".split()),
]
FOOT = '<div id="announce" role="status"></div>' + "".join(
    f'<script src="/static/{script}" defer></script>' for script in SCRIPTS
)


def policy() -> str:
    """Give the content policy of the settings as a header."""
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    return "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": "/usr/bin/chromium", "args": FLAGS}


@pytest.fixture
def show(page: Page) -> Iterator[Callable[[str], Page]]:
    """Give a function that shows markup inside the frame. What the page says on its console fails the test."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    def static(route: Route) -> None:
        found = finders.find(route.request.url.split("/static/")[1])
        assert found, route.request.url
        route.fulfill(path=Path(str(found)))

    def show(body: str) -> Page:
        content = {"content-type": "text/html; charset=utf-8", "content-security-policy": policy()}
        page.route(f"{ADDRESS}/static/**", static)
        page.route(f"{ADDRESS}/", lambda route: route.fulfill(body=HEAD + body + FOOT, headers=content))
        page.goto(f"{ADDRESS}/")
        return page

    yield show
    # A test that lets the server fail gets two lines about that; they are no fault of the page.
    assert [text for text in said if "500" not in text] == []
