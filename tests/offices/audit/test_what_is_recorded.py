"""Signing in and out, tries with an address that nobody has, and what becomes of an import are recorded."""

import pytest
from django.db.models import QuerySet
from django.test import Client

from accounton.importing.starting import discard_batch, start
from accounton.offices.models import AuditEntry
from tests.conftest import PASSWORD


def actions():
    return list(AuditEntry.objects.order_by("pk").values_list("action", "user_id"))


def test_signing_in_and_out(admin):
    client = Client()
    client.post("/accounts/login/", {"login": admin.email, "password": PASSWORD})
    client.post("/accounts/logout/")
    assert actions() == [("signed_in", admin.pk), ("signed_out", admin.pk)]


def test_an_address_that_nobody_has_is_recorded_without_it(admin):
    Client().post("/accounts/login/", {"login": "weg@gent.example", "password": "verkeerd-wachtwoord"})
    assert actions() == []
    [entry] = QuerySet(AuditEntry).filter(office_id=0).values()
    assert (entry["action"], entry["subject"]) == ("password.wrong", "account:unknown")
    assert "weg" not in str(entry)


@pytest.mark.parametrize("user", ["admin", None])
def test_an_import_that_is_thrown_away(admin, user):
    content = b"Voornaam,Achternaam,E-mail,Taal\nNoor,Nieuw,n@x.example,N\n"
    batch = start(admin, "lijst.csv", content, task_flow="personal_income_tax", assessment_year=2026)
    subject, by = f"batch:{batch.pk}", admin if user else None
    assert discard_batch(batch, by)
    found = AuditEntry.objects.order_by("pk").values_list("action", "subject", "user_id")
    assert list(found) == [
        ("import.uploaded", subject, admin.pk),
        ("import.discarded", subject, by and by.pk),
    ]
