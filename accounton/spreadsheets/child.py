"""Running a module in a child process that may take only so much memory and time, with framed messages both ways.

    with child.start("accounton.rows.intake", file=path_or_bytes, limits=limits) as reader:
        reader.send({"errors": ...})
        while (received := reader.receive()) is not None:
            message, raw = received

The module has a function `main(parent: inside.Parent) -> None`. Where it raises UnusableFile, or runs out of memory or
time, or dies, the parent's `receive` (or `send`) raises UnusableFile; what it printed is thrown away.
"""

import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import astuple
from io import FileIO
from pathlib import Path
from typing import Any

from accounton.spreadsheets import frames
from accounton.spreadsheets.inside import Parent
from accounton.spreadsheets.limits import DEFAULT, MIB, Limits
from accounton.spreadsheets.problems import UnusableFile

__all__ = ["Child", "ChildFailed", "Parent", "start"]

_BOOT = (
    "import sys; sys.path[:] = sys.argv[1].split('\\n'); "
    "from accounton.spreadsheets.inside import serve; serve(sys.argv[2:])"
)
_OUT_OF_MEMORY = (b"memory allocation of", b"MemoryError", b"out of memory")
_MAX_PRINTED = 64 * 1024
_END_SECONDS = 2


class ChildFailed(Exception):
    """The module in the child has a defect: the class of its error and where, never the error's own text."""


class Child:
    """The parent's side. To be used by the thread that started it: when that thread ends, the child is killed."""

    def __init__(self, process: subprocess.Popen[bytes], channel: int, printed: int, limits: Limits) -> None:
        self._process = process
        self._channel = channel
        self._printed = printed
        self._left = float(limits.seconds)
        self._ready = select.poll()

    @property
    def pid(self) -> int:
        """The process id, for looking at its memory and time."""
        return self._process.pid

    def send(self, message: Any, raw: bytes = b"") -> None:
        """Send what orjson can write, and bytes beside it. Raises UnusableFile where the child is gone."""
        try:
            frames.send(self._channel, frames.MESSAGE, message, raw, lambda: self._wait(select.POLLOUT))
        except frames.Gone:
            while self.receive() is not None:
                continue
            raise UnusableFile("file.damaged") from None

    def receive(self) -> tuple[Any, bytes] | None:
        """Wait for the next message; None once the child ended well. Raises UnusableFile and ChildFailed.

        Only time spent waiting here counts against `limits.seconds`: a slow consumer does not kill its reader.
        """
        try:
            received = frames.receive(self._channel, lambda: self._wait(select.POLLIN))
        except frames.Gone:
            self._judge_end()
            raise UnusableFile("file.damaged") from None
        if received is None:
            self._judge_end()
            return None
        kind, message, raw = received
        if kind == frames.UNUSABLE:
            code, text, params = message
            raise UnusableFile(code, text, **params)
        if kind == frames.FAILED:
            raise ChildFailed(message[0], *message[1])
        return message, raw

    def kill(self) -> None:
        """End the child and everything it started, now. Harmless when it has already ended."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _wait(self, event: int) -> None:
        """Wait until the channel is ready, on what is left of the time."""
        self._ready.register(self._channel, event)
        began = time.monotonic()
        ready = self._ready.poll(self._left * 1000)
        self._left = max(self._left - (time.monotonic() - began), 0)
        if not ready:
            self.kill()
            raise UnusableFile("file.too_slow")

    def _judge_end(self) -> None:
        """Raise UnusableFile where the child did not end well."""
        try:
            code = self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise UnusableFile("file.too_slow") from None
        if code == -signal.SIGXCPU:
            raise UnusableFile("file.too_slow")
        if code == -signal.SIGKILL or (code and self._ran_out_of_memory()):
            raise UnusableFile("file.too_heavy")
        if code:
            raise UnusableFile("file.damaged")

    def _ran_out_of_memory(self) -> bool:
        """Tell from what it printed; the text itself goes nowhere, for it may hold what stands in a cell."""
        try:
            printed = os.read(self._printed, _MAX_PRINTED)
        except BlockingIOError:
            return False
        return any(sign in printed for sign in _OUT_OF_MEMORY)


@contextmanager
def start(module: str, *, file: Path | bytes, limits: Limits = DEFAULT) -> Iterator[Child]:
    """Start `module.main` in a child; leaving the block kills what is left of it.

    Bytes travel by an anonymous file in memory, never by a file on disk. The child sees nothing of this process's
    environment. Raises UnusableFile where a path cannot be opened or the file is larger than the limits allow.
    """
    with ExitStack() as stack:
        opened = stack.enter_context(_opened(file, limits))
        printed, printing = (stack.enter_context(end) for end in _pipe())
        ours, theirs = (stack.enter_context(end) for end in socket.socketpair())
        ours.setblocking(False)
        numbers = (theirs.fileno(), opened.fileno(), os.getpid(), *astuple(limits))
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _BOOT, _import_path(), module, *map(str, numbers)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=printing,
            pass_fds=(theirs.fileno(), opened.fileno()),
            start_new_session=True,
            env={"LC_ALL": "C.UTF-8"},
        )
        child = Child(process, ours.fileno(), printed.fileno(), limits)
        stack.callback(child.kill)
        theirs.close()
        printing.close()
        yield child


def _opened(file: Path | bytes, limits: Limits) -> FileIO:
    try:
        opened = FileIO(file) if isinstance(file, Path) else _in_memory(file)
    except OSError as error:
        raise UnusableFile("file.not_found") from error
    if os.fstat(opened.fileno()).st_size > limits.bytes:
        opened.close()
        raise UnusableFile("file.too_large", megabytes=limits.bytes // MIB)
    return opened


def _pipe() -> tuple[FileIO, FileIO]:
    """Make a pipe that never blocks: what does not fit is lost to the child, and is not missed."""
    ends = os.pipe()
    for end in ends:
        os.set_blocking(end, False)
    return FileIO(ends[0]), FileIO(ends[1], "w")


def _in_memory(content: bytes) -> FileIO:
    """Make an anonymous file in memory, at its beginning."""
    file = FileIO(os.memfd_create("workbook"), "r+")
    rest = memoryview(content)
    while rest:
        rest = rest[file.write(rest) :]
    file.seek(0)
    return file


def _import_path() -> str:
    """Give the child our own import path: so it needs no `site`, whose start-up files cost it a third of its start."""
    return "\n".join(str(Path(entry).absolute()) for entry in sys.path)
