"""The application that the server runs: it reads bodies itself, bounded, before Django's threads see a request."""

import asyncio
import io
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings

from accounton.site.server.bodies import (
    BUSY,
    ENCODED,
    LARGE_BYTES,
    MIB,
    TOO_LARGE,
    Body,
    Gone,
    Memory,
    Receive,
    Refused,
    Sender,
    drain,
    read_into,
)
from accounton.site.server.environ import Answer, Environ, Scope, answer_of, environ_of
from accounton.web.bodies import Allowance, allowance_of
from accounton.web.log_context import REQUEST_ID_HEADER, chosen_request_id, in_log, request_id

log = logging.getLogger(__name__)
Send = Callable[[dict[str, Any]], Awaitable[None]]
# Under this key Django finds what the server says of a body: see site/refused_bodies.py.
BODY = "accounton.body"
REQUEST_ID = "accounton.request_id"
THREADS = 4
DRAIN_BYTES, DRAIN_SECONDS = 128 * MIB, 20


def are_proxies_trusted() -> bool:
    """Return whether a proxy stands in front whose headers are believed."""
    return bool(settings.ALLAUTH_TRUSTED_PROXY_COUNT)


class AskedFirst:
    """A request of which only the head is there. Django sets `sender` where its body may come."""

    sender: Sender | None = None


class Request:
    """One request: its head, and what the head says of its body."""

    def __init__(self, scope: Scope) -> None:
        self.headers = [(name.decode("latin1"), value.decode("latin1")) for name, value in scope["headers"]]
        named = dict(self.headers)
        self.length = int(named["content-length"]) if "content-length" in named else None
        self.has_body = bool(self.length) or "transfer-encoding" in named
        self.is_encoded = named.get("content-encoding", "identity").lower() != "identity"
        self.waits = named.get("expect", "").lower() == "100-continue"
        self.is_read = not self.has_body
        self.path: str = scope["path"]
        self.id = chosen_request_id(named.get(REQUEST_ID_HEADER.lower(), ""), is_trusted=are_proxies_trusted())
        self._scope = scope

    def environ(self, said: object = None, body: Body | None = None) -> Environ:
        """Return the environ, with its body or with what is said about it instead."""
        environ = environ_of(self._scope, self.headers)
        environ["CONTENT_LENGTH"] = str(body.size) if body else "0"
        environ["wsgi.input"] = body.stream() if body else io.BytesIO()
        environ[REQUEST_ID] = self.id
        if said is not None:
            environ[BODY] = said
            environ.pop("CONTENT_TYPE", None)
        return environ


class Answered(Exception):
    """Django answered before the body had come."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


class Application:
    """An ASGI application around Django's WSGI one, which runs on a few threads that keep their connections."""

    def __init__(self, wsgi: Any) -> None:
        self._wsgi = wsgi
        self._memory = Memory()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="web")
        # SQLite maps what a connection wrote: one alone writes the large lists.
        self._large = ThreadPoolExecutor(1, thread_name_prefix="large")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        request = Request(scope)
        try:
            answer = await self._answer(request, receive)
        except Gone:
            await _send_malformed(send)
            return
        except Answered as answered:
            answer = answered.answer
        except Refused as refused:
            with in_log(request_id, request.id):
                log.info("body refused: %s", refused.status)
            answer = await self._run(request.environ(refused))
        await _send(send, receive, request, answer)

    async def _answer(self, request: Request, receive: Receive) -> Answer:
        if not request.has_body:
            return await self._run(request.environ())
        allowance = allowance_of(request.path)
        body = Body(self._memory, await self._sender(request, allowance), request.length)
        try:
            _judge(request, allowance)
            await read_into(body, receive, allowance)
            request.is_read = True
            threads = self._large if body.size > LARGE_BYTES else self._threads
            return await self._run(request.environ(body=body), threads)
        finally:
            body.give_back()

    async def _sender(self, request: Request, allowance: Allowance) -> Sender | None:
        """Return who sends a file, None for a form. Raise Answered where nothing is read of it: nobody is signed in."""
        if not allowance.policy:
            return None
        asked = AskedFirst()
        answer = await self._run(request.environ(asked))
        if asked.sender is None:
            raise Answered(answer)
        return asked.sender

    async def _run(self, environ: Environ, threads: ThreadPoolExecutor | None = None) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(threads or self._threads, self._run_here, environ)

    def _run_here(self, environ: Environ) -> Answer:
        try:
            return answer_of(self._wsgi, environ)
        except Exception:
            with in_log(request_id, environ[REQUEST_ID]):
                log.exception("the application failed")
            headers = [(b"content-type", b"text/plain"), (b"x-request-id", environ[REQUEST_ID].encode())]
            return Answer(500, headers, b"Internal Server Error")


def _judge(request: Request, allowance: Allowance) -> None:
    """Raise Refused where the head alone says so."""
    if request.is_encoded:
        raise Refused(ENCODED)
    if (request.length or 0) > allowance.bytes:
        raise Refused(TOO_LARGE)


async def _send_malformed(send: Send) -> None:
    """Say that a body was no HTTP. granian tells of it as of a client that went away, which reads no answer."""
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"11"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 400, "headers": headers})
    await send({"type": "http.response.body", "body": b"Bad Request", "more_body": False})


async def _send(send: Send, receive: Receive, request: Request, answer: Answer) -> None:
    headers = [*answer.headers]
    if answer.status == BUSY:
        headers.append((b"retry-after", b"10"))
    if request.is_read:
        if not any(name == b"content-length" for name, _ in headers) and answer.status not in (204, 304):
            headers.append((b"content-length", str(len(answer.content)).encode()))
    else:
        # Without its length the answer is not whole before its end is sent: the server would close as soon as it is,
        # and a browser that still sends be cut off.
        headers = [header for header in headers if header[0] != b"content-length"]
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.content, "more_body": not request.is_read})
    if not request.is_read:
        if not request.waits:  # it sends nothing then without being told to
            await drain(receive, DRAIN_BYTES, DRAIN_SECONDS)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
