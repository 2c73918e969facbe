"""National numbers in the cells of a review: masked, never accepted or pasted as a mask, and shown when asked."""

from playwright.sync_api import expect

from accounton.customers import numbers
from accounton.customers.models import Customer
from accounton.importing.models import Batch
from accounton.importing.sealed_rows import opened
from tests.browser.conftest import PASSWORD
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


def test_the_number_of_a_row_is_shown_and_what_was_typed_stays(invalid_tab, live_server, settings):  # noqa: F811
    settings.REVEALS_PER_HOUR = 1
    page = invalid_tab({**TWICE[0], "email": "slip0@@x"})
    page.get_by_role("link", name="3", exact=True).click()
    page.get_by_label("E-mail").fill("slip0@x.example")
    page.get_by_role("button", name="Toon het volledige nummer").click()
    expect(page.locator("#number-national_number")).to_have_text(WRITTEN)
    expect(page.get_by_label("E-mail")).to_have_value("slip0@x.example")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_text("Cel gewijzigd: E-mail, rij 3", exact=True)).to_be_visible()
    assert number_in(3) == PLAIN


def test_the_one_too_many_asks_who_it_is_and_leads_back(page, live_server, admin, log_in, settings):
    settings.REVEALS_PER_HOUR = 1
    customer = Customer(first_name="Emma", last_name="Peeters", email="emma@x.example", language="dutch")
    customer.office = admin.office
    numbers.put(customer, "national_number", PLAIN)
    customer.save()
    log_in(admin)
    page.goto(f"{live_server.url}/customers/{customer.pk}/")
    show = page.get_by_role("button", name="Toon Rijksregisternummer")
    show.click()
    expect(page.get_by_text(WRITTEN)).to_be_visible()
    page.get_by_role("link", name="Verberg").click()
    show.click()
    page.wait_for_url("**/accounts/reauthenticate/**")
    expect(page.get_by_text("U bekeek 1 rijksregisternummer in een uur tijd")).to_be_visible()
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Bevestig").click()
    page.wait_for_url(f"**/customers/{customer.pk}/")
    show.click()
    expect(page.get_by_text(WRITTEN)).to_be_visible()
    page.get_by_role("link", name="Bekeken nummers").click()
    expect(page.get_by_role("row", name="Emma Peeters")).to_have_count(2)


MISPLACED = {**SLIPS[0], "mobile": "", "street": f"Kerkstraat 12 ({WRITTEN})"}


def test_a_number_in_the_wrong_column_moves_to_its_own_and_back(invalid_tab):  # noqa: F811
    page = invalid_tab(MISPLACED)
    street = cell(page, "Slip0", "street")
    expect(street).to_contain_text(f"Kerkstraat 12 ({MASK})")
    expect(street.locator("ins")).to_have_text("Kerkstraat 12")
    assert PLAIN not in page.content()
    assert WRITTEN not in page.content()
    street.focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("is in orde en staat nu bij “Klanten enkel in import”")).to_be_visible()
    assert number_in(3) == PLAIN
    page.get_by_role("button", name="Ongedaan maken").first.click()
    expect(cell(page, "Slip0", "street")).to_contain_text(MASK)
    assert number_in(3) == ""


def test_a_number_that_is_searched_for_goes_into_no_address(page, live_server, admin, log_in):
    Customer.objects.create(
        office=admin.office, first_name="Emma", last_name="Peeters", email="emma@x.example", language="dutch"
    )
    log_in(admin)
    page.goto(f"{live_server.url}/customers/")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("searchbox").fill(PLAIN)
    page.wait_for_url("**47.04.21-**")
    assert any("47.04.21-" in url for url in asked)
    assert not [url for url in asked if PLAIN in url]
    assert PLAIN not in page.content()
