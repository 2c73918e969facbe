"""One try at a password or code: counted before it is looked at, taken back if right, recorded either way."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from django.http import HttpRequest

from accounton.offices.audit import record, record_without_office
from accounton.offices.limits.browsers import known_browser
from accounton.offices.limits.buckets import Limit, TooSoon, bucket_key, count, forget, take_back
from accounton.offices.limits.networks import network
from accounton.offices.models import User
from accounton.offices.scoping import acting_for

log = logging.getLogger(__name__)
SECONDS, MINUTES, HOURS = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


class Limits(NamedTuple):
    """What is tried, and the limits on it. Decision 029 says why each is as it is."""

    name: str
    # A browser in which the account signed in before; the other three do not concern it.
    browser: Limit
    # The account, from one network.
    here: Limit
    # The account, from wherever.
    account: Limit
    # None where count_of_network() counted it before: it is told to who asks, and the others are not.
    network: Limit | None


PASSWORD = Limits(
    "password",
    browser=Limit(10, 5 * SECONDS, 15 * MINUTES, 15 * MINUTES),
    here=Limit(5, 5 * SECONDS, HOURS, HOURS),
    account=Limit(20, 5 * SECONDS, 15 * MINUTES, 15 * MINUTES),
    network=Limit(50, 5 * SECONDS, 15 * MINUTES, MINUTES),
)
CODE = Limits(
    "code",
    browser=Limit(5, 5 * SECONDS, HOURS, HOURS),
    here=Limit(5, 5 * SECONDS, HOURS, HOURS),
    account=Limit(10, 5 * SECONDS, HOURS, HOURS),
    network=Limit(50, 5 * SECONDS, 15 * MINUTES, MINUTES),
)
RESET = Limits(
    "password_reset",
    browser=Limit(5, MINUTES, 15 * MINUTES, 15 * MINUTES),
    here=Limit(3, MINUTES, HOURS, HOURS),
    account=Limit(6, MINUTES, 15 * MINUTES, 15 * MINUTES),
    network=None,
)
RESET_FROM_NETWORK = Limit(30, 10 * SECONDS, 15 * MINUTES, MINUTES)


class Try:
    """A try that has been counted. Say whether it was right."""

    def __init__(self, request: HttpRequest, limits: Limits, account: str, user: User | None) -> None:
        """Count it. Raises TooSoon; the first one refused is recorded."""
        self._name, self._user, self._network = limits.name, user, network(request)
        self._browser = known_browser(request, user)
        self._buckets = dict(self._chosen(limits, account))
        try:
            self._at = count(self._buckets)
        except TooSoon as error:
            if error.is_first:
                self.record("refused", seconds=error.seconds)
            raise

    def right(self) -> None:
        """Take the try back. Earlier wrong ones are forgotten in this browser only, never of account and network."""
        take_back(self._buckets, self._at)
        if self._browser:
            for key in self._buckets:
                forget(key)

    def wrong(self) -> None:
        """Leave the try counted, and record it."""
        self.record("wrong")

    def record(self, outcome: str, **details: object) -> None:
        """Write down how a try ended: in the audit of the account's office, or of none for an account nobody has."""
        details |= {"network": bucket_key("network", self._network).hex()[:12], "known_browser": bool(self._browser)}
        record_of_account(self._user, f"{self._name}.{outcome}", **details)

    def _chosen(self, limits: Limits, account: str) -> Iterator[tuple[bytes, Limit]]:
        if self._browser:
            yield bucket_key(limits.name, "browser", account, self._browser), limits.browser
            return
        yield bucket_key(limits.name, "here", account, self._network), limits.here
        yield bucket_key(limits.name, "account", account), limits.account
        if limits.network:
            yield bucket_key(limits.name, "network", self._network), limits.network


def count_of_network(request: HttpRequest, name: str, limit: Limit, user: User | None) -> None:
    """Count a try of a network alone, before anything depends on an account. Raises TooSoon, the first one recorded."""
    if known_browser(request, user):
        return
    where = network(request)
    try:
        count({bucket_key(name, "network", where): limit})
    except TooSoon as error:
        if error.is_first:
            details = {"network": bucket_key("network", where).hex()[:12], "known_browser": False}
            record_of_account(None, f"{name}.refused", seconds=error.seconds, **details)
        raise


def record_of_account(user: User | None, action: str, **details: object) -> None:
    """Write down what happened to an account, in its office's audit; in that of no office where there is neither."""
    if user is None or user.office_id is None:
        log.warning("%s of %s %s", action, f"user {user.pk}" if user else "an account that was not found", details)
        record_without_office(action, f"user:{user.pk}" if user else "account:unknown", **details)
        return
    with acting_for(user.office_id):
        record(user, action, f"user:{user.pk}", **details)
