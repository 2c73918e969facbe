"""Comparing rows with the customers they were recognised as: now, in the list, and at the last import.

Only the list moved = proposed; only the customer moved = kept; both, or nobody knows = asked. An empty cell
says nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import orjson
from django.db import transaction
from django.db.models import QuerySet

from accounton.customers.models import Customer
from accounton.dossiers.models import Dossier
from accounton.importing.bulk import insert
from accounton.importing.models import Batch, Bucket, Difference, Overwritten, StagedRow, State
from accounton.importing.sealed_rows import opened_values
from accounton.importing.sides import (
    KEYS,
    Hash,
    Known,
    Side,
    colleagues,
    in_plain,
    is_partner,
    known,
    language_of_add,
    packed,
    said_by,
    said_by_partner,
)
from accounton.offices.keys import sealer
from accounton.rows.columns import REQUIRED

AT_ONCE = 900
MADE = ("office_id", "content__sealed", "number_hash", "spouse_hash", "batch__language", "batch__adds")
Moved = Literal["proposed", "kept", "asked"]
COLUMNS = (
    *("office_id", "batch_id", "row_id", "number", "differs", "proposed", "empties", "chosen", "lacks_dossier"),
    *("wants_dossier", "seen", "revision"),
)


class Recognised(NamedTuple):
    """What comparing needs of a staged row that is a known customer; a StagedRow has it too."""

    pk: int
    number: int
    match_id: int | None
    number_hash: Hash
    spouse_hash: Hash
    sealed: bytes | memoryview


class Base(NamedTuple):
    """The last import of a customer: what its list said, and what was known of him after it; and its row."""

    file: Side
    now: Side
    row_id: int


@dataclass
class Comparison:
    """One row beside its customer."""

    row_id: int
    number: int
    customer_id: int
    values: dict[str, str]
    file: Side
    known: Side
    present: frozenset[str]
    lacks_dossier: bool
    base: Base | None = None

    @cached_property
    def differs(self) -> list[str]:
        """The columns in which a filled cell says something else."""
        return [key for key in KEYS if self.file[key] and self.file[key] != self.known[key]]

    @cached_property
    def empties(self) -> list[str]:
        """The columns whose cell is empty while something is known that could do without."""
        can = (key for key in KEYS if key in self.present and key not in REQUIRED)
        return [key for key in can if not self.values.get(key) and self.known[key]]

    def moved(self, key: str) -> Moved:
        """Say who moved since the last import."""
        if self.base is None:
            return "asked" if self.known[key] else "proposed"
        is_list, is_customer = self.file[key] != self.base.file[key], self.known[key] != self.base.now[key]
        if is_list:
            return "asked" if is_customer else "proposed"
        return "kept"

    @cached_property
    def proposed(self) -> list[str]:
        """The differing columns in which only the list moved."""
        return [key for key in self.differs if self.moved(key) == "proposed"]

    def seen(self, office_id: int) -> bytes:
        """Give the keyed digest of both sides."""
        return sealer().hash(orjson.dumps([self.file, self.known]).decode(), office_id)


def compare(batch: Batch, rows: QuerySet[StagedRow], *, fresh: bool = False) -> None:
    """Write down what rows of a batch say differently of known customers. Choices stay where nothing moved.

    `fresh`: nothing is written down of these rows yet.
    """
    if not fresh:
        strays = Difference.objects.filter(row__in=rows).exclude(row__bucket=Bucket.DOUBLE, row__match__isnull=False)
        strays.delete()
    for some in _in_steps(rows):
        with transaction.atomic():
            _write(batch, look(batch, some, proposals=True), fresh=fresh)


def look(
    batch: Batch,
    rows: Sequence[StagedRow | Recognised],
    customers: Mapping[int, Known] | None = None,
    *,
    proposals: bool = False,
) -> list[Comparison]:
    """Put rows of a batch that were recognised beside their customers, who may have been loaded already.

    With `proposals` what the last import knew comes along where something differs.
    """
    ids = {row.match_id for row in rows if row.match_id}
    customers = known(Customer.objects.filter(pk__in=ids)) if customers is None else customers
    opened = {row.pk: opened_values(bytes(row.sealed), batch.office_id) for row in rows}
    # Few lists name a colleague: the others are spared the question.
    own = colleagues() if any(values.get("responsible") for values in opened.values()) else {}
    dossiers = Dossier.objects.filter(
        customer_id__in=ids, task_flow=batch.task_flow, assessment_year=batch.assessment_year
    )
    with_dossier = set(dossiers.values_list("customer_id", flat=True))
    present = frozenset(key for column in batch.columns for key in column["keys"])
    found = []
    for row in rows:
        whom = row.match_id
        if whom is not None and whom in customers:
            values, hashes, columns = opened[row.pk], (row.number_hash, row.spouse_hash), present
            side = customers[whom].side
            if is_partner(row.number_hash, side):
                values, hashes, columns = said_by_partner(values), (None, row.number_hash), frozenset()
            file = said_by(values, hashes, own)
            lacks = whom not in with_dossier
            found.append(Comparison(row.pk, row.number, whom, values, file, side, columns, lacks))
    if proposals:
        concerned = {each.customer_id: customers[each.customer_id] for each in found if each.differs}
        last = _bases(batch, concerned, own)
        for each in found:
            each.base = last.get(each.customer_id)
    return found


def _in_steps(rows: QuerySet[StagedRow]) -> Iterator[list[Recognised]]:
    # Whose customer is gone is passed over by look(): asked for here, SQLite takes the index of matches and sorts.
    doubles = rows.filter(bucket=Bucket.DOUBLE).order_by("number")
    taken = doubles.values_list("pk", "number", "match_id", "number_hash", "spouse_hash", "content__sealed")
    last = -1
    while some := [Recognised(*row) for row in taken.filter(number__gt=last)[:AT_ONCE]]:
        yield some
        last = some[-1].number


def _bases(batch: Batch, customers: Mapping[int, Known], own: Mapping[str, int]) -> dict[int, Base]:
    """Give the last import of customers: that made them, overwrote something, or left them as they were."""
    found = _made(customers, own)
    office_id = batch.office_id
    overwritten = Overwritten.objects.filter(customer_id__in=customers, undone_at=None).select_related("row__content")
    for each in overwritten.order_by("id"):
        row = each.row
        if is_partner(row.number_hash, customers[each.customer_id].side):
            continue  # the partner's row says nothing about the customer himself
        content = opened_overwritten(each)
        file = _said(row, own)
        found[each.customer_id] = Base(file, in_plain(content.before | content.after, office_id, own), row.pk)
    for whom, row in _passed_over(batch, customers):
        earlier = found.get(whom)
        # What was known after it is not kept: whatever stands here and was not there before counts as moved.
        now = earlier.now if earlier else dict.fromkeys(KEYS, "")
        if earlier is None or earlier.row_id < row.pk:
            found[whom] = Base(_said(row, own), now, row.pk)
    return found


def _passed_over(batch: Batch, customers: Mapping[int, Known]) -> Iterator[tuple[int, StagedRow]]:
    """Yield the rows of done imports that were recognised as these customers, by customer; the last of each last."""
    rows = StagedRow.objects.filter(match__in=list(customers), bucket=Bucket.DOUBLE, batch__state=State.DONE)
    for row in rows.exclude(batch=batch).select_related("content").order_by("id"):
        whom = row.match_id or 0
        if not is_partner(row.number_hash, customers[whom].side):
            yield whom, row


def _said(row: StagedRow, own: Mapping[str, int]) -> Side:
    return said_by(opened_values(row.sealed, row.office_id), (row.number_hash, row.spouse_hash), own)


def _made(customers: Mapping[int, Known], own: Mapping[str, int]) -> dict[int, Base]:
    rows = {each.import_row: pk for pk, each in customers.items() if each.import_row}
    found = {}
    # Of each row's batch only what is asked for: taking all its notices and columns apart again costs most.
    made = StagedRow.objects.filter(pk__in=rows).select_related("batch", "content").only(*MADE)
    for row in made:
        customer_id = rows[row.pk]
        now, file = made_side(row, row.batch, customers[customer_id], own)
        found[customer_id] = Base(file, now, row.pk)
    return found


def made_side(row: StagedRow, batch: Batch, customer: Known, own: Mapping[str, int]) -> tuple[Side, Side]:
    """Give what an import wrote on the customer it made of a row, and what the row said."""
    file = _said(row, own)
    return file | {"language": language_of_add(batch, customer.created_at) or file["language"]}, file


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


def _write(batch: Batch, found: Sequence[Comparison], *, fresh: bool) -> None:
    office_id = batch.office_id
    worth = {each.row_id: each for each in found if each.differs or each.empties or each.lacks_dossier}
    seen = {row_id: each.seen(office_id) for row_id, each in worth.items()}
    if not fresh:
        rows = [each.row_id for each in found]
        before = Difference.objects.filter(row_id__in=rows).values_list("id", "row_id", "seen", "lacks_dossier")
        stale = []
        for pk, row_id, digest, lacked in before:
            if bytes(digest) == seen.get(row_id) and lacked == worth[row_id].lacks_dossier:
                del worth[row_id]
            else:
                stale.append(pk)
        Difference.objects.filter(pk__in=stale).delete()
    insert(
        Difference,
        COLUMNS,
        [
            (office_id, batch.pk, row_id, each.number, packed(each.differs), packed(each.proposed),
             packed(each.empties), "", each.lacks_dossier, False, seen[row_id], batch.revision)
            for row_id, each in worth.items()
        ],
    )  # fmt: skip
