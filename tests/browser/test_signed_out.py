"""The session ends while somebody works: it is said, signing in leads back, and what was typed is saved then."""

import datetime
import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounton.customers.models import Customer
from accounton.importing.models import Batch, State
from accounton.offices.models import Office, User
from tests.browser.conftest import PASSWORD
from tests.browser.signing_in import (
    SIGNED_OUT,
    after_a_while,
    end_session,
    fill_sign_in,
    is_quiet,
    open_sign_in,
    says,
    sign_in_again,
)
from tests.browser.test_editing_in_place import NAMES, WRONG, moved, paste, stored
from tests.browser.test_mapping import export
from tests.browser.test_repairing import cell, invalid_tab  # noqa: F401
from tests.browser.test_the_import import tab, upload
from tests.browser.workbooks import PEOPLE, by_openpyxl

SECRET = "JBSWY3DPEHPK3PXP"
QUESTIONNAIRE = "Checklist van de personenbelasting"
ADD = "Voeg de geselecteerde klanten toe aan Accounton"


@pytest.fixture
def expected_on_console() -> list[str]:
    """What Chromium says of a refused request."""
    return ["422", "status of 401", "status of 403", "status of 409"]


@pytest.fixture
def review(page: Page, live_server, admin, log_in, tmp_path) -> Page:
    log_in(admin)
    page.goto(f"{live_server.url}/imports/new/")
    upload(page, by_openpyxl(tmp_path / "klanten.xlsx", PEOPLE))
    return page


@pytest.fixture
def colleague(office) -> User:
    return User.objects.create_user("tom@aalst.example", PASSWORD, office, name="Tom Baert", role=User.Role.ADMIN)


def selected() -> list[int]:
    return list(Batch.objects.get().rows.filter(selected=True).values_list("number", flat=True).order_by("number"))


def test_a_tick_is_saved_after_signing_in_again(review, admin):
    page, box = review, review.get_by_label("Louis Goossens")
    end_session()
    box.uncheck()
    says(page, SIGNED_OUT)
    expect(box).to_have_attribute("data-unsaved", "")
    assert selected() == [2, 3, 4]
    sign_in_again(page, admin)
    expect(page.get_by_text("2 van 3 geselecteerd", exact=True)).to_be_visible()
    expect(box).not_to_have_attribute("data-unsaved", "")
    assert selected() == [2, 4]


def test_several_ticks_are_saved_in_their_order(review, admin):
    page = review
    end_session()
    for name in ("Louis Goossens", "Noor Declercq", "Louis Goossens"):
        page.get_by_label(name).click()
    says(page, SIGNED_OUT)
    sign_in_again(page, admin)
    expect(page.locator("[data-unsaved]")).to_have_count(0)
    expect(page.get_by_text("2 van 3 geselecteerd", exact=True)).to_be_visible()
    assert selected() == [2, 3]


def test_a_chosen_questionnaire_is_saved_after_signing_in_again(review, admin):
    page, choice = review, review.get_by_label("Selecteer vragenlijst")
    end_session()
    choice.select_option(label=QUESTIONNAIRE)
    says(page, SIGNED_OUT)
    expect(page.get_by_role("heading", name="klanten.xlsx")).to_be_visible()
    assert Batch.objects.get().questionnaire == ""
    sign_in_again(page, admin)
    expect(page.get_by_role("button", name=ADD)).to_be_enabled()
    assert Batch.objects.get().questionnaire == "personenbelasting"


def test_a_choice_and_a_button_that_draws_all_anew_are_both_done(review, admin):
    page = review
    end_session()
    page.get_by_label("Selecteer vragenlijst").select_option(label=QUESTIONNAIRE)
    says(page, SIGNED_OUT)
    page.get_by_role("button", name="Niets selecteren").click()
    sign_in_again(page, admin)
    expect(page.get_by_text("0 van 3 geselecteerd", exact=True)).to_be_visible()
    assert (Batch.objects.get().questionnaire, selected()) == ("personenbelasting", [])


def test_typed_cells_are_saved_after_signing_in_again(invalid_tab, admin):  # noqa: F811
    page = invalid_tab(*WRONG)
    end_session()
    cell(page, "Slip0", "email").focus()
    for name in NAMES:
        page.keyboard.type(name)
        page.keyboard.press("Enter")
    says(page, SIGNED_OUT)
    expect(cell(page, "Slip2", "email")).to_contain_text(NAMES[2])
    assert stored() == ["fout0", "fout1", "fout2"]
    sign_in_again(page, admin)
    moved(page, 3)
    assert stored() == list(NAMES)


def test_a_pasted_block_is_saved_after_signing_in_again(invalid_tab, admin):  # noqa: F811
    page = invalid_tab(*WRONG)
    end_session()
    cell(page, "Slip0", "email").focus()
    paste(page, "\r\n".join(NAMES))
    says(page, SIGNED_OUT)
    sign_in_again(page, admin)
    expect(tab(page, "Ongeldige klanten")).to_contain_text("0")
    assert stored() == list(NAMES)


def test_a_change_is_taken_back_after_signing_in_again(invalid_tab, admin):  # noqa: F811
    page = invalid_tab(*WRONG[:2])
    cell(page, "Slip0", "email").focus()
    page.keyboard.type(NAMES[0])
    page.keyboard.press("Enter")
    moved(page, 1)
    end_session()
    page.locator("tr.is-moved").get_by_role("button", name=re.compile("Ongedaan maken")).click()
    says(page, SIGNED_OUT)
    sign_in_again(page, admin)
    expect(cell(page, "Slip0", "email")).to_contain_text("fout0")
    assert stored() == ["fout0", "fout1"]


def test_the_form_of_a_row_is_saved_after_signing_in_again(invalid_tab, admin):  # noqa: F811
    page = invalid_tab(*WRONG[:1])
    page.get_by_role("row", name=re.compile("Slip0")).get_by_role("link").first.click()
    page.get_by_label("E-mail").fill(NAMES[0])
    end_session()
    after_a_while(page)
    page.get_by_role("button", name="Bewaren").click()
    says(page, SIGNED_OUT)
    expect(page.get_by_label("E-mail")).to_have_value(NAMES[0])
    sign_in_again(page, admin)
    expect(tab(page, "Ongeldige klanten")).to_contain_text("0")
    assert stored() == [NAMES[0]]


def test_the_form_of_a_customer_is_saved_after_signing_in_again(page: Page, live_server, admin, log_in):
    customer = Customer.objects.create(first_name="Jan", last_name="Maes", email="jan@x.example", language="dutch")
    log_in(admin)
    page.goto(f"{live_server.url}/customers/{customer.pk}/edit/")
    page.get_by_label("Voornaam").first.fill("Johan")
    end_session()
    after_a_while(page)
    page.get_by_role("button", name="Bewaren").first.click()
    says(page, SIGNED_OUT)
    sign_in_again(page, admin)
    page.wait_for_url(f"**/customers/{customer.pk}/")
    customer.refresh_from_db()
    assert customer.first_name == "Johan"


def test_the_customers_are_added_after_signing_in_again(review, admin):
    page = review
    page.get_by_label("Selecteer vragenlijst").select_option(label=QUESTIONNAIRE)
    expect(page.get_by_role("button", name=ADD)).to_be_enabled()
    end_session()
    after_a_while(page)
    page.get_by_role("button", name=ADD).dblclick()
    says(page, SIGNED_OUT)
    assert Customer.objects.count() == 0
    sign_in_again(page, admin)
    expect(page.get_by_role("heading", name="3 klanten toegevoegd")).to_be_visible()
    assert Customer.objects.count() == 3


def test_what_a_column_is_is_kept_after_signing_in_again(page: Page, live_server, admin, log_in, tmp_path):
    log_in(admin)
    page.goto(f"{live_server.url}/imports/new/")
    page.get_by_label("Klik hier om een bestand te uploaden").set_input_files(export(tmp_path / "export.xlsx"))
    expect(page.get_by_role("heading", name="Welke kolom is wat?")).to_be_visible(timeout=20_000)
    end_session()
    page.get_by_label("Mail wordt").select_option("none")
    says(page, SIGNED_OUT)
    sign_in_again(page, admin)
    expect(page.get_by_text("nog geen bron: E-mail")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Mail wordt")).to_have_value("none")


def test_a_list_is_uploaded_after_signing_in_again(page: Page, live_server, admin, log_in, tmp_path):
    log_in(admin)
    page.goto(f"{live_server.url}/imports/new/")
    end_session()
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.get_by_label("Klik hier om een bestand te uploaden").set_input_files(by_openpyxl(tmp_path / "k.xlsx", PEOPLE))
    says(page, SIGNED_OUT)
    assert sent == []
    sign_in_again(page, admin)
    expect(page.get_by_role("heading", name="k.xlsx")).to_be_visible(timeout=20_000)
    assert Batch.objects.get().state == State.REVIEW


def test_the_sample_list_is_no_page_to_sign_in(page: Page, live_server, admin, log_in):
    log_in(admin)
    page.goto(f"{live_server.url}/imports/new/")
    end_session()
    page.get_by_role("link", name="Probeer met een voorbeeldlijst").click()
    says(page, SIGNED_OUT)
    sign_in_again(page, admin)
    expect(page.get_by_role("heading", name="voorbeeldlijst.xlsx")).to_be_visible(timeout=20_000)


def test_a_page_from_before_signing_in_elsewhere_goes_on_by_itself(review, admin, live_server):
    page = review
    other = page.context.new_page()
    end_session()
    other.goto(f"{live_server.url}/customers/")
    fill_sign_in(other, admin)
    expect(other.get_by_role("heading", name="Klanten", exact=True)).to_be_visible()
    other.close()
    page.get_by_label("Louis Goossens").uncheck()
    expect(page.get_by_text("2 van 3 geselecteerd", exact=True)).to_be_visible()
    page.get_by_label("Selecteer vragenlijst").select_option(label=QUESTIONNAIRE)
    expect(page.get_by_role("button", name=ADD)).to_be_enabled()
    page.get_by_role("button", name=ADD).click()
    expect(page.get_by_role("heading", name="2 klanten toegevoegd")).to_be_visible()


def test_a_page_that_waits_notices_a_sign_in_that_ended_elsewhere_without_being_looked_at(review, admin, live_server):
    page = review
    # Chromium without a screen gives every tab the focus.
    page.evaluate("window.addEventListener('focus', (event) => event.stopImmediatePropagation(), true)")
    end_session()
    page.get_by_label("Louis Goossens").uncheck()
    says(page, SIGNED_OUT)
    other = page.context.new_page()
    other.goto(f"{live_server.url}/accounts/login/")
    fill_sign_in(other, admin)
    expect(other.get_by_role("heading", name="Klanten", exact=True)).to_be_visible()
    is_quiet(page)
    expect(page.get_by_text("2 van 3 geselecteerd", exact=True)).to_be_visible()
    assert selected() == [2, 4]


@pytest.mark.parametrize("office_of_the_other", ["same", "another"])
def test_nothing_is_saved_under_the_name_of_somebody_else(review, admin, colleague, live_server, office_of_the_other):
    page, other = review, review.context.new_page()
    if office_of_the_other == "another":
        colleague.office = Office.objects.create(name="Kantoor Luik", slug="luik")
        colleague.save()
    end_session()
    other.goto(f"{live_server.url}/customers/")
    fill_sign_in(other, colleague)
    expect(other.get_by_role("heading", name="Klanten", exact=True)).to_be_visible()
    other.close()
    page.get_by_label("Louis Goossens").uncheck()
    says(page, "In deze browser is nu iemand anders aangemeld: Tom Baert")
    assert selected() == [2, 3, 4]
    sign_in = open_sign_in(page, "Aanmelden als Els Claes")
    sign_in.get_by_role("button", name="Afmelden").click()
    with sign_in.expect_event("close"):
        fill_sign_in(sign_in, admin)
    is_quiet(page)
    expect(page.get_by_text("2 van 3 geselecteerd", exact=True)).to_be_visible()
    assert selected() == [2, 4]


def test_what_waits_can_be_dropped_where_somebody_else_signed_in(invalid_tab, colleague, live_server):  # noqa: F811
    page = invalid_tab(*WRONG[:1])
    end_session()
    cell(page, "Slip0", "email").focus()
    page.keyboard.type(NAMES[0])
    page.keyboard.press("Enter")
    says(page, SIGNED_OUT)
    fill_sign_in(open_sign_in(page), colleague)
    says(page, "In deze browser is nu iemand anders aangemeld: Tom Baert")
    page.get_by_role("button", name="Laten vallen").click()
    expect(page.get_by_text("Tom Baert")).to_be_visible()
    expect(cell(page, "Slip0", "email")).to_contain_text("fout0")
    assert stored() == ["fout0"]


def test_a_closed_account_is_told_so(review, admin):
    page = review
    admin.is_active = False
    admin.save()
    page.get_by_label("Louis Goossens").uncheck()
    says(page, "Uw account werd gesloten")
    sign_in = open_sign_in(page)
    fill_sign_in(sign_in, admin)
    expect(sign_in.get_by_role("heading", name=re.compile("Aanmelden|afgesloten|gesloten"))).to_be_visible()
    assert selected() == [2, 3, 4]


def test_who_is_no_admin_any_more_is_told_so_and_sees_what_holds(review, admin):
    page = review
    admin.role = User.Role.ACCOUNTANT
    admin.save()
    page.get_by_label("Louis Goossens").click()
    says(page, "Dit mag u niet")
    expect(page.get_by_label("Louis Goossens")).to_be_checked()
    page.get_by_label("Selecteer vragenlijst").select_option(label=QUESTIONNAIRE)
    expect(page.get_by_label("Selecteer vragenlijst")).to_have_value("")
    page.locator("#refusal").get_by_role("button", name="Sluiten").click()
    is_quiet(page)


def test_leaving_asks_first_while_something_waits(review):
    page, asked = review, []
    end_session()
    page.get_by_label("Louis Goossens").uncheck()
    says(page, SIGNED_OUT)
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator(".menu-link", has_text="Klanten").click()
    expect(page.get_by_role("heading", name="klanten.xlsx")).to_be_visible()
    assert asked == ["beforeunload"]


def test_with_a_second_factor_it_goes_the_same_way(review, admin):
    page = review
    TOTP.activate(admin, SECRET)
    end_session()
    page.get_by_label("Louis Goossens").uncheck()
    says(page, SIGNED_OUT)
    sign_in = open_sign_in(page)
    fill_sign_in(sign_in, admin)
    with sign_in.expect_event("close"):
        sign_in.get_by_label("Code").fill(format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time()))))
        sign_in.get_by_role("button", name="Aanmelden").click()
    expect(page.get_by_text("2 van 3 geselecteerd", exact=True)).to_be_visible()
    assert selected() == [2, 4]


def test_the_notice_is_an_alert_reached_by_the_keys_and_fits_a_phone(review, admin):
    page = review
    page.set_viewport_size({"width": 390, "height": 844})
    end_session()
    page.get_by_label("Louis Goossens").uncheck()
    says(page, SIGNED_OUT)
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.get_by_label("Louis Goossens")).to_be_focused()
    page.locator("#content").focus()
    page.keyboard.press("Tab")
    link = page.locator("#refusal").get_by_role("link", name="Aanmelden (in een nieuw tabblad)")
    expect(link).to_be_focused()
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    with opened.value.expect_event("close"):
        fill_sign_in(opened.value, admin)
    is_quiet(page)
    expect(page.locator("[data-unsaved]")).to_have_count(0)
    assert selected() == [2, 4]


def test_a_form_that_goes_just_as_the_session_ends_is_kept(page: Page, live_server, admin, log_in):
    customer = Customer.objects.create(first_name="Jan", last_name="Maes", email="jan@x.example", language="dutch")
    log_in(admin)
    page.clock.set_fixed_time(datetime.datetime(2026, 11, 30))
    page.goto(f"{live_server.url}/customers/{customer.pk}/edit/")
    page.get_by_label("Voornaam").first.fill("Johan")
    end_session()
    page.get_by_role("button", name="Bewaren").first.click()
    expect(page.get_by_text("blijft een uur lang bewaard")).to_be_visible()
    fill_sign_in(page, admin)
    page.get_by_role("button", name="Nu bewaren").click()
    page.wait_for_url(f"**/customers/{customer.pk}/")
    customer.refresh_from_db()
    assert customer.first_name == "Johan"
