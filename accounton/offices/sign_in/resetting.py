"""Asking for a new password: the same answer, in the same time, whoever the address belongs to."""

from contextlib import suppress

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.utils.translation import get_language

from accounton.offices.limits.browsers import account_known_here
from accounton.offices.limits.buckets import TooSoon
from accounton.offices.limits.tries import RESET, Try
from accounton.offices.models import StaffMail
from accounton.offices.sign_in.mails import send_later


def ask_for_reset(request: HttpRequest, email: str) -> None:
    """Queue a mail with a link to choose a new password; nothing for what is no address, or asked for too often.

    The account is looked up by the worker, not here: neither the answer nor its time says whether there is one.
    """
    with suppress(ValidationError, TooSoon):
        validate_email(email)
        Try(request, RESET, email, account_known_here(request, email))
        send_later(StaffMail.Kind.RESET, get_language() or "", address=email)
