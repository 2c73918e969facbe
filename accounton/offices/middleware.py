from collections.abc import Callable

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from accounton.offices.limits.buckets import TooSoon
from accounton.offices.scoping import acting_for
from accounton.web.log_context import in_log, user_id


class OfficeMiddleware:
    """Acts for the office of whoever is logged in, during the request and no longer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        office_id = getattr(request.user, "office_id", None)
        with in_log(user_id, request.user.pk):
            if not office_id:
                return self.get_response(request)
            with acting_for(office_id):
                return self.get_response(request)


class TooSoonMiddleware:
    """Answers a try that came too soon with the seconds to wait."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page (429) for TooSoon; other errors are left to others."""
        if not isinstance(error, TooSoon):
            return None
        context = {"seconds": error.seconds, "minutes": round(error.seconds / 60), "again": _form_of(request)}
        response = render(request, error.template_name, context, status=429)
        response["Retry-After"] = str(error.seconds)
        return response


def _form_of(request: HttpRequest) -> str:
    """Return the way back to the form that was sent, which goes on to the same page afterwards."""
    onwards = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME)
    return f"{request.path}?{urlencode({REDIRECT_FIELD_NAME: onwards})}" if onwards else request.path
