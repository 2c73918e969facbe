from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.views.csrf import csrf_failure
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language
from django_htmx.http import trigger_client_event

from accounton.offices.access import staff_only
from accounton.offices.colleagues.admins import whom_to_ask
from accounton.offices.models import User
from accounton.site.sign_in import is_by_script, refusal
from accounton.web.log_context import request_id


@require_GET
@staff_only
def home(request: HttpRequest) -> HttpResponseRedirect:
    """The overview of customers is the home page."""
    return redirect("customers:overview")


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen screen language in a cookie and go back to the page one came from."""
    return set_language(request)


@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Say that the process answers; nothing else."""
    return HttpResponse("ok", content_type="text/plain")


@requires_csrf_token
def failed(request: HttpRequest) -> HttpResponse:
    """Say that something went wrong, with the id under which it stands in the log. Asks the database nothing."""
    content = render_to_string("500.html", {"request_id": request_id.get()})
    return HttpResponse(content, status=500)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say to somebody whose role does not allow it why it was refused, and whom to ask."""
    user: User | AnonymousUser = request.user
    names = whom_to_ask(user.office, user) if isinstance(user, User) else ""
    if is_by_script(request):
        words = gettext("Nothing was changed: your role in the office does not allow it. Ask %(names)s.")
        return trigger_client_event(HttpResponse(status=403), "announce", {"text": words % {"names": names}})
    return render(request, "403.html", {"names": names}, status=403)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse what comes from a page of before the last sign-in; a script gets a fresh token and sends it again."""
    return refusal(403, "outdated-token") if is_by_script(request) else csrf_failure(request, reason)


choose_language.policy = health.policy = "anyone"  # type: ignore[attr-defined]
