"""Rows and cells of a review as a page shows them: text, state (repaired, suggestion, problem) and the words for it."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounton.customers import numbers
from accounton.customers.models import Customer, Language
from accounton.importing.models import Batch, Bucket, OnlyHere, StagedRow, State
from accounton.importing.screening import SECRET, is_hidden, name_of, on_screen, shown, shown_wrong
from accounton.importing.sealed_rows import opened, with_matching
from accounton.importing.wording import header_of, reason, said
from accounton.rows.columns import BY_KEY
from accounton.rows.couples import SPOUSE
from accounton.rows.findings import Finding

BASE = {
    Bucket.ONLY_IN_IMPORT: ("email", "mobile", "national_number", "return", "language", "labels", "questionnaire"),
    Bucket.ONLY_IN_PLATFORM: ("email", "mobile", "national_number", "return", "language", "labels"),
    Bucket.DOUBLE: ("matched_by", "email", "national_number", "return", "language", "labels", "dossier"),
    Bucket.INVALID: ("email", "mobile", "national_number", "language"),
}
CODES = {
    "mobile",
    "spouse_mobile",
    "client_code",
    "postal_code",
    "enterprise_number",
    "spouse_enterprise_number",
    *SECRET,
}
NAMES = ("first_name", "last_name")
STATES = ("problem", "suggestion", "notice", "repair")


@dataclass
class Cell:
    """One cell: `state` is the gravest of what was found in it, "" for nothing."""

    key: str
    text: str = ""
    state: str = ""
    before: str = ""
    after: str = ""
    """What is suggested, in words where it is secret; the server knows the value by the code."""
    code: str = ""
    """The code under which it is suggested, "" where nothing is."""
    tips: list[str] = field(default_factory=list)
    raw: str | None = None
    """What an editor starts with; None where the cell cannot be changed."""

    @property
    def is_suggested(self) -> bool:
        """Whether a likely value stands beside what is in the cell."""
        return bool(self.code)

    @property
    def is_code(self) -> bool:
        """Whether it is shown in a monospaced face."""
        return self.key in CODES


@dataclass(frozen=True)
class ColumnView:
    key: str
    header: str


class RowView:
    """A staged row for the page. Values are opened once, and national numbers leave it masked unless they are wrong."""

    def __init__(
        self, row: StagedRow, batch: Batch, known: Customer | None = None, customer_id: int | None = None
    ) -> None:
        """Take the row and its batch, whom it was recognised as, and the customer that was made of it."""
        self.row, self.batch, self.known, self.customer_id = row, batch, known, customer_id

    @cached_property
    def _opened(self) -> Any:
        return opened(self.row)

    @cached_property
    def values(self) -> dict[str, str]:
        """The texts by column key."""
        return dict(self._opened.values)

    @cached_property
    def findings(self) -> list[Finding]:
        """What checking found, and what matching added to it."""
        return with_matching(self._opened.findings, self.row.problems, self.values)

    @property
    def name(self) -> str:
        """First and last name as they stand in the row."""
        return name_of(self.values)

    @property
    def reasons(self) -> list[str]:
        """Why the row is invalid: each problem as a sentence that says what to do."""
        return [reason(problem) for problem in self.findings if problem.kind == "problem"]

    @property
    def repairs(self) -> list[Finding]:
        """What was repaired by itself, as a screen may show it."""
        return [on_screen(finding) for finding in self.findings if finding.kind == "repair"]

    @property
    def language(self) -> str:
        """The language the customer will get, as a word."""
        code = self.batch.language or self.row.language
        return str(Language(code).label) if code in Language.values else self.values.get("language", "")

    def cell(self, key: str) -> Cell:
        """Give one cell as the page shows it."""
        cell = Cell(key, self._text(key))
        for finding in self.findings:
            if finding.column == key:
                self._mark(cell, finding)
        if self.is_open and key in (*BY_KEY, *SPOUSE):
            # A national number is not given back: a new one is written over it.
            text = self.values.get(key, "")
            cell.raw = "" if cell.text != text and (key in SECRET or is_hidden(key, text)) else text
        return cell

    @property
    def is_open(self) -> bool:
        """Whether the cells of this row can still be changed."""
        buckets = (Bucket.INVALID, Bucket.ONLY_IN_IMPORT)
        return self.batch.state == State.REVIEW and self.row.bucket in buckets and self.customer_id is None

    def plain_text(self, key: str) -> str:
        """Return what stands in a cell, as a workbook that leaves the house may have it."""
        text = self.values.get(key, "")
        is_wrong = any(finding.column == key and finding.kind == "problem" for finding in self.findings)
        return shown_wrong(key, text) if is_wrong else shown(key, text)

    def _text(self, key: str) -> str:
        if key == "return":
            return _("Joint") if self.row.is_joint else _("Individual")
        if key == "language":
            return self.language
        if key == "matched_by":
            return str(MATCHED_BY.get(self.row.matched_by, ""))
        return shown(key, self.values.get(key, ""))

    def _mark(self, cell: Cell, finding: Finding) -> None:
        if not cell.state or STATES.index(finding.kind) < STATES.index(cell.state):
            cell.state = finding.kind
        if finding.kind == "problem":
            cell.text = shown_wrong(cell.key, finding.before or self.values.get(cell.key, ""))
        on_page = on_screen(finding)
        if finding.kind == "suggestion":
            cell.before, cell.after, cell.code = on_page.before, on_page.after, finding.code
        cell.tips.append(said(on_page))


class HereView:
    """A customer whom the file does not have."""

    def __init__(self, here: OnlyHere) -> None:
        self.row, self.customer = here, here.customer

    def cell(self, key: str) -> Cell:
        """Give one cell as the page shows it."""
        customer = self.customer
        if key == "return":
            return Cell(key, _("Joint") if customer.is_joint else _("Individual"))
        if key == "language":
            return Cell(key, customer.get_language_display())
        if key == "labels":
            return Cell(key, ",".join(customer.labels))
        return Cell(key, shown(key, known_text(customer, key)))


MATCHED_BY = {
    "national_number": gettext_lazy("national number"),
    "client_code": gettext_lazy("client code"),
    "email_and_name": gettext_lazy("e-mail and name"),
    "decision": gettext_lazy("your decision"),
}


def known_text(customer: Customer, key: str) -> str:
    """Give what we have of a customer under a column key, as text."""
    return numbers.take(customer, key) if key in SECRET else str(getattr(customer, key))


def column_views(bucket: str, views: list[Any]) -> list[ColumnView]:
    """Give the columns of a bucket's table, with those in which something was found on this page."""
    keys = list(BASE[Bucket(bucket)])
    if bucket in (Bucket.INVALID, Bucket.ONLY_IN_IMPORT):
        wanted = {"problem", "suggestion", "notice"}
        found = {f.column for view in views for f in view.findings if f.kind in wanted}
        keys += [key for key in (*BY_KEY, *SPOUSE) if key in found and key not in keys and key not in NAMES]
    return [ColumnView(key, header_of(key)) for key in keys]
