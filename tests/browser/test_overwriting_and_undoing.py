"""Known customers overwritten field by field, and an import undone, as a bookkeeper does it."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounton.customers.models import Customer
from accounton.dossiers.models import Dossier
from accounton.importing.applying import claim, continue_applying
from accounton.importing.models import Batch
from accounton.importing.staging import stage
from accounton.offices.scoping import acting_for
from tests.browser.test_the_import import tab, upload
from tests.browser.workbooks import PEOPLE, by_openpyxl


@pytest.fixture
def known(admin, tmp_path) -> list[dict[str, str]]:
    """Bring the three people in; give the same three as a later list has them."""
    with acting_for(admin.office_id):
        batch = Batch.objects.create(file_name="klanten-2025.xlsx", assessment_year=2026, applied_by=admin,
                                     questionnaire="personenbelasting")  # fmt: skip
        stage(batch, by_openpyxl(tmp_path / "klanten-2025.xlsx", PEOPLE))
        claim(batch, admin, batch.revision, with_undecided=True)
        continue_applying(batch)
    emma, louis, noor = PEOPLE
    return [
        {**emma, "mobile": "+32495551000", "street": "Stationsplein", "house_number": "11"},
        {**louis, "email": "info@telenet.example"},
        noor,
    ]


def check_accessible(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()


def mobile_of(first_name: str, office_id: int) -> str:
    with acting_for(office_id):
        return Customer.objects.get(first_name=first_name).mobile


def test_known_customers_are_overwritten_field_by_field(page: Page, live_server, admin, log_in, known, tmp_path):
    log_in(admin)
    page.goto(f"{live_server.url}/imports/new/")
    upload(page, by_openpyxl(tmp_path / "klanten-2026.xlsx", known))
    tab(page, "Dubbele klanten").click()
    row = page.get_by_role("row", name=re.compile("Emma"))
    expect(row).to_contain_text("rijksregisternummer")
    button = page.get_by_role("button", name=re.compile("^Overschrijf( |$)"))
    expect(button).to_be_disabled()
    row.get_by_role("checkbox", name=re.compile(r"\+32495551000")).check()
    expect(page.get_by_role("button", name="Overschrijf 1 veld bij 1 klant")).to_be_enabled()
    check_accessible(page)
    page.get_by_text("Overschrijf voor iedereen").click()
    page.get_by_role("button", name=re.compile("^E-mail")).click()
    expect(page.get_by_role("button", name="Overschrijf 2 velden bij 2 klanten")).to_be_enabled()
    page.get_by_role("link", name=re.compile("^Alleen verschillen")).click()
    expect(page.get_by_role("row", name=re.compile("Noor"))).to_have_count(0)
    page.get_by_role("button", name="Overschrijf 2 velden bij 2 klanten").click()
    expect(page.get_by_role("heading", name=re.compile("2 bekende klanten gewijzigd"))).to_be_visible()
    assert mobile_of("Emma", admin.office_id) == "+32495551000"

    page.get_by_role("link", name="Ongedaan maken…").click()
    expect(page.get_by_role("heading", name="Wordt ongedaan gemaakt: 2")).to_be_visible()
    check_accessible(page)
    page.get_by_role("button", name=re.compile("Maak deze import ongedaan")).click()
    expect(page.get_by_role("heading", name="Deze import is ongedaan gemaakt")).to_be_visible()
    assert mobile_of("Emma", admin.office_id) == "+32478123456"


def test_what_can_be_done_about_a_row_is_in_sight_however_wide_the_table_is(
    page: Page, live_server, admin, log_in, known, tmp_path
):
    long = "x" * 40
    with acting_for(admin.office_id):
        Customer.objects.filter(first_name="Noor").update(first_name=f"Noor {long}", labels=[long, "y" * 40])
        Dossier.objects.exclude(customer__first_name__startswith="Noor").delete()
    log_in(admin)
    page.goto(f"{live_server.url}/imports/new/")
    wide = [{**each, "street": long, "city": long, "labels": long, "client_code": "K" * 30} for each in known[:1]]
    upload(page, by_openpyxl(tmp_path / "klanten-2026.xlsx", wide))
    for bucket, of_row in (("Dubbele klanten", page.locator(".chip input")),
                           ("Klanten enkel in Accounton", page.locator("td.cell-act button"))):  # fmt: skip
        tab(page, bucket).click()
        assert page.locator(".table-scroll").evaluate("each => each.scrollWidth > each.clientWidth"), bucket
        box = of_row.bounding_box()
        assert box["x"] + box["width"] <= 1440
        assert of_row.evaluate(
            """each => { const { left, top, width, height } = each.getBoundingClientRect();
            return each.contains(document.elementFromPoint(left + width / 2, top + height / 2)); }"""
        )


def test_an_import_is_undone_from_the_list_of_imports(page: Page, live_server, admin, log_in, known):
    log_in(admin)
    with acting_for(admin.office_id):
        Customer.objects.filter(first_name="Louis").update(mobile="+32499999999")
    page.goto(f"{live_server.url}/imports/")
    row = page.get_by_role("row", name=re.compile("klanten-2025"))
    expect(row).to_contain_text(admin.name)
    row.get_by_role("link", name=re.compile("Ongedaan maken")).click()
    for text in ("Wordt ongedaan gemaakt: 2", "Behouden, omdat iemand eraan kwam: 1", "Niet mogelijk: 0"):
        expect(page.get_by_role("heading", name=text)).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Louis"))).to_contain_text("Mobiel nummer: sindsdien gewijzigd")
    page.get_by_role("button", name=re.compile("Maak deze import ongedaan")).click()
    expect(page.get_by_role("heading", name="Deze import is ongedaan gemaakt")).to_be_visible()
    with acting_for(admin.office_id):
        assert [customer.first_name for customer in Customer.objects.all()] == ["Louis"]
