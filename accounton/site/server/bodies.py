"""Bodies of requests, read into memory by the event loop: bounded in bytes, in time and over all requests at once."""

import asyncio
import io
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from weakref import WeakValueDictionary

from accounton.web.bodies import Allowance

Receive = Callable[[], Awaitable[dict[str, Any]]]
KIB, MIB = 1024, 1024 * 1024
# Nearly every form is smaller: its bytes have a pool of their own, so that no large body keeps people from signing in.
SMALL_BYTES = 64 * KIB
SMALL_POOL_BYTES, FORM_POOL_BYTES = 64 * MIB, 16 * MIB
# Most lists are of a megabyte or less. Of larger ones so many are held at once, and of those beyond LARGE_BYTES one: to
# handle it takes several times its size, parsed, sealed, and on its way to the database.
LISTS_AT_ONCE, LARGE_BYTES = 3, 8 * MIB
IDLE_SECONDS, GRACE_SECONDS, BUSY_SECONDS = 10, 10, 15
LEAST_BYTES_A_SECOND = 8 * KIB


class Refused(Exception):
    """A body is not read, or not to its end. `status` is the answer's."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Gone(Exception):
    """The client went away before all of its body had come."""


TOO_SLOW, TOO_LARGE, ENCODED, BUSY = 408, 413, 415, 503


class Memory:
    """What may be held of bodies over all requests: bytes of small ones and of forms, and places for lists."""

    def __init__(self) -> None:
        self.small, self.forms = SMALL_POOL_BYTES, FORM_POOL_BYTES
        # Taken in this order, by whoever asked first: nobody waits for somebody who waits for them.
        self.lists, self.large = asyncio.Semaphore(LISTS_AT_ONCE), asyncio.Semaphore(1)
        self._senders = WeakValueDictionary[int, asyncio.Semaphore]()

    def places(self, sender: int) -> list[asyncio.Semaphore]:
        """Return what a list needs beyond SMALL_BYTES, and last of all beyond LARGE_BYTES: one at a time for a user."""
        return [self._senders.setdefault(sender, asyncio.Semaphore(1)), self.lists, self.large]


@dataclass
class Body:
    """The bytes of one body, counted while they are held. `sender` is the user whose list it is, None for a form."""

    _memory: Memory
    _sender: int | None = None
    size: int = 0
    chunks: deque[bytes] = field(default_factory=deque)
    _places: list[asyncio.Semaphore] = field(default_factory=list)

    async def append(self, chunk: bytes) -> None:
        """Keep what came. A list waits a while for its place. Raise Refused where too much is held already."""
        size = self.size + len(chunk)
        if self._sender is not None and size > SMALL_BYTES:
            await self._take_places(self._memory.places(self._sender)[: None if size > LARGE_BYTES else -1])
        self._resize(size)
        self.chunks.append(chunk)

    def stream(self) -> io.BufferedReader:
        """Return a stream that lets go of what was read."""
        return io.BufferedReader(_Stream(self.chunks), 64 * KIB)

    def give_back(self) -> None:
        """Forget the bytes."""
        self.chunks.clear()
        self._resize(0)
        for place in self._places:
            place.release()
        self._places.clear()

    async def _take_places(self, places: list[asyncio.Semaphore]) -> None:
        until = monotonic() + BUSY_SECONDS
        for place in places[len(self._places) :]:
            if not await _within(place.acquire(), until):
                raise Refused(BUSY)
            self._places.append(place)

    def _resize(self, size: int) -> None:
        memory, small = self._memory, _small_part(size) - _small_part(self.size)
        rest = 0 if self._sender is not None else size - self.size - small
        if small > memory.small or rest > memory.forms:
            raise Refused(BUSY)
        memory.small -= small
        memory.forms -= rest
        self.size = size


def _small_part(size: int) -> int:
    return min(size, SMALL_BYTES)


class _Stream(io.RawIOBase):
    def __init__(self, chunks: deque[bytes]) -> None:
        self._chunks = chunks

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while self._chunks:
            chunk = self._chunks.popleft()
            if chunk:
                count = min(len(chunk), len(buffer))
                buffer[:count] = chunk[:count]
                if count < len(chunk):
                    self._chunks.appendleft(chunk[count:])
                return count
        return 0


async def _within(awaitable: Awaitable[Any], until: float) -> Any:
    """Return what is awaited, None where it does not come in time."""
    try:
        return await asyncio.wait_for(awaitable, max(until - monotonic(), 0))
    except TimeoutError:
        return None


async def read_into(body: Body, receive: Receive, allowance: Allowance) -> None:
    """Read a body to its end. Raise Refused or Gone."""
    began = last = monotonic()
    while True:
        in_pace = GRACE_SECONDS + body.size / LEAST_BYTES_A_SECOND
        until = min(last + IDLE_SECONDS, began + min(in_pace, allowance.seconds))
        message = await _within(receive(), until)
        if message is None:
            raise Refused(TOO_SLOW)
        if message["type"] != "http.request":
            raise Gone
        chunk = message.get("body", b"")
        if body.size + len(chunk) > allowance.bytes:
            raise Refused(TOO_LARGE)
        if chunk:
            await body.append(chunk)
            last = monotonic()
        if not message.get("more_body"):
            return


async def drain(receive: Receive, size: int, seconds: float) -> None:
    """Throw away what a client still sends, within bounds: cut off while it sends, it would not read its answer."""
    until = monotonic() + seconds
    while size > 0:
        message = await _within(receive(), until)
        if message is None:
            return
        size -= len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body"):
            return
