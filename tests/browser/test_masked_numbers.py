"""National numbers in the cells of a review: masked, never accepted or pasted as a mask, and shown when asked."""

from playwright.sync_api import expect

from accounton.importing.models import Batch
from accounton.importing.sealed_rows import opened
from tests.browser.test_editing_in_place import paste
from tests.browser.test_repairing import SLIPS, cell, invalid_tab  # noqa: F401

PLAIN, WRITTEN, MASK = "47042103955", "47.04.21-039.55", "47.04.21-***.**"
TWICE = [{**slip, "mobile": "", "national_number": WRITTEN} for slip in SLIPS[:2]]
TEN_DIGITS = {**SLIPS[2], "mobile": "", "national_number": "1020300141"}


def number_in(row: int) -> str:
    return opened(Batch.objects.get().rows.get(number=row)).values["national_number"]


def test_a_customer_who_stands_there_twice_is_offered_no_mask(invalid_tab):  # noqa: F811
    page = invalid_tab(*TWICE)
    number = cell(page, "Slip1", "national_number")
    expect(number).to_contain_text(MASK)
    expect(page.get_by_role("button", name="Aanvaard")).to_have_count(0)
    number.focus()
    paste(page, MASK)
    expect(page.get_by_text("met sterretjes (***), zoals het op het scherm staat").first).to_be_attached()
    assert number_in(4) == PLAIN
    page.locator(".problem-card").filter(has_text="Tweemaal dezelfde klant").get_by_role(
        "link", name="Dubbel in de lijst"
    ).click()
    page.wait_for_url("**/repeated/")
    assert PLAIN not in page.content()
    assert WRITTEN not in page.content()


def test_a_number_that_lacks_its_zero_is_accepted_without_standing_on_the_page(invalid_tab):  # noqa: F811
    page = invalid_tab(TEN_DIGITS)
    number = cell(page, "Slip2", "national_number")
    expect(number.locator("ins")).to_have_text("het nummer met een nul vooraan")
    assert "1020300141" not in page.content()
    number.get_by_role("button", name="Aanvaard").click()
    expect(page.get_by_text("is in orde en staat nu bij “Klanten enkel in import”")).to_be_visible()
    assert number_in(3) == "01020300141"
