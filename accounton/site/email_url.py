"""The mail server of ACCOUNTON_EMAIL_URL, as Django's settings name it."""

import email.utils
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from email_validator import EmailNotValidError, validate_email

from accounton.site.environment import LOOPBACK, UnusableEnvironment

SMTP, SMTPS = "smtp", "smtps"
PORTS = {SMTP: 587, SMTPS: 465}
YES, NO = {"yes", "true", "on", "1"}, {"no", "false", "off", "0"}
TIMEOUT_SECONDS = 15
EXAMPLE = "smtp://user:password@mail.example:587 or smtps://user:password@mail.example"


def mail_server(url: str) -> dict[str, Any]:
    """Return the EMAIL_* settings for smtp://user:password@host:port/?tls=yes|no or smtps://...

    smtp:// starts TLS unless the server is this machine; `tls` says otherwise. Raises UnusableEnvironment with one
    sentence, which never holds the password.
    """
    parts = _parts(url)
    tls = _starts_tls(parts)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise _unusable("it needs both a user and a password, or neither")
    if user and parts.scheme == SMTP and not tls and parts.hostname not in LOOPBACK:
        raise _unusable("a password never travels without TLS to another machine")
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": user,
        "EMAIL_HOST_PASSWORD": password,
        "EMAIL_USE_TLS": tls,
        "EMAIL_USE_SSL": parts.scheme == SMTPS,
        "EMAIL_TIMEOUT": TIMEOUT_SECONDS,
    }


def sender(given: str, platform: str, host: str) -> str:
    """Return who mails come from: what was given, or no-reply at our own host. Raises UnusableEnvironment."""
    if not given:
        return email.utils.formataddr((platform, f"no-reply@{host}"))
    [(name, address), *more] = email.utils.getaddresses([given])
    try:
        if more or not given.isprintable():
            raise EmailNotValidError("more than one address")
        validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise UnusableEnvironment("ACCOUNTON_EMAIL_FROM is not an e-mail address") from error
    return email.utils.formataddr((name, address)) if name else address


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _unusable("its host or port is not one") from error
    if parts.scheme not in PORTS:
        raise _unusable(f"it must look like {EXAMPLE}")
    if not parts.hostname or port == 0:
        raise _unusable("it names no host or port")
    if parts.path not in ("", "/") or parts.fragment:
        raise _unusable("only ?tls=yes or ?tls=no may follow the port (in a password / ? # are %2F %3F %23)")
    return parts


def _starts_tls(parts: SplitResult) -> bool:
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    tls = given.pop("tls", "").lower()
    if given:
        raise _unusable("the only parameter it knows is tls")
    if tls and tls not in YES | NO:
        raise _unusable("tls is yes or no")
    if parts.scheme == SMTPS:
        if tls in NO:
            raise _unusable("smtps:// always uses TLS")
        return False  # TLS from the first byte instead
    return tls in YES if tls else parts.hostname not in LOOPBACK


def _unusable(why: str) -> UnusableEnvironment:
    return UnusableEnvironment(f"ACCOUNTON_EMAIL_URL cannot be used: {why}")
