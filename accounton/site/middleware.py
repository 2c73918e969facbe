from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import add_never_cache_headers

from accounton.belgium.numbers_in_text import masked_name
from accounton.site.server.application import REQUEST_ID, are_proxies_trusted
from accounton.web.log_context import REQUEST_ID_HEADER, chosen_request_id, in_log, request_id


class RequestIdMiddleware:
    """Gives each request an id, which stands in the lines of the log and in the answer. Stands first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer. The id of a proxy is taken only where one is trusted: it could hold anything."""
        given = request.headers.get(REQUEST_ID_HEADER, "")
        chosen = request.META.get(REQUEST_ID) or chosen_request_id(given, is_trusted=are_proxies_trusted())
        with in_log(request_id, chosen):
            response = self._get_response(request)
        response[REQUEST_ID_HEADER] = chosen
        return response


class NoStoreMiddleware:
    """Keeps pages out of every cache: what a browser does not keep cannot be read after signing out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Cache-Control" not in response:
            add_never_cache_headers(response)
            response["Cache-Control"] = "no-store, private"
        return response


class NoNullMiddleware:
    """Refuses addresses with a null character: nobody searches for one, and PostgreSQL takes none in a text.

    What is entered in forms is tidied there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or raise BadRequest."""
        if any("\0" in text for _, texts in request.GET.lists() for text in texts):
            raise BadRequest("null character")
        return self._get_response(request)


class NumberInAddressMiddleware:
    """Leads from an address with a national number, such as a search for one, to the same address with its mask.

    So no link of a page has the number, nor the history of a browser, nor what is kept of where somebody was.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or lead on; of an address to which something is sent the number is taken away unseen."""
        query = request.GET.copy()
        for name, texts in request.GET.lists():
            query.setlist(name, [masked_name(text) for text in texts])
        if query == request.GET:
            return self._get_response(request)
        address = f"{request.path}?{query.urlencode()}"
        if request.method in ("GET", "HEAD"):
            return HttpResponseRedirect(address)
        request.META["QUERY_STRING"] = query.urlencode()
        request.GET = query  # type: ignore[assignment]
        return self._get_response(request)
