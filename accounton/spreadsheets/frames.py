"""Messages over a socket: a head of fixed length, a JSON text, and bytes beside it.

Sockets are plain file descriptors here: importing `socket` would cost the child half its start.
"""

import os
import struct
from collections.abc import Callable
from typing import Any

import orjson

MESSAGE = 0
UNUSABLE = 1
"""The file cannot be used: code, message and params of an UnusableFile."""
FAILED = 2
"""The module itself failed: the class of the error and where it happened, never its text."""

MAX_FRAME = 256 * 1024 * 1024
_HEAD = struct.Struct("<BII")

Wait = Callable[[], None]
"""Called before each read or write; the parent's waits until it can go on without blocking."""


class Gone(Exception):
    """The other side has closed its end within a frame, or sent what is no frame."""


def send(target: int, kind: int, message: Any, raw: bytes, wait: Wait) -> None:
    """Write one frame. Raises Gone, TypeError for what orjson cannot write, and what `wait` raises."""
    text = orjson.dumps(message)
    rest = memoryview(b"".join((_HEAD.pack(kind, len(text), len(raw)), text, raw)))
    while rest:
        wait()
        try:
            rest = rest[os.write(target, rest) :]
        except ConnectionError as error:
            raise Gone from error


def receive(source: int, wait: Wait) -> tuple[int, Any, bytes] | None:
    """Wait for a frame; None where the other side ended between two frames. Raises Gone and what `wait` raises."""
    head = _exactly(source, _HEAD.size, wait)
    if not head:
        return None
    if len(head) != _HEAD.size:
        raise Gone
    kind, text_size, raw_size = _HEAD.unpack(head)
    if text_size + raw_size > MAX_FRAME:
        raise Gone
    body = _exactly(source, text_size + raw_size, wait)
    if len(body) != text_size + raw_size:
        raise Gone
    try:
        return kind, orjson.loads(body[:text_size]), bytes(body[text_size:])
    except orjson.JSONDecodeError as error:
        raise Gone from error


def _exactly(source: int, size: int, wait: Wait) -> memoryview:
    """Give `size` bytes, or fewer where the other side ended."""
    data = memoryview(bytearray(size))
    filled = 0
    while filled < size:
        wait()
        try:
            got = os.readv(source, [data[filled:]])
        except ConnectionError:
            got = 0
        if not got:
            break
        filled += got
    return data[:filled]
