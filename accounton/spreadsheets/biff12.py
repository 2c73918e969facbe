"""The records that the parts of an .xlsb consist of: type, length and content, one after the other, as a stream.

The type is one or two bytes, the length one to four, of which each holds seven bits and says whether another follows.
"""

from collections.abc import Iterable, Iterator

from accounton.spreadsheets.limits import MIB
from accounton.spreadsheets.problems import UnusableFile

LONGEST_RECORD = 8 * MIB
"""Texts, the longest that a list can have, take less than a tenth of a mebibyte."""

Record = tuple[int, bytes]

_MORE = 0x80
_BITS = 0x7F
_LENGTH_BYTES = 4
_NO_TEXT = 0xFFFFFFFF


def records(chunks: Iterable[bytes]) -> Iterator[Record]:
    """Give type and content of each record. Raises UnusableFile where the part ends within one, or one is too long."""
    rest = b""
    for chunk in chunks:
        data = rest + chunk
        place, last = 0, len(data)
        while (head := _head(data, place)) is not None:
            kind, start, end = head
            if end > last:
                if end - start > LONGEST_RECORD:
                    raise UnusableFile("file.unusual")
                break
            yield kind, data[start:end]
            place = end
        rest = data[place:]
    if rest:
        raise UnusableFile("file.damaged")


def _head(data: bytes, place: int) -> tuple[int, int, int] | None:
    """Give the type of the record at this place, and where its content begins and ends; None where too little is there.

    More bytes of a type or length than the format has are never looked at, as the reader does.
    """
    try:
        kind, size, at = data[place], data[place + 1], place + 2
        if kind >= _MORE:
            kind, size, at = kind & _BITS | (size & _BITS) << 7, data[at], at + 1
        if size >= _MORE:
            more, size, shift = True, size & _BITS, 7
            while more and shift < 7 * _LENGTH_BYTES:
                size |= (data[at] & _BITS) << shift
                more = data[at] >= _MORE
                at, shift = at + 1, shift + 7
    except IndexError:
        return None
    return kind, at, at + size


def number(data: bytes, place: int) -> int:
    """Give the number of four bytes at this place. Raises UnusableFile where they are not there."""
    if len(data) < place + 4:
        raise UnusableFile("file.damaged")
    return int.from_bytes(data[place : place + 4], "little")


def wide_text(data: bytes, place: int) -> tuple[str, int]:
    """Give the text at this place and where it ends; "" where it is marked as absent. Raises UnusableFile."""
    length = number(data, place)
    if length == _NO_TEXT:
        return "", place + 4
    end = place + 4 + 2 * length
    if end > len(data):
        raise UnusableFile("file.damaged")
    return data[place + 4 : end].decode("utf-16-le", "replace"), end
