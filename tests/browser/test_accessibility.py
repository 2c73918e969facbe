"""axe finds nothing serious on any page, in Dutch and French."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from accounton.customers.models import Customer
from accounton.importing.demo.office import _bring_in
from accounton.importing.starting import start
from accounton.importing.workbooks import sample_workbook

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
GRAVE = ("serious", "critical")
PAGES_OF_A_REVIEW = (
    "rows/134", "values/language.unknown", "values/email.missing", "bulk", "changes", "columns", "couples", "near",
    "repeated", "left-out",
)  # fmt: skip


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_nothing_serious_on_any_page(page: Page, live_server, office, admin, log_in, language):
    page.goto(f"{live_server.url}/accounts/login/")
    assert grave(page) == []
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    log_in(admin)
    page.goto(f"{live_server.url}/customers/")
    assert grave(page) == []
    _bring_in(admin)
    batch = start(admin, "lijst.xlsx", sample_workbook(office), task_flow="personenbelasting", assessment_year=2026)
    paths = [
        "/customers/", f"/customers/{Customer.objects.first().pk}/", "/customers/new/", "/imports/", "/imports/new/",
        "/customers/numbers/", "/help/import/", "/accounts/password/change/",
        *[f"/imports/{batch.pk}/?bucket={b}" for b in ("only_in_import", "only_in_platform", "double", "invalid")],
        f"/imports/{batch.pk}/?repaired=1",
        *[f"/imports/{batch.pk}/{page}/" for page in PAGES_OF_A_REVIEW], "/imports/learnt/", "/imports/decisions/",
    ]  # fmt: skip
    for path in paths:
        answer = page.goto(f"{live_server.url}{path}")
        assert answer is not None
        assert answer.status == 200, path
        assert grave(page) == [], path


def grave(page: Page):
    found = Axe().run(page, options=RULES).response["violations"]
    return [(v["id"], [n["html"][:200] for n in v["nodes"][:3]]) for v in found if v["impact"] in GRAVE]
