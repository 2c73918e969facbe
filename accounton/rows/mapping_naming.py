"""Columns that were named on the command line: "RRN=national_number", or by letter where a column has no header."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from accounton.belgium.numbers_in_text import masked_name
from accounton.rows.head import letter_of
from accounton.rows.headers import squeezed
from accounton.rows.mapping_targets import NONE, TARGETS
from accounton.rows.messages import NO_SUCH_COLUMN
from accounton.spreadsheets.problems import UnusableFile

if TYPE_CHECKING:
    from accounton.rows.mapping import Source


def name_given(sources: Sequence["Source"], given: Mapping[str, str]) -> None:
    """Set what was named on the command line, by header, or by letter where a column has none.

    Raises UnusableFile where there is no such column.
    """
    called = [source.header or letter_of(source.place) for source in sources]
    for name, target in given.items():
        named = [source for source, own in zip(sources, called, strict=True) if _sounds(own) == _sounds(name)]
        if not named:
            raise UnusableFile("column.not_there", NO_SUCH_COLUMN, column=name, columns=", ".join(called))
        for source in named:
            source.set(target if target in TARGETS else NONE, "given")


def _sounds(name: str) -> str:
    return squeezed(name) or name


def given_targets(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Read "RRN=national_number" into header and target. Raises ValueError for what is no target."""
    for word in words:
        header, sign, target = map(str.strip, word.rpartition("="))
        if not sign or target not in (*TARGETS, NONE):
            raise ValueError(word)
        yield masked_name(header), target
