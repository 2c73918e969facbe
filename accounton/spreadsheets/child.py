"""Running a module in a child process that may take only so much memory and time, with framed messages both ways.

    with child.start("accounton.rows.intake", file=path_or_bytes, limits=limits) as reader:
        reader.send({"errors": ...})
        while (received := reader.receive()) is not None:
            message, raw = received

The module has a function `main(parent: child.Parent) -> None`. Where it raises UnusableFile, or runs out of memory or
time, or dies, the parent's `receive` (or `send`) raises UnusableFile; what it printed is thrown away.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from accounton.spreadsheets.limits import DEFAULT, Limits


class Child:
    """The parent's side. To be used by the thread that started it: when that thread ends, the child is killed."""

    def send(self, message: Any, raw: bytes = b"") -> None:
        """Send what orjson can write, and bytes beside it. Raises UnusableFile where the child is gone."""
        raise NotImplementedError

    def receive(self) -> tuple[Any, bytes] | None:
        """Wait for the next message; None once the child ended well. Raises UnusableFile.

        Only time spent waiting here counts against `limits.seconds`: a slow consumer does not kill its reader.
        """
        raise NotImplementedError

    def kill(self) -> None:
        """End the child and everything it started, now. Harmless when it has already ended."""
        raise NotImplementedError


class Parent:
    """The child's side, handed to `main`."""

    file: BinaryIO
    """The file, at its beginning, seekable; its name is a path that opens it anew."""
    limits: Limits

    def send(self, message: Any, raw: bytes = b"") -> None:
        """Send what orjson can write, and bytes beside it."""
        raise NotImplementedError

    def receive(self) -> tuple[Any, bytes] | None:
        """Wait for the next message; None where the parent has said all (`Child.send` will not come any more)."""
        raise NotImplementedError


@contextmanager
def start(module: str, *, file: Path | bytes, limits: Limits = DEFAULT) -> Iterator[Child]:
    """Start `module.main` in a child; leaving the block kills what is left of it.

    Bytes travel by an anonymous file in memory, never by a file on disk. Raises UnusableFile where a path cannot be
    opened or the file is larger than the limits allow.
    """
    raise NotImplementedError
    yield
