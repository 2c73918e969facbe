from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounton.offices.limits.buckets import TooSoon
from accounton.offices.scoping import acting_for


class OfficeMiddleware:
    """Acts for the office of whoever is logged in, during the request and no longer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        office_id = getattr(request.user, "office_id", None)
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
        context = {"seconds": error.seconds, "minutes": round(error.seconds / 60)}
        response = render(request, "429.html", context, status=429)
        response["Retry-After"] = str(error.seconds)
        return response
