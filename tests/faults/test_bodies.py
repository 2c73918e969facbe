"""Bodies of requests that would stop the server or take its memory: as many, as large and as slow as they like."""

import socket
from contextlib import ExitStack, suppress
from time import monotonic

import pytest

from tests.faults.conftest import Installation
from tests.faults.serving import MIB, TOKEN, Server, answer, serving

LOGIN, UPLOAD, OTHER = "POST /accounts/login/", "POST /imports/new/", "POST /language/"
BORDER = "----border"
MULTIPART = f"Content-Type: multipart/form-data; boundary={BORDER}"
FILES, FILE_BYTES = 99, 49 * MIB
MOST_MEMORY = 400 * MIB
HEAD = f'--{BORDER}\r\nContent-Disposition: form-data; name="file"; filename="l.csv"\r\nContent-Type: text/csv\r\n\r\n'
FIELD = f'--{BORDER}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{TOKEN}\r\n'
END = f"\r\n--{BORDER}--\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(Installation(tmp_path_factory.mktemp("bodies")), "--without-worker") as server:
        yield server


def status_of(text: str) -> int:
    return int(text.split(" ", 2)[1])


def send_files(connection: socket.socket, files: int, size: int, first: str = FIELD) -> int:
    """Send a form of so many files, as long as the server takes it. Return how much was sent."""
    sent, some = 0, b"x" * MIB
    with suppress(BrokenPipeError, ConnectionResetError):
        connection.sendall(first.encode())
        for _ in range(files):
            connection.sendall(HEAD.encode())
            for _ in range(size // MIB):
                connection.sendall(some)
                sent += MIB
            connection.sendall(b"\r\n")
        connection.sendall(END[2:].encode())
    return sent


def length_of(files: int, size: int) -> int:
    return len(FIELD) + files * (len(HEAD) + size + 2) + len(END) - 2


@pytest.mark.parametrize(
    ("request_line", "signed_in"), [(LOGIN, False), (UPLOAD, False), (UPLOAD, True), (OTHER, True)]
)
def test_ninety_nine_files_of_49_mib_cost_no_memory(server, request_line, signed_in):
    length = f"Content-Length: {length_of(FILES, FILE_BYTES)}"
    who = server.cookie if signed_in else f"Cookie: csrftoken={TOKEN}"
    with server.connect(request_line, MULTIPART, length, who) as connection:
        assert send_files(connection, FILES, FILE_BYTES) < FILES * FILE_BYTES
    assert server.peak_memory() < MOST_MEMORY
    assert status_of(server.get("/accounts/login/")) == 200


@pytest.mark.parametrize(("request_line", "signed_in"), [(LOGIN, False), (UPLOAD, True)])
def test_a_body_without_a_length_is_counted_while_it_comes(server, request_line, signed_in):
    headers = [MULTIPART, "Transfer-Encoding: chunked", *([server.cookie] if signed_in else [])]
    with server.connect(request_line, *headers) as connection, suppress(BrokenPipeError, ConnectionResetError):
        while True:
            connection.sendall(b"100000\r\n" + b"x" * MIB + b"\r\n")
    assert server.peak_memory() < MOST_MEMORY


@pytest.mark.parametrize(
    ("request_line", "signed_in", "status"), [(LOGIN, False, 413), (UPLOAD, False, 302), (UPLOAD, True, 413)]
)
def test_whoever_sends_too_much_is_told_so_before_anything_is_read(server, request_line, signed_in, status):
    headers = [MULTIPART, "Content-Length: 5000000000", "Accept-Language: nl"]
    with server.connect(request_line, *headers, *([server.cookie] if signed_in else [])) as connection:
        text = connection.recv(64 * 1024).decode()
    assert status_of(text) == status
    assert "connection: close" in text


def idle(server: Server, stack: ExitStack, request_line: str, *headers: str) -> None:
    connection = server.connect(request_line, "Content-Length: 100000", *headers)
    connection.sendall(b"1234567")
    stack.enter_context(connection)


def test_a_page_answers_within_two_seconds_beside_fifty_idle_bodies(server):
    form = "Content-Type: application/x-www-form-urlencoded"
    with ExitStack() as stack:
        for _ in range(25):
            idle(server, stack, LOGIN, form)
            idle(server, stack, UPLOAD, MULTIPART, server.cookie)
        for path, *headers in (["/accounts/login/"], ["/customers/", server.cookie]):
            began = monotonic()
            assert status_of(server.get(path, *headers)) == 200
            assert monotonic() - began < 2
        began = monotonic()
        with server.connect(LOGIN, form, "Content-Length: 5", "Connection: close") as connection:
            connection.sendall(b"a=b&c")
            assert status_of(answer(connection)) == 403  # without a token
        assert monotonic() - began < 2


def test_a_page_answers_beside_heads_that_never_end(server):
    with ExitStack() as stack:
        for _ in range(300):
            connection = socket.create_connection(("127.0.0.1", server.port))
            stack.enter_context(connection)
            connection.sendall(b"GET / HTTP/1.1\r\nX-Slow: ")
        began = monotonic()
        assert status_of(server.get("/accounts/login/")) == 200
        assert monotonic() - began < 2


def test_a_page_answers_beside_clients_that_do_not_take_their_answer(server):
    with ExitStack() as stack:
        for _ in range(50):
            connection = socket.socket()
            stack.enter_context(connection)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", server.port))
            connection.sendall(f"GET /static/site/theme.css HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode())
        began = monotonic()
        assert status_of(server.get("/accounts/login/")) == 200
        assert monotonic() - began < 2


def test_large_lists_of_many_at_once_stay_within_the_memory(server):
    """What does not fit beside the others is refused with the time to wait; nobody's list is lost without a word."""
    with ExitStack() as stack:
        size = 45 * MIB
        connections = []
        for _ in range(4):
            head = ("Accept: application/json", f"Content-Length: {length_of(1, size)}", "Connection: close")
            connection = server.connect(UPLOAD, MULTIPART, server.cookie, *head)
            connections.append(stack.enter_context(connection))
        for connection in connections:
            send_files(connection, 1, size)
        statuses = [status_of(answer(connection)) for connection in connections]
    assert set(statuses) <= {201, 503}
    assert 201 in statuses
    assert server.peak_memory() < MOST_MEMORY


OTHER_USERS = """
from accounton.site.startup import start_django
start_django()
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from accounton.offices.models import Office, User
for number in range(3):
    office = Office.objects.create(name=f"Kantoor {number}", slug=f"kantoor-{number}")
    user = User.objects.create_user(f"an@kantoor-{number}.example", "x", office, name="An", role="admin")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    print(session.session_key)
"""


def test_three_who_send_slowly_keep_nobody_from_sending_a_list(server):
    """Three users of three offices hold all the room at a few bytes a second; a fourth gets it all the same."""
    with ExitStack() as stack:
        for session in server.installation.python(OTHER_USERS).split():
            cookie = f"Cookie: sessionid={session}; csrftoken={TOKEN}"
            slow = server.connect(UPLOAD, MULTIPART, cookie, f"Content-Length: {8 * MIB}")
            stack.enter_context(slow)
            slow.sendall(HEAD.encode() + b"x" * 100_000)
        began = monotonic()
        list_of_one = FIELD + HEAD + "Naam;Voornaam\r\nPeeters;An\r\n" * 4000 + END
        head = (MULTIPART, "Accept: application/json", f"Content-Length: {len(list_of_one)}", "Connection: close")
        with server.connect(UPLOAD, server.cookie, *head) as quick:
            quick.sendall(list_of_one.encode())
            status = status_of(answer(quick))
        assert (status, monotonic() - began < 9) == (201, True)
    assert server.peak_memory() < MOST_MEMORY


def test_a_body_in_broken_pieces_is_a_bad_request(server):
    for path, who in ((LOGIN, f"Cookie: csrftoken={TOKEN}"), (UPLOAD, server.cookie)):
        with server.connect(path, MULTIPART, "Transfer-Encoding: chunked", who) as connection:
            connection.sendall(b"5\r\nabcde\r\nzzzz\r\nrest\r\n")
            assert status_of(answer(connection)) == 400


def test_who_breaks_off_leaves_no_error_behind(server):
    for _ in range(3):
        connection = server.connect(UPLOAD, MULTIPART, server.cookie, "Content-Length: 100000")
        connection.sendall(b"1234567")
        connection.close()
    assert status_of(server.get("/accounts/login/")) == 200
    assert "Traceback" not in (server.installation.folder / "serve.log").read_text()
