from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

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
