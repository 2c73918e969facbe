"""What a row would make of what is known."""

from typing import Literal, NamedTuple

Kind = Literal["same", "filled", "changed", "spelling", "incomplete"]
CERTAIN: frozenset[Kind] = frozenset({"filled", "changed"})
"""Kinds that may be proposed; the others are only ever a choice of their own."""


class Change(NamedTuple):
    """What a row would make of a group of columns: its values afterwards by column key, and what kind of change it is.

    `filled`: nothing that is known is lost. `spelling`: only the notation differs. `incomplete`: the row says of a part
    that it changed, and nothing of what goes with it.
    """

    kind: Kind
    after: dict[str, str]
