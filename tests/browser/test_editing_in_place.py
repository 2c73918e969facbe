"""Editing in place as in a spreadsheet: nobody waits for a save, and no key is lost or comes to stand elsewhere."""

import pytest
from playwright.sync_api import Page, Route, expect

from accounton.importing import review
from accounton.importing.models import Batch
from accounton.importing.sealed_rows import opened
from tests.browser.test_repairing import SLIPS, cell, invalid_tab  # noqa: F401
from tests.browser.test_the_import import tab

WRONG = [{**slip, "mobile": "", "email": f"fout{n}"} for n, slip in enumerate(SLIPS)]
NAMES = ("an.claes@x.example", "jo.peeters@x.example", "bart.maes@x.example")


@pytest.fixture
def far_away(page: Page):
    """Let every answer take 150 ms longer."""
    network = {"offline": False, "latency": 150, "downloadThroughput": -1, "uploadThroughput": -1}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", network)


class Held:
    """Saves that were sent and wait to be let through."""

    def __init__(self, page: Page) -> None:
        self.page, self.routes = page, []

    def take(self, route: Route) -> None:
        self.routes.append(route)

    def press(self, key: str) -> None:
        """Press a key that saves, and wait until that was sent."""
        with self.page.expect_request("**/edit/**"):
            self.page.keyboard.press(key)
        self.page.evaluate("0")  # once to the page and back: by then it is held

    def let_through(self) -> None:
        self.routes.pop().continue_()


@pytest.fixture
def held(page: Page) -> Held:
    held = Held(page)
    page.route("**/edit/**", held.take)
    return held


def start(page: Page, name: str, text: str) -> None:
    cell(page, name, "email").focus()
    page.keyboard.type(text)


def stored(key: str = "email") -> list[str]:
    rows = Batch.objects.get().rows.filter(number__gte=3).order_by("number")
    return [opened(row).values.get(key, "") for row in rows]


def moved(page: Page, count: int) -> None:
    expect(page.locator("tr.is-moved")).to_have_count(count)


@pytest.mark.usefixtures("far_away")
def test_one_types_on_after_enter_in_the_next_row(invalid_tab):  # noqa: F811
    page = invalid_tab(*WRONG)
    cell(page, "Slip0", "email").focus()
    for name in NAMES:
        page.keyboard.type(name)
        page.keyboard.press("Enter")
    moved(page, 3)
    assert stored() == list(NAMES)


@pytest.mark.usefixtures("far_away")
def test_one_types_on_after_tab_in_the_next_column(invalid_tab):  # noqa: F811
    page = invalid_tab(*WRONG[:2])
    start(page, "Slip0", NAMES[0])
    page.keyboard.press("Tab")
    page.keyboard.type("+32470123456")
    page.keyboard.press("Enter")
    moved(page, 1)
    expect(cell(page, "Slip1", "mobile")).to_be_focused()
    assert stored() == [NAMES[0], "fout1"]
    assert stored("mobile") == ["+32470123456", ""]


def test_one_types_on_after_a_click_in_the_next_row(invalid_tab, held):  # noqa: F811
    page = invalid_tab(*WRONG[:2])
    start(page, "Slip0", NAMES[0])
    with page.expect_request("**/edit/**"):
        cell(page, "Slip1", "email").click()
    page.keyboard.type("jo.pee")
    held.let_through()
    expect(tab(page, "Ongeldige klanten")).to_contain_text("1")
    page.keyboard.type("ters@x.example")
    held.press("Enter")
    held.let_through()
    moved(page, 2)
    assert stored() == list(NAMES[:2])


@pytest.mark.usefixtures("far_away")
def test_one_types_on_in_the_search_box(invalid_tab):  # noqa: F811
    page = invalid_tab(*WRONG[:2])
    start(page, "Slip0", "nog@@fout")
    page.get_by_label("Zoek in deze lijst").click()
    page.keyboard.type("Slip0")
    expect(cell(page, "Slip1", "email")).to_have_count(0)
    expect(page.get_by_label("Zoek in deze lijst")).to_have_value("Slip0")
    expect(page.get_by_label("Zoek in deze lijst")).to_be_focused()
    expect(cell(page, "Slip0", "email")).to_contain_text("nog@@fout")
    assert stored() == ["nog@@fout", "fout1"]


def test_an_answer_leaves_an_open_editor_its_text_its_caret_and_the_focus(invalid_tab, held):  # noqa: F811
    page = invalid_tab(*WRONG[:2])
    start(page, "Slip0", NAMES[0])
    held.press("Tab")
    page.keyboard.type("+3247012345")
    page.keyboard.press("ArrowLeft")
    held.let_through()
    expect(tab(page, "Ongeldige klanten")).to_contain_text("1")
    page.keyboard.type("9")
    expect(page.get_by_role("textbox", name="Mobiel nummer")).to_have_value("+32470123495")
    held.press("Enter")
    held.let_through()
    moved(page, 1)
    assert stored("mobile") == ["+32470123495", ""]


def test_a_row_that_is_right_stays_while_one_is_in_it(invalid_tab, held):  # noqa: F811
    page = invalid_tab(*WRONG[:2])
    start(page, "Slip0", NAMES[0])
    held.press("Tab")
    held.let_through()
    expect(tab(page, "Ongeldige klanten")).to_contain_text("1")
    expect(cell(page, "Slip0", "mobile")).to_be_focused()
    page.keyboard.press("ArrowDown")
    moved(page, 1)
    expect(cell(page, "Slip1", "mobile")).to_be_focused()


def test_keys_after_the_last_row_was_put_right_go_nowhere(invalid_tab):  # noqa: F811
    page = invalid_tab(*WRONG[:2])
    start(page, "Slip1", NAMES[1])
    page.keyboard.press("Enter")
    moved(page, 1)
    page.keyboard.type("verloren")
    expect(page.locator(".cell-editor")).to_have_count(0)
    page.keyboard.press("ArrowUp")
    expect(cell(page, "Slip0", "email")).to_be_focused()
    assert stored() == ["fout0", NAMES[1]]


def test_a_link_waits_for_what_is_not_saved_yet(invalid_tab, held):  # noqa: F811
    page = invalid_tab(*WRONG[:2])
    start(page, "Slip0", NAMES[0])
    held.press("Enter")
    tab(page, "Klanten enkel in import").click()
    expect(cell(page, "Slip1", "email")).to_be_visible()
    held.let_through()
    expect(cell(page, "Slip0", "email")).to_contain_text(NAMES[0])
    page.wait_for_url("**/?bucket=only_in_import")


def test_what_did_not_arrive_is_said_and_can_be_sent_again(invalid_tab):  # noqa: F811
    page = invalid_tab(*WRONG[:2])
    page.route("**/edit/**", lambda route: route.fulfill(status=422))
    start(page, "Slip0", NAMES[0])
    page.keyboard.press("Enter")
    expect(page.get_by_text("Niet bewaard: probeer het nog eens.")).to_be_visible()
    expect(cell(page, "Slip0", "email")).to_contain_text(NAMES[0])
    page.unroute("**/edit/**")
    cell(page, "Slip0", "email").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    moved(page, 1)
    assert stored() == [NAMES[0], "fout1"]


def test_a_letter_chooses_in_a_cell_with_choices(invalid_tab):  # noqa: F811
    page = invalid_tab({**SLIPS[0], "mobile": "", "language": "duits"}, WRONG[1])
    cell(page, "Slip0", "language").focus()
    page.keyboard.type("f")
    page.keyboard.press("Enter")
    moved(page, 1)
    assert stored("language") == ["french", "dutch"]


def test_enter_accepts_a_suggestion(invalid_tab):  # noqa: F811
    page = invalid_tab(*SLIPS[:2])
    cell(page, "Slip0", "mobile").focus()
    page.keyboard.press("Enter")
    moved(page, 1)
    expect(cell(page, "Slip1", "mobile")).to_be_focused()
    assert stored("mobile") == ["+32478123450", "0478 12 34 51"]


def paste(page: Page, text: str) -> None:
    page.evaluate(
        """text => { const data = new DataTransfer(); data.setData("text/plain", text);
        document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true,
        cancelable: true})); }""",
        text,
    )


def test_what_was_pasted_over_the_end_of_the_page_is_said(invalid_tab):  # noqa: F811
    page = invalid_tab(*WRONG)
    cell(page, "Slip1", "email").focus()
    paste(page, "b@@x\r\nc@@x\r\nd@@x\r\ne@@x\r\n")
    expect(page.locator("#review .notice-warning")).to_contain_text("2 geplakte waarden")
    expect(cell(page, "Slip1", "email")).to_be_focused()
    assert stored() == ["fout0", "b@@x", "c@@x"]


def test_a_cell_of_several_lines_is_pasted_as_one_cell(invalid_tab):  # noqa: F811
    page = invalid_tab(*WRONG)
    cell(page, "Slip0", "email").focus()
    paste(page, '"b@@x ""B""\nthuis"\r\n"c@@x"\r\n')
    expect(page.get_by_text("Cel gewijzigd: E-mail, 2 rijen", exact=True)).to_be_visible()
    assert stored() == ['b@@x "B" thuis', '"c@@x"', "fout2"]


def test_a_number_that_is_not_shown_is_emptied_in_its_cell(invalid_tab):  # noqa: F811
    page = invalid_tab({**WRONG[0], "national_number": "85073003328"}, WRONG[1])
    number = cell(page, "Slip0", "national_number")
    number.focus()
    page.keyboard.press("F2")
    page.keyboard.press("Enter")
    expect(number).to_contain_text("85.07.30")
    number.focus()
    page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Cel leeggemaakt: Rijksregisternummer, rij 3", exact=True)).to_be_visible()
    assert stored("national_number") == ["", ""]


def test_cards_and_the_number_of_rows_follow_a_changed_cell(invalid_tab):  # noqa: F811
    page = invalid_tab(*WRONG)
    card, count = page.locator(".problem-card").filter(has_text="E-mailadres ongeldig"), page.locator("#list-count")
    expect(count).to_have_text(f"1–{len(WRONG)} van {len(WRONG)}")
    expect(card.locator("h2")).to_contain_text(str(len(WRONG)))
    start(page, "Slip0", NAMES[0])
    page.keyboard.press("Enter")
    moved(page, 1)
    expect(count).to_have_text(f"1–{len(WRONG) - 1} van {len(WRONG) - 1}")
    expect(card.locator("h2")).to_contain_text(str(len(WRONG) - 1))
    expect(cell(page, "Slip1", "email")).to_be_focused()


def test_cells_look_closed_until_what_is_typed_in_them_arrives(invalid_tab):  # noqa: F811
    page = invalid_tab(*WRONG[:2])
    held = Held(page)
    page.route("**/editing*.js", held.take)
    page.reload(wait_until="commit")
    expect(cell(page, "Slip0", "email")).to_have_css("opacity", "0.6")
    held.let_through()
    expect(cell(page, "Slip0", "email")).to_have_css("opacity", "1")
    start(page, "Slip0", NAMES[0])
    page.keyboard.press("Enter")
    moved(page, 1)


def test_choosing_in_very_many_rows_is_said_while_it_lasts(invalid_tab, monkeypatch):  # noqa: F811
    monkeypatch.setattr(review, "LONG", 0)
    page = invalid_tab(*WRONG[:1])
    tab(page, "Klanten enkel in import").click()
    said, held = page.get_by_text("1 rijen worden bewaard…"), Held(page)
    expect(said).to_be_hidden()
    page.route("**/select/**", held.take)
    page.get_by_role("button", name="Niets selecteren").click()
    expect(said).to_be_visible()
    held.let_through()
    expect(said).to_be_hidden()
