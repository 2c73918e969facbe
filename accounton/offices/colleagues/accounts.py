"""What an admin does to the account of a colleague: role, closing, reopening, ending sessions, the second factor."""

from allauth.mfa.models import Authenticator
from django.db.models import F
from django.utils.translation import get_language

from accounton.offices.audit import record
from accounton.offices.colleagues.admins import OwnAccount, refuse_last_admin, turn_of
from accounton.offices.models import StaffMail, User
from accounton.offices.sign_in.mails import send_later


def change_role(colleague: User, role: User.Role, by: User | None) -> bool:
    """Give a colleague another role; return whether it is another one. Raises LastAdmin, NoLongerAdmin."""
    with turn_of(by, colleague) as now:
        if now.role == role:
            return False
        if role != User.Role.ADMIN:
            refuse_last_admin(now)
        User.objects.filter(pk=now.pk).update(role=role)
        record(by, "colleague.role_changed", subject_of(now), before=now.role, after=str(role))
    return True


def close(colleague: User, by: User) -> bool:
    """Close the account and end its sessions; return whether it was open. Jobs that it started go on.

    Raises OwnAccount, NoLongerAdmin.
    """
    if colleague.pk == by.pk:
        raise OwnAccount
    with turn_of(by, colleague) as now:
        if not now.is_active:
            return False
        User.objects.filter(pk=now.pk).update(is_active=False)
        _end_sessions(now)
        record(by, "colleague.closed", subject_of(now))
    return True


def reopen(colleague: User, by: User | None) -> bool:
    """Open a closed account again, with its password and second factor; return whether it was closed."""
    with turn_of(by, colleague) as now:
        if now.is_active:
            return False
        User.objects.filter(pk=now.pk).update(is_active=True)
        record(by, "colleague.reopened", subject_of(now))
    return True


def end_sessions(colleague: User, by: User) -> None:
    """Sign a colleague out everywhere. Raises NoLongerAdmin."""
    with turn_of(by, colleague) as now:
        _end_sessions(now)
        record(by, "colleague.signed_out", subject_of(now))


def reset_second_factor(colleague: User, by: User | None) -> bool:
    """Take away a colleague's second factors, end the sessions, and tell the colleague by mail.

    `by` is None for the host. Return whether there was one. Raises OwnAccount, NoLongerAdmin.
    """
    if by is not None and by.pk == colleague.pk:
        raise OwnAccount
    with turn_of(by, colleague) as now:
        gone, _ = Authenticator.objects.filter(user=now).delete()
        if not gone:
            return False
        _end_sessions(now)
        record(by, "colleague.second_factor_reset", subject_of(now))
        send_later(StaffMail.Kind.SECOND_FACTOR_RESET, now.language or get_language() or "", user=now)
    return True


def subject_of(user: User) -> str:
    """Return how the audit names a colleague."""
    return f"user:{user.pk}"


def _end_sessions(user: User) -> None:
    User.objects.filter(pk=user.pk).update(session_version=F("session_version") + 1)
