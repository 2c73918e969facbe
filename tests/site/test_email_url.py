"""ACCOUNTON_EMAIL_URL and _FROM: what they mean, and that a bad one is refused at start in one sentence."""

import os
import secrets
import subprocess
import sys

import pytest

from accounton.sealing import generate_key
from accounton.site.email_url import mail_server, sender
from accounton.site.environment import UnusableEnvironment

GOOD = {
    "smtp://mail.example": ("mail.example", 587, "", "", True, False),
    "smtp://mail.example:25/?tls=no": ("mail.example", 25, "", "", False, False),
    "smtp://els%40x.example:p%2Fw%3A%3F@mail.example:2525/?tls=true": (
        *("mail.example", 2525, "els@x.example", "p/w:?", True, False),
    ),
    "smtps://u:p@mail.example": ("mail.example", 465, "u", "p", False, True),
    "smtps://u:p@mail.example:8465?tls=yes": ("mail.example", 8465, "u", "p", False, True),
    "smtp://127.0.0.1:1025": ("127.0.0.1", 1025, "", "", False, False),
    "smtp://u:p@localhost:1025/": ("localhost", 1025, "u", "p", False, False),
    "smtp://[::1]:1025/?tls=1": ("::1", 1025, "", "", True, False),
}
BAD = [
    "mail.example", "http://mail.example", "smtp://", "smtp://:587", "smtp://mail.example:0", "smtp://mail.example:port",
    "smtp://mail.example:99999", "smtp://user@mail.example", "smtp://:geheim@mail.example", "smtp://[::1",
    "smtp://u:geheim@mail.example?tls=no", "smtp://mail.example?tls=maybe", "smtp://mail.example?ssl=yes",
    "smtp://u:ge/heim@mail.example", "smtps://mail.example?tls=no", "smtp://mail.example#x",
]  # fmt: skip


@pytest.mark.parametrize("url", GOOD)
def test_a_mail_server_is_read_from_its_address(url):
    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL")
    server = mail_server(url)
    assert tuple(server[f"EMAIL_{name}"] for name in names) == GOOD[url]
    assert 0 < server["EMAIL_TIMEOUT"] <= 30


@pytest.mark.parametrize("url", BAD)
def test_an_address_that_cannot_be_used_is_refused_without_its_password(url):
    with pytest.raises(UnusableEnvironment) as refused:
        mail_server(url)
    assert "ACCOUNTON_EMAIL_URL" in str(refused.value)
    assert "heim" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_mails_come_from_the_platform_unless_told_otherwise():
    assert sender("", "Accounton", "kantoor.example") == "Accounton <no-reply@kantoor.example>"
    assert sender("Kantoor Gent <post@gent.example>", "Accounton", "x") == "Kantoor Gent <post@gent.example>"
    assert sender("post@gent.example", "Accounton", "x") == "post@gent.example"


@pytest.mark.parametrize("address", ["geen adres", "x@", "a@b.example\nBcc: c@d.example"])
def test_a_sender_that_is_no_address_is_refused(address):
    with pytest.raises(UnusableEnvironment):
        sender(address, "Accounton", "x")


def started(tmp_path, **given):
    """Give what loading the settings says with these settings."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ACCOUNTON_")}
    env = {**kept, "ACCOUNTON_DATA_DIR": str(tmp_path), **{f"ACCOUNTON_{name}": value for name, value in given.items()}}
    code = "import accounton.site.settings as s; print(s.EMAIL_BACKEND, s.DEFAULT_FROM_EMAIL)"
    return subprocess.run([sys.executable, "-c", code], env=env, check=False, capture_output=True, text=True)


PRODUCTION = {
    "BASE_URL": "https://kantoor.example",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "ENCRYPTION_KEYS": generate_key(),
}


def test_production_without_a_mail_server_starts_and_sends_nothing(tmp_path):
    ready = started(tmp_path, **PRODUCTION)
    assert ready.stdout.startswith("django.core.mail.backends.dummy.EmailBackend"), ready.stderr


def test_production_with_one_sends_real_mail(tmp_path):
    ready = started(tmp_path, **PRODUCTION, EMAIL_URL="smtp://u:p@mail.example")
    assert ready.stdout.split(" ", 1) == [
        "django.core.mail.backends.smtp.EmailBackend",
        "Accounton <no-reply@kantoor.example>\n",
    ], ready.stderr


def test_a_local_run_keeps_its_mails_in_the_demo_mailbox(tmp_path):
    assert started(tmp_path).stdout.startswith("accounton.mail.backends.DemoMailboxBackend")
    real = started(tmp_path, EMAIL_URL="smtp://127.0.0.1:1025")
    assert real.stdout.startswith("django.core.mail.backends.smtp.EmailBackend")
