"""Look and read as the product does: the look here, the reading in a child."""

import datetime

from accounton.spreadsheets import child
from accounton.spreadsheets.limits import DEFAULT, Limits
from accounton.spreadsheets.looking import Look, look
from accounton.spreadsheets.reading import ErrorCell

NAMES = {"datetime": datetime, "ErrorCell": ErrorCell, "nan": float("nan"), "inf": float("inf")}


def read(content: bytes, limits: Limits = DEFAULT, rows: int = 4000) -> tuple[Look, dict[int, list]]:
    """Give the look and the rows by sheet row number, or raise UnusableFile."""
    seen = look(content, limits)
    found: dict[int, list] = {}
    with child.start("tests.spreadsheets.whole_reading", file=content, limits=limits) as reader:
        reader.send({"sheet": seen.chosen.name, "rows": rows, "marks": seen.chosen.marks.as_message()})
        while (received := reader.receive()) is not None:
            first, texts = received[0]
            assert len(texts) <= rows
            for number, cells in enumerate(texts, first):
                assert number not in found
                found[number] = [eval(text, NAMES) for text in cells]
    return seen, found


def values(content: bytes) -> list:
    """Give all cells that are not empty, row by row."""
    return [value for cells in read(content)[1].values() for value in cells if value != ""]
