"""XML read by expat with everything refused that a workbook never holds and that could fill memory or time."""

from collections.abc import Iterable
from typing import Protocol
from xml.parsers import expat

from accounton.spreadsheets.limits import MIB
from accounton.spreadsheets.problems import UnusableFile

MAX_DEPTH = 64
MAX_NAMES = 5_000
MAX_TOKEN = 2 * MIB
"""An unfinished token longer than this is refused: expat scans it again from its start with every chunk."""

LONGEST_TEXT = 256 * 1024
"""No text of a cell is longer: 32,767 letters, six bytes each where all are quotes."""

_ENCODINGS = {"utf-8", "utf8", "us-ascii", "ascii"}


class Handler(Protocol):
    """What hears of the elements; names come without their prefix."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...

    def interrupted(self) -> None:
        """Hear of a comment, a CDATA section or a processing instruction at this place."""


class Ignoring:
    """A handler that minds nothing; others override what they mind."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Hear of the start of an element."""

    def end(self, name: str) -> None:
        """Hear of the end of an element."""

    def text(self, text: str) -> None:
        """Hear of text."""

    def interrupted(self) -> None:
        """Hear of a comment, a CDATA section or a processing instruction."""


class CarefulParser:
    """One XML part, fed in pieces. Everything it refuses is an UnusableFile."""

    def __init__(self, handler: Handler) -> None:
        self.path: list[str] = []
        self._handler = handler
        self._fed = 0
        self._expat = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = handler.text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.XmlDeclHandler = _check_encoding
        parser.CommentHandler = lambda _text: handler.interrupted()
        parser.ProcessingInstructionHandler = lambda _target, _text: handler.interrupted()
        parser.StartCdataSectionHandler = handler.interrupted

    def feed(self, data: bytes, final: bool = False) -> None:
        """Parse a piece of at most about a mebibyte. Raises UnusableFile."""
        if not self._fed:
            check_byte_order(data)
        self._fed += len(data)
        try:
            self._expat.Parse(data, final)
        except expat.ExpatError as error:
            raise UnusableFile("file.damaged") from error
        if self._fed - self._expat.CurrentByteIndex > MAX_TOKEN or len(self._expat.intern) > MAX_NAMES:
            raise UnusableFile("file.damaged")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        self.path.append(name)
        if len(self.path) > MAX_DEPTH:
            raise UnusableFile("file.damaged")
        self._handler.start(name, attributes)

    def _end(self, name: str) -> None:
        self._handler.end(self.path.pop())


def parse(chunks: Iterable[bytes], handler: Handler) -> None:
    """Parse a whole part. Raises UnusableFile."""
    parser = CarefulParser(handler)
    for chunk in chunks:
        parser.feed(chunk)
    parser.feed(b"", final=True)


def check_byte_order(beginning: bytes) -> None:
    """Refuse UTF-16 and UTF-32: the reader takes such a part for an empty one. Raises UnusableFile."""
    if beginning[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in beginning[:4]:
        raise UnusableFile("file.unusual")


def check_texts(chunk: bytes) -> None:
    """Refuse a piece with a longer text than any cell can hold, by looking for "<" in every half of that length."""
    step = LONGEST_TEXT // 2
    if any(chunk.find(b"<", at, at + step) < 0 for at in range(0, len(chunk) - step + 1, step)):
        raise UnusableFile("file.damaged")


def _check_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() not in _ENCODINGS:
        raise UnusableFile("file.unusual")


def _refuse_doctype(*_: object) -> None:
    raise UnusableFile("file.entities")
