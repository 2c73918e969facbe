"""Taking from a slow source while what came before is worked on."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")


def ahead(source: Iterator[Item], most: int) -> Iterator[Item]:
    """Give the items of `source` in order, taken in a thread, at most `most` of them before they are asked for.

    What `source` raises is raised in its place. One thread takes them one after the other, so `source` needs no lock.
    """
    end = object()
    with ThreadPoolExecutor(max_workers=1) as pool:
        waiting: deque[Future[Item | object]] = deque(pool.submit(next, source, end) for _ in range(most))
        try:
            while (item := waiting.popleft().result()) is not end:
                waiting.append(pool.submit(next, source, end))
                yield item  # type: ignore[misc]
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
