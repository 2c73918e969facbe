"""Groups of columns that are compared, shown, chosen and overwritten as one; most have one column."""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, NamedTuple

from accounton.belgium.folding import fold
from accounton.rows.columns import BY_KEY, COLUMNS

Kind = Literal["same", "filled", "changed", "spelling", "incomplete"]
CERTAIN: frozenset[Kind] = frozenset({"filled", "changed"})
"""Kinds that may be proposed; the others are only ever a choice of their own."""


class Change(NamedTuple):
    """What a row would make of a group: its values afterwards by column key, and what kind of change that is.

    `filled`: nothing that is known is lost. `spelling`: only the notation differs. `incomplete`: the row says of a part
    that it changed, and nothing of what goes with it.
    """

    kind: Kind
    after: dict[str, str]


def group_of(key: str) -> str:
    """Return the group of a column; a column that belongs with no other is a group of its own."""
    column = BY_KEY.get(key)
    return column.group or key if column else key


def keys_of(group: str) -> tuple[str, ...]:
    """Return the columns of a group."""
    return _TOGETHER.get(group, (group,))


def with_company(keys: Iterable[str]) -> set[str]:
    """Return columns with the others of their groups."""
    return {key for each in keys for key in keys_of(group_of(each))}


def change_of(group: str, known: Mapping[str, str], said: Mapping[str, str]) -> Change:
    """Compare what is known of a group with what a row says, as texts by column key. An empty cell says nothing."""
    return _CHANGES.get(group, _replaced)(keys_of(group), known, said)


def _replaced(keys: tuple[str, ...], known: Mapping[str, str], said: Mapping[str, str]) -> Change:
    [key] = keys
    if not said[key] or said[key] == known[key]:
        return Change("same", {key: known[key]})
    return Change("changed" if known[key] else "filled", {key: said[key]})


def _labels_added(keys: tuple[str, ...], known: Mapping[str, str], said: Mapping[str, str]) -> Change:
    """Add the labels of a list to those of a customer: an office gives labels by hand too, and a list has not those."""
    [key] = keys
    labels = {fold(label): label for label in known[key].split(",") if label}
    new = {fold(label): label for label in said[key].split(",") if label and fold(label) not in labels}
    after = ",".join(sorted((labels | new).values()))
    return Change("filled", {key: after}) if new else Change("same", {key: known[key]})


_TOGETHER: dict[str, tuple[str, ...]] = {
    group: tuple(column.key for column in COLUMNS if column.group == group)
    for group in dict.fromkeys(column.group for column in COLUMNS)
    if group
}
_CHANGES: dict[str, Callable[[tuple[str, ...], Mapping[str, str], Mapping[str, str]], Change]] = {
    "labels": _labels_added,
}
