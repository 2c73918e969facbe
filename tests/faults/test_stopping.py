"""Whoever stops the server waits for no connection on which nothing comes, and leaves no process behind."""

import os
import signal
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

import pytest

from tests.faults.serving import descendants, serving


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_server_stops_at_once_beside_idle_connections(installation, number):
    with serving(installation) as server, ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(server.connect("POST /accounts/login/", "Content-Length: 1000"))
        kept = stack.enter_context(server.connect("GET /health/"))
        assert b" 200 " in kept.recv(1024)
        processes = list(descendants(server.process.pid))
        began = monotonic()
        os.kill(server.process.pid, number)
        server.process.wait(30)
        assert monotonic() - began < 8
        assert not [pid for pid in processes if Path(f"/proc/{pid}").exists() and not is_dead(pid)]


def is_dead(pid: int) -> bool:
    """Return whether a process only waits for somebody to ask how it ended."""
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
