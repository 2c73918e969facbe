"""Logging in, and the limits on it, which lie in the database so that every process knows them."""

import pytest
from django.core.cache import cache
from django.db import connection

from tests.conftest import PASSWORD

LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def fresh_limits(db):
    cache.clear()


def test_the_right_password_opens_the_overview(client, admin):
    answer = client.post(LOGIN, {"login": admin.email, "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == "/customers/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, admin):
    wrong = client.post(LOGIN, {"login": admin.email, "password": "verkeerd-verkeerd"})
    unknown = client.post(LOGIN, {"login": "niemand@gent.example", "password": "verkeerd-verkeerd"})
    errors = [answer.context["form"].errors.as_text() for answer in (wrong, unknown)]
    assert errors[0] == errors[1] != ""


def test_guessing_is_stopped_and_the_count_lies_in_the_database(client, admin):
    for _ in range(12):
        answer = client.post(LOGIN, {"login": admin.email, "password": "verkeerd-verkeerd"})
    right = client.post(LOGIN, {"login": admin.email, "password": PASSWORD})
    assert right.status_code != 302 or "/customers/" not in right.url
    assert answer.status_code in (200, 429)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM site_cache")
        assert cursor.fetchone()[0] > 0


def test_nobody_signs_up_by_himself(client):
    assert client.get("/accounts/signup/").status_code == 404


def test_a_colleague_who_left_cannot_log_in(client, admin):
    admin.is_active = False
    admin.save()
    answer = client.post(LOGIN, {"login": admin.email, "password": PASSWORD})
    assert "/customers/" not in getattr(answer, "url", "")


def test_the_second_factor_lies_sealed(admin):
    from accounton.offices.accounts import SealedMFAAdapter

    adapter = SealedMFAAdapter()
    kept = adapter.encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in kept
    assert adapter.decrypt(kept) == "JBSWY3DPEHPK3PXP"
