"""All routes of the application, read from the router itself."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver


class Route(NamedTuple):
    name: str
    path: str
    converters: dict[str, Any]
    view: Any


def routes(patterns=None, prefix="/", namespaces=()) -> Iterator[Route]:
    """Yield every route with its full name; also unnamed ones, by the name of their view."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from routes(pattern.url_patterns, path, inner)
        elif isinstance(pattern, URLPattern):
            name = ":".join((*namespaces, pattern.name or pattern.lookup_str))
            yield Route(name, path, dict(pattern.pattern.converters), pattern.callback)
