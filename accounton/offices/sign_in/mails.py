"""Mails about accounts: asked for by a page, made and sent by the worker, tried again while the mail server fails."""

import logging
import smtplib
from contextlib import closing
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.utils import timezone, translation
from django_q.tasks import async_task

from accounton.offices.keys import sealer
from accounton.offices.limits.tries import record_of_account
from accounton.offices.models import StaffMail, User
from accounton.offices.sign_in import letters
from accounton.offices.sign_in.links import FIRST_LINK_DAYS, reset_path
from accounton.offices.sign_in.lookup import account_with

log = logging.getLogger(__name__)
CONTEXT = b"staff mail"
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
# A link that came later would be dead on arrival.
LIFETIMES = dict.fromkeys(
    (StaffMail.Kind.RESET, StaffMail.Kind.RESET_BY_ADMIN), timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
)
LIFETIME = timedelta(days=2)
PERMANENT = 500
"""Answers of a mail server from here on say that trying again is useless."""


def can_mail() -> bool:
    """Return whether there is a mail server to send by, or the mailbox of the demo."""
    return bool(settings.EMAIL_URL or settings.DEMO_MAILBOX)


def send_later(kind: StaffMail.Kind, language: str, *, user: User | None = None, address: str = "") -> None:
    """Queue a mail to a user, or to whoever has this address. The job carries no more than the mail's id.

    Does nothing without a mail server: pages that need one say so.
    """
    if not can_mail():
        return
    sealed = sealer().seal(address.encode(), CONTEXT) if address else b""
    with transaction.atomic():
        mail = StaffMail.objects.create(kind=kind, language=language, user=user, sealed_address=sealed)
        _wake(mail.pk)


def wake_due() -> int:
    """Queue what should have been sent by now; return how many."""
    due = list(StaffMail.objects.filter(due_at__lte=timezone.now()).values_list("pk", flat=True))
    for pk in due:
        _wake(pk)
    return len(due)


def send(pk: int) -> None:
    """Send a mail if it is due, and forget it. What fails is due again after a pause, twice as long each time."""
    mail = _claimed(pk)
    if mail is None:
        return
    language = mail.language if mail.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(language):
        message = _composed(mail)
    if message is None or _is_sent(mail, message):
        mail.delete()


def _wake(pk: int) -> None:
    async_task("accounton.offices.jobs.send_staff_mail", pk)


def _claimed(pk: int) -> StaffMail | None:
    now = timezone.now()
    mail = StaffMail.objects.select_related("user").filter(pk=pk, due_at__lte=now).first()
    if mail is None:
        return None
    # Counted before the work, and taken by one worker only: the others find it changed.
    pause = min(FIRST_PAUSE * 2 ** min(mail.attempts, 10), LONGEST_PAUSE)
    mine = StaffMail.objects.filter(pk=pk, attempts=mail.attempts, due_at=mail.due_at)
    return mail if mine.update(attempts=mail.attempts + 1, due_at=now + pause) else None


def _composed(mail: StaffMail) -> EmailMultiAlternatives | None:
    """Return the mail to send; None where there is nobody to send it to any more, or it is too late."""
    if timezone.now() - mail.asked_at > LIFETIMES.get(StaffMail.Kind(mail.kind), LIFETIME):
        log.error("mail %s (%s) given up after %s tries", mail.pk, mail.kind, mail.attempts)
        return None
    user = mail.user or account_with(sealer().open(bytes(mail.sealed_address), CONTEXT).decode())
    if user is None or not user.is_active:
        return None
    # To the address that the account has, never to the one that was typed.
    return letters.message(mail, _letter(mail, user), user.email)


def _letter(mail: StaffMail, user: User) -> letters.Letter:
    if mail.kind == StaffMail.Kind.RESET:
        if mail.attempts == 0:
            record_of_account(user, "password_reset.mailed")
        return letters.password_reset(reset_path(user))
    if mail.kind == StaffMail.Kind.RESET_BY_ADMIN:
        return letters.password_reset_by_admin(reset_path(user))
    if mail.kind == StaffMail.Kind.INVITATION:
        return letters.invitation(reset_path(user), str(user.office or ""), FIRST_LINK_DAYS)
    if mail.kind == StaffMail.Kind.CHANGED:
        return letters.password_changed(mail)
    if mail.kind == StaffMail.Kind.SECOND_FACTOR_RESET:
        return letters.second_factor_reset(mail)
    return letters.second_factor_changed(mail)


def _is_sent(mail: StaffMail, message: EmailMultiAlternatives) -> bool:
    """Whether nothing is left to do. What went wrong stands in the log without an address."""
    try:
        with closing(get_connection()) as server:  # also where signing in to it failed
            server.send_messages([message])
    except (smtplib.SMTPException, OSError) as error:
        refused = _refused_for_good(error)
        reason = f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()
        log.error("mail %s (%s) was not sent: %s%s", mail.pk, mail.kind, reason, ", given up" if refused else "")
        return refused
    return True


def _refused_for_good(error: Exception) -> bool:
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return False
    answers: dict[str, tuple[int, Any]] = error.recipients
    return all(code >= PERMANENT for code, _text in answers.values())
