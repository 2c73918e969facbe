"""The admins of an office, and the turn that one of them takes to change something about a colleague."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from accounton.offices.models import Office, User
from accounton.offices.turns import take_turn

INVITED = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
"""Accounts that wait for their first password."""
NAMED = 3


class NoLongerAdmin(Exception):
    """Whoever asks was an admin when the page was opened, and is none any more."""


class OwnAccount(Exception):
    """What is asked is done to somebody else's account, never to one's own."""


class LastAdmin(Exception):
    """Without this colleague the office would have no admin who can sign in."""


def admins_of(office: Office | None) -> QuerySet[User]:
    """Return the admins who can sign in: neither closed nor still invited."""
    found = User.objects.filter(office=office, role=User.Role.ADMIN, is_active=True).exclude(INVITED)
    return found.order_by("name", "email")


def other_admins(office: Office | None, user: User) -> list[User]:
    """Return the admins who can do for a colleague what this one cannot do alone."""
    return list(admins_of(office).exclude(pk=user.pk))


def whom_to_ask(office: Office | None, user: User) -> str:
    """Return the names of admins to ask; of the host where the office has no other admin than this colleague."""
    admins = other_admins(office, user)[:NAMED]
    if admins:
        return ", ".join(map(str, admins))
    return gettext("whoever hosts %(platform)s for your office") % {"platform": settings.PLATFORM_NAME}


@contextmanager
def turn_of(by: User | None, colleague: User) -> Iterator[User]:
    """Give the colleague as they are now, while nobody else changes the office's colleagues.

    `by` is None for the host. Raises NoLongerAdmin, and User.DoesNotExist for somebody of another office.
    """
    with transaction.atomic():
        office = take_turn(colleague.office_id or 0)
        if by is not None and not admins_of(office).filter(pk=by.pk).exists():
            raise NoLongerAdmin
        yield User.objects.select_for_update(no_key=True).get(pk=colleague.pk, office=office)


def refuse_last_admin(colleague: User) -> None:
    """Raise LastAdmin where nobody but this colleague runs the office. Stands inside turn_of()."""
    is_one = admins_of(colleague.office).filter(pk=colleague.pk).exists()
    if is_one and not other_admins(colleague.office, colleague):
        raise LastAdmin
