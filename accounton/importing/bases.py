"""The last import of customers: what its list said, and what was known of them after it."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import orjson
from django.db.models import BooleanField, ExpressionWrapper, Q

from accounton.importing.models import Batch, Bucket, Overwritten, StagedRow, State
from accounton.importing.sealed_rows import opened_values
from accounton.importing.sides import (
    KEYS,
    OF_DOSSIER,
    Known,
    Side,
    in_plain,
    is_partner,
    language_of_add,
    said_by,
)
from accounton.offices.keys import sealer

MADE = ("office_id", "content__sealed", "number_hash", "spouse_hash", "batch__language", "batch__adds")


class Base(NamedTuple):
    """What a list said, and what was known after it; and its row. A key that is missing says nothing.

    What belongs to a dossier is that of the task flow and year that is looked at.
    """

    file: Side
    now: Side
    row_id: int

    def says(self, key: str) -> bool:
        """Return whether this import says anything about a column."""
        return key in self.file and key in self.now


class OverwrittenContent(NamedTuple):
    """What stood on a customer before an import, and what the import put there; texts by column key."""

    before: dict[str, str]
    after: dict[str, str]
    was_archived: str


def overwritten_context(office_id: int) -> bytes:
    """Give the place that the values of an overwritten customer are bound to."""
    return b"overwritten:%d" % office_id


def opened_overwritten(each: Overwritten) -> OverwrittenContent:
    """Open what an import changed of a known customer. Raises CannotOpen."""
    content = orjson.loads(sealer().open(bytes(each.sealed), overwritten_context(each.office_id)))
    return OverwrittenContent(content["before"], content["after"], content["was_archived"])


def last_imports(batch: Batch, customers: Mapping[int, Known], own: Mapping[str, int]) -> dict[int, Base]:
    """Give the last import of customers: that made them, overwrote something, or left them as they were."""
    found = _Bases()
    _add_made(found, batch, customers, own)
    office_id = batch.office_id
    overwritten = Overwritten.objects.filter(customer_id__in=customers, undone_at=None).select_related("row__content")
    for each in overwritten.annotate(is_alike=_is_alike(batch, "row__batch")).order_by("id"):
        row = each.row
        if is_partner(row.number_hash, customers[each.customer_id].side):
            continue  # the partner's row says nothing about the customer himself
        content = opened_overwritten(each)
        now = in_plain(content.before | content.after, office_id, own)
        found.add(each.customer_id, Base(_said(row, own), now, row.pk), is_alike=each.is_alike)
    for whom, row, is_alike in _passed_over(batch, customers):
        earlier = found.get(whom)
        # What was known after it is not kept: whatever stands here and was not there before counts as moved.
        now = earlier.now if earlier else dict.fromkeys(KEYS, "")
        if earlier is None or earlier.row_id < row.pk:
            found.add(whom, Base(_said(row, own), now, row.pk), is_alike=is_alike)
    return found


class _Bases(dict[int, Base]):
    """Bases by customer; one that is added takes the place of the one before."""

    def add(self, customer_id: int, base: Base, *, is_alike: bool) -> None:
        """Put a base in; what a list of another year said of its dossier leaves what was said of ours.

        `is_alike`: the list is of the task flow and year that is looked at.
        """
        if not is_alike:
            earlier = self.get(customer_id)
            file, now = ({key: text for key, text in side.items() if key not in OF_DOSSIER} for side in base[:2])
            if earlier is not None:
                file |= {key: earlier.file[key] for key in OF_DOSSIER if key in earlier.file}
                now |= {key: earlier.now[key] for key in OF_DOSSIER if key in earlier.now}
            base = Base(file, now, base.row_id)
        self[customer_id] = base


def _is_alike(batch: Batch, path: str) -> "ExpressionWrapper[Any]":
    """Return the expression that says whether the batch at `path` is of the same task flow and year."""
    same = Q((f"{path}__task_flow", batch.task_flow), (f"{path}__assessment_year", batch.assessment_year))
    return ExpressionWrapper(same, output_field=BooleanField())


def _passed_over(batch: Batch, customers: Mapping[int, Known]) -> Iterator[tuple[int, StagedRow, bool]]:
    """Yield the rows of done imports that were recognised as these customers, by customer; the last of each last.

    With each row comes whether its import is of the task flow and year of the batch.
    """
    rows = StagedRow.objects.filter(match__in=list(customers), bucket=Bucket.DOUBLE, batch__state=State.DONE)
    others = rows.exclude(batch=batch).select_related("content").annotate(is_alike=_is_alike(batch, "batch"))
    for row in others.order_by("id"):
        whom = row.match_id or 0
        if not is_partner(row.number_hash, customers[whom].side):
            yield whom, row, row.is_alike


def _said(row: StagedRow, own: Mapping[str, int]) -> Side:
    return said_by(opened_values(row.sealed, row.office_id), (row.number_hash, row.spouse_hash), own)


def _add_made(found: _Bases, batch: Batch, customers: Mapping[int, Known], own: Mapping[str, int]) -> None:
    rows = {each.import_row: pk for pk, each in customers.items() if each.import_row}
    # Of each row's batch only what is asked for: taking all its notices and columns apart again costs most.
    made = StagedRow.objects.filter(pk__in=rows).select_related("batch", "content").only(*MADE)
    for row in made.annotate(is_alike=_is_alike(batch, "batch")):
        customer_id = rows[row.pk]
        now, file = made_side(row, row.batch, customers[customer_id], own)
        found.add(customer_id, Base(file, now, row.pk), is_alike=row.is_alike)


def made_side(row: StagedRow, batch: Batch, customer: Known, own: Mapping[str, int]) -> tuple[Side, Side]:
    """Give what an import wrote on the customer it made of a row, and what the row said."""
    file = _said(row, own)
    return file | {"language": language_of_add(batch, customer.created_at) or file["language"]}, file
