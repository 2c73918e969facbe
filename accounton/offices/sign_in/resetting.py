"""Asking for a new password: the same answer, in the same time, whoever the address belongs to."""

from contextlib import suppress

from allauth.account.utils import get_next_redirect_url
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.utils.translation import get_language

from accounton.offices.limits.browsers import account_known_here
from accounton.offices.limits.buckets import TooSoon
from accounton.offices.limits.tries import RESET, RESET_FROM_NETWORK, Try, count_of_network
from accounton.offices.models import StaffMail
from accounton.offices.sign_in.mails import send_later

WAY_BACK = "way_back"


class AskedTooSoon(TooSoon):
    """A network asks too often, whoever the addresses belong to."""

    template_name = "account/asked_too_soon.html"


def ask_for_reset(request: HttpRequest, email: str) -> None:
    """Queue a mail with a link to choose a new password; nothing for what is no address.

    The account is looked up by the worker, not here: neither the answer nor its time says whether there is one. Raise
    AskedTooSoon where this network asks too often; where one address is asked for too often nothing is said of it.
    """
    with suppress(ValidationError):
        validate_email(email)
        known = account_known_here(request, email)
        try:
            count_of_network(request, RESET.name, RESET_FROM_NETWORK, known)
        except TooSoon as error:
            raise AskedTooSoon(error.seconds) from error
        with suppress(TooSoon):
            Try(request, RESET, email, known)
            send_later(StaffMail.Kind.RESET, get_language() or "", address=email)


def keep_way_back(request: HttpRequest) -> None:
    """Keep where to go once one is in again, in this browser's session, not in the mail."""
    if onwards := get_next_redirect_url(request):
        request.session[WAY_BACK] = onwards
