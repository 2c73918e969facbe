"""Where each key of a file stands first: a set as long as none comes again, which most keys of most lists never do.

A set that is updated by the block takes half the time of a dictionary of positions; that is made when it is needed.
"""

from collections.abc import Sequence
from itertools import compress
from operator import is_not

NO_KEY = ""


class Firsts:
    """Keys of one kind, in the order of the rows; positions count them from 0. An empty key stands for none."""

    def __init__(self) -> None:
        self._keys: list[str] = []
        self._seen = {NO_KEY}
        self._positions: dict[str, int] | None = None

    def again(self, keys: Sequence[str]) -> list[tuple[int, int]]:
        """Take the next keys; give the index of each that stood higher up, and the position where it stood first."""
        start = len(self._keys)
        self._keys += keys
        if self._positions is None:
            known = len(self._seen)
            self._seen.update(keys)
            if len(self._seen) - known == len(keys) - keys.count(NO_KEY):
                return []
            self._positions = _first_positions(self._keys[:start])
        positions = list(range(start, start + len(keys)))
        firsts = list(map(self._positions.setdefault, keys, positions))
        # A key that is new comes back with the very position that was handed in.
        again = compress(range(len(keys)), map(is_not, firsts, positions))
        return [(index, firsts[index]) for index in again if keys[index]]

    def position(self, key: str) -> int | None:
        """Give the position where a key stands first; None where it has not come yet."""
        if self._positions is None:
            if key not in self._seen:
                return None
            self._positions = _first_positions(self._keys)
        return self._positions.get(key)


def _first_positions(keys: list[str]) -> dict[str, int]:
    return dict(zip(reversed(keys), range(len(keys) - 1, -1, -1), strict=True))
