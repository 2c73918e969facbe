"""Repairing rows in a review: a cell, all suggestions of a kind, one wrong value wherever it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.db import transaction
from django.db.models import QuerySet

from accounton.importing.cell_edits import Edits, Suggested
from accounton.importing.changing import ChangedMeanwhile, open_rows, put_cells, record_change
from accounton.importing.choosing import touch
from accounton.importing.drafts import Draft, draft
from accounton.importing.models import Batch, Change, ChangeKind, StagedRow
from accounton.importing.pieces import CellWork, RowWork, in_order
from accounton.importing.sealed_rows import with_matching
from accounton.offices.models import User
from accounton.rows.findings import Finding
from accounton.rows.misplaced import MISPLACED
from accounton.spreadsheets.reading import Cell

WITHOUT_EMAIL = "email.without"
ONLY_EMAIL = "email.missing"


def edit(batch: Batch, user: User, edits: Edits) -> Change | None:
    """Put texts into cells of rows, each as it was shown, or what is suggested there. Gives the change, None for none.

    Rows that are not there, or were added meanwhile, are passed over. Raises ChangedMeanwhile, ReviewClosed.
    """
    with transaction.atomic():
        touch(batch)
        rows = list(open_rows(batch).filter(number__in=edits).order_by("number").select_related("content"))
        for row in rows:
            if row.revision > edits[row.number][0]:
                raise ChangedMeanwhile(row.number)
        keys = {key for _, cells in edits.values() for key in cells}
        column = keys.pop() if len(keys) == 1 else ""
        empties = all(text == "" for _, cells in edits.values() for text in cells.values())
        code = "clear" if column and empties else ""
        change = Change(batch=batch, kind=ChangeKind.EDIT, made_by=user, column=column, code=code)
        put_cells(change, rows, lambda each: _texts(each, edits[each.row.number][1]))
    return change if change.pk else None


def _texts(each: Draft, cells: Mapping[str, str | Suggested]) -> dict[str, str]:
    """Return the texts to put into a row; what is suggested there no more, is not accepted."""
    likely = {(f.column, f.code): f.after for f in each.findings if f.kind == "suggestion"}
    texts = {key: text for key, text in cells.items() if isinstance(text, str)}
    accepted = {key: likely.get((key, cell.code)) for key, cell in cells.items() if isinstance(cell, Suggested)}
    if any(isinstance(cell, Suggested) and cell.code == MISPLACED for cell in cells.values()):
        # A number leaves its cell and comes into another at once: neither is accepted without the other.
        moved = {key: text for (key, code), text in likely.items() if code == MISPLACED}
        accepted = {} if moved.keys() & texts.keys() else {**accepted, **moved}
    return texts | {key: text for key, text in accepted.items() if text is not None}


@dataclass
class Accept(CellWork):
    """Accept what is suggested under a code, in the named rows or in all."""

    code: str
    numbers: list[int] | None = None
    kind: ClassVar[ChangeKind] = ChangeKind.ACCEPT

    def rows(self, batch: Batch) -> QuerySet[StagedRow]:
        """Give the named rows, or those with such a problem."""
        rows = open_rows(batch)
        if self.numbers is not None:
            return rows.filter(number__in=self.numbers)
        return rows.filter(problems__contains=self.code)

    def cells(self, each: Draft) -> dict[str, Cell]:
        """Give what is suggested in a row."""
        return {f.column: f.after for f in each.findings if f.kind == "suggestion" and f.code == self.code}

    def about(self) -> dict[str, str]:
        """Give the column and problem code."""
        return {"column": self.code.partition(".")[0], "code": self.code}


@dataclass
class Replace(CellWork):
    """Put `after` in the place of a wrong value, wherever it stands in a column under a code."""

    code: str
    key: str
    before: str
    after: str
    kind: ClassVar[ChangeKind] = ChangeKind.REPLACE

    def rows(self, batch: Batch) -> QuerySet[StagedRow]:
        """Give the rows with such a problem."""
        return open_rows(batch).filter(problems__contains=self.code)

    def cells(self, each: Draft) -> dict[str, Cell]:
        """Give the new value where the wrong one stands."""
        findings = with_matching(each.findings, each.row.problems, each.values)
        is_there = any(self._is_wrong(finding) and finding.before == self.before for finding in findings)
        return {self.key: self.after} if is_there else {}

    def about(self) -> dict[str, str]:
        """Give the column and problem code."""
        return {"column": self.key, "code": self.code}

    def _is_wrong(self, finding: Finding) -> bool:
        return finding.kind == "problem" and finding.code == self.code and finding.column == self.key


class AllowWithoutEmail(RowWork):
    """Let rows in whose only fault is a missing e-mail address."""

    kind: ClassVar[ChangeKind] = ChangeKind.WITHOUT_EMAIL

    def rows(self, batch: Batch) -> QuerySet[StagedRow]:
        """Give the rows that lack nothing else."""
        return lacking_only_email(batch)

    def about(self) -> dict[str, str]:
        """Give the column and problem code."""
        return {"column": "email", "code": ONLY_EMAIL}

    def piece(self, batch: Batch, change: Change, some: Sequence[int]) -> None:
        """Let some rows in."""
        drafts = [draft(row) for row in in_order(lacking_only_email(batch), some)]
        for each in drafts:
            each.findings = [finding for finding in each.findings if finding.code != ONLY_EMAIL]
            each.findings.append(Finding("notice", "email", WITHOUT_EMAIL))
        if drafts:
            record_change(change, drafts, {"email"})


def lacking_only_email(batch: Batch) -> QuerySet[StagedRow]:
    """Give the rows whose only fault is that no e-mail address stands there."""
    return open_rows(batch).filter(problems=ONLY_EMAIL)
