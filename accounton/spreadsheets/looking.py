"""The bounded look through a workbook as a stream, before and beside the reading.

It never holds more than a part's chunk in memory, refuses whatever passes the limits, and finds what the reader
does not tell: error cells, formulas without a stored value, the targets of links.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from accounton.spreadsheets.limits import DEFAULT, Limits

Position = tuple[int, int]
"""Sheet row and column of a cell, both counted from 1, as Excel does."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What the reader does not tell about single cells of one sheet."""

    error_cells: dict[Position, str] = field(default_factory=dict)
    """The text a person sees there: "#N/A", "#REF!". The reader gives an empty cell."""
    formulas_without_value: dict[Position, str] = field(default_factory=dict)
    """Formula cells that were never calculated; the reader gives an empty cell. The text is the formula, shortened."""
    links: dict[Position, str] = field(default_factory=dict)
    """Targets of links such as "mailto:an@voorbeeld.be"."""

    def as_message(self) -> dict[str, Any]:
        """Give a form that can be sent to a child."""
        raise NotImplementedError

    @classmethod
    def from_message(cls, message: dict[str, Any]) -> "Marks":
        """Make it again from what `as_message` gave."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class SheetLook:
    """One sheet; the counts and marks are filled in only for the sheet that will be read (`looked_at`)."""

    name: str
    visible: bool
    looked_at: bool = False
    furthest_row: int = 0
    furthest_column: int = 0
    rows: int = 0
    cells: int = 0
    marks: Marks = field(default_factory=Marks)


@dataclass(frozen=True, slots=True)
class Look:
    """All sheets in workbook order, and the one that will be read."""

    sheets: list[SheetLook]
    chosen: SheetLook
    macros: bool = False


def look(file: BinaryIO | bytes | Path, limits: Limits = DEFAULT) -> Look:
    """Look through the whole file within the limits. Raises UnusableFile."""
    raise NotImplementedError


def choose(file: BinaryIO | bytes | Path, limits: Limits = DEFAULT) -> str:
    """Name the sheet that will be read: the one named `customers` in any case, else the first visible one with data.

    Takes some milliseconds: it reads the list of sheets and the beginning of some. Raises UnusableFile.
    """
    raise NotImplementedError
