"""What a page answers where it may not show a national number: sign in again, or ask an admin."""

from datetime import UTC, datetime
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django_htmx.http import HttpResponseClientRedirect

from accounton.offices.access import StaffRequest
from accounton.offices.colleagues.admins import other_admins, whom_to_ask
from accounton.offices.models import User
from accounton.offices.reveals import LimitReached, MustSignInAgain, Seen, reveal


def refusal(request: StaffRequest, seen: Seen, back: str, *, in_form: bool = False) -> HttpResponse | None:
    """Record that the colleague sees a number; return the answer where he may not, None where he may.

    `back` is the page where he was: there he comes back to after signing in again. `in_form`: he may have typed
    something there, so that a script is told it in the place of the number.
    """
    is_part = in_form and bool(getattr(request, "htmx", False))
    try:
        reveal(request.user, seen, confirmed_at(request))
    except MustSignInAgain:
        if is_part:
            return _part(request, seen, _again_words(), _again_address(back))
        messages.info(request, _again_words())
        return sign_in_again(request, back)
    except LimitReached:
        if is_part:
            return _part(request, seen, limit_words(request.user))
        messages.error(request, limit_words(request.user))
        return _sent_to(request, back)
    return None


def confirmed_at(request: HttpRequest) -> datetime | None:
    """Return when it was last made sure in this session who the user is; None where that is not known."""
    moments = [each["at"] for each in get_authentication_records(request, request.user)]
    return datetime.fromtimestamp(max(moments), UTC) if moments else None


def sign_in_again(request: HttpRequest, back: str) -> HttpResponse:
    """Return the way to the page that asks who the user is and leads back."""
    return _sent_to(request, _again_address(back))


def limit_words(user: User) -> str:
    """Say that all numbers of a day were shown, and who can lift the limit."""
    words = gettext(
        "You looked at %(count)s national numbers on one day: no more are shown until an admin allows it."
    ) % {"count": settings.REVEALS_PER_DAY}
    if user.is_admin and not other_admins(user.office, user):
        return f"{words} " + gettext("You can allow it yourself, under Numbers looked at.")
    return f"{words} " + gettext("Ask %(names)s, under Numbers looked at.") % {"names": whom_to_ask(user.office, user)}


def _again_words() -> str:
    count = settings.REVEALS_PER_HOUR
    return ngettext(
        "You looked at %(count)s national number within an hour. Before you see more, show that it is you.",
        "You looked at %(count)s national numbers within an hour. Before you see more, show that it is you.",
        count,
    ) % {"count": count}


def _again_address(back: str) -> str:
    return f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}"


def _part(request: HttpRequest, seen: Seen, words: str, again: str = "") -> HttpResponse:
    return render(request, "parts/reveal.html", {"key": seen.column, "refused": words, "again": again})


def _sent_to(request: HttpRequest, address: str) -> HttpResponse:
    return HttpResponseClientRedirect(address) if getattr(request, "htmx", False) else redirect(address)
