"""What all parsers share: a cell becomes an entry, the entry an outcome."""

from collections.abc import Callable
from typing import NamedTuple

from accounton.rows.cells import readable, shown, tidy, unreadable
from accounton.rows.findings import Finding, Outcome, problem, repaired
from accounton.rows.misplaced import misplaced
from accounton.rows.rules import Rules
from accounton.spreadsheets.reading import Cell


class Entry(NamedTuple):
    """A cell that is not empty, under its column key.

    `text` has no invisible characters and no needless white space; `original` still has its white space and line
    breaks. `is_number` and `is_date` tell of Excel's own types.
    """

    key: str
    text: str
    original: str
    is_number: bool = False
    is_date: bool = False

    def invalid(self, *, suggestion: str = "", detail: str = "") -> Outcome:
        """Give the problem that most columns have one of: `<key>.invalid`."""
        return self.wrong("invalid", suggestion=suggestion, detail=detail)

    def wrong(self, what: str, *, suggestion: str = "", detail: str = "") -> Outcome:
        """Give the problem `<key>.<what>`."""
        return problem(self.key, f"{self.key}.{what}", self.text, suggestion=suggestion, detail=detail)

    def repaired(self, value: str, code: str = "cell.notation") -> Outcome:
        """Take `value`, and say so where the cell shows something else."""
        return repaired(self.key, self.original, value, code)


Parser = Callable[[Entry, Rules], Outcome]
Predicate = Callable[[str], object]


def parse(key: str, parser: Parser, cell: Cell, rules: Rules, *, empty: Outcome, longest: int) -> Outcome:
    """Parse one cell. `empty` is what an empty one comes to, `longest` how many characters a value may have.

    Never raises, whatever the cell; a value that comes out valid gives itself, without a finding, when parsed again.
    """
    seen = shown(cell)
    text = tidy(seen.text)
    if not text:
        return empty
    entry = Entry(key, text, readable(seen.text), seen.is_number, seen.is_date)
    if found := misplaced(key, text, rules.today, is_number=seen.is_number):
        return found
    outcome = unreadable(key, text) or parser(entry, rules)
    if outcome.value and len(outcome.value) > longest and not _has_problem(outcome):
        return entry.wrong("too_long", detail=str(longest))
    if not outcome.findings and outcome.value == text and entry.original != text:
        return Outcome(text, (Finding("repair", key, "cell.spaces", entry.original, text),))
    return outcome


def _has_problem(outcome: Outcome) -> bool:
    return any(finding.kind == "problem" for finding in outcome.findings)
