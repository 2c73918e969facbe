"""accounton serve: web and worker together on this machine, until Control+C."""

import argparse
import os
import signal
import subprocess
import sys
import threading
from types import FrameType

from accounton.site.startup import start_django


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    parser.add_argument("--host", default="127.0.0.1")


def run(options: argparse.Namespace) -> int:
    """Start both, say where, and stop both as soon as one ends or a signal comes. Gives the exit code.

    Raises CannotStart where the database does not fit this version.
    """
    start_django()
    from accounton.site.upgrades import refuse_unfit

    refuse_unfit()
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "4",
           "--host", options.host, "--port", str(options.port), "--no-ws", "--log-level", "warning",
           "accounton.site.wsgi:application"]  # fmt: skip
    worker = [sys.executable, "-m", "accounton.site.cli", "worker"]
    processes = [subprocess.Popen(command, start_new_session=True) for command in (web, worker)]
    sys.stdout.write(f"Accounton: http://{options.host}:{options.port} (stop: Ctrl+C)\n")
    sys.stdout.flush()
    try:
        while not stopping.wait(0.5):
            if any(process.poll() is not None for process in processes):
                return 1
        return 0
    finally:
        _end(processes)


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        _signal_group(process, signal.SIGTERM)
    for process in processes:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            _signal_group(process, signal.SIGKILL)
            process.wait()


def _signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    if process.poll() is None:
        os.killpg(process.pid, number)
