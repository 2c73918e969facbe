"""What is known beforehand of how a file is to be read. Imports nothing that parses: the parent starts with it."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Ask = Literal["never", "unsure", "always"]
NO_HEADER_ROW = 0


@dataclass(frozen=True)
class Wishes:
    """What a person chose for this file, and what was learnt from earlier ones.

    `sheet` is its name ("" = the rule decides). `header_row` is a sheet row, 0 for a list without headers, None to
    look for it. `columns` is what somebody decided: a target by place in the row, from 0; columns that are not there
    are left out. `fixed` has one value for all rows by key; `list_language` is that of all rows of a list without
    a column for it, where nothing else says one. `given` are targets by header, or by letter where
    there is none, as named on the command line; `user` and `office` are targets by squeezed header, learnt from this
    user and from the office. `seen` are the lists (seen_list)
    that somebody has looked at. `ask` says when to send the layout instead of rows.
    """

    sheet: str = ""
    header_row: int | None = None
    columns: dict[int, str] | None = None
    fixed: dict[str, str] = field(default_factory=dict)
    list_language: str = ""
    given: dict[str, str] = field(default_factory=dict)
    user: dict[str, str] = field(default_factory=dict)
    office: dict[str, str] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    ask: Ask = "never"

    def as_message(self) -> dict[str, Any]:
        """Give a form that can be sent to a child and kept as JSON."""
        columns = None if self.columns is None else {str(place): target for place, target in self.columns.items()}
        return {**asdict(self), "columns": columns}

    @classmethod
    def from_message(cls, message: dict[str, Any]) -> "Wishes":
        """Make it again from what `as_message` gave; what is not there is as if nothing was wished."""
        columns = message.get("columns")
        named = None if columns is None else {int(place): target for place, target in columns.items()}
        return cls(**{**message, "columns": named})


NO_WISHES = Wishes()
