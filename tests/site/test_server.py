"""The application that the server runs, driven as a server drives it: bodies within bounds, then a WSGI application."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from types import SimpleNamespace

import pytest

from accounton.site.server import bodies, rooms
from accounton.site.server.application import BODY, Application, AskedFirst
from accounton.site.server.bodies import BUSY, ENCODED, KIB, MIB, TOO_LARGE, TOO_SLOW, Refused, Sender

FORM, FILE = "/language/", "/imports/new/"


class Inner:
    """A WSGI application that notes what it gets; `senders` are the users who ask, one after the other."""

    def __init__(self, *senders):
        self.senders, self.got = cycle(senders or [7]), []

    def __call__(self, environ, start_response):
        said = environ.get(BODY)
        if isinstance(said, Refused):
            start_response(f"{said.status} No", [("Content-Type", "text/plain")])
            return [b"no"]
        if isinstance(said, AskedFirst):
            user = next(self.senders)
            said.sender = user and Sender(user, user)
            start_response("302 Found", [("Location", "/accounts/login/")])
            return []
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        self.got.append(SimpleNamespace(environ=environ, body=body))
        start_response("200 OK", [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-Letter", "\xe9")])
        return iter([b"one ", b"", b"two"])


class Client:
    """A client that sends pieces of a body, and then nothing more unless they end it."""

    def __init__(self, path, pieces=(), *, length=None, ends=True, headers=(), method="POST"):
        named = (
            [(b"content-length", str(length).encode())] if length is not None else [(b"transfer-encoding", b"chunked")]
        )
        self.scope = {
            "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"",
            "http_version": "1.1", "scheme": "http", "server": ("127.0.0.1", 8000), "client": ("10.0.0.9", 4711),
            "headers": [*named, *headers],
        }  # fmt: skip
        self.pieces, self.ends, self.taken, self.sent = list(pieces), ends, 0, []

    async def receive(self):
        if not self.pieces:
            await asyncio.Event().wait()
        piece = self.pieces.pop(0)
        self.taken += len(piece)
        if piece == b"gone":
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": bool(self.pieces) or not self.ends}

    async def send(self, message):
        self.sent.append(message)

    @property
    def status(self):
        return self.sent[0]["status"]

    @property
    def headers(self):
        return [(name.decode(), value.decode("latin1")) for name, value in self.sent[0]["headers"]]


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(bodies, "IDLE_SECONDS", 0.05)
    monkeypatch.setattr(bodies, "GRACE_SECONDS", 0.2)
    monkeypatch.setattr(bodies, "BUSY_SECONDS", 0.05)
    monkeypatch.setattr("accounton.site.server.application.DRAIN_SECONDS", 0.05)


def ask(*clients, inner=None):
    """Let clients ask, all at once. Return the application that was asked; no memory is held any more."""
    inner = inner or Inner()
    application = Application(inner)

    async def all_of_them():
        await asyncio.gather(*[application(client.scope, client.receive, client.send) for client in clients])

    with ThreadPoolExecutor(1) as thread:  # Playwright's own loop runs in this one
        thread.submit(lambda: asyncio.run(all_of_them())).result()
    memory = application._memory
    assert (memory.small, memory.forms) == (bodies.SMALL_POOL_BYTES, bodies.FORM_POOL_BYTES)
    assert (memory.lists.free, memory.large.free) == (bodies.LIST_POOL_BYTES, 1)
    assert not memory._users
    assert not memory._offices
    return inner


@pytest.mark.parametrize("length", [None, 300_000])
def test_a_body_arrives_as_it_was_sent(length):
    pieces = [bytes([number]) * 60_000 for number in range(5)]
    client = Client(FORM, pieces, length=length)
    [request] = ask(client).got
    assert request.body == b"".join(pieces)
    assert request.environ["CONTENT_LENGTH"] == "300000"
    assert "HTTP_TRANSFER_ENCODING" not in request.environ
    assert [value for name, value in client.headers if name == "set-cookie"] == ["a=1", "b=2"]
    assert dict(client.headers)["content-length"] == "7"
    assert b"".join(message.get("body", b"") for message in client.sent) == b"one two"


def test_a_head_arrives_as_wsgi_wants_it():
    headers = [
        (b"cookie", b"a=1"),
        (b"cookie", b"b=2"),
        (b"x-forwarded-for", b"1.2.3.4"),
        (b"x_forwarded_for", b"6.6.6.6"),
    ]
    client = Client("/caf\xe9/", headers=headers, length=0, method="GET")
    client.scope["raw_path"], client.scope["query_string"] = b"/caf%C3%A9/", b"q=%E9"
    [request] = ask(client).got
    wanted = {
        "PATH_INFO": "/caf\xc3\xa9/", "QUERY_STRING": "q=%E9", "HTTP_COOKIE": "a=1; b=2",
        "HTTP_X_FORWARDED_FOR": "1.2.3.4", "REMOTE_ADDR": "10.0.0.9", "REQUEST_METHOD": "GET",
    }  # fmt: skip
    assert {name: request.environ[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("client", "status"),
    [
        (Client(FORM, [b"x"], length=3 * MIB), TOO_LARGE),
        (Client(FORM, [b"x" * MIB] * 3), TOO_LARGE),
        (Client(FILE, [b"x" * MIB] * 52), TOO_LARGE),
        (Client(FILE, [b"x"], length=52 * MIB), TOO_LARGE),
        (Client("/nowhere/", [b"x"], length=3 * MIB), TOO_LARGE),
        (Client(FORM, [b"1234567"], length=100_000, ends=False), TOO_SLOW),
        (Client(FILE, [b"1234567"], length=100_000, ends=False), TOO_SLOW),
        (Client(FORM, [], length=100_000), TOO_SLOW),
        (Client(FORM, [b"x"], length=1, headers=[(b"content-encoding", b"gzip")]), ENCODED),
    ],
)
def test_a_body_out_of_bounds_is_refused_and_nothing_sees_it(client, status):
    assert ask(client).got == []
    assert client.status == status
    assert ("connection", "close") in client.headers


def test_a_body_that_drips_is_refused_though_it_never_rests():
    class Dripping(Client):
        async def receive(self):
            await asyncio.sleep(0.01)
            return {"type": "http.request", "body": b"x", "more_body": True}

    client = Dripping(FORM, length=100_000)
    assert ask(client).got == []
    assert client.status == TOO_SLOW


def test_nothing_is_read_of_a_file_before_it_is_known_who_sends_it():
    client = Client(FILE, [b"x" * MIB] * 40, length=40 * MIB, headers=[(b"expect", b"100-continue")])
    assert ask(client, inner=Inner(None)).got == []
    assert (client.status, client.taken) == (302, 0)


def test_what_a_refused_client_still_sends_is_thrown_away_so_that_it_reads_its_answer():
    client = Client(FORM, [b"x" * MIB] * 3, length=3 * MIB)
    ask(client)
    assert client.taken == 3 * MIB
    assert [message.get("more_body") for message in client.sent] == [None, True, False]


def test_who_goes_away_half_way_is_forgotten():
    client = Client(FILE, [b"x" * 1000, b"gone"], length=10_000)
    assert ask(client).got == []
    assert client.status == 400  # granian says of a malformed chunk too that the client went away


def test_bodies_that_do_not_fit_into_the_memory_together_are_refused_with_the_time_to_wait():
    clients = [Client(FORM, [b"x" * 2_000_000], length=2_000_001, ends=False) for _ in range(12)]
    ask(*clients)
    assert {client.status for client in clients} == {TOO_SLOW, BUSY}
    busy = [client for client in clients if client.status == BUSY]
    assert all(("retry-after", "10") in client.headers for client in busy)


def test_large_bodies_do_not_keep_small_ones_out():
    large = [Client(FORM, [b"x" * 2_000_000], length=2_000_001, ends=False) for _ in range(12)]
    small = [Client(FORM, [b"x" * 60 * KIB], length=60 * KIB) for _ in range(100)]
    assert len(ask(*large, *small).got) == 100


def test_two_large_lists_wait_for_one_another(monkeypatch):
    monkeypatch.setattr(bodies, "BUSY_SECONDS", 10)
    clients = [Client(FILE, [b"x" * MIB] * 40, length=40 * MIB) for _ in range(2)]
    ask(*clients, inner=Inner(1, 2))
    assert [client.status for client in clients] == [200, 200]


class Trickling(Client):
    """A client that sends a start at once, and then so much a second; `lasts` seconds at most."""

    def __init__(self, start, pace, *, lasts, length):
        super().__init__(FILE, [start], length=length, ends=False)
        self.pace, self.lasts = pace, lasts

    async def receive(self):
        if self.pieces:
            return await super().receive()
        await asyncio.sleep(0.02)
        self.lasts -= 0.02
        return {"type": "http.request", "body": b"x" * int(self.pace * 0.02), "more_body": self.lasts > 0}


@pytest.fixture
def short_turns(monkeypatch):
    monkeypatch.setattr(rooms, "TURN_SECONDS", 0.1)
    monkeypatch.setattr(rooms, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(bodies, "BUSY_SECONDS", 1)
    monkeypatch.setattr(bodies, "IDLE_SECONDS", 5)
    monkeypatch.setattr(bodies, "GRACE_SECONDS", 5)


def test_slow_lists_of_several_users_lose_their_room_to_one_that_waits(short_turns):
    slow = [Trickling(b"x" * MIB, 8 * KIB, lasts=2, length=8 * MIB) for _ in range(3)]
    quick = Client(FILE, [b"x" * MIB] * 2, length=2 * MIB)
    assert len(ask(*slow, quick, inner=Inner(1, 2, 3, 4)).got) >= 1
    assert quick.status == 200
    assert BUSY in [client.status for client in slow]


def test_a_list_that_comes_quickly_enough_keeps_its_room_though_others_wait(short_turns):
    steady = [Trickling(b"x" * 100 * KIB, 2 * bodies.BUSY_BYTES_A_SECOND, lasts=0.5, length=8 * MIB) for _ in range(3)]
    late = Client(FILE, [b"x" * MIB] * 2, length=2 * MIB)
    ask(*steady, late, inner=Inner(1, 2, 3, 4))
    assert [client.status for client in (*steady, late)] == [200] * 4


def test_a_slow_list_keeps_its_room_while_nobody_waits(short_turns):
    slow = Trickling(b"x" * 100 * KIB, 16 * KIB, lasts=0.6, length=8 * MIB)
    ask(slow)
    assert slow.status == 200


def test_a_large_list_that_becomes_slow_gives_way_to_another_large_one(short_turns):
    slow = Trickling(b"x" * 9 * MIB, 8 * KIB, lasts=2, length=40 * MIB)
    quick = Client(FILE, [b"x" * MIB] * 10, length=10 * MIB)
    ask(slow, quick, inner=Inner(1, 2))
    assert (slow.status, quick.status) == (BUSY, 200)


def test_the_own_slow_list_in_another_window_gives_way(short_turns):
    slow = Trickling(b"x" * 100 * KIB, 8 * KIB, lasts=2, length=MIB)
    quick = Client(FILE, [b"x" * MIB], length=MIB)
    ask(slow, quick, inner=Inner(1))
    assert (slow.status, quick.status) == (BUSY, 200)


def test_no_office_holds_the_room_of_all(monkeypatch):
    class OneOffice(Inner):
        def __call__(self, environ, start_response):
            result = super().__call__(environ, start_response)
            if isinstance(said := environ.get(BODY), AskedFirst) and said.sender.user != 9:
                said.sender = Sender(said.sender.user, 1)
            return result

    monkeypatch.setattr(bodies, "IDLE_SECONDS", 0.3)
    idle = [Client(FILE, [b"x" * MIB], length=8 * MIB, ends=False) for _ in range(4)]
    other = Client(FILE, [b"x" * MIB] * 8, length=8 * MIB)
    ask(*idle, other, inner=OneOffice(1, 2, 3, 4, 9))
    assert other.status == 200


def test_twenty_lists_of_a_megabyte_come_in_beside_each_other(monkeypatch):
    monkeypatch.setattr(bodies, "IDLE_SECONDS", 0.5)
    waiting = [Client(FILE, [b"x" * 100 * KIB], length=MIB, ends=False) for _ in range(19)]
    last = Client(FILE, [b"x" * MIB], length=MIB)
    ask(*waiting, last, inner=Inner(*range(1, 21)))
    assert last.status == 200


def test_a_defect_of_the_application_is_answered():
    def broken(_environ, _start_response):
        raise ZeroDivisionError

    client = Client(FORM, [b"x"], length=1)
    broken.got = []
    ask(client, inner=broken)
    assert client.status == 500
