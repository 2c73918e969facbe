"""Room in memory for lists, lent by amounts: a slow sender loses what it holds once somebody else waits for it."""

import asyncio
from collections import deque
from dataclasses import dataclass
from time import monotonic

# So long a sender keeps what it was lent, whoever waits. Its pace is that of about the last such time, so that a quick
# start does not pay for a slow rest.
TURN_SECONDS = 5.0
LOOK_SECONDS = 0.25


class Borrower:
    """A body that comes in. It can lose what it was lent only while we wait for its sender."""

    def __init__(self) -> None:
        self.size = 0
        self.has_lost = False
        self._waits_in: asyncio.Timeout | None = None
        self.begin_turn()

    def begin_turn(self) -> None:
        """Measure the pace from now on. What we let the sender wait for is no fault of the sender."""
        self._since, self._size_then = monotonic(), self.size

    def waits_for_sender(self, timeout: asyncio.Timeout | None) -> None:
        """Note the timeout in which the next bytes are awaited; None when they came."""
        self._waits_in = timeout
        if timeout is None and monotonic() - self._since >= 2 * TURN_SECONDS:
            self.begin_turn()

    def pace(self) -> float | None:
        """Return the bytes a second of this turn; None while it is too early to say, or nothing is awaited."""
        seconds = monotonic() - self._since
        if self._waits_in is None or self.has_lost or seconds < TURN_SECONDS:
            return None
        return (self.size - self._size_then) / seconds

    def lose(self) -> None:
        """End the waiting for the sender."""
        self.has_lost = True
        if self._waits_in is not None:
            self._waits_in.reschedule(asyncio.get_running_loop().time())


@dataclass(eq=False)
class _Wish:
    borrower: Borrower
    amount: int
    granted: asyncio.Event


class Room:
    """An amount that is lent to whoever asked first. `least_pace` keeps a sender safe from losing it to others."""

    def __init__(self, amount: int, least_pace: int) -> None:
        self.free, self._least_pace = amount, least_pace
        self._lent: dict[Borrower, int] = {}
        self._waiting: deque[_Wish] = deque()

    async def take(self, borrower: Borrower, amount: int, until: float) -> bool:
        """Lend an amount, as a whole, and return True; False where it did not become free in time."""
        wish = _Wish(borrower, amount, asyncio.Event())
        self._waiting.append(wish)
        self._grant()
        try:
            while not wish.granted.is_set() and (rest := until - monotonic()) > 0:
                if self._waiting[0] is wish:
                    self._end_slowest()
                await _set_within(wish.granted, min(rest, LOOK_SECONDS))
        except asyncio.CancelledError:
            self.give_back(borrower)
            raise
        finally:
            if not wish.granted.is_set():
                self._waiting.remove(wish)
                self._grant()  # what stands behind it may be smaller
        return wish.granted.is_set()

    def give_back(self, borrower: Borrower) -> None:
        """Take back what a body was lent, and lend it to those who wait."""
        self.free += self._lent.pop(borrower, 0)
        self._grant()

    def _grant(self) -> None:
        # In their order: a large wish is not passed by small ones for ever.
        while self._waiting and self._waiting[0].amount <= self.free:
            wish = self._waiting.popleft()
            self.free -= wish.amount
            self._lent[wish.borrower] = wish.amount
            wish.granted.set()

    def _end_slowest(self) -> None:
        paces = {borrower: pace for borrower in self._lent if (pace := borrower.pace()) is not None}
        slowest = min(paces, key=lambda borrower: paces[borrower], default=None)
        if slowest is not None and paces[slowest] < self._least_pace:
            slowest.lose()


async def _set_within(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
