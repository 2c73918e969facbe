"""What the scripts of a page ask about the session, and what comes after signing in again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from accounton.offices.access import StaffRequest, staff_only
from accounton.offices.kept_posts import kept_post, last_person
from accounton.offices.sessions import background, can_stay, is_closed, note_use, person_of, seconds_left


@background
@require_http_methods(["GET", "POST"])
def session(request: HttpRequest) -> HttpResponse:
    """Say who is signed in and for how long still; a POST renews the session."""
    person = person_of(request.user)
    if not person:
        return JsonResponse({"person": ""} | ({"closed": True} if is_closed(last_person(request)) else {}))
    if request.method == "POST":
        note_use(request.session)
    return JsonResponse(
        {
            "person": person,
            "name": str(request.user),
            "token": get_token(request),
            "seconds": seconds_left(request.session),
            "can_stay": can_stay(request.session),
        }
    )


@require_GET
@staff_only
def signed_in(request: StaffRequest) -> HttpResponse:
    """Tell the page that waits in another tab that somebody signed in, and whoever reads it to go back there."""
    return render(request, "account/signed_in.html")


@require_GET
@staff_only
def kept(request: StaffRequest) -> HttpResponse:
    """Offer to save what was sent when nobody was signed in any more."""
    post = kept_post(request.session, request.user)
    if post is None:
        messages.info(request, gettext("There is nothing that waits to be saved."))
        return redirect("home")
    return render(request, "account/kept.html", {"post": post})


session.policy = "anyone"  # type: ignore[attr-defined]
