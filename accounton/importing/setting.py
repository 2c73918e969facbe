"""One column changed in all selected rows of a review."""

from dataclasses import dataclass
from typing import ClassVar

from django.db.models import QuerySet

from accounton.importing.changing import changeable
from accounton.importing.drafts import Draft
from accounton.importing.models import Batch, Bucket, ChangeKind, StagedRow
from accounton.importing.pieces import CellWork
from accounton.importing.review import Review
from accounton.spreadsheets.reading import Cell


@dataclass
class SetColumn(CellWork):
    """Change a column (or the questionnaire) of the selected rows that `shown`, a review's address, lets through.

    `action` is one of bulk_form.ACTIONS; `value` what is set, added, removed or put in the place of `before`.
    """

    action: str
    column: str
    shown: dict[str, str]
    value: str = ""
    before: str = ""
    kind: ClassVar[ChangeKind] = ChangeKind.SET

    def rows(self, batch: Batch) -> QuerySet[StagedRow]:
        """Give the selected rows."""
        review = Review(batch, {**self.shown, "bucket": Bucket.ONLY_IN_IMPORT.value})
        return changeable(review.matching().filter(selected=True))

    def cells(self, each: Draft) -> dict[str, Cell]:
        """Give what becomes of the column in a row."""
        return {self.column: self._text(each.text(self.column))}

    def about(self) -> dict[str, str]:
        """Give the column."""
        return {"column": self.column}

    def _text(self, old: str) -> str:
        if self.action == "clear":
            return ""
        if self.action == "replace":
            return self.value if old == self.before else old
        if self.action == "add_labels":
            return ",".join(dict.fromkeys(_labels(old) + _labels(self.value)))
        if self.action == "remove_labels":
            gone = {label.casefold() for label in _labels(self.value)}
            return ",".join(label for label in _labels(old) if label.casefold() not in gone)
        return self.value


def _labels(text: str) -> list[str]:
    return [label.strip() for label in text.split(",") if label.strip()]
