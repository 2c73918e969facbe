"""accounton serve: web and worker together on this machine, until Control+C; or the web process alone."""

import argparse
import os
import resource
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from time import monotonic
from types import FrameType

from accounton.site.startup import start_django

CONNECTIONS = 2048
HEADER_SECONDS = 20
# A browser holds connections open on which it asks nothing: whoever stops the server does not wait for those.
LAST_ANSWERS_SECONDS, LAST_WORK_SECONDS = 3, 10
# Pieces of a body go back to the machine when they are freed: they would stay, scattered, 70 MiB after a list of 45.
MEMORY = {"MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_ARENA_MAX": "2"}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--without-worker", action="store_true", help="the web process only; workers run elsewhere")


def run(options: argparse.Namespace) -> int:
    """Start both, say where, and stop both as soon as one ends or a signal comes. Gives the exit code.

    Raises CannotStart where the database does not fit this version.
    """
    # Links in mails lead to the port that is asked for.
    os.environ["PORT"] = str(options.port)
    start_django()
    from accounton.site.upgrades import refuse_unfit

    refuse_unfit()
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    _allow_connections()
    web = web_command(options.host, options.port)
    processes = [subprocess.Popen(web, env={**MEMORY, **os.environ}, start_new_session=True)]
    if not options.without_worker:
        worker = [sys.executable, "-m", "accounton.site.cli", "worker"]
        processes.append(subprocess.Popen(worker, start_new_session=True))
    sys.stdout.write(f"Accounton: http://{options.host}:{options.port} (stop: Ctrl+C)\n")
    sys.stdout.flush()
    try:
        while not stopping.wait(0.5):
            if any(process.poll() is not None for process in processes):
                return 1
        return 0
    finally:
        _end(processes)


def web_command(host: str, port: int) -> list[str]:
    """Return the command of the web process."""
    options = {
        "--interface": "asginl",  # ASGI without its life span: there is nothing to start or to end
        "--http": "1",
        "--workers": "1",
        "--host": host,
        "--port": str(port),
        "--log-level": "warning",
        # A connection that says nothing costs a place, not a thread; so there are many places, and each for a while.
        "--backlog": str(CONNECTIONS),
        "--backpressure": str(CONNECTIONS),
        "--http1-header-read-timeout": str(HEADER_SECONDS * 1000),
        "--http1-buffer-size": str(64 * 1024),
        "--workers-kill-timeout": str(LAST_ANSWERS_SECONDS),
    }
    given = [text for option in options.items() for text in option]
    return [sys.executable, "-m", "granian", *given, "--no-ws", "accounton.site.asgi:application"]


def _allow_connections() -> None:
    """Let the processes hold as many files open as the machine allows: each connection is one."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    # Each ends its own children. Signalled too, they would die at any point, with locks that the others wait for.
    for process in processes:
        process.terminate()
    until = monotonic() + LAST_WORK_SECONDS
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(until - monotonic(), 0))
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # what is left of the group
        process.wait()
