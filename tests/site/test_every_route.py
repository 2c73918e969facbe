"""Every URL as nobody, as accountant, as admin and as another office's admin. A route without a policy fails."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounton.customers.models import Customer
from accounton.dossiers.models import Dossier
from accounton.importing.models import Batch, Change, Departure, OnlyHere, StagedRow
from accounton.offices.models import AuditEntry
from accounton.offices.scoping import acting_for
from accounton.questionnaires.models import Questionnaire, QuestionnaireRule
from tests.site.routes import routes

# allauth's own pages, which carry no policy of ours: they are for anyone (login), or guarded by allauth itself.
OPEN = {
    "account_login", "account_inactive", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done", "mfa_authenticate", "account_logout",
}  # fmt: skip
GUARDED_BY_ALLAUTH = {
    "account_reauthenticate", "account_change_password", "mfa_index", "mfa_reauthenticate", "mfa_activate_totp",
    "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes",
}  # fmt: skip
ROUTES = list(routes())
OURS = [route for route in ROUTES if route.name not in OPEN | GUARDED_BY_ALLAUTH]
METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
NEVER = 999_999_999


def policy(route):
    return getattr(route.view, "policy", None)


def test_there_are_routes_to_check():
    assert len(ROUTES) > 30


@pytest.mark.parametrize("route", OURS, ids=lambda route: route.name)
def test_every_route_declares_who_may_open_it(route):
    assert policy(route) in {"anyone", "staff", "accountant", "admin"}


@pytest.fixture
def theirs(other_office):
    """Real rows of another office, so that a foreign id is one that exists."""
    with acting_for(other_office.id):
        customer = Customer.objects.create(first_name="Luc", last_name="Roy", email="l@roy.example", language="french")
        dossier = Dossier.objects.create(customer=customer, assessment_year=2026)
        Questionnaire.objects.create(dossier=dossier, definition="personenbelasting", language="french")
        batch = Batch.objects.create(file_name="liste.xlsx", assessment_year=2026, state="review")
        decision = Departure.objects.create(batch=batch, customer=customer, action="archive", made_at=timezone.now())
        change = Change.objects.create(batch=batch, kind="edit", rows=1, first_row=2)
        rule = QuestionnaireRule.objects.create(position=1, language="french", questionnaire="personenbelasting")
    return {
        "number": 2,
        "change_id": change.pk,
        "departure_id": decision.pk,
        "customer_id": customer.pk,
        "rule_id": rule.pk,
        "batch_id": batch.pk,
        "pk": customer.pk,
        "id": customer.pk,
    }


def values_for(route, ids):
    return {name: ids.get(name, "national_number") for name in route.converters}


def answers(client, route, ids):
    url = reverse(route.name, kwargs=values_for(route, ids))
    for method in METHODS:
        yield method, getattr(client, method)(url)


@pytest.mark.django_db
@pytest.mark.parametrize("route", [r for r in OURS if policy(r) != "anyone"], ids=lambda route: route.name)
def test_nobody_is_sent_to_the_login_page(route, theirs):
    for method, response in answers(Client(), route, theirs):
        assert response.status_code in (302, 405), method
        if response.status_code == 302:
            assert response.url.startswith("/accounts/login/")


@pytest.mark.parametrize("route", [r for r in OURS if policy(r) == "admin"], ids=lambda route: route.name)
def test_an_accountant_is_refused_what_only_an_admin_may(route, theirs, accountant, client_as):
    client = client_as(accountant)
    for method, response in answers(client, route, theirs):
        assert response.status_code in (403, 405), method


def everything():
    tables = [
        model._meta.db_table
        for model in (
            *(Customer, Dossier, Questionnaire, QuestionnaireRule, Batch, StagedRow, OnlyHere, AuditEntry, Departure),
        )
    ]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")
            yield [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor.fetchall()]


@pytest.mark.parametrize(
    "route",
    [r for r in OURS if policy(r) in ("staff", "accountant", "admin") and r.converters],
    ids=lambda route: route.name,
)
def test_another_offices_id_is_as_if_it_had_never_existed(route, theirs, admin, client_as):
    client = client_as(admin)
    before = list(everything())
    never = dict.fromkeys(theirs, NEVER)
    pairs = zip(answers(client, route, theirs), answers(client, route, never), strict=True)
    for (method, foreign), (_, unknown) in pairs:
        assert foreign.status_code in (404, 405), method
        assert (foreign.status_code, foreign.content) == (unknown.status_code, unknown.content)
    assert list(everything()) == before


def test_a_lifted_fence_would_be_noticed(theirs, admin, client_as, monkeypatch):
    """The suite can see a leak: with the filter gone, another office's page opens."""
    from django.db import models

    from accounton.offices import scoping

    monkeypatch.setattr(scoping.OfficeManager, "get_queryset", models.Manager.get_queryset)
    url = reverse("customers:customer", kwargs={"customer_id": theirs["customer_id"]})
    assert client_as(admin).get(url).status_code == 200
