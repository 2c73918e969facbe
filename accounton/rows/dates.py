"""The parser of deadlines."""

import datetime
import re

from accounton.rows.findings import Outcome
from accounton.rows.parsing import Entry
from accounton.rows.rules import Rules

PLAIN_DATE = r"(?:20[2-9][0-9]-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8]))?"

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[ T]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_DAY_FIRST = re.compile(r"([0-9]{1,2})([/.\-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})", re.ASCII)
_EARLIEST, _LATEST = datetime.date(2000, 1, 1), datetime.date(2099, 12, 31)
# Excel counts days from here on; a number cell without a date format shows that count.
_EXCEL_EPOCH = datetime.date(1899, 12, 30)


def deadline(entry: Entry, _rules: Rules) -> Outcome:
    """Take a date cell, 2026-10-16 or 16/10/2026, day first.

    Two digits for the year, a month in front where no day fits, and Excel's own count of days are only suggested.
    """
    if entry.is_number:
        return entry.invalid(suggestion=_iso(_from_count(entry.text)))
    if iso := _ISO.fullmatch(entry.text):
        value = _iso(_date(*iso.groups()))
        return entry.repaired(value) if value else entry.invalid()
    parts = _DAY_FIRST.fullmatch(entry.text)
    if parts is None:
        return entry.invalid()
    first, sign, second, year = parts.groups()
    full_year = year if len(year) == 4 else f"20{year}"
    if value := _iso(_date(full_year, second, first)):
        if len(year) == 2:
            return entry.invalid(suggestion=value)
        return Outcome(value) if sign == "/" else entry.repaired(value)
    return entry.invalid(suggestion=_iso(_date(full_year, first, second)))


def _date(year: str, month: str, day: str) -> datetime.date | None:
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _from_count(text: str) -> datetime.date | None:
    return _EXCEL_EPOCH + datetime.timedelta(days=int(text)) if text.isdigit() and len(text) == 5 else None


def _iso(date: datetime.date | None) -> str:
    return date.isoformat() if date is not None and _EARLIEST <= date <= _LATEST else ""
