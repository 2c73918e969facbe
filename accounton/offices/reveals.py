"""Showing national numbers: each one is recorded, and so many an hour and a day are all that a colleague sees.

Every page that shows a number calls `reveal` first (decision 021). The audit itself says who may see more: what was
shown, who was stopped, whose limit was lifted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounton.offices.audit import record
from accounton.offices.colleagues.admins import other_admins
from accounton.offices.models import AuditEntry, User

REVEALED, STOPPED, LIFTED = "number.revealed", "reveals.stopped", "reveals.lifted"
LISTED = (REVEALED, STOPPED, LIFTED)
HOUR = timedelta(hours=1)


class MustSignInAgain(Exception):
    """So many numbers were shown within the hour that the colleague must show who he is; nothing was recorded."""


class LimitReached(Exception):
    """The colleague saw all the numbers of a day: no more are shown until an admin lifts the limit."""


class OthersLift(Exception):
    """An admin's own limit is lifted by another admin, where there is one."""


@dataclass(frozen=True)
class Seen:
    """What is about to be shown: whose it is ("customer:12"), its column, what else tells, and how many numbers."""

    subject: str
    column: str
    details: dict[str, Any] = field(default_factory=dict)
    numbers: int = 1


def reveal(user: User, seen: Seen, confirmed_at: datetime | None) -> None:
    """Record that a colleague sees a number, or several at once; call it before they are shown.

    `confirmed_at` is when he last signed in or confirmed who he is, in the session that asks. Raises MustSignInAgain,
    LimitReached.
    """
    with transaction.atomic():
        # Two requests of one colleague take turns: neither counts without the other.
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        refused = _refusal(user, seen.numbers, confirmed_at)
        if refused is None:
            record(user, REVEALED, seen.subject, column=seen.column, numbers=seen.numbers, **seen.details)
        is_at_limit = isinstance(refused, LimitReached) or not _left_today(user)
        if is_at_limit and not is_stopped(user):
            record(None, STOPPED, _subject(user))
    if refused is not None:
        raise refused


def is_stopped(user: User) -> bool:
    """Say whether a colleague saw all the numbers of a day and nobody lifted the limit since."""
    last = _limit_entries(user).first()
    return last is not None and last.action == STOPPED


def stopped_among(staff: Sequence[User]) -> list[User]:
    """Return those of some colleagues who are shown no number until an admin lifts the limit."""
    subjects = {_subject(user): user for user in staff}
    entries = AuditEntry.objects.filter(action__in=(STOPPED, LIFTED), subject__in=subjects).order_by("at", "pk")
    last = dict(entries.values_list("subject", "action"))
    return [user for subject, user in subjects.items() if last.get(subject) == STOPPED]


def lift(user: User, by: User) -> bool:
    """Let a colleague see numbers again; return whether he was stopped. Raises OthersLift."""
    if user.pk == by.pk and other_admins(by.office, by):
        raise OthersLift
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if not is_stopped(user):
            return False
        record(by, LIFTED, _subject(user))
    return True


def _refusal(user: User, count: int, confirmed_at: datetime | None) -> MustSignInAgain | LimitReached | None:
    if is_stopped(user) or count > _left_today(user):
        return LimitReached()
    hour_ago = timezone.now() - HOUR
    if _shown_since(user, max(hour_ago, confirmed_at or hour_ago)) + count > settings.REVEALS_PER_HOUR:
        return MustSignInAgain()
    return None


def _left_today(user: User) -> int:
    """Return how many numbers a colleague may still see: of this day in Belgium, since the limit was last lifted."""
    since = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    lifted = _limit_entries(user).filter(action=LIFTED).first()
    if lifted is not None:
        since = max(since, lifted.at)
    return max(settings.REVEALS_PER_DAY - _shown_since(user, since), 0)


def _shown_since(user: User, since: datetime) -> int:
    entries = AuditEntry.objects.filter(user=user, action=REVEALED, at__gt=since)
    return sum(details.get("numbers", 1) for details in entries.values_list("details", flat=True))


def _limit_entries(user: User) -> QuerySet[AuditEntry]:
    entries: QuerySet[AuditEntry] = AuditEntry.objects.filter(subject=_subject(user), action__in=(STOPPED, LIFTED))
    return entries.order_by("-at", "-pk")


def _subject(user: User) -> str:
    return f"user:{user.pk}"
