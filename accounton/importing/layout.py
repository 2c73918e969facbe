"""The columns of a list as they stand in its own file, as far as they were taken in."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from accounton.importing.models import Batch
from accounton.importing.wording import header_of
from accounton.rows.cells import tidy
from accounton.rows.columns import REQUIRED
from accounton.rows.headers import key_of


class LaidOut(NamedTuple):
    """A column of a workbook that we give back: its header, and the key of our column that stands in it."""

    header: str
    key: str


def layout(batch: Batch) -> list[LaidOut]:
    """Give the columns of a batch's file in its order, under its own headers.

    A column that was split over several of ours comes as these, for what stood in it is not kept; required columns
    that the file does not have come last, so that there is a cell in which to put things right.
    """
    columns = list(_own(batch))
    there = {column.key for column in columns}
    return columns + [LaidOut(header_of(key), key) for key in REQUIRED if key not in there]


def _own(batch: Batch) -> Iterator[LaidOut]:
    taken: set[str] = set()
    for column in batch.columns:
        keys = [key for key in column["keys"] if key not in taken]
        taken.update(keys)
        for key in keys:
            own_header = column["header"] if len(column["keys"]) == 1 else ""
            yield LaidOut(own_header or header_of(key), key)


def places(columns: Sequence[LaidOut], headers: Sequence[str]) -> Mapping[str, int]:
    """Find the columns of a layout among the headers of a workbook that came back: the place of each key.

    A header that stands there twice is told by its turn; one that is not of the layout by what our template calls it.
    """
    turns: Counter[str] = Counter()
    known: dict[tuple[str, int], str] = {}
    for column in columns:
        header = tidy(column.header).casefold()
        known[header, turns[header]] = column.key
        turns[header] += 1
    found: dict[str, int] = {}
    others: dict[str, int] = {}
    seen: Counter[str] = Counter()
    for place, text in enumerate(headers):
        header = tidy(text).casefold()
        if key := known.get((header, seen[header])):
            found[key] = place
        elif header and (key := key_of(header)):
            others.setdefault(key, place)
        seen[header] += 1
    return others | found
