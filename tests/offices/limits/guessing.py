"""Signing in as a browser, a colleague or a stranger does."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest import mock

from django.test import Client
from django.utils import timezone

from tests.conftest import PASSWORD

LOGIN = "/accounts/login/"
WRONG = "verkeerd-verkeerd-verkeerd"


def browser(address: str = "203.0.113.7", language: str = "nl") -> Client:
    """Give a browser that has never been here, in a network of its own."""
    return Client(REMOTE_ADDR=address, headers={"accept-language": language})


def guess(client: Client, email: str, password: str = WRONG, **more):
    return client.post(LOGIN, {"login": email, "password": password}, **more)


def sign_in(client: Client, email: str, password: str = PASSWORD) -> bool:
    """Sign in; give whether it was let in."""
    answer = guess(client, email, password)
    return answer.status_code == 302 and answer.url == "/"


def guess_until_refused(client: Client, email: str, most: int = 40) -> int:
    """Guess until a try is refused; give how many were looked at."""
    for count in range(most):
        if guess(client, email).status_code == 429:
            return count
    raise AssertionError(f"{most} tries were looked at")


@contextmanager
def later(**time: float) -> Iterator[None]:
    """Live so much later inside the block."""
    real = timezone.now
    with mock.patch.object(timezone, "now", side_effect=lambda: real() + timedelta(**time)):
        yield
