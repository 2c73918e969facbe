"""OLE2 compound files, as far as a stream in one can be taken out. Every chain is bounded by the sectors there are.

Streams are found as the reader finds them: the first entry with the name, in the order of the directory.
"""

import struct
from collections.abc import Sequence
from itertools import chain as joined

from accounton.spreadsheets.problems import UnusableFile

_HEADER = 512
_MINI_SECTOR = 64
_ENTRY = 128
_NAME = 64
_IN_MINI_SECTORS = 4096
"""Streams shorter than this lie in sectors of 64 bytes, within a stream of their own."""
_END, _FREE = 0xFFFFFFFE, 0xFFFFFFFF
_SECTOR_SIZES = {9: 512, 12: 4096}


class Compound:
    """A compound file in memory. Everything it refuses is UnusableFile("file.damaged")."""

    def __init__(self, content: bytes) -> None:
        if len(content) < _HEADER:
            raise UnusableFile("file.damaged")
        self._content = content
        shift, mini_shift = struct.unpack_from("<HH", content, 30)
        if shift not in _SECTOR_SIZES or 1 << mini_shift != _MINI_SECTOR:
            raise UnusableFile("file.damaged")
        self._size = _SECTOR_SIZES[shift]
        self._most = len(content) // self._size + 1
        directory, _, _, self._mini_fat, _, more = struct.unpack_from("<6I", content, 48)
        self._fat = self._table(more)
        entries = self._chain(directory)
        self._entries = [entries[start : start + _ENTRY] for start in range(0, len(entries), _ENTRY)]

    def stream(self, name: str) -> bytes | None:
        """Give a stream; None where there is none of this name."""
        wanted = name.encode("utf-16-le") + b"\0\0"
        entry = next((each for each in self._entries if each[:_NAME].startswith(wanted)), None)
        if entry is None:
            return None
        start, size = self._place(entry)
        return self._mini_chain(start, size) if size < _IN_MINI_SECTORS else self._chain(start)[:size]

    def _place(self, entry: bytes) -> tuple[int, int]:
        if len(entry) < _ENTRY:
            raise UnusableFile("file.damaged")
        start, low, high = struct.unpack_from("<3I", entry, 116)
        # With sectors of 512 bytes the high half may hold anything.
        return start, low if self._size == _SECTOR_SIZES[9] else low + (high << 32)

    def _table(self, more: int) -> Sequence[int]:
        """Read which sector follows which."""
        places = list(struct.unpack_from("<109I", self._content, 76))
        taken = 0
        while more not in (_FREE, _END):
            taken += 1
            listed = _numbers(self._sector(more))
            if taken > self._most or not listed:
                raise UnusableFile("file.damaged")
            places += listed[:-1]
            more = listed[-1]
        used = [place for place in places if place != _FREE]
        if len(used) > self._most:
            raise UnusableFile("file.damaged")
        return list(joined.from_iterable(_numbers(self._sector(place)) for place in used))

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        if start >= len(self._content):
            raise UnusableFile("file.damaged")
        return self._content[start : start + self._size]

    def _chain(self, start: int) -> bytes:
        return b"".join(map(self._sector, _followed(self._fat, start, self._most)))

    def _mini_chain(self, start: int, size: int) -> bytes:
        root, length = self._place(self._entries[0])
        within = self._chain(root)[:length] if length else b""
        following = _numbers(self._chain(self._mini_fat)) if size else []
        numbers = _followed(following, start, len(within) // _MINI_SECTOR + 1) if size else []
        pieces = (within[number * _MINI_SECTOR : (number + 1) * _MINI_SECTOR] for number in numbers)
        return b"".join(pieces)[:size]


def _numbers(data: bytes) -> list[int]:
    return [number for (number,) in struct.iter_unpack("<I", data[: len(data) // 4 * 4])]


def _followed(following: Sequence[int], number: int, most: int) -> list[int]:
    found: list[int] = []
    while number != _END:
        if number >= len(following) or len(found) >= most:
            raise UnusableFile("file.damaged")
        found.append(number)
        number = following[number]
    return found
