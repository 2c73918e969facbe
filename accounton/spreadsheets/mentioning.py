"""Whether a word stands in a file at all: a quick look by which our own workbooks are told from others."""

import io
from itertools import chain, islice

from accounton.spreadsheets.archive import Archive
from accounton.spreadsheets.binary_workbook import BINARY_STRINGS
from accounton.spreadsheets.limits import DEFAULT, Limits
from accounton.spreadsheets.opendocument import CONTENT
from accounton.spreadsheets.problems import UnusableFile
from accounton.spreadsheets.signs import ZIP
from accounton.spreadsheets.workbook import STRINGS

_SHEETS = "xl/worksheets/"
_CHUNKS_OF_TEXTS, _TOPS = 4, 4
"""So many mebibytes of each: a header stands near the top of its sheet, and early among the texts."""


def mentions(content: bytes, word: str, limits: Limits = DEFAULT) -> bool:
    """Tell whether an ASCII word without signs of XML stands early among the texts of a file, or on top of its sheets.

    False also where the file cannot be used: that is said by whoever reads it.
    """
    spellings = (word.encode(), word.encode("utf-16-le"))
    if not content.startswith(ZIP):
        return any(spelling in content for spelling in spellings)
    try:
        archive = Archive(io.BytesIO(content), limits)
        parts = [part for part in (STRINGS, BINARY_STRINGS, CONTENT) if part in archive]
        texts = chain.from_iterable(islice(archive.chunks(part), _CHUNKS_OF_TEXTS) for part in parts)
        tops = chain.from_iterable(islice(archive.chunks(part), 1) for part in archive.parts(_SHEETS)[:_TOPS])
        rest = b""
        for chunk in chain(tops, texts):
            piece = rest + chunk
            if any(spelling in piece for spelling in spellings):
                return True
            rest = chunk[-2 * len(word) :]
    except UnusableFile:
        return False
    return False
