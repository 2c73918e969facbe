"""One column changed in the rows of a review that somebody selected or ticked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.db.models import QuerySet
from django.utils import timezone

from accounton.importing.changing import changeable
from accounton.importing.drafts import Draft
from accounton.importing.models import Batch, Bucket, ChangeKind, StagedRow
from accounton.importing.pieces import CellWork
from accounton.importing.review import Review
from accounton.importing.screening import SECRET
from accounton.rows.mapping_masking import masked
from accounton.rows.rules import Rules
from accounton.spreadsheets.reading import Cell

LONGEST = 80
SHOWN = 34
ARROW = " → "


@dataclass
class SetColumn(CellWork):
    """Change a column (or the questionnaire) of the rows that are meant (rows_meant).

    `action` is one of bulk_form.ACTIONS; `value` what is set, added, removed or put in the place of `before`.
    """

    action: str
    column: str
    shown: dict[str, str]
    value: str = ""
    before: str = ""
    ticked: list[int] | None = None
    kind: ClassVar[ChangeKind] = ChangeKind.SET

    def rows(self, batch: Batch) -> QuerySet[StagedRow]:
        """Give the rows that are meant."""
        return rows_meant(batch, self.shown, self.ticked)

    def cells(self, each: Draft) -> dict[str, Cell]:
        """Give what becomes of the column in a row."""
        return {self.column: self._text(each.text(self.column))}

    def about(self) -> dict[str, str]:
        """Give the column, what is done and with which value: of a national number nothing, wherever it stands."""
        values = (self.before, self.value) if self.action == "replace" else (self.value,)
        said = [] if self.column in SECRET else [_without_numbers(value) for value in values]
        return {"column": self.column, "code": f"{self.action}:{ARROW.join(said)}"[:LONGEST]}

    def _text(self, old: str) -> str:
        if self.action == "clear":
            return ""
        if self.action == "replace":
            return self.value if old.casefold() == self.before.casefold() else old
        if self.action == "add_labels":
            return ",".join(dict.fromkeys(_labels(old) + _labels(self.value)))
        if self.action == "remove_labels":
            gone = {label.casefold() for label in _labels(self.value)}
            return ",".join(label for label in _labels(old) if label.casefold() not in gone)
        return self.value


def _without_numbers(text: str) -> str:
    shown = masked(text, Rules(timezone.localdate()))
    return shown if len(shown) <= SHOWN else f"{shown[: SHOWN - 1]}…"


def rows_meant(batch: Batch, shown: Mapping[str, str], ticked: Collection[int] | None) -> QuerySet[StagedRow]:
    """Give the rows that `shown`, a review's address, lets through: of the new ones those that are selected.

    Of the invalid ones those whose sheet rows are `ticked`, all for None: what is selected is what will be added.
    """
    bucket = Bucket.INVALID if shown.get("bucket") == Bucket.INVALID else Bucket.ONLY_IN_IMPORT
    rows = Review(batch, {**shown, "bucket": bucket.value}).matching()
    if bucket == Bucket.ONLY_IN_IMPORT:
        rows = rows.filter(selected=True)
    elif ticked is not None:
        rows = rows.filter(number__in=ticked)
    return changeable(rows)


def _labels(text: str) -> list[str]:
    return [label.strip() for label in text.split(",") if label.strip()]
