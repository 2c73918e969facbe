"""The shared strings of a workbook: most texts of all its sheets, kept once, in a part of their own."""

from accounton.spreadsheets.archive import Archive
from accounton.spreadsheets.limits import Limits
from accounton.spreadsheets.parsing import CarefulParser, Ignoring, check_texts
from accounton.spreadsheets.problems import UnusableFile
from accounton.spreadsheets.workbook import STRINGS

_OVERLAP = 16
_MOST_DIGITS = 12


def look_through_strings(archive: Archive, limits: Limits) -> None:
    """Go through the shared strings: a DTD, a lying or too high number of them, damage. Raises UnusableFile.

    The reader reserves room for as many strings as the part says it has, and aborts where that does not succeed.
    """
    if STRINGS not in archive:
        return
    root = _Root(limits)
    parser = CarefulParser(root)
    strings, rest = 0, b""
    for chunk in archive.chunks(STRINGS):
        check_texts(chunk)
        if not root.seen:
            parser.feed(chunk)
        strings += (rest + chunk).count(b"<si") - rest.count(b"<si")
        rest = chunk[-_OVERLAP:]
        if strings > limits.cells:
            raise UnusableFile("file.too_many_cells", limit=limits.cells)
    if not root.seen or b">" not in rest:
        raise UnusableFile("file.damaged")


class _Root(Ignoring):
    """The root element, behind which no DTD can come any more, and what it says of the number of strings."""

    def __init__(self, limits: Limits) -> None:
        self.seen = False
        self._most = limits.cells

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self.seen:
            return
        self.seen = True
        number = attributes.get("uniqueCount", "")
        if number.isascii() and number.isdigit() and (len(number) > _MOST_DIGITS or int(number) > self._most):
            raise UnusableFile("file.too_many_cells", limit=self._most)
