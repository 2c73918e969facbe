"""What `accounton check` says of a file: one JSON object, or a table for people."""

from collections.abc import Iterator
from typing import Any

import orjson

from accounton.rows.columns import COLUMNS
from accounton.rows.findings import Finding
from accounton.rows.head import Head, by_of_report, keys_of_report
from accounton.rows.intake import InspectedBlock, Inspection
from accounton.rows.messages import Gettext, describe, describe_code


def N_(text: str) -> str:
    """Mark a text for translation at the edge."""
    return text


SUMMARY = N_("Rows: %(rows)s, valid: %(valid)s, invalid: %(invalid)s; empty rows skipped: %(empty)s.")
REPAIRED = N_("Cells put right by themselves: %(count)s.")
SUGGESTED = N_("Perhaps: %(value)s")
# On a terminal in the place of a national number, in plain or masked: somebody might put a mask into the list.
SUGGESTED_NUMBER = N_("the number in another notation")
ALL_WELL = N_("Nothing stands in the way of an import.")
HEADINGS = (N_("Cell"), N_("Weight"), N_("What to do"))
SEVERITIES = {"error": N_("error"), "notice": N_("notice")}
SHARED = frozenset({"email.missing", "language.missing"})
"""What the main declarant of a couple may take from the partner, and the partner need not have."""
_SECRET = frozenset(column.key for column in COLUMNS if column.secret)
_SEVERITY = {"problem": "error", "notice": "notice"}


class Report:
    """Collects what was found in a file; `problems` and `repairs` are in the order of the sheet once it is finished."""

    def __init__(self, file: str, head: Head, gettext: Gettext = str) -> None:
        """Take the name of the file as it was given, what is known of it, and the reader's language."""
        self.file, self.head = file, head
        self.valid = self.invalid = self.empty = 0
        self.problems: list[dict[str, Any]] = []
        self.repairs: list[dict[str, Any]] = []
        self.left_out = 0
        self._notices = list(head.notices)
        self._gettext = gettext
        self._letters = head.letters

    @property
    def rows(self) -> int:
        """How many rows were read, empty ones not counted."""
        return self.valid + self.invalid

    def add(self, block: InspectedBlock) -> None:
        """Take a block in."""
        self.valid += block.valid
        self.invalid += block.invalid
        self.empty += block.empty
        for row, findings in block.findings:
            self._add_row(row, findings)

    def finish(self, inspection: Inspection) -> None:
        """Take in what was found last, and put everything in order."""
        for row, finding in inspection.late:
            self._add_row(row, [finding])
        self.left_out = inspection.left_out
        self._notices += inspection.notices
        self._join(inspection.linked)
        for notice in self.head.notices:
            if notice["cell"]:
                text = describe_code(notice["code"], notice["detail"], self._gettext)
                place = {"row": self.head.header_row, "column": None, "cell": notice["cell"], "code": notice["code"]}
                self.problems.append({**place, "severity": "notice", "message": text, "suggestion": None})
        places = {key: place for place, key in enumerate(self._letters)}
        for found in (self.problems, self.repairs):
            found.sort(key=lambda entry: (entry["row"], places.get(entry["column"], -1)))

    def as_json(self) -> str:
        """Give one JSON object, with a line end."""
        notices = [
            {"code": notice["code"], "message": describe_code(notice["code"], notice["detail"], self._gettext)}
            for notice in self._notices
            if not notice["cell"]
        ]
        content = {
            "file": self.file,
            "sheet": self.head.sheet,
            "rows": self.rows,
            "valid": self.valid,
            "invalid": self.invalid,
            "empty": self.empty,
            **({"left_out": self.left_out} if self.left_out else {}),
            "columns": [
                {"header": column["header"], "keys": keys_of_report(column), "by": by_of_report(column)}
                for column in self.head.columns
            ],
            "problems": self.problems,
            "repairs": self.repairs,
            "notices": notices,
        }
        return orjson.dumps(content).decode() + "\n"

    def as_text(self) -> str:
        """Give a table of what was found and a line that sums it up."""
        return "\n".join((*self._table(), *self._closing())) + "\n"

    def _table(self) -> Iterator[str]:
        if not self.problems:
            return
        words = {severity: self._gettext(text) for severity, text in SEVERITIES.items()}
        cell, weight, what = map(self._gettext, HEADINGS)
        widths = (max(8, len(cell)), max(len(weight), *map(len, words.values())))
        yield f"{cell:<{widths[0]}}  {weight:<{widths[1]}}  {what}"
        for problem in self.problems:
            text = problem["message"]
            if suggestion := problem["suggestion"]:
                shown = self._gettext(SUGGESTED_NUMBER) if problem["column"] in _SECRET else suggestion
                text += " " + self._gettext(SUGGESTED) % {"value": shown}
            yield f"{problem['cell']:<{widths[0]}}  {words[problem['severity']]:<{widths[1]}}  {text}"
        yield ""

    def _closing(self) -> Iterator[str]:
        for notice in self._notices:
            if not notice["cell"]:
                yield describe_code(notice["code"], notice["detail"], self._gettext)
        if self.repairs:
            yield self._gettext(REPAIRED) % {"count": len(self.repairs)}
        counts = {"rows": self.rows, "valid": self.valid, "invalid": self.invalid, "empty": self.empty}
        yield self._gettext(SUMMARY) % counts
        if not self.invalid:
            yield self._gettext(ALL_WELL)

    def _join(self, couples: list[tuple[int, int]]) -> None:
        """Take back what one of a couple lacks and the other has: an import makes one joint return of the two."""
        if not couples:
            return
        wrong: dict[int, set[str]] = {}
        for problem in self.problems:
            if problem["severity"] == "error":
                wrong.setdefault(problem["row"], set()).add(problem["code"])
        forgiven = {(partner, code) for _, partner in couples for code in SHARED}
        forgiven |= {(row, code) for row, partner in couples for code in SHARED - wrong.get(partner, set())}
        self.problems = [each for each in self.problems if (each["row"], each["code"]) not in forgiven]
        mended = sum(bool(codes) and all((row, code) in forgiven for code in codes) for row, codes in wrong.items())
        self.valid += mended
        self.invalid -= mended

    def _add_row(self, row: int, findings: list[Finding]) -> None:
        suggestions = {(f.column, f.code): f.after for f in findings if f.kind == "suggestion"}
        for finding in findings:
            column = finding.column
            place = {
                "row": row,
                "column": column,
                "cell": f"{self._letters.get(column, '')}{row}",
                "code": finding.code,
            }
            if finding.kind in _SEVERITY:
                text, suggestion = describe(finding, self._gettext), suggestions.get((column, finding.code))
                said = {"severity": _SEVERITY[finding.kind], "message": text, "suggestion": suggestion}
                self.problems.append({**place, **said})
            elif finding.kind == "repair":
                self.repairs.append({**place, "before": finding.before, "after": finding.after})
