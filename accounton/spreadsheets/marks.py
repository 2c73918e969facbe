"""What the look tells the reader's process about single cells; apart from the look, so that process loads quickly."""

from dataclasses import dataclass, field
from typing import Any

from accounton.spreadsheets.positions import Position


@dataclass(frozen=True, slots=True)
class Marks:
    """What the reader does not tell about single cells of one sheet."""

    error_cells: dict[Position, str] = field(default_factory=dict)
    """The text a person sees there: "#N/A", "#REF!". The reader gives an empty cell."""
    formulas_without_value: dict[Position, str] = field(default_factory=dict)
    """Formula cells that were never calculated; the reader gives an empty cell. The text is the formula, shortened."""
    links: dict[Position, str] = field(default_factory=dict)
    """Addresses behind shown texts: "mailto:an@voorbeeld.be". Links to other things than mail are left out."""

    def as_message(self) -> dict[str, Any]:
        """Give a form that can be sent to a child."""
        named = {
            "error_cells": self.error_cells,
            "formulas_without_value": self.formulas_without_value,
            "links": self.links,
        }
        return {name: [[row, column, text] for (row, column), text in cells.items()] for name, cells in named.items()}

    @classmethod
    def from_message(cls, message: dict[str, Any]) -> "Marks":
        """Make it again from what `as_message` gave."""
        return cls(
            **{name: {(row, column): text for row, column, text in cells} for name, cells in message.items()},
        )
