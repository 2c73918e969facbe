"""What is answered where a body is not taken: a page, a sentence for a script, or the way to the login page."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_htmx.http import trigger_client_event

from accounton.offices.access import may_open
from accounton.site.server.application import BODY, AskedFirst
from accounton.site.server.bodies import BUSY, ENCODED, MIB, TOO_LARGE, TOO_SLOW, Refused, Sender
from accounton.site.sign_in import page_it_is_from
from accounton.web.bodies import FORM_BESIDE_FILE_BYTES, allowance_of

WORDS = {
    TOO_LARGE: (
        _("That was too much at once"),
        _("No more than %(limit)s MB can be sent here. Nothing of it was taken, and nothing was changed."),
        _("Go back and send less at a time: split the list, or choose fewer rows."),
    ),
    TOO_SLOW: (
        _("Your connection is too slow, or it broke off"),
        _("What you sent did not arrive whole. Nothing of it was taken, and nothing was changed."),
        _("Check your connection, go back and send it once more."),
    ),
    ENCODED: (
        _("We cannot read this request"),
        _("What was sent is compressed, and that is not taken here. Nothing was changed."),
        _("Send it uncompressed."),
    ),
    BUSY: (
        _("Too much is being sent at this moment"),
        _("Others, or you yourself in another window, are sending large lists. Nothing was taken or changed."),
        _("Wait half a minute, go back and send it once more."),
    ),
}


class BodyMiddleware:
    """Answers in the place of the view where the server does not read a body. Stands last: it knows who asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        said: Any = request.META.get(BODY)
        if isinstance(said, Refused):
            return refused(request, said.status)
        if isinstance(said, AskedFirst):
            return _asked_first(request, said)
        # A second fence, for tests and whatever else runs Django without our server.
        length = str(request.META.get("CONTENT_LENGTH", ""))
        if length.isdecimal() and int(length) > allowance_of(request.path_info).bytes:
            return refused(request, TOO_LARGE)
        return self.get_response(request)


def _asked_first(request: HttpRequest, asked: AskedFirst) -> HttpResponse:
    """Say whose file it is, or answer as the view would without reading it."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not may_open(request.user, allowance_of(request.path_info).policy):
        raise PermissionDenied
    asked.sender = Sender(request.user.pk, request.user.office_id)
    return HttpResponse(status=204)


def refused(request: HttpRequest, status: int) -> HttpResponse:
    """Say that a body was not taken, why, and what to do: as a page, or as the script that asks understands it."""
    limit = allowance_of(request.path_info).bytes
    title, meaning, advice = (str(text) for text in WORDS[status])
    if status == TOO_LARGE:
        meaning %= {"limit": (limit - FORM_BESIDE_FILE_BYTES if limit > settings.MAX_UPLOAD_BYTES else limit) // MIB}
    if request.headers.get("accept", "").startswith("application/json"):
        return JsonResponse({"title": title, "message": f"{meaning} {advice}"}, status=status)
    if getattr(request, "htmx", False):
        text = gettext("%(title)s. %(meaning)s") % {"title": title, "meaning": meaning}
        return trigger_client_event(HttpResponse(status=status), "announce", {"text": text})
    context = {"title": title, "meaning": meaning, "advice": advice, "back": page_it_is_from(request)}
    return render(request, "refused.html", context, status=status)
