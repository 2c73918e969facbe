"""From ASGI to WSGI and back: the environ of a request, and the answer of an application that was run to its end."""

import sys
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

Environ = dict[str, Any]
Scope = dict[str, Any]


class Answer(NamedTuple):
    status: int
    headers: list[tuple[bytes, bytes]]
    content: bytes


def environ_of(scope: Scope, headers: Iterable[tuple[str, str]]) -> Environ:
    """Return the environ (PEP 3333) of a request, without its body. Header names are in lower case."""
    server_name, port = scope.get("server") or ("localhost", 80)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin1"),
        "QUERY_STRING": scope["query_string"].decode("latin1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server_name,
        "SERVER_PORT": str(port or 0),
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in headers:
        # X_Forwarded_For must not pass for X-Forwarded-For, which a proxy in front replaces.
        if "_" in name or name in ("content-length", "transfer-encoding", "expect"):
            continue
        key = "CONTENT_TYPE" if name == "content-type" else "HTTP_" + name.upper().replace("-", "_")
        separator = "; " if name == "cookie" else ","
        environ[key] = f"{environ[key]}{separator}{value}" if key in environ else value
    return environ


def answer_of(application: Any, environ: Environ) -> Answer:
    """Run a WSGI application to its end in this thread, and return its answer as a whole.

    The thread is free then, however slowly the client takes the answer.
    """
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> None:
        started[:] = [(status, headers)]

    result = application(environ, start_response)
    try:
        content = b"".join(result)
    finally:
        if hasattr(result, "close"):
            result.close()
    [(status, headers)] = started
    named = [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in headers]
    return Answer(int(status.split(" ", 1)[0]), named, content)
