"""Every URL as seen by six strangers: nobody, another office, accountant, read only, closed, the wrong method.

All routes come from the router; one without a policy fails. Each stranger goes through all of them in one test, which
names every route that let it in.
"""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounton.customers.models import Customer, HandedOver, HandOver
from accounton.dossiers.models import Dossier
from accounton.importing.models import Batch, Change, Departure, OnlyHere, StagedRow
from accounton.offices.models import AuditEntry, StaffMail, User
from accounton.offices.scoping import acting_for
from accounton.questionnaires.models import Questionnaire, QuestionnaireRule
from tests.conftest import PASSWORD
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
POLICIES = {"anyone", "staff", "accountant", "admin"}
METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
LIKELY = ("get", "post")
NEVER = 999_999_999


def policy(route):
    return getattr(route.view, "policy", None)


GUARDED = [route for route in OURS if policy(route) != "anyone"]


def test_there_are_routes_to_check():
    assert len(ROUTES) > 30


def test_every_route_declares_who_may_open_it():
    assert {route.name: policy(route) for route in OURS if policy(route) not in POLICIES} == {}


@pytest.fixture
def theirs(other_office, other_admin):
    """Real rows of another office, so that a foreign id is one that exists."""
    with acting_for(other_office.id):
        customer = Customer.objects.create(first_name="Luc", last_name="Roy", email="l@roy.example", language="french")
        dossier = Dossier.objects.create(customer=customer, assessment_year=2026)
        Questionnaire.objects.create(dossier=dossier, definition="personenbelasting", language="french")
        batch = Batch.objects.create(file_name="liste.xlsx", assessment_year=2026, state="review")
        decision = Departure.objects.create(batch=batch, customer=customer, action="archive", made_at=timezone.now())
        change = Change.objects.create(batch=batch, kind="edit", rows=1, first_row=2)
        rule = QuestionnaireRule.objects.create(position=1, language="french", questionnaire="personenbelasting")
        made = HandOver.objects.create(giver=other_admin, customers=1)
        HandedOver.objects.create(hand_over=made, customer=customer)
    return {
        "number": 2,
        "change_id": change.pk,
        "departure_id": decision.pk,
        "customer_id": customer.pk,
        "rule_id": rule.pk,
        "batch_id": batch.pk,
        "user_id": other_admin.pk,
        "hand_over_id": made.pk,
        "pk": customer.pk,
        "id": customer.pk,
    }


def values_for(route, ids):
    return {name: ids.get(name, "national_number") for name in route.converters}


def answers(client, route, ids, methods=METHODS):
    url = reverse(route.name, kwargs=values_for(route, ids))
    for method in methods:
        yield method, getattr(client, method)(url)


def let_in(client, asked, ids, refused_by, methods=METHODS):
    """Return each route and method whose answer is no refusal: what the stranger should not have got."""
    return [
        (route.name, method, response.status_code)
        for route in asked
        for method, response in answers(client, route, ids, methods)
        if response.status_code != 405 and not refused_by(response)
    ]


def is_sent_to_login(response):
    return response.status_code == 302 and response.url.startswith("/accounts/login/")


def is_forbidden(response):
    return response.status_code == 403


def test_nobody_is_sent_to_the_login_page(theirs):
    assert let_in(Client(), GUARDED, theirs, is_sent_to_login) == []


def test_nobody_gets_none_of_the_pages_that_allauth_guards(db):
    asked = [route for route in ROUTES if route.name in GUARDED_BY_ALLAUTH]
    assert let_in(Client(), asked, {}, is_sent_to_login, LIKELY) == []


def test_a_closed_account_opens_nothing_with_the_session_it_had(theirs, accountant, client_as):
    client = client_as(accountant)
    User.objects.filter(pk=accountant.pk).update(is_active=False)
    asked = GUARDED + [route for route in ROUTES if route.name in GUARDED_BY_ALLAUTH]
    assert let_in(client, asked, theirs, is_sent_to_login, LIKELY) == []


def test_an_accountant_is_refused_what_only_an_admin_may(theirs, accountant, client_as):
    asked = [route for route in OURS if policy(route) == "admin"]
    assert let_in(client_as(accountant), asked, theirs, is_forbidden) == []


def test_who_may_only_read_is_refused_what_changes_anything(theirs, office, client_as):
    reader = User.objects.create_user("lies@gent.example", PASSWORD, office, role=User.Role.READ_ONLY)
    asked = [route for route in OURS if policy(route) in ("accountant", "admin")]
    assert let_in(client_as(reader), asked, theirs, is_forbidden) == []


READ_BY_ALL = {"home", "account_signed_in", "account_kept", "customers:overview", "customers:customer",
               "importing:template", "help:import"}  # fmt: skip


def test_every_colleague_may_read_these_and_change_nothing_by_them(theirs, office, client_as):
    """A new page for every colleague is named here once somebody saw that nothing is changed by it."""
    named = {route.name for route in OURS if policy(route) == "staff"}
    assert {name for name in named if not name.startswith(("account", "mfa"))} <= READ_BY_ALL
    reader = User.objects.create_user("lies@gent.example", PASSWORD, office, role=User.Role.READ_ONLY)
    client = client_as(reader)
    changed = ("post", "put", "patch", "delete")
    asked = [route for route in OURS if route.name in READ_BY_ALL]
    assert let_in(client, asked, theirs, is_forbidden, changed) == []


def everything():
    models = (Customer, Dossier, Questionnaire, QuestionnaireRule, Batch, StagedRow, OnlyHere, AuditEntry, Departure)
    more = (HandOver, HandedOver, StaffMail, User)
    with connection.cursor() as cursor:
        for table in [model._meta.db_table for model in (*models, *more)]:
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")
            yield [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor.fetchall()]


def test_another_offices_id_is_as_if_it_had_never_existed(theirs, admin, client_as):
    client, never, wrong = client_as(admin), dict.fromkeys(theirs, NEVER), []
    before = list(everything())
    for route in (route for route in GUARDED if route.converters):
        pairs = zip(answers(client, route, theirs), answers(client, route, never), strict=True)
        for (method, foreign), (_, unknown) in pairs:
            is_same = (foreign.status_code, foreign.content) == (unknown.status_code, unknown.content)
            if foreign.status_code not in (404, 405) or not is_same:
                wrong.append((route.name, method, foreign.status_code))
    assert wrong == []
    assert list(everything()) == before


def test_a_method_that_a_page_does_not_know_is_refused(theirs, admin, client_as):
    asked = [route for route in GUARDED if not route.converters]
    strange = ("put", "patch", "delete")
    assert let_in(client_as(admin), asked, theirs, lambda response: False, strange) == []


def test_a_lifted_fence_would_be_noticed(theirs, admin, client_as, monkeypatch):
    """The suite can see a leak: with the filter gone, another office's page opens."""
    from django.db import models

    from accounton.offices import scoping

    monkeypatch.setattr(scoping.OfficeManager, "get_queryset", models.Manager.get_queryset)
    url = reverse("customers:customer", kwargs={"customer_id": theirs["customer_id"]})
    assert client_as(admin).get(url).status_code == 200
