"""Bodies of requests, read into memory by the event loop: bounded in bytes, in time and over all requests at once."""

import asyncio
import io
from collections import deque
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any, NamedTuple
from weakref import WeakValueDictionary

from accounton.site.server.rooms import Borrower, Room
from accounton.web.bodies import Allowance

Receive = Callable[[], Awaitable[dict[str, Any]]]
KIB, MIB = 1024, 1024 * 1024
# Nearly every form is smaller: its bytes have a pool of their own, so that no large body keeps people from signing in.
SMALL_BYTES = 64 * KIB
SMALL_POOL_BYTES, FORM_POOL_BYTES = 64 * MIB, 16 * MIB
# Most lists are of a megabyte or less. A list takes as many bytes of the pool as its head announces, so that twenty of
# those come in beside each other; of larger ones it takes LARGE_BYTES, and the rest of one is held at a time: to handle
# it takes several times its size, parsed, sealed, and on its way to the database.
LIST_POOL_BYTES, LARGE_BYTES = 24 * MIB, 8 * MIB
# No office holds all of it.
OFFICE_POOL_BYTES = 16 * MIB
IDLE_SECONDS, GRACE_SECONDS, BUSY_SECONDS = 10, 10, 15
LEAST_BYTES_A_SECOND = 8 * KIB
# While somebody waits for room: about what the slowest lines sold send (1 Mbit/s), and 4 Mbit/s beyond LARGE_BYTES.
BUSY_BYTES_A_SECOND, BUSY_LARGE_BYTES_A_SECOND = 128 * KIB, 512 * KIB


class Refused(Exception):
    """A body is not read, or not to its end. `status` is the answer's."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Gone(Exception):
    """The client went away before all of its body had come."""


TOO_SLOW, TOO_LARGE, ENCODED, BUSY = 408, 413, 415, 503


class Sender(NamedTuple):
    """The user who sends a list, and that user's office."""

    user: int
    office: int | None


class Memory:
    """What may be held of bodies over all requests: bytes of small ones and of forms, and room for lists."""

    def __init__(self) -> None:
        self.small, self.forms = SMALL_POOL_BYTES, FORM_POOL_BYTES
        self.lists = Room(LIST_POOL_BYTES, BUSY_BYTES_A_SECOND)
        self.large = Room(1, BUSY_LARGE_BYTES_A_SECOND)
        self._users = WeakValueDictionary[int, Room]()
        self._offices = WeakValueDictionary[int | None, Room]()

    def rooms(self, sender: Sender, announced: int | None) -> list[tuple[Room, int]]:
        """Return what a list needs of which room: one list at a time for a user, and one large one for all.

        Taken in this order and each as a whole, so that nobody waits for somebody who waits for them. What announces no
        size may become a large one.
        """
        amount = LARGE_BYTES if announced is None else min(announced, LARGE_BYTES)
        is_large = announced is None or announced > LARGE_BYTES
        office = self._offices.setdefault(sender.office, Room(OFFICE_POOL_BYTES, BUSY_BYTES_A_SECOND))
        return [
            (self._users.setdefault(sender.user, Room(1, BUSY_BYTES_A_SECOND)), 1),
            *([(self.large, 1)] if is_large else []),
            (office, amount),
            (self.lists, amount),
        ]


class Body(Borrower):
    """The bytes of one body, counted while they are held. `sender` is whose list it is, None for a form."""

    def __init__(self, memory: Memory, sender: Sender | None = None, announced: int | None = None) -> None:
        super().__init__()
        self._memory, self._sender, self._announced = memory, sender, announced
        self.chunks: deque[bytes] = deque()
        self._rooms: list[Room] = []

    async def append(self, chunk: bytes) -> None:
        """Keep what came. A list waits a while for its room. Raise Refused where too much is held already."""
        size = self.size + len(chunk)
        if self._sender is not None and size > SMALL_BYTES and not self._rooms:
            await self._take(self._memory.rooms(self._sender, self._announced))
        self._resize(size)
        self.chunks.append(chunk)

    def stream(self) -> io.BufferedReader:
        """Return a stream that lets go of what was read."""
        return io.BufferedReader(_Stream(self.chunks), 64 * KIB)

    def give_back(self) -> None:
        """Forget the bytes."""
        self.chunks.clear()
        self._resize(0)
        for room in self._rooms:
            room.give_back(self)
        self._rooms.clear()

    async def _take(self, rooms: list[tuple[Room, int]]) -> None:
        until = monotonic() + BUSY_SECONDS
        for room, amount in rooms:
            if not await room.take(self, amount, until):
                raise Refused(BUSY)
            self._rooms.append(room)
        self.begin_turn()

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


async def _within(receive: Receive, until: float) -> dict[str, Any] | None:
    """Return the next message, None where it does not come in time."""
    try:
        return await asyncio.wait_for(receive(), max(until - monotonic(), 0))
    except TimeoutError:
        return None


async def _next(body: Body, receive: Receive, until: float) -> dict[str, Any]:
    """Return the next message. Raise Refused where it does not come in time, or others need the room meanwhile."""
    if body.has_lost:
        raise Refused(BUSY)
    try:
        async with asyncio.timeout(max(until - monotonic(), 0)) as timeout:
            body.waits_for_sender(timeout)
            return await receive()
    except TimeoutError:
        raise Refused(BUSY if body.has_lost else TOO_SLOW) from None
    finally:
        body.waits_for_sender(None)


async def read_into(body: Body, receive: Receive, allowance: Allowance) -> None:
    """Read a body to its end. Raise Refused or Gone."""
    began = last = monotonic()
    while True:
        in_pace = GRACE_SECONDS + body.size / LEAST_BYTES_A_SECOND
        until = min(last + IDLE_SECONDS, began + min(in_pace, allowance.seconds))
        message = await _next(body, receive, until)
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
        message = await _within(receive, until)
        if message is None:
            return
        size -= len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body"):
            return
