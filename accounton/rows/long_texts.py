"""Texts that no field of a customer takes: a file that holds them is refused, for every page would hold them too."""

from collections.abc import Collection, Iterable, Sequence

from accounton.spreadsheets.problems import N_, UnusableFile

LONGEST = 2000
"""What can be typed into a cell of a review, too."""
LONG_TEXT = N_(
    "In row %(row)s a cell holds more than %(limit)s characters, which no field of a customer takes. Shorten it, or "
    "leave that column out, and choose the list again."
)


def refuse_long(columns: Collection[Sequence[str]], numbers: Sequence[int], indexes: Iterable[int]) -> None:
    """Raise UnusableFile where one of these rows holds such a text. `numbers` are the sheet rows."""
    for index in indexes:
        if any(len(texts[index]) > LONGEST for texts in columns):
            raise UnusableFile("file.long_text", LONG_TEXT, row=numbers[index], limit=LONGEST)
