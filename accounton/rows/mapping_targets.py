"""What a column of a file can become: one column of ours, several that stand in it together, or nothing."""

import hashlib
from collections.abc import Iterable

from accounton.belgium.folding import fold
from accounton.rows.columns import BY_KEY
from accounton.rows.head import FILLING

NONE = "none"
JOINED: dict[str, tuple[str, ...]] = {
    "last_first": ("last_name", "first_name"),
    "first_last": ("first_name", "last_name"),
    "street_and_number": ("street", "house_number", "box"),
    "number_and_box": ("house_number", "box"),
    "postal_code_and_city": ("postal_code", "city"),
    "address": ("street", "house_number", "box", "postal_code", "city"),
    "phone": ("mobile",),
}
"""Columns that are taken apart, by name, with the keys they feed. Of a `phone` only mobile numbers are taken."""
TARGETS: tuple[str, ...] = (*BY_KEY, *JOINED, *FILLING)


def keys_of(target: str) -> tuple[str, ...]:
    """Give the keys of ours that a target feeds; none where the column is not imported, or only fills another."""
    return JOINED.get(target) or ((target,) if target in BY_KEY else ())


def is_imported(target: str) -> bool:
    """Say whether anything of a column with this target is imported."""
    return bool(keys_of(target)) or target in FILLING


def missing_of(keys: set[str]) -> list[str]:
    """Give the required keys that none of these are."""
    return [key for key, column in BY_KEY.items() if column.required and key not in keys]


def seen_list(columns: Iterable[tuple[str, str]]) -> str:
    """Give what tells a list by the headers and the targets of its columns, in their order."""
    text = "\n".join(f"{fold(header)}\t{target}" for header, target in columns)
    return f"list:{hashlib.sha256(text.encode()).hexdigest()}"
