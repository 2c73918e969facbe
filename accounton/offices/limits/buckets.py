"""Count tries in our own table, and refuse one that comes too soon after those before it."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounton.offices.keys import sealer
from accounton.offices.models import TryBucket

NO_OFFICE = 0


@dataclass(frozen=True)
class Limit:
    """How many tries are free, and how long to wait after the ones that follow: twice as long each time."""

    free: int
    first_wait: timedelta
    longest_wait: timedelta
    # One try is forgotten in this time.
    forgotten_in: timedelta

    def wait(self, level: float) -> timedelta:
        """Return how long to wait after the try that brought a bucket to this level."""
        # Rounded up: the first tries of a quick row are hardly forgotten when the last one comes.
        beyond = math.ceil(level) - self.free
        if beyond < 0:
            return timedelta()
        doublings = min(beyond, 30)
        return min(self.first_wait * (1 << doublings), self.longest_wait)


class TooSoon(Exception):
    """A try was refused without looking at it: one has to wait first."""

    template_name = "429.html"

    def __init__(self, seconds: int, *, is_first: bool = False) -> None:
        super().__init__(f"{seconds} seconds too soon")
        self.seconds = seconds
        # Whether it is the first one refused since a try was counted.
        self.is_first = is_first


def bucket_key(*parts: str) -> bytes:
    """Return the keyed hash under which tries are counted."""
    return sealer().hash("\0".join(("tries", *parts)), NO_OFFICE)


def count(limits: Mapping[bytes, Limit]) -> datetime:
    """Count one try in all of these buckets; return when. Raises TooSoon, and counts nothing, if one is blocked.

    Call before looking at the password: of two tries at the same moment the second one sees the first.
    """
    with transaction.atomic():
        buckets = _locked(limits)
        now = timezone.now()
        until = max((bucket.blocked_until for bucket in buckets if bucket.blocked_until), default=now)
        if until <= now:
            for bucket in buckets:
                _add(bucket, limits[bytes(bucket.key)], now)
            return now
        is_first = not any(bucket.was_refused for bucket in buckets)
        if is_first:
            TryBucket.objects.filter(pk__in=[bucket.pk for bucket in buckets]).update(was_refused=True)
    raise TooSoon(math.ceil((until - now).total_seconds()), is_first=is_first)


def take_back(keys: Iterable[bytes], at: datetime) -> None:
    """Take back the one try that count() counted `at`: it was right. What was counted before it stays."""
    with transaction.atomic():
        for bucket in _existing(keys):
            bucket.level = max(bucket.level - 1, 0)
            if bucket.counted_at == at:  # else a later try decides how long to wait
                bucket.blocked_until = None
            bucket.save(update_fields=["level", "blocked_until"])


def forget(key: bytes) -> None:
    """Forget all tries in one bucket."""
    TryBucket.objects.filter(key=key).delete()


def sweep() -> int:
    """Delete the buckets that hold nothing any more; return how many."""
    with transaction.atomic():
        unused = TryBucket.objects.select_for_update(skip_locked=True).filter(empty_at__lt=timezone.now())
        return TryBucket.objects.filter(pk__in=list(unused.values_list("pk", flat=True))).delete()[0]


def _locked(limits: Mapping[bytes, Limit]) -> list[TryBucket]:
    now = timezone.now()
    # Always in the same order, so that two tries never wait for one another.
    made = [TryBucket(key=key, counted_at=now, empty_at=now + limits[key].forgotten_in) for key in sorted(limits)]
    while True:
        TryBucket.objects.bulk_create(made, ignore_conflicts=True)
        buckets = _existing(limits)
        if len(buckets) == len(limits):  # else one was swept just now
            return buckets


def _existing(keys: Iterable[bytes]) -> list[TryBucket]:
    return list(TryBucket.objects.select_for_update().filter(key__in=list(keys)).order_by("key"))


def _add(bucket: TryBucket, limit: Limit, now: datetime) -> None:
    bucket.level = max(bucket.level - (now - bucket.counted_at) / limit.forgotten_in, 0) + 1
    bucket.counted_at = now
    wait = limit.wait(bucket.level)
    bucket.blocked_until = now + wait if wait else None
    bucket.was_refused = False
    bucket.empty_at = now + max(bucket.level * limit.forgotten_in, wait)
    bucket.save()
