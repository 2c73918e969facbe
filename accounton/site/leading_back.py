"""Addresses that only take what is sent to them: whoever opens one is led to the page that it belongs to."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve
from django.utils.translation import gettext


class LeadBackMiddleware:
    """Redirect a browser that opens an address which takes only POST, say from its history or a bookmark."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        response = self._get_response(request)
        is_opened = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
        if response.status_code != 405 or not is_opened:
            return response
        messages.info(request, gettext("Nothing was changed: that address only takes what a button sends."))
        return HttpResponseRedirect(page_above(request.path))


def page_above(path: str) -> str:
    """Return the nearest address above this one that there is."""
    while path not in ("", "/"):
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            resolve(path)
        except Resolver404:
            continue
        return path
    return "/"
