"""The records of a text of separated fields, by the csv module, with what that passes over in silence noticed.

A quote that never closes swallows what follows it; it is noticed at the end of the text, and at the next quote, behind
which no separator stands.
"""

import csv
from collections.abc import Iterator

from accounton.spreadsheets.problems import UnusableFile

LONGEST_LINE = 1024 * 1024
LONGEST_FIELD = 128 * 1024
"""Four times what a cell of a spreadsheet can hold."""


def records(lines: Iterator[str], separator: str) -> Iterator[list[str]]:
    """Give the fields of each record; an empty line is a record without any. Raises UnusableFile.

    A quoted field with more text behind it is forgiven where it ends on its own line: `"An" Peeters` is An Peeters.
    """
    csv.field_size_limit(LONGEST_FIELD)
    source = _Lines(lines)
    reader = csv.reader(source, delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        source.taken = 0
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            record = _forgiven(source, separator, number)
        yield record


class _Lines:
    """Lines on their way to the csv module, which takes several only for a field that is still within quotes."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.taken = 0
        self.last = ""
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            self.last = next(self._lines)
        except StopIteration:
            self.ended = True
            raise
        self.taken += 1
        return self.last


def _forgiven(source: _Lines, separator: str, number: int) -> list[str]:
    if source.taken != 1 or source.ended:
        raise UnusableFile("file.open_quote", row=number)
    alone = _Lines(iter([source.last]))
    try:
        record = next(csv.reader(alone, delimiter=separator))
    except csv.Error as error:
        raise UnusableFile("file.long_line") from error
    if alone.ended:
        raise UnusableFile("file.open_quote", row=number)
    return record
