"""Switching the second factor on: a mail tells of it, and the code that was shown then opens nothing afterwards."""

import time
from unittest import mock

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.conftest import PASSWORD
from tests.offices.limits.guessing import browser, guess, sign_in
from tests.offices.sign_in.conftest import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_server")]
NOW = 1_800_000_000
ACTIVATE = "/accounts/2fa/totp/activate/"


@pytest.fixture(autouse=True)
def at_one_moment():
    with mock.patch.object(time, "time", return_value=NOW):
        yield


@pytest.fixture
def switched_on(admin, django_capture_on_commit_callbacks) -> str:
    """Switch the second factor on as a colleague does; give the code that was typed."""
    client = browser()
    sign_in(client, admin.email)
    client.post(f"/accounts/reauthenticate/?next={ACTIVATE}", {"password": PASSWORD})
    assert client.get(ACTIVATE).status_code == 200
    code = format_hotp_value(hotp_value(client.session["mfa.totp.secret"], NOW // 30))
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(ACTIVATE, {"code": code}).status_code == 302
    return code


def test_the_code_that_switched_it_on_lets_nobody_in(admin, switched_on):
    onlooker = browser("198.51.100.1")
    assert guess(onlooker, admin.email, PASSWORD).url == "/accounts/2fa/authenticate/"
    assert onlooker.post("/accounts/2fa/authenticate/", {"code": switched_on}).status_code == 200


def test_a_mail_tells_of_it(admin, switched_on, mail_server, work_off):
    work_off()
    mail = mail_server.only()
    assert (mail["Subject"], mail["To"]) == ("Uw aanmelding in twee stappen is gewijzigd", admin.email)
    assert "aan- of uitgezet" in text_of(mail)
