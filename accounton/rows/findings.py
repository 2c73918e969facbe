"""What checking has to say about a cell or a row."""

from typing import Literal, NamedTuple

Kind = Literal["repair", "suggestion", "problem", "notice"]


class Finding(NamedTuple):
    """One thing found. A problem makes the row invalid; nothing else does.

    - repair: `before` became `after`; only the notation changed.
    - problem: `before` is what stands in the cell.
    - notice: likewise, but the row stays valid.
    - suggestion: a person may accept `after` in place of `before`; it always comes with a problem or a notice of the
      same column and code.

    `detail` fills in what the message leaves open: the number of another row, a greatest length, the languages.
    """

    kind: Kind
    column: str
    code: str
    before: str = ""
    after: str = ""
    detail: str = ""


class Outcome(NamedTuple):
    """A cell after checking: its value as text, and what was found."""

    value: str
    findings: tuple[Finding, ...] = ()


def problem(column: str, code: str, before: str, *, suggestion: str = "", detail: str = "") -> Outcome:
    """Keep the text as it is and say what is wrong with it, with a likely value where there is one."""
    return Outcome(before, _with_suggestion(Finding("problem", column, code, before, "", detail), suggestion))


def notice(column: str, code: str, value: str, *, suggestion: str = "", detail: str = "") -> Outcome:
    """Keep the text as it is and say something about it that does not stop the row."""
    return Outcome(value, _with_suggestion(Finding("notice", column, code, value, "", detail), suggestion))


def repaired(column: str, before: str, after: str, code: str = "cell.notation") -> Outcome:
    """Take the tidy form of what stands in a cell, and say so where it differs."""
    return Outcome(after, (Finding("repair", column, code, before, after),) if after != before else ())


def _with_suggestion(finding: Finding, suggestion: str) -> tuple[Finding, ...]:
    if not suggestion:
        return (finding,)
    return (finding, Finding("suggestion", finding.column, finding.code, finding.before, suggestion))
