"""The tax calendar: until when a return may be filed, from a data file that says where each date was found.

The dates of a year follow from the return itself and stand in the law (WIB 92, articles 308 and 308/1), but weekends
and yearly decisions move them. So none is ever reckoned here: a year or kind that is not in the file has no deadline.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

BUILT_IN = Path(__file__).with_name("tax_calendar.csv")
COLUMNS = ("assessment_year", "kind", "date", "source", "confirmed")
EARLIEST_YEAR, LATEST_YEAR = 2000, 2100


def N_(text: str) -> str:
    """Mark a text for translation; the edge translates it."""
    return text


KINDS = {
    "paper": N_("on paper"),
    "online": N_("Tax-on-web"),
    "complex": N_("Tax-on-web, complex return"),
    "flat_rate": N_("flat-rate basis"),
}

# The sources of the built-in file, named once more because the extractor of texts does not read data files.
SOURCES = (
    N_("two newspapers, May and July 2023"),
    N_("two accountants' pages naming the articles"),
    N_("the tax administration's own page"),
    N_("the tax administration's page on the 2026 return"),
)


class UnusableCalendar(ValueError):
    """A calendar file cannot be used. Names the file, the line and, where there is one, the column."""

    def __init__(self, path: Path, line: int, column: str, reason: str) -> None:
        self.path, self.line, self.column, self.reason = path, line, column, reason
        where = f"{path}, line {line}" + (f", column {column}" if column else "")
        super().__init__(f"{where}: {reason}")


@dataclass(frozen=True)
class Deadline:
    """The last day for one kind of return, and where that was found. `confirmed`: by the tax administration itself."""

    assessment_year: int
    kind: str
    date: date
    source: str
    confirmed: bool


@dataclass(frozen=True)
class Calendar:
    """All known deadlines, by assessment year and kind."""

    deadlines: Mapping[tuple[int, str], Deadline] = field(default_factory=dict)

    def deadline(self, assessment_year: int, complex_return: bool) -> Deadline | None:
        """Give the last day for a return filed through Tax-on-web; None where the file does not have it."""
        return self.deadlines.get((assessment_year, "complex" if complex_return else "online"))


def load(path: Path | None = None) -> Calendar:
    """Give the built-in calendar, or that with an administrator's file of the same columns laid over it.

    A line of that file replaces the built-in one of its year and kind, or adds to them.
    Raises UnusableCalendar, which names the line and column.
    """
    if path is None:
        return _built_in()
    return Calendar(MappingProxyType({**_built_in().deadlines, **_read(path)}))


def deadline(assessment_year: int, complex_return: bool) -> Deadline | None:
    """Give the last day for a return filed through Tax-on-web by the built-in calendar; None where it is not known."""
    return load().deadline(assessment_year, complex_return)


def current_assessment_year(today: date) -> int:
    """Give the assessment year whose returns are filed in the calendar year of `today`."""
    return today.year


@cache
def _built_in() -> Calendar:
    return Calendar(MappingProxyType(_read(BUILT_IN)))


def _read(path: Path) -> dict[tuple[int, str], Deadline]:
    found: dict[tuple[int, str], Deadline] = {}
    for line, cells in _lines(path):
        read = _deadline(path, line, cells)
        if (read.assessment_year, read.kind) in found:
            raise UnusableCalendar(
                path, line, "kind", f"{read.kind} of {read.assessment_year} stands on an earlier line too"
            )
        found[read.assessment_year, read.kind] = read
    return found


def _lines(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableCalendar(path, 1, "", "cannot be read as a text file in UTF-8") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if tuple(header) != COLUMNS:
            raise UnusableCalendar(path, 1, "", f"the first line must be {','.join(COLUMNS)}")
        for cells in reader:
            if len(cells) not in (0, len(COLUMNS)):
                raise UnusableCalendar(path, reader.line_num, "", f"{len(COLUMNS)} columns are needed")
            if cells:
                yield reader.line_num, dict(zip(COLUMNS, (cell.strip() for cell in cells), strict=True))
    except csv.Error as error:
        raise UnusableCalendar(path, reader.line_num, "", "the quotes on this line do not match") from error


def _deadline(path: Path, line: int, cells: dict[str, str]) -> Deadline:
    def refuse(column: str, reason: str) -> UnusableCalendar:
        return UnusableCalendar(path, line, column, reason)

    if not re.fullmatch(r"[0-9]{4}", cells["assessment_year"]):
        raise refuse("assessment_year", "a year of four digits is needed")
    year = int(cells["assessment_year"])
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise refuse("assessment_year", f"a year from {EARLIEST_YEAR} to {LATEST_YEAR} is needed")
    if cells["kind"] not in KINDS:
        raise refuse("kind", f"one of {', '.join(KINDS)} is needed")
    if not cells["source"]:
        raise refuse("source", "every date needs the place where it was found")
    if cells["confirmed"] not in ("yes", "no"):
        raise refuse("confirmed", "yes or no is needed")
    day = _day(cells["date"])
    if day is None:
        raise refuse("date", "a date like 2026-07-15 is needed")
    # Returns are filed in the assessment year or, on a flat-rate basis, early in the next one.
    if day.year not in (year, year + 1):
        raise refuse("date", f"{day} does not belong to assessment year {year}")
    return Deadline(year, cells["kind"], day, cells["source"], cells["confirmed"] == "yes")


def _day(text: str) -> date | None:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
