"""Codes of the second factor: guesses are limited like passwords, and no code works twice."""

import time
from unittest import mock

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache

from accounton.offices.models import AuditEntry, User
from tests.conftest import PASSWORD
from tests.offices.limits.guessing import browser, guess, later, sign_in

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
AUTHENTICATE, REAUTHENTICATE = "/accounts/2fa/authenticate/", "/accounts/2fa/reauthenticate/"
NOW = 1_800_000_000


@pytest.fixture
def guarded(admin) -> User:
    TOTP.activate(admin, SECRET)
    RecoveryCodes.activate(admin)
    return admin


@pytest.fixture(autouse=True)
def at_one_moment():
    with mock.patch.object(time, "time", return_value=NOW):
        yield


def code(steps: int = 0) -> str:
    return format_hotp_value(hotp_value(SECRET, NOW // 30 + steps))


def wrong_code() -> str:
    right = {code(steps) for steps in range(-1, 2)}
    return next(text for text in ("000000", "111111", "222222", "333333") if text not in right)


def half_way(user: User, address: str = "203.0.113.7"):
    """Give a browser that has passed the password and is asked for a code."""
    client = browser(address)
    assert guess(client, user.email, PASSWORD).url == AUTHENTICATE
    return client


def enter(client, text: str, where: str = AUTHENTICATE):
    return client.post(where, {"code": text})


def recovery_codes(user: User) -> list[str]:
    return Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_of_now_or_half_a_minute_off_lets_in(guarded, steps):
    client = half_way(guarded)
    assert enter(client, code(steps)).url == "/"
    assert client.get("/customers/").status_code == 200


def test_a_recovery_code_lets_in_once(guarded):
    one = recovery_codes(guarded)[0]
    assert enter(half_way(guarded), one).url == "/"
    assert enter(half_way(guarded), one).status_code == 200


def test_a_code_works_once_although_the_cache_forgot_it(guarded):
    assert enter(half_way(guarded), code()).url == "/"
    cache.clear()
    assert enter(half_way(guarded, "198.51.100.1"), code()).status_code == 200
    assert enter(half_way(guarded, "198.51.100.1"), code(-1)).status_code == 200, "nor one from before it"
    assert enter(half_way(guarded, "198.51.100.1"), code(1)).url == "/"


def test_a_code_that_was_seen_over_a_shoulder_does_not_confirm_who_it_is(guarded):
    client = half_way(guarded)
    enter(client, code())
    assert enter(client, code(), REAUTHENTICATE).status_code == 200
    assert enter(client, code(1), REAUTHENTICATE).status_code == 302


@pytest.mark.parametrize("where", [AUTHENTICATE, REAUTHENTICATE])
def test_a_guess_too_soon_is_refused_unread(guarded, where, client_as):
    client = half_way(guarded) if where == AUTHENTICATE else client_as(guarded)
    assert [enter(client, wrong_code(), where).status_code for _ in range(6)] == [200] * 5 + [429]
    refused = enter(client, code(), where)
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 5
    assert enter(client, recovery_codes(guarded)[0], where).status_code == 429
    with later(minutes=1):
        assert enter(client, code(), where).status_code == 302


def test_signing_in_anew_gives_no_new_guesses(guarded):
    statuses = [enter(half_way(guarded, f"203.0.113.{n}"), wrong_code()).status_code for n in range(1, 15)]
    assert statuses == [200] * 10 + [429] * 4


def test_who_has_the_password_only_does_not_lock_the_colleague_out(guarded):
    theirs = half_way(guarded, "198.51.100.1")
    enter(theirs, code(-1))
    theirs.post("/accounts/logout/")
    for n in range(1, 15):
        enter(half_way(guarded, f"203.0.113.{n}"), wrong_code())
    assert guess(theirs, guarded.email, PASSWORD).url == AUTHENTICATE
    assert enter(theirs, code()).url == "/"


def test_guesses_are_recorded(guarded):
    client = half_way(guarded)
    for _ in range(7):
        enter(client, wrong_code())
    found = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert found == ["code.wrong"] * 5 + ["code.refused"]


def test_a_password_changed_meanwhile_ends_who_waits_for_a_code(guarded):
    thief = half_way(guarded)
    guarded.set_password("een-heel-ander-wachtwoord")
    guarded.save()
    assert enter(thief, code()).url == "/accounts/login/"
    assert thief.get("/customers/").status_code == 302
    assert sign_in(browser(), guarded.email) is False


def test_an_account_closed_meanwhile_ends_who_waits_for_a_code(guarded):
    client = half_way(guarded)
    User.objects.filter(pk=guarded.pk).update(is_active=False)
    assert enter(client, code()).url == "/accounts/login/"
    assert client.get("/customers/").status_code == 302
