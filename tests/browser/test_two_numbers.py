"""Father and son of one name and mailbox, as a bookkeeper tells them apart; and a known number that is not replaced."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounton.customers.models import Customer
from accounton.customers.numbers import take
from accounton.importing.applying import claim, continue_applying
from accounton.importing.choosing import choose
from accounton.importing.models import Batch
from accounton.importing.starting import start
from tests.browser.test_accessibility import GRAVE, RULES
from tests.importing.conftest import workbook
from tests.importing.test_two_numbers import FATHER, SON, jan, number


def read(admin, *people) -> Batch:
    batch = start(admin, "lijst.xlsx", workbook(*people), task_flow="personenbelasting", assessment_year=2026)
    choose(batch, questionnaire="personenbelasting")
    return batch


def bring_in(admin, *people) -> None:
    batch = read(admin, *people)
    claim(batch, admin, batch.revision)
    continue_applying(batch)


def grave(page: Page) -> list[str]:
    return [each["id"] for each in Axe().run(page, options=RULES).response["violations"] if each["impact"] in GRAVE]


def numbers(admin) -> list[str]:
    return [take(each, "national_number") for each in Customer.objects.order_by("pk")]


def test_father_and_son_both_end_as_customers(page: Page, live_server, admin, log_in):
    bring_in(admin, jan())
    batch = read(admin, jan(FATHER), jan(SON))
    log_in(admin)
    page.goto(f"{live_server.url}/imports/{batch.pk}/")
    page.get_by_role("link", name=re.compile("lijken op een klant")).click()
    boxes = page.get_by_role("region", name="Jan Peeters", exact=True)
    expect(page.get_by_text("of past ook bij iemand anders")).to_have_count(2)
    assert grave(page) == []
    boxes.first.get_by_role("button", name="Dezelfde persoon").click()
    expect(page.get_by_text("Geen gelijkenissen")).to_be_visible()

    page.goto(f"{live_server.url}/imports/{batch.pk}/?bucket=double")
    page.get_by_role("button", name=re.compile("^Neem alle voorstellen")).click()
    page.get_by_role("button", name=re.compile("^Overschrijf 1 veld")).click()
    page.goto(f"{live_server.url}/imports/{batch.pk}/")
    page.get_by_role("button", name=re.compile(r"^Voeg de geselecteerde klanten toe aan Accounton \(1\)")).click()
    expect(page.get_by_text("1 klant toegevoegd").first).to_be_visible()
    assert numbers(admin) == [FATHER, SON]


def test_a_known_number_is_replaced_only_after_it_was_asked(page: Page, live_server, admin, log_in):
    bring_in(admin, jan(FATHER))
    batch = read(admin, jan(number("550203124")))
    log_in(admin)
    page.goto(f"{live_server.url}/imports/{batch.pk}/near/")
    page.get_by_role("button", name="Dezelfde persoon").click()
    page.goto(f"{live_server.url}/imports/{batch.pk}/?bucket=double")
    page.get_by_role("link", name=re.compile("Twee nummers: beslissen")).click()
    expect(page.get_by_text("Rij 2 heeft een ander rijksregisternummer dan Jan Peeters.")).to_be_visible()
    assert grave(page) == []
    page.get_by_role("link", name="Laten zoals het is").click()
    expect(page.get_by_role("button", name=re.compile("^Overschrijf( |$)"))).to_be_disabled()
    page.get_by_role("link", name=re.compile("Twee nummers: beslissen")).click()
    page.get_by_role("button", name="Het nummer van Jan Peeters was fout: vervangen").click()
    expect(page.get_by_role("button", name="Overschrijf 1 veld bij 1 klant")).to_be_enabled()
    page.get_by_role("checkbox", name=re.compile("Rijksregisternummer, Jan Peeters")).uncheck()
    expect(page.get_by_role("link", name=re.compile("Twee nummers: beslissen"))).to_be_visible()
    assert numbers(admin) == [FATHER]
