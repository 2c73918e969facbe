"""Takes pictures of the main pages into shots/: python -m tools.shots [--help-pages] [name ...].

Starts the application with a demo office in a data directory of its own, signs in, walks the pages below in Dutch and
French, on a wide screen and on a phone, and stops the application. Names choose pages; all without any.
With --help-pages it makes the pictures that the help shows, in its three languages, and puts them where it finds them.
"""

import argparse
import base64
import os
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
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

LOGIN, PASSWORD = "beheerder@demo.example", "accounton-demo"


@dataclass(frozen=True)
class Walk:
    """In which languages and sizes to take pictures, and where to put them under which name."""

    languages: tuple[str, ...]
    sizes: tuple[tuple[int, int], ...]
    folder: Path
    file: str

    def path(self, name: str, language: str, size: tuple[int, int]) -> Path:
        """Give the file for a picture."""
        shown = HELP_PICTURES.get(name, name)
        return self.folder / self.file.format(name=name, shown=shown, language=language, width=size[0], height=size[1])


@dataclass(frozen=True)
class Shot:
    """A page to take: name, address, and what to do there before the picture.

    {batch} is a review made for it, {mapping} a list whose columns are asked about.
    """

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
    Shot("mapping", "/imports/{mapping}/columns/"),
    Shot("learnt", "/imports/learnt/"),
    Shot("review-new", "/imports/{batch}/?bucket=only_in_import"),
    Shot("review-only-here", "/imports/{batch}/?bucket=only_in_platform"),
    Shot("review-double", "/imports/{batch}/?bucket=double"),
    Shot("review-invalid", "/imports/{batch}/?bucket=invalid", focus="td.is-problem"),
    Shot("review-row", "/imports/{batch}/?bucket=invalid", click="tr[data-row] .cell-row a"),
    Shot("review-bulk", "/imports/{batch}/bulk/"),
    Shot("review-values", "/imports/{batch}/values/language.unknown/"),
    Shot("review-accepted", "/imports/{batch}/?bucket=invalid", click=".problem-card button.btn-primary"),
    Shot("review-changes", "/imports/{batch}/changes/"),
    Shot("couples", "/imports/{batch}/couples/"),
    Shot("near", "/imports/{batch}/near/"),
    Shot("repeated", "/imports/{batch}/repeated/"),
    Shot("decisions", "/imports/decisions/"),
    Shot("imports", "/imports/"),
    Shot("log", "/settings/log/"),
    Shot("help", "/help/import/"),
    Shot("password", "/accounts/password/change/"),
    Shot("not-found", "/nowhere/"),
)
# What the help calls its pictures, and the pages they show.
HELP_PICTURES = {"upload": "upload", "review-new": "review", "review-invalid": "invalid"}
LOCALES = {"nl": "nl-BE", "fr": "fr-BE", "en": "en-GB"}
MAIN = Walk(("nl", "fr"), ((1440, 900), (390, 844)), Path("shots"), "{name}-{language}-{width}x{height}.png")
HELP = Walk(("nl", "fr", "en"), ((1200, 700),), Path("accounton/site/static/help"), "{language}-{shown}.webp")
SMALLER = """async encoded => {
    const image = new Image();
    image.src = "data:image/png;base64," + encoded;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.width, image.height];
    canvas.getContext("2d").drawImage(image, 0, 0);
    return canvas.toDataURL("image/webp", 0.82);
}"""
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
FOREIGN_LIST = Path("tests/lists/octopus_export.xlsx")
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
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "accounton.site.cli"]
    with tempfile.TemporaryDirectory(prefix="accounton-shots-") as data:
        environment = {**os.environ, "ACCOUNTON_DATA_DIR": data, "ACCOUNTON_BASE_URL": address}
        environment.pop("ACCOUNTON_DATABASE_URL", None)
        subprocess.run([*command, "demo"], env=environment, check=True, stdout=subprocess.DEVNULL)
        serve = [*command, "serve", "--port", str(port)]
        server = subprocess.Popen(serve, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
        try:
            wait_for(address)
            yield address
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)


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


def make_mapping(page: Page, address: str) -> str:
    """Upload a list with headers of its own; give the number of its import, which waits for its columns."""
    page.goto(f"{address}/imports/new/")
    page.set_input_files("input[type=file]", FOREIGN_LIST)
    page.wait_for_url("**/columns/**", timeout=READ_MILLISECONDS)
    return page.url.split("/imports/")[1].split("/")[0]


def take(page: Page, address: str, shot: Shot, path: Path) -> None:
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
    picture = page.screenshot()
    path.write_bytes(as_webp(page, picture) if path.suffix == ".webp" else picture)


def as_webp(page: Page, picture: bytes) -> bytes:
    """Make a picture some three times smaller, so that a page with pictures loads soon; the browser itself does it."""
    blank = page.context.new_page()
    encoded: str = blank.evaluate(SMALLER, base64.b64encode(picture).decode())
    blank.close()
    return base64.b64decode(encoded.split(",")[1])


def context_of(browser: Browser, language: str, size: tuple[int, int]) -> BrowserContext:
    """Open a browser of its own with this language and size, that asks for less motion so that pictures stand still."""
    return browser.new_context(
        locale=LOCALES[language],
        viewport={"width": size[0], "height": size[1]},
        reduced_motion="reduce",
        color_scheme="light",
    )


def walk(browser: Browser, address: str, shots: list[Shot], way: Walk) -> None:
    """Take all the pictures."""
    first = context_of(browser, "nl", way.sizes[0])
    page = first.new_page()
    sign_in(page, address)
    batch = make_review(page, address) if any("{batch}" in shot.address for shot in shots) else ""
    mapping = make_mapping(page, address) if any("{mapping}" in shot.address for shot in shots) else ""
    session = [cookie for cookie in first.cookies() if "session" in cookie["name"]]
    for language, size, signed_in in product(way.languages, way.sizes, (False, True)):
        context = context_of(browser, language, size)
        if signed_in:
            context.add_cookies(session)  # type: ignore[arg-type]
        page = context.new_page()
        for shot in shots:
            if shot.signed_in == signed_in:
                where = address + shot.address.format(batch=batch, mapping=mapping)
                take(page, where, shot, way.path(shot.name, language, size))
        context.close()


def main(arguments: list[str]) -> int:
    """Take the named pictures, or all; give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.shots", description="Takes pictures of the main pages.")
    parser.add_argument("--help-pages", action="store_true", help="make the pictures of the help instead")
    parser.add_argument("names", nargs="*", choices=[[], *(shot.name for shot in SHOTS)], metavar="name")
    chosen = parser.parse_args(arguments)
    way, names = (HELP, list(HELP_PICTURES)) if chosen.help_pages else (MAIN, chosen.names)
    way.folder.mkdir(parents=True, exist_ok=True)
    with application() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        walk(browser, address, [shot for shot in SHOTS if not names or shot.name in names], way)
        browser.close()
    print(f"The pictures stand in {way.folder}/")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
