"""Columns that stand inside others of a file, given to each block of rows as columns of their own."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import islice

from accounton.belgium.numbers_in_text import found_in, may_hold, without
from accounton.rows.cells import shown, tidy
from accounton.rows.head import FILLING, FileColumn
from accounton.rows.mapping_splits import SPLITS, Split, second_phone
from accounton.rows.mapping_targets import JOINED
from accounton.spreadsheets.reading import Cell, ErrorCell

_REMEMBERED = 20_000
_TOWN = ("postal_code", "city")


class Spread:
    """Adds to the columns of a block those that stand inside others, and those with one value for all rows."""

    def __init__(self, columns: Sequence[FileColumn], fixed: Mapping[str, str], today: datetime.date) -> None:
        """Take the columns of the file, the fixed values by key, and the day of the check."""
        self._today = today
        self.places = {column.target: column.place for column in columns if column.keys == (column.target,)}
        self._width = max((column.place + 1 for column in columns), default=1)
        keys = [key for column in columns if column.target in JOINED for key in column.keys]
        self._read = sorted({column.place for column in columns if column.keys})
        self._fixed = [value for key, value in fixed.items() if key not in (*keys, *self.places)]
        keys += [key for key in fixed if key not in (*keys, *self.places)]
        self._filling = [(column.place, FILLING[column.target]) for column in columns if column.target in FILLING]
        self.places |= {key: self._width + at for at, key in enumerate(keys)}
        self._split = [(column.place, self._parts_of(column.target)) for column in columns if column.target in JOINED]

    def apply(self, columns: Sequence[Sequence[Cell]], rows: int) -> list[Sequence[Cell]]:
        """Give the columns of a block with the others behind them."""
        spread: list[Sequence[Cell]] = list(islice(columns, self._width))
        spread += [("",) * rows] * (self._width - len(spread))
        beside: list[Sequence[Cell]] = []
        for place, (split, count) in self._split:
            parts = list(zip(*map(split, spread[place]), strict=True)) if rows else []
            spread += parts[:count]
            beside += parts[count:]
        for key, cells in zip(_TOWN, beside, strict=False):
            if any(cells):
                spread[self.places[key]] = [
                    own if own != "" else cell for own, cell in zip(spread[self.places[key]], cells, strict=True)
                ]
        for place, key in self._filling:
            own, others = spread[self.places[key]], map(_second_phone, spread[place])
            spread[self.places[key]] = [cell if cell != "" else other for cell, other in zip(own, others, strict=True)]
        return [*spread, *self._fixed_columns(spread, rows)]

    def _parts_of(self, target: str) -> tuple[Callable[[Cell], tuple[Cell, ...]], int]:
        """Give how cells are taken apart, and how many of their parts have a place of their own.

        The town in an address only fills what is empty in the columns of the town.
        """
        has_town = target == "street_and_number" and self.places.keys() >= set(_TOWN)
        return _remembering("address" if has_town else target, self._today), len(JOINED[target])

    def _fixed_columns(self, columns: Sequence[Sequence[Cell]], rows: int) -> list[Sequence[Cell]]:
        """Give the values that go for all rows, but not for those in which nothing is read: they stay empty."""
        if not self._fixed or not self._read:
            return [(value,) * rows for value in self._fixed]
        cells = zip(*(columns[place] for place in self._read), strict=True)
        filled = [any(cell != "" for cell in row) for row in cells]
        return [[value if is_filled else "" for is_filled in filled] for value in self._fixed]


@lru_cache(_REMEMBERED, typed=True)
def _second_phone(cell: Cell) -> str:
    is_text = cell != "" and not isinstance(cell, ErrorCell) and not shown(cell).is_date
    return second_phone(tidy(shown(cell).text)) if is_text else ""


def _remembering(target: str, today: datetime.date) -> Callable[[Cell], tuple[Cell, ...]]:
    split, empty = SPLITS[target], ("",) * len(JOINED[target])

    @lru_cache(_REMEMBERED, typed=True)
    def parts(cell: Cell) -> tuple[Cell, ...]:
        # What is wrong with a whole cell is said of the first of its parts.
        if cell == "" or isinstance(cell, ErrorCell) or shown(cell).is_date:
            return (cell, *empty[1:])
        text = tidy(shown(cell).text)
        return _parted(text, split, today) if may_hold(text) else split(text)

    return parts


def _parted(text: str, split: Split, today: datetime.date) -> tuple[str, ...]:
    """Take a cell apart that may hold a national number, which then stays whole behind the first part."""
    numbers = [text[each.start : each.end] for each in found_in(text, today)]
    if not numbers:
        return split(text)
    first, *others = split(without(text, today))
    return (" ".join(filter(None, (first, *numbers))), *others)
