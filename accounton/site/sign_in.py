"""Answers that are a sign-in, and answers to a page of somebody else: what scripts and forms get, and the way back."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from accounton.offices.kept_posts import forget_sent, keep_post, last_person, remember_person
from accounton.offices.sessions import is_closed, person_of

SIGN_IN_PAGES = {"account_login", "account_reauthenticate", "mfa_authenticate", "mfa_reauthenticate"}
PERSON_HEADER, REFUSED_HEADER, SIGN_IN_HEADER = "X-Person", "X-Refused", "X-Sign-In"


class SignInMiddleware:
    """Answer a script with a refusal where a page would be sent to sign in, and keep what a form sent meanwhile.

    A script would put the sign-in page where a cell or a row belongs, or take it for an answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        carried = request.headers.get(PERSON_HEADER)
        if carried and request.user.is_authenticated and carried != person_of(request.user):
            # A page that was opened by another person: nothing of it may end in this one's office.
            return refusal(409, "other-person")
        response = self._get_response(request)
        address = response.headers.get("Location", "")
        if _is_sign_in(address) and not _is_sign_in(request.path):
            return self._lead_back(request, response, urlsplit(address).path)
        if response.status_code < 500:
            forget_sent(request)
        remember_person(request, response)
        return response

    def _lead_back(self, request: HttpRequest, response: HttpResponse, address: str) -> HttpResponse:
        if is_by_script(request):
            answer = refusal(401, _why(request))
            answer[SIGN_IN_HEADER] = f"{address}?{urlencode({'next': reverse('account_signed_in')})}"
            return answer
        asked = parse_qs(urlsplit(response.headers.get("Location", "")).query).get("next", [""])[0]
        if request.user.is_authenticated or asked != request.get_full_path():
            return response  # to show once more who one is, or after signing out: that goes its own way
        back = HttpResponseRedirect(f"{address}?{urlencode({'next': _way_back(request)})}")
        if is_closed(last_person(request)):
            back.delete_cookie(settings.PERSON_COOKIE_NAME)  # said once: this browser may be somebody else's by now
        return back


def refusal(status: int, why: str) -> HttpResponse:
    """Return what a script is told: static/site/session.js knows what to do about it."""
    return HttpResponse(status=status, headers={REFUSED_HEADER: why, "Cache-Control": "no-store, private"})


def is_by_script(request: HttpRequest) -> bool:
    """Return whether a script asks, not somebody who follows a link or sends a form."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        or headers.get("Sec-Fetch-Dest") == "empty"
        or headers.get("Accept", "").startswith("application/json")
    )


def page_it_is_from(request: HttpRequest) -> str:
    """Return the address of the page that a request comes from; the home page where that is not known."""
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        return reverse("home")
    parts = urlsplit(referer)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _why(request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return "not-confirmed"
    return "closed" if is_closed(last_person(request)) else "signed-out"


def _way_back(request: HttpRequest) -> str:
    """Return where to go after signing in, and say what becomes of what was sent."""
    if is_closed(last_person(request)):
        words = gettext("Your account was closed by an admin of your office: you cannot sign in with it any more.")
        if request.method not in ("GET", "HEAD"):
            words += " " + gettext("What you just sent was not saved.")
        messages.warning(request, words)
        return reverse("home")
    if request.method in ("GET", "HEAD"):
        if last_person(request):
            messages.info(request, gettext("You have been signed out. Sign in and you come back to where you were."))
        # A file that is downloaded is no page to come back to.
        return page_it_is_from(request) if "." in request.path else request.get_full_path()
    page = page_it_is_from(request)
    if request.path.startswith(reverse("account_login").removesuffix("login/")):  # passwords and codes are never kept
        messages.warning(request, gettext("You have been signed out. What you just sent was not saved."))
        return page
    if keep_post(request, page):
        messages.warning(
            request,
            gettext("You have been signed out. What you just sent is kept for an hour: sign in, and you can save it."),
        )
        return reverse("account_kept")
    messages.warning(
        request, gettext("You have been signed out. What you just sent was not saved: sign in and send it again.")
    )
    return page


def _is_sign_in(address: str) -> bool:
    try:
        return bool(address) and resolve(urlsplit(address).path).url_name in SIGN_IN_PAGES
    except Resolver404:
        return False
