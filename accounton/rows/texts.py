"""Parsers of free text: names, addresses, the office's own code, labels."""

import re

from accounton.rows.cells import is_moment, tidy
from accounton.rows.findings import Finding, Outcome
from accounton.rows.parsing import Entry
from accounton.rows.rules import Rules

LONGEST_LABEL = 60
_LABEL_END = re.compile(r"[,\r\n]")


def text(entry: Entry, _rules: Rules) -> Outcome:
    """Take any text. A date is refused: Excel made it of what stood there, such as house number 2/1."""
    if entry.is_date or is_moment(entry.text):
        return entry.wrong("date")
    return Outcome(entry.text)


def labels(entry: Entry, _rules: Rules) -> Outcome:
    """Take labels parted by commas or line breaks; each once, whatever its case."""
    if entry.is_date or is_moment(entry.text):
        return entry.wrong("date")
    kept: dict[str, str] = {}
    for part in _LABEL_END.split(entry.original):
        if label := tidy(part):
            kept.setdefault(label.casefold(), label)
    if any(len(label) > LONGEST_LABEL for label in kept.values()):
        return entry.wrong("too_long", detail=str(LONGEST_LABEL))
    return entry.repaired(",".join(kept.values()))


def ignored(entry: Entry, _rules: Rules) -> Outcome:
    """Leave a column out that must be empty, and say so."""
    return Outcome("", (Finding("notice", entry.key, f"{entry.key}.ignored", entry.text),))
