"""Which sheet of a workbook holds the customers, where the one that comes first does not.

Imports nothing that parses: the parent's side starts with it. How well a sheet fits its child says (`Headers.fit`).
"""

from collections.abc import Mapping

from accounton.rows.messages import COLUMNS_MISSING_HERE, NO_HEADERS_HERE

CUSTOMERS = 3
"""From here on a sheet holds customers: their names, and one thing more."""
LOOKED_AT = 8
"""So many other sheets are looked at, each by a child of its own, before a person is asked to choose."""
SECONDS_OF_A_LOOK = 10
"""A sheet that is not read within so many seconds does not fit: nobody waits for eight heavy ones."""

REFUSALS = {"file.no_headers": NO_HEADERS_HERE, "file.columns_missing": COLUMNS_MISSING_HERE}
"""What is said instead of a refusal where the workbook has other sheets, by its code."""


def best_sheet(fits: Mapping[str, int], first: str) -> str:
    """Name the sheet to read: the first one if it holds customers or no other does, else the other that fits best."""
    if fits[first] >= CUSTOMERS:
        return first
    best = max(fits, key=lambda name: fits[name])
    return best if fits[best] >= CUSTOMERS else first
