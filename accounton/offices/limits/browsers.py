"""Browsers in which an account signed in before: each has tries of its own, which no stranger can use up."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

from accounton.offices.models import User

SALT = "accounton.offices.browser"
AGE = timedelta(days=400)
"""Longer a browser keeps no cookie."""
ACCOUNTS = 10
"""A browser at a counter is used by several colleagues; the cookie stays small."""


def remember(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """Have the browser remember that this account signed in here."""
    known = _known(request)
    number = _number(known, user) or secrets.token_urlsafe(12)
    known.pop(str(user.pk), None)
    known[str(user.pk)] = [number, _password_mark(user)]
    response.set_cookie(
        settings.BROWSER_COOKIE_NAME,
        signing.dumps(dict(list(known.items())[-ACCOUNTS:]), salt=SALT),
        max_age=AGE,
        httponly=True,
        samesite="Lax",
        secure=bool(settings.SESSION_COOKIE_SECURE),
    )


def known_browser(request: HttpRequest, user: User | None) -> str | None:
    """Return the number of this browser if the account signed in here with the password it has today."""
    return _number(_known(request), user) if user is not None else None


def account_known_here(request: HttpRequest, email: str) -> User | None:
    """Return the account with this address if it signed in in this browser before.

    Looks up only what the browser's own cookie names, so that its time tells a stranger nothing.
    """
    known = _known(request)
    return User.objects.filter(pk__in=known, email=email).first() if known else None


def _known(request: HttpRequest) -> dict[str, list[str]]:
    cookie = request.COOKIES.get(settings.BROWSER_COOKIE_NAME, "")
    try:
        known: dict[str, list[str]] = signing.loads(cookie, salt=SALT, max_age=AGE)
    except signing.BadSignature:
        return {}
    return known


def _number(known: dict[str, list[str]], user: User) -> str | None:
    number, mark = known.get(str(user.pk), ("", ""))
    return number if number and constant_time_compare(mark, _password_mark(user)) else None


def _password_mark(user: User) -> str:
    # A thief who signed in in many browsers has no more tries at the next password than any stranger.
    return salted_hmac(SALT, user.password, algorithm="sha256").hexdigest()[:20]
