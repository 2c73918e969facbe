"""Comparing rows with the customers they were recognised as: now, in the list, and at the last import.

Only the list moved = proposed; only the customer moved = kept; both, or nobody knows = asked. An empty cell
says nothing. Another national number is always asked about: two numbers are two people, or one of them is wrong.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import orjson
from django.db import transaction
from django.db.models import QuerySet

from accounton.customers.models import Customer
from accounton.customers.numbers import COLUMNS as NUMBERS
from accounton.dossiers.models import Dossier
from accounton.importing.bases import Base, last_imports
from accounton.importing.bulk import insert
from accounton.importing.models import Batch, Bucket, Difference, StagedRow
from accounton.importing.sealed_rows import opened_values
from accounton.importing.sides import (
    COMPARED_BEFORE,
    KEYS,
    OF_DOSSIER,
    Hash,
    Known,
    Side,
    colleagues,
    is_partner,
    known,
    packed,
    said_by,
    said_by_partner,
    with_partner,
)
from accounton.offices.keys import sealer
from accounton.rows.changes import CERTAIN, Change
from accounton.rows.columns import REQUIRED
from accounton.rows.groups import can_be_emptied, change_of, group_of, keys_of, name_of, with_company

AT_ONCE = 900
JUDGED_BY = "numbers and partners guarded"
"""Names the rules for two national numbers: what was chosen before there were any is asked again."""
Moved = Literal["proposed", "kept", "asked"]
COLUMNS = (
    *("office_id", "batch_id", "row_id", "number", "differs", "proposed", "empties", "guarded", "chosen"),
    *("lacks_dossier", "wants_dossier", "seen", "revision"),
)


class Recognised(NamedTuple):
    """What comparing needs of a staged row that is a known customer; a StagedRow has it too."""

    pk: int
    number: int
    match_id: int | None
    number_hash: Hash
    spouse_hash: Hash
    sealed: bytes | memoryview


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
    def changes(self) -> dict[str, Change]:
        """What the filled cells would change, by group of columns.

        What belongs to a dossier goes with the new one where there is none yet.
        """
        others = {group_of(key) for key in KEYS if self.file[key] and self.file[key] != self.known[key]}
        groups = others.difference(OF_DOSSIER) if self.lacks_dossier else others
        found = ((group, change_of(group, self.known, self.file)) for group in groups)
        return {group: change for group, change in found if change.kind != "same"}

    @cached_property
    def differs(self) -> list[str]:
        """The columns that would become something else."""
        now = {key: text for change in self.changes.values() for key, text in change.after.items()}
        return [key for key in KEYS if key in now and now[key] != self.known[key]]

    @cached_property
    def empties(self) -> list[str]:
        """The columns whose cell is empty while something is known that could do without."""
        can = (key for key in KEYS if key in self.present and key not in (*REQUIRED, *NUMBERS))
        empty = [
            key for key in can if group_of(key) not in self.changes and not self.values.get(key) and self.known[key]
        ]
        return [key for key in empty if can_be_emptied(key, empty)]

    def is_known_before(self, key: str) -> bool:
        """Whether the last import said anything about a column."""
        return self.base is not None and self.base.says(key)

    @cached_property
    def guarded(self) -> list[str]:
        """The differing columns in which another national number is known."""
        return [key for key in self.differs if key in NUMBERS and self.known[key]]

    @cached_property
    def held(self) -> set[str]:
        """The differing columns that are never proposed, whoever moved."""
        return with_partner(self.guarded).intersection(self.differs)

    def moved(self, key: str) -> Moved:
        """Say who moved since the last import."""
        if key in self.held:
            return "asked"
        group = group_of(key)
        keys, base, change = keys_of(group), self.base, self.changes.get(group)
        if base is None or not all(map(base.says, keys)):
            return "proposed" if change is None or change.kind == "filled" else "asked"
        if not any(self.file[each] and self.file[each] != base.file[each] for each in keys):
            return "kept"
        changed = [each for each in keys if change is None or change.after[each] != self.known[each]]
        is_customer = any(self.known[each] != base.now[each] for each in changed)
        return "asked" if is_customer or (change and change.kind not in CERTAIN) else "proposed"

    @cached_property
    def proposed(self) -> list[str]:
        """The differing columns in which only the list moved."""
        return [key for key in self.differs if self.moved(key) == "proposed"]

    def taken(self, chosen: Iterable[str]) -> dict[str, str]:
        """Give what is written where columns are chosen, by column key: with each, the others of its group."""
        keys = with_company(chosen)
        new = {key: self._new(key) for key in self.differs if key in keys}
        names = {name_of(key, self.empties) for key in self.empties if key in chosen}
        return new | {key: "" for key in self.empties if name_of(key, self.empties) in names}

    def _new(self, key: str) -> str:
        """Give a value as it is put on a customer; national numbers and colleagues are compared by something else."""
        after = self.changes[group_of(key)].after[key]
        return self.values.get(key, "") if after == self.file[key] else after

    def seen(self, office_id: int) -> bytes:
        """Give the keyed digest of both sides."""
        return self._digest(self.file, self.known, office_id)

    def is_as_seen(self, digest: bytes, office_id: int) -> bool:
        """Whether a digest that was kept is that of both sides, or was when the deadline was not compared yet."""
        if digest == self.seen(office_id):
            return True
        file, known = ({key: side[key] for key in COMPARED_BEFORE} for side in (self.file, self.known))
        return digest == self._digest(file, known, office_id)

    def _digest(self, file: Side, known_side: Side, office_id: int) -> bytes:
        rules = [JUDGED_BY] if self.guarded else []
        return sealer().hash(orjson.dumps([*rules, file, known_side]).decode(), office_id)


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
    deadlines = dict(dossiers.values_list("customer_id", "deadline"))
    present = frozenset(key for column in batch.columns for key in column["keys"])
    found = []
    for row in rows:
        whom = row.match_id
        if whom is not None and whom in customers:
            values, hashes, columns = opened[row.pk], (row.number_hash, row.spouse_hash), present
            side = customers[whom].side | {"deadline": str(deadlines.get(whom) or "")}
            if is_partner(row.number_hash, side):
                values, hashes, columns = said_by_partner(values), (None, row.number_hash), frozenset()
            file = said_by(values, hashes, own)
            lacks = whom not in deadlines
            found.append(Comparison(row.pk, row.number, whom, values, file, side, columns, lacks))
    if proposals:
        concerned = {each.customer_id: customers[each.customer_id] for each in found if each.differs}
        last = last_imports(batch, concerned, own)
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


def _write(batch: Batch, found: Sequence[Comparison], *, fresh: bool) -> None:
    office_id = batch.office_id
    worth = {each.row_id: each for each in found if each.differs or each.empties or each.lacks_dossier}
    seen = {row_id: each.seen(office_id) for row_id, each in worth.items()}
    if not fresh:
        before = Difference.objects.filter(row_id__in=[each.row_id for each in found]).defer("number", "revision")
        stale = []
        for each in before:
            now, digest = worth.get(each.row_id), bytes(each.seen)
            is_same = now is not None and each.lacks_dossier == now.lacks_dossier
            if now is None or not is_same or not now.is_as_seen(digest, office_id):
                stale.append(each.pk)
                continue
            if digest != seen[each.row_id]:
                _bring_up(each, now, seen[each.row_id])
            del worth[each.row_id]
        Difference.objects.filter(pk__in=stale).delete()
    insert(
        Difference,
        COLUMNS,
        [
            (office_id, batch.pk, row_id, each.number, packed(each.differs), packed(each.proposed),
             packed(each.empties), packed(each.guarded), "", each.lacks_dossier, False, seen[row_id], batch.revision)
            for row_id, each in worth.items()
        ],
    )  # fmt: skip


def _bring_up(difference: Difference, now: Comparison, seen: bytes) -> None:
    """Write down again what differs where that was done before the deadline was compared; choices stay."""
    difference.differs, difference.proposed, difference.empties = map(packed, (now.differs, now.proposed, now.empties))
    difference.seen = seen
    difference.save(update_fields=["differs", "proposed", "empties", "seen"])
