"""A browser shows the answer to what it was not allowed to send, though it was still sending."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import browser_context_args, browser_type_launch_args  # noqa: F401
from tests.faults.conftest import Installation
from tests.faults.serving import MIB, serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(Installation(tmp_path_factory.mktemp("browser")), "--without-worker") as server:
        yield server


@pytest.fixture
def signed_in(page: Page, server):
    url = f"http://127.0.0.1:{server.port}"
    cookie = server.cookie.removeprefix("Cookie: sessionid=").partition(";")[0]
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": url}])
    page.goto(f"{url}/imports/new/")
    return page


def send_without_script(page: Page, size: int) -> None:
    """Send a file as a browser without our script does, which checks the size before."""
    page.evaluate(
        """size => {
            const form = document.querySelector("form[data-upload]");
            const files = new DataTransfer();
            files.items.add(new File([new Uint8Array(size)], "lijst.csv"));
            form.querySelector("input[type=file]").files = files.files;
            HTMLFormElement.prototype.submit.call(form);
        }""",
        size,
    )


def test_a_list_that_is_too_large_is_answered_with_the_limit(signed_in):
    send_without_script(signed_in, 70 * MIB)
    expect(signed_in.locator("h1")).to_have_text("Dit was te veel in één keer")
    expect(signed_in.locator("#content")).to_contain_text("niet meer dan 50 MB")


def test_a_list_of_somebody_who_is_signed_out_by_now_leads_to_the_login_page(signed_in):
    signed_in.context.clear_cookies(name="sessionid")
    send_without_script(signed_in, 30 * MIB)
    expect(signed_in.get_by_label("Wachtwoord")).to_be_visible()


def test_a_list_arrives(signed_in):
    signed_in.set_input_files(
        "input[type=file]", {"name": "l.csv", "mimeType": "text/csv", "buffer": b"a;b\n1;2\n" * 900_000}
    )
    expect(signed_in.locator("[data-progress]")).to_be_visible()
