from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language

from accounton.offices.access import staff_only


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


choose_language.policy = health.policy = "anyone"  # type: ignore[attr-defined]
