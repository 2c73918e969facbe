"""The scripts of the frame in a real Chromium: selecting, filtering, sentences at cells, uploading, the menu."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.site.conftest import ADDRESS

pytestmark = pytest.mark.browser

TABLE = """
<table class="data-table" data-selection="/select/" data-failed="Niet bewaard.">
<thead><tr><th class="cell-check"><input type="checkbox" data-select-page aria-label="Alle"></th></tr></thead>
<tbody>{rows}</tbody></table><span id="chosen">?</span>"""
ROW = """<tr><td class="cell-check">
<input type="checkbox" name="row" value="{0}" aria-label="Rij {0}" {1}></td><td>x</td></tr>"""


def table(checked: set[int] | None = None, count: int = 6) -> str:
    rows = (ROW.format(number, "checked" if number in (checked or ()) else "") for number in range(1, count + 1))
    return TABLE.format(rows="".join(rows))


@pytest.fixture
def sent(page: Page) -> list[str | None]:
    """What the server got about the selection; it answers with a count and the sentence that it is saved."""
    got: list[str | None] = []

    def answer(route):
        got.append(route.request.post_data)
        route.fulfill(
            headers={"HX-Trigger": '{"announce": {"text": "Bewaard"}}', "content-type": "text/html"},
            body=f'<span id="chosen" hx-swap-oob="true">{len(got)} keer</span>',
        )

    page.route(f"{ADDRESS}/select/", answer)
    return got


def checked(page: Page) -> list[int]:
    return page.eval_on_selector_all("[name=row]:checked", "boxes => boxes.map(box => Number(box.value))")


def test_one_row_is_chosen_and_saved_at_once(show, sent):
    page = show(table())
    page.get_by_label("Rij 2").click()
    expect(page.locator("#chosen")).to_have_text("1 keer")
    expect(page.locator("#announce")).to_have_text("Bewaard")
    assert sent == ["row=2&selected=1"]


def test_shift_and_a_click_choose_a_range_in_one_request(show, sent):
    page = show(table(checked={4}))
    page.get_by_label("Rij 2").click()
    page.get_by_label("Rij 6").click(modifiers=["Shift"])
    expect(page.locator("#chosen")).to_have_text("2 keer")
    assert checked(page) == [2, 3, 4, 5, 6]
    assert sent == ["row=2&selected=1", "row=3&row=5&row=6&selected=1"]


def test_a_range_can_be_taken_back_upwards(show, sent):
    page = show(table(checked={1, 2, 3, 4, 5, 6}))
    page.get_by_label("Rij 5").click()
    page.get_by_label("Rij 2").click(modifiers=["Shift"])
    expect(page.locator("#chosen")).to_have_text("2 keer")
    assert checked(page) == [1, 6]


def test_the_keyboard_alone_chooses_a_range(show, sent):
    page = show(table())
    page.get_by_label("Rij 1").focus()
    for key in ("Space", "ArrowDown", "ArrowDown", "Shift+Space"):
        page.keyboard.press(key)
    expect(page.locator("#chosen")).to_have_text("2 keer")
    assert checked(page) == [1, 2, 3]


def test_the_box_in_the_header_follows_and_leads(show, sent):
    page = show(table(checked={1}))
    header = page.get_by_label("Alle")
    assert header.evaluate("box => box.indeterminate") is True
    header.click()
    expect(page.locator("#chosen")).to_have_text("1 keer")
    assert sent == ["row=2&row=3&row=4&row=5&row=6&selected=1"]
    expect(header).to_be_checked()
    page.get_by_label("Rij 3").click()
    assert header.evaluate("box => box.indeterminate") is True


def test_many_quick_choices_arrive_one_by_one_and_in_order(show, sent):
    page = show(table())
    page.evaluate("document.querySelectorAll('[name=row]').forEach(box => box.click())")
    expect(page.locator("#chosen")).to_have_text("6 keer")
    assert sent == [f"row={number}&selected=1" for number in range(1, 7)]


def test_what_could_not_be_saved_goes_back_and_is_said(show, page):
    page.route(f"{ADDRESS}/select/", lambda route: route.fulfill(status=500, body=""))
    show(table(checked={2}))
    page.get_by_label("Rij 2").click()
    expect(page.locator("#announce")).to_have_text("Niet bewaard.")
    assert checked(page) == [2]


FILTER = """<form method="get" action="/" data-auto-submit><input type="search" name="q" value="">
<select name="status"><option value="">alle</option><option value="sent">verzonden</option></select></form>"""


def test_a_filter_waits_for_the_last_key_and_leaves_empty_fields_out(show):
    page = show(FILTER)
    asked: list[str] = []
    page.route(f"{ADDRESS}/?*", lambda route: (asked.append(route.request.url), route.fulfill(body="klaar")))
    page.evaluate(
        """() => { const input = document.querySelector("[name=q]");
        for (const text of ["j", "ja", "jan"]) {
            input.value = text; input.dispatchEvent(new InputEvent("input", { bubbles: true }));
        } }"""
    )
    page.wait_for_url("**/?q=jan")
    assert asked == [f"{ADDRESS}/?q=jan"]


def test_a_choice_in_a_filter_counts_at_once(show):
    page = show(FILTER)
    page.route(f"{ADDRESS}/?*", lambda route: route.fulfill(body="klaar"))
    page.locator("[name=status]").select_option("sent")
    page.wait_for_url("**/?status=sent")


CELLS = """<button>voor</button><table class="data-table"><tr>
<td class="is-problem" data-tip tabindex="0" aria-describedby="why">0478
<span class="visually-hidden" id="why"><strong>Fout</strong> Met landcode.</span></td><td>goed</td></tr></table>"""


def test_the_sentence_at_a_cell_shows_on_keyboard_focus_and_goes_with_escape(show):
    page = show(CELLS)
    tip = page.locator(".tip")
    page.get_by_text("voor").focus()
    expect(tip).to_be_hidden()
    page.keyboard.press("Tab")
    expect(tip).to_have_text("Fout Met landcode.")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    expect(page.locator(".is-problem")).to_be_focused()
    expect(page.locator(".is-problem")).to_have_accessible_description("Fout Met landcode.")


def test_the_sentence_shows_on_hover_and_stays_under_the_pointer(show):
    page = show(CELLS)
    tip = page.locator(".tip")
    page.locator(".is-problem").hover()
    expect(tip).to_be_visible()
    tip.hover()
    page.wait_for_function("document.querySelector('.tip:hover')")
    expect(tip).to_be_visible()
    page.get_by_text("voor").hover()
    expect(tip).to_be_hidden()


UPLOAD = """<form data-upload method="post" enctype="multipart/form-data" action="/upload/" data-max-bytes="1000"
 data-text-sent="{done} van {total}" data-text-reading="Wordt gelezen" data-text-too-large="Te groot"
 data-text-failed="Niet aangekomen">
<input type="hidden" name="csrfmiddlewaretoken" value="token">
<div class="dropzone"><label for="file">Kies</label><input type="file" id="file" name="file"></div>
<div class="notice" role="alert" data-upload-problem hidden><div><strong></strong><p></p></div></div>
<div data-upload-progress hidden><strong data-upload-name></strong><span data-upload-words></span>
<progress></progress></div></form>"""


def file(size: int = 10) -> dict[str, object]:
    return {"name": "lijst.xlsx", "mimeType": "application/x", "buffer": b"x" * size}


def test_a_chosen_file_is_sent_and_the_page_goes_on(show, page):
    posted = []

    def answer(route):
        posted.append((route.request.headers["accept"], route.request.post_data))
        route.fulfill(status=201, json={"next": "/next/"})

    page.route(f"{ADDRESS}/upload/", answer)
    page.route(f"{ADDRESS}/next/", lambda route: route.fulfill(body="gelezen"))
    show(UPLOAD)
    page.get_by_label("Kies").set_input_files(file())
    page.wait_for_url("**/next/")
    [(accept, body)] = posted
    assert accept == "application/json"
    assert 'filename="lijst.xlsx"' in body
    assert "token" in body


def test_a_dropped_file_is_sent_too(show, page):
    page.route(f"{ADDRESS}/upload/", lambda route: route.fulfill(status=201, json={"next": "/next/"}))
    page.route(f"{ADDRESS}/next/", lambda route: route.fulfill(body="gelezen"))
    show(UPLOAD)
    transfer = page.evaluate_handle(
        "() => { const t = new DataTransfer(); t.items.add(new File(['x'], 'lijst.xlsx')); return t; }"
    )
    zone = page.locator(".dropzone")
    zone.dispatch_event("dragenter", {"dataTransfer": transfer})
    expect(zone).to_have_class(re.compile("is-over"))
    zone.dispatch_event("drop", {"dataTransfer": transfer})
    page.wait_for_url("**/next/")


def test_a_refused_file_says_why_and_can_be_chosen_again(show, page):
    answer = {"title": "Dit bestand is leeg", "message": "Er is niets toegevoegd."}
    page.route(f"{ADDRESS}/upload/", lambda route: route.fulfill(status=200, json=answer))
    show(UPLOAD)
    page.get_by_label("Kies").set_input_files(file())
    expect(page.get_by_role("alert")).to_have_text("Dit bestand is leegEr is niets toegevoegd.")
    expect(page.get_by_label("Kies")).to_have_value("")
    expect(page.get_by_label("Kies")).to_be_focused()


def test_a_file_that_is_too_large_is_never_sent(show, page):
    posted = []
    page.route(f"{ADDRESS}/upload/", lambda route: (posted.append(1), route.fulfill(json={})))
    show(UPLOAD)
    page.get_by_label("Kies").set_input_files(file(1001))
    expect(page.get_by_role("alert")).to_have_text("lijst.xlsxTe groot")
    assert posted == []


MENU = """<div class="frame"><header class="topbar">
<a class="burger" href="#menu" role="button" aria-expanded="false" aria-controls="menu">Menu</a></header>
<nav id="menu" class="menu"><a href="/">Klanten</a><details class="account"><summary class="menu-person">Els</summary>
<div class="account-panel"><a href="/x">Wachtwoord</a></div></details></nav><main>inhoud</main></div>"""


def test_the_menu_of_a_phone_opens_and_closes(show, page):
    page.set_viewport_size({"width": 390, "height": 844})
    show(MENU)
    burger, menu = page.locator(".burger"), page.locator("#menu")
    expect(menu).to_be_hidden()
    burger.focus()
    page.keyboard.press("Space")
    expect(menu).to_be_visible()
    expect(burger).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(burger).to_be_focused()


def test_the_panel_of_the_account_closes_when_one_leaves_it(show, page):
    page.set_viewport_size({"width": 1440, "height": 900})
    show(MENU)
    page.get_by_text("Els").click()
    expect(page.get_by_text("Wachtwoord")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Wachtwoord")).to_be_hidden()
    page.get_by_text("Els").click()
    page.get_by_text("inhoud").click()
    expect(page.get_by_text("Wachtwoord")).to_be_hidden()
