"""Looking for lookalikes in a child process, so that a second processor does it while rows are written down."""

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from accounton.rows.lookalikes import Contexts, Found, SealedCustomers, SealedRows
from accounton.rows.looks import Looks
from accounton.spreadsheets import child
from accounton.spreadsheets.limits import MIB, Limits

LIMITS = Limits(memory=2048 * MIB, seconds=300)
MOST_UNDER_WAY = 4
"""So many messages wait for the child at most; whoever sends more waits with them."""


@contextmanager
def beside(keys: Sequence[bytes], contexts: Contexts) -> Iterator["LookalikesBeside"]:
    """Start the child; leaving the block ends it. What happens to it is raised where something is asked of it."""
    order = {"contexts": [context.decode() for context in contexts]}
    with (
        child.start("accounton.rows.lookalikes_inside", file=b"", limits=LIMITS) as process,
        ThreadPoolExecutor(max_workers=1) as sender,
    ):
        lookalikes = LookalikesBeside(process, sender)
        lookalikes.send(order, b"".join(keys))
        try:
            yield lookalikes
        finally:
            process.kill()  # or the sender would wait for it


class LookalikesBeside:
    """Has the methods of Lookalikes. Raises UnusableFile or ChildFailed where the child is gone."""

    def __init__(self, process: child.Child, sender: ThreadPoolExecutor) -> None:
        self._process, self._sender = process, sender
        self._under_way: deque[Future[None]] = deque()

    def add_customers(self, customers: SealedCustomers) -> None:
        """Take more customers."""
        *columns, sealed = customers
        self.send({"customers": columns, "sizes": list(map(len, sealed))}, b"".join(sealed))

    def add_rows(self, rows: SealedRows) -> None:
        """Look at more rows; one that was there already is looked at anew."""
        *columns, sealed = rows
        self.send({"rows": columns, "sizes": list(map(len, sealed))}, b"".join(sealed))

    def add_looks(self, looks: Looks) -> None:
        """The same of rows whose looks were worked out before."""
        self.send({"looks": list(looks)})

    def compare_rows(self) -> None:
        """Compare the rows with one another, as Lookalikes does; nobody waits for it."""
        self.send({"compare": True})

    def found(self, gone: Collection[int], known: Collection[int]) -> Iterator[Found]:
        """Give what there is to decide, as Lookalikes does."""
        self.send({"gone": list(gone), "known": list(known)})
        while self._under_way:
            self._under_way.popleft().result()
        received = self._process.receive()
        if received is None:
            raise child.ChildFailed("ended without a word", "")
        return (Found(*each) for each in received[0])

    def send(self, message: dict[str, Any], raw: bytes = b"") -> None:
        """Send without waiting for the child, unless it lags far behind."""
        if len(self._under_way) >= MOST_UNDER_WAY:
            self._under_way.popleft().result()
        self._under_way.append(self._sender.submit(self._process.send, message, raw))
