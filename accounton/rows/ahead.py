"""Taking from a slow source while what came before is worked on."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, Self, TypeVar

Item = TypeVar("Item")


class Ahead(Generic[Item]):
    """Gives the items of a source in order; a thread takes at most so many of them before they are asked for.

    It begins at once. What the source raises is raised in its place. One thread takes one after the other, so the
    source needs no lock. To be closed in the end.
    """

    def __init__(self, source: Iterator[Item], most: int) -> None:
        self._source, self._end = source, object()
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._waiting: deque[Future[Item | object]] = deque()
        for _ in range(most):
            self._ask()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Item:
        """Give the next item as soon as it is there."""
        if not self._waiting or (item := self._waiting.popleft().result()) is self._end:
            self.close()
            raise StopIteration
        self._ask()
        return item  # type: ignore[return-value]

    def close(self) -> None:
        """Take no more, and wait for the one item that is being taken: it is lost."""
        self._waiting.clear()
        self._pool.shutdown(cancel_futures=True)

    def _ask(self) -> None:
        self._waiting.append(self._pool.submit(next, self._source, self._end))
