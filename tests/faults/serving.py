"""The real server of an installation on a free port, with a colleague signed in; raw requests to it."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

SIGN_IN = """
from accounton.site.startup import start_django
start_django()
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from accounton.offices.models import User
call_command("collectstatic", verbosity=0, interactive=False)
user = User.objects.get()
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
print(session.session_key)
"""
TOKEN = "a" * 32
MIB = 1024 * 1024


class Server:
    """A running server. `cookie` is the header of somebody who is signed in."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, session: str, installation) -> None:
        self.process, self.port, self.installation = process, port, installation
        self.cookie = f"Cookie: sessionid={session}; csrftoken={TOKEN}"

    def connect(self, request: str, *headers: str, seconds: float = 60) -> socket.socket:
        """Send the head of a request: `request` is method and path."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=seconds)
        lines = [f"{request} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", f"X-CSRFToken: {TOKEN}", *headers, "", ""]
        connection.sendall("\r\n".join(lines).encode())
        return connection

    def get(self, path: str, *headers: str) -> str:
        """Fetch a page."""
        with self.connect(f"GET {path}", "Connection: close", *headers) as connection:
            return answer(connection)

    def peak_memory(self) -> int:
        """Return the most that the web processes held at any time, in bytes."""
        return sum(_peak(pid) for pid in descendants(self.process.pid) if b"granian" in _command(pid))


def answer(connection: socket.socket) -> str:
    """Read what the server answers, until it closes."""
    parts = []
    try:
        while part := connection.recv(64 * 1024):
            parts.append(part)
    except ConnectionResetError:
        parts.append(b"<reset>")
    return b"".join(parts).decode(errors="replace")


@contextmanager
def serving(installation, *arguments: str) -> Iterator[Server]:
    """Run `accounton serve`."""
    session = installation.python(SIGN_IN).strip()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (installation.folder / "serve.log").open("wb")
    process = subprocess.Popen(
        [str(installation.accounton), "serve", "--port", str(port), *arguments],
        env=installation.env, stdout=log, stderr=log, start_new_session=True,
    )  # fmt: skip
    try:
        server = Server(process, port, session, installation)
        _wait_for(server, installation.folder / "serve.log")
        yield server
    finally:
        process.terminate()
        process.wait(30)
        log.close()


def _wait_for(server: Server, log: Path) -> None:
    until = monotonic() + 60
    while monotonic() < until:
        try:
            if " 200 " in server.get("/health/"):
                return
        except OSError:
            sleep(0.1)
    raise AssertionError(log.read_text())


def descendants(pid: int) -> Iterator[int]:
    """Return the processes under a process."""
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield int(child)
        yield from descendants(int(child))


def _command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def _peak(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    [line] = [line for line in status if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024
