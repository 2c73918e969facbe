"""Groups of columns that are compared, shown, chosen and overwritten as one; most have one column."""

from collections.abc import Callable, Container, Iterable, Mapping

from accounton.belgium.folding import fold
from accounton.rows.addresses import change_of_address
from accounton.rows.changes import Change
from accounton.rows.columns import BY_KEY, COLUMNS


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


def name_of(key: str, empty: Container[str]) -> str:
    """Return under which name a column is emptied that is one of `empty`: that of its group, or its own."""
    group = group_of(key)
    return group if _HEADS.get(group, key) in empty else key


def can_be_emptied(key: str, empty: Container[str]) -> bool:
    """Return whether a column that is one of `empty` can be emptied: alone, or with all of its group."""
    group = group_of(key)
    return _HEADS.get(group, key) in empty or key in _LAST[group]


def head_of(group: str) -> str:
    """Return the column without which a row says nothing of a group."""
    return _HEADS.get(group, group)


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
    "address": change_of_address,
    "labels": _labels_added,
}
_HEADS = {"address": "street"}
"""Without it a row says nothing of a group."""
_LAST = {"address": ("box",)}
"""What can be emptied without the rest of its group: an address without a box is an address."""
