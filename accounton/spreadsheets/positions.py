"""Names of cells as a person reads them ("F17"), and the row and column behind them, both counted from 1."""

import re

Position = tuple[int, int]

_CELL = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})", re.ASCII)
_AREA = re.compile(r"([A-Za-z]{1,3}[0-9]{1,7}):([A-Za-z]{1,3}[0-9]{1,7})", re.ASCII)


def column_number(letters: str) -> int:
    """Give 1 for "A", 27 for "AA", in either case."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """Give "A" for 1, "AA" for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """Give "F17" for row 17, column 6."""
    return f"{column_letters(column)}{row}"


def position(name: str) -> Position | None:
    """Give row and column of a cell name; None where it is none, or its row is 0."""
    match = _CELL.fullmatch(name)
    if match is None or int(match[2]) == 0:
        return None
    return int(match[2]), column_number(match[1])


def positions(reference: str, most: int) -> list[Position]:
    """Give the cells of "D2" or "D2:D9", no more than `most`; none where it is no reference."""
    match = _AREA.fullmatch(reference)
    first, last = (position(match[1]), position(match[2])) if match else (position(reference),) * 2
    if first is None or last is None:
        return []
    rows = range(first[0], min(last[0], first[0] + most) + 1)
    columns = range(first[1], min(last[1], first[1] + most) + 1)
    return [(row, column) for row in rows for column in columns][:most]
