"""Takes pictures of the main pages into shots/: python -m tools.shots [name ...].

Starts the application with a demo office in a data directory of its own, signs in, walks the pages below in Dutch and
French, on a wide screen and on a phone, and stops the application. Names choose pages; all without any.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

LOGIN, PASSWORD = "beheerder@demo.example", "accounton-demo"


@dataclass(frozen=True)
class Shot:
    """A page to take: name, address ({batch} is the review made for it), and what to do there before the picture."""

    name: str
    address: str
    click: str = ""
    focus: str = ""
    signed_in: bool = True


SHOTS = (
    Shot("login", "/accounts/login/", signed_in=False),
    Shot("overview", "/customers/"),
    Shot("overview-import-menu", "/customers/", click=".page-actions .dropdown-toggle"),
    Shot("customer", "/customers/", click=".data-table tbody tr:first-child .cell-name a"),
    Shot("customer-new", "/customers/new/"),
    Shot("upload", "/imports/new/"),
    Shot("review-new", "/imports/{batch}/?bucket=only_in_import"),
    Shot("review-only-here", "/imports/{batch}/?bucket=only_in_platform"),
    Shot("review-double", "/imports/{batch}/?bucket=double"),
    Shot("review-invalid", "/imports/{batch}/?bucket=invalid", focus="td.is-problem"),
    Shot("imports", "/imports/"),
    Shot("help", "/help/import/"),
    Shot("password", "/accounts/password/change/"),
    Shot("not-found", "/nowhere/"),
)
LANGUAGES = {"nl": "nl-BE", "fr": "fr-BE"}
SIZES = ((1440, 900), (390, 844))
FOLDER = Path("shots")
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
START_SECONDS = 60
READ_MILLISECONDS = 60_000


def free_port() -> int:
    """Give a port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def application() -> Iterator[str]:
    """Run the application on a demo office of its own; give its address. Raises TimeoutError without an answer."""
    data = tempfile.mkdtemp(prefix="accounton-shots-")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "ACCOUNTON_DATA_DIR": data, "ACCOUNTON_BASE_URL": address}
    environment.pop("ACCOUNTON_DATABASE_URL", None)
    command = [sys.executable, "-m", "accounton.site.cli"]
    subprocess.run([*command, "demo"], env=environment, check=True, stdout=subprocess.DEVNULL)
    server = subprocess.Popen(
        [*command, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        wait_for(address)
        yield address
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)
        shutil.rmtree(data, ignore_errors=True)


def wait_for(address: str) -> None:
    """Wait until the application answers."""
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"{address}/health/", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > until:
                raise TimeoutError(f"{address} does not answer") from None
            time.sleep(0.2)


def sign_in(page: Page, address: str) -> None:
    """Sign in as the admin of the demo office."""
    page.goto(f"{address}/accounts/login/")
    page.fill("input[name=login]", LOGIN)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/customers/**")


def make_review(page: Page, address: str) -> str:
    """Upload the sample list; give the number of its review once it is read."""
    page.goto(f"{address}/imports/new/")
    sample = page.request.get(f"{address}/imports/sample.xlsx")
    page.set_input_files(
        "input[type=file]",
        {"name": "klanten-2026.xlsx", "mimeType": sample.headers["content-type"], "buffer": sample.body()},
    )
    page.wait_for_selector(".tabs", timeout=READ_MILLISECONDS)
    return page.url.split("/imports/")[1].split("/")[0]


def take(page: Page, address: str, shot: Shot, name: str) -> None:
    """Take one picture, after the click or focus it asks for."""
    page.goto(address)
    if shot.click:
        page.click(shot.click)
        page.wait_for_load_state("networkidle")
    if shot.focus and page.locator(shot.focus).count():
        # By keyboard, as the sentence beside a cell shows on keyboard focus only.
        page.locator(shot.focus).first.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
    page.screenshot(path=FOLDER / f"{name}.png")


def context_of(browser: Browser, locale: str, size: tuple[int, int]) -> BrowserContext:
    """Open a browser of its own with this language and size, that asks for less motion so that pictures stand still."""
    return browser.new_context(
        locale=locale, viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce", color_scheme="light"
    )


def walk(browser: Browser, address: str, shots: list[Shot]) -> None:
    """Take all the pictures."""
    first = context_of(browser, "nl-BE", SIZES[0])
    page = first.new_page()
    sign_in(page, address)
    batch = make_review(page, address) if any("{batch}" in shot.address for shot in shots) else ""
    cookies = first.cookies()
    for language, locale in LANGUAGES.items():
        for size in SIZES:
            for signed_in in (False, True):
                context = context_of(browser, locale, size)
                if signed_in:
                    context.add_cookies([cookie for cookie in cookies if "session" in cookie["name"]])  # type: ignore[misc]
                page = context.new_page()
                for shot in shots:
                    if shot.signed_in == signed_in:
                        name = f"{shot.name}-{language}-{size[0]}x{size[1]}"
                        take(page, address + shot.address.format(batch=batch), shot, name)
                context.close()


def main(names: list[str]) -> int:
    """Take the named pictures, or all; give the exit code."""
    shots = [shot for shot in SHOTS if not names or shot.name in names]
    if unknown := set(names) - {shot.name for shot in SHOTS}:
        print(f"no such page: {', '.join(sorted(unknown))}; there are {', '.join(shot.name for shot in SHOTS)}")
        return 2
    FOLDER.mkdir(exist_ok=True)
    with application() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        walk(browser, address, shots)
        browser.close()
    print(f"{len(list(FOLDER.glob('*.png')))} pictures stand in {FOLDER}/")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
