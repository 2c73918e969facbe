"""Choosing what of known customers an import overwrites, each choice saved at once; and how much was chosen."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Case, Count, F, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Concat, Replace

from accounton.customers.models import Customer
from accounton.importing.choosing import touch
from accounton.importing.comparing import compare, look
from accounton.importing.models import Batch, Bucket, Difference, StagedRow, State
from accounton.importing.sides import KEYS, OF_PARTNER, packed, unpacked, with_partner
from accounton.offices.models import User
from accounton.rows.groups import group_of, head_of, keys_of, name_of, with_company

OPEN = (State.REVIEW, State.DONE)
GROUPED = ("differs", "proposed", "empties", "guarded", "chosen", "lacks_dossier", "wants_dossier")
NAMES = tuple(dict.fromkeys(name for key in KEYS for name in (group_of(key), key)))
"""What can be chosen for all: groups of columns, and the columns by themselves."""
CHOSEN = ~Q(chosen="") | Q(wants_dossier=True)


class CustomerMoved(Exception):
    """The row or its customer changed after it was shown; nothing was chosen. `number` is its sheet row."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class OtherNumberKnown(Exception):
    """Another national number is known than the row says, and nobody confirmed that it is replaced. Nothing was chosen.

    `number` is the sheet row, `key` the column.
    """

    def __init__(self, number: int, key: str) -> None:
        super().__init__(number, key)
        self.number, self.key = number, key


class Chosen(NamedTuple):
    """How much would be overwritten: fields, of how many customers; and how many would get a dossier."""

    fields: int
    customers: int
    dossiers: int

    @property
    def is_any(self) -> bool:
        """Whether anything was chosen."""
        return bool(self.fields or self.dossiers)


def choose_fields(
    batch: Batch,
    user: User | None,
    number: int,
    keys: Sequence[str],
    *,
    on: bool,
    seen: str,
    is_confirmed: bool = False,
) -> None:
    """Choose columns of one row (or take the choice back): those that differ, each with the others of its group.

    `seen` is the digest (hex) that was shown with the row; "" takes the row as it stands. `is_confirmed`: that a known
    national number is replaced by another was asked and answered.
    Raises CustomerMoved, OtherNumberKnown, ReviewClosed, Difference.DoesNotExist.
    """
    with transaction.atomic():
        touch(batch, OPEN)
        difference = _compared_again(batch, number, seen)
        can = set(unpacked(difference.differs))
        if on and not is_confirmed:
            _refuse_other_numbers(difference, keys)
        chosen = set(unpacked(difference.chosen)) - with_company(keys)
        chosen |= with_company(can & set(keys)) if on else set()
        difference.chosen = packed(key for key in KEYS if key in chosen)
        _save(batch, user, difference)


def choose_row(batch: Batch, user: User | None, number: int, keys: Sequence[str], *, dossier: bool, seen: str) -> None:
    """Choose of one row exactly these columns, and whether its customer gets a dossier; emptied columns stay so.

    Raises CustomerMoved, OtherNumberKnown, ReviewClosed, Difference.DoesNotExist.
    """
    with transaction.atomic():
        touch(batch, OPEN)
        difference = _compared_again(batch, number, seen)
        _refuse_other_numbers(difference, keys)
        can = set(unpacked(difference.differs))
        chosen = set(unpacked(difference.chosen)) - with_company(can) | with_company(can & set(keys))
        difference.chosen = packed(key for key in KEYS if key in chosen)
        difference.wants_dossier = dossier and difference.lacks_dossier
        _save(batch, user, difference)


def choose_dossier(batch: Batch, user: User | None, number: int, *, on: bool) -> None:
    """Choose whether a known customer without a dossier in this task flow and year gets one.

    Raises ReviewClosed, Difference.DoesNotExist.
    """
    with transaction.atomic():
        touch(batch, OPEN)
        difference = _compared_again(batch, number, "")
        difference.wants_dossier = on and difference.lacks_dossier
        _save(batch, user, difference)


def choose_column(batch: Batch, user: User | None, key: str, *, on: bool) -> None:
    """Overwrite a column, or a group of them, of all rows in which it differs, or of none. Raises ReviewClosed.

    A known national number is not replaced by another so, nor a partner: that is said of one row at a time.
    """
    keys = keys_of(group_of(key))
    guards = [*keys, "spouse_national_number"] if OF_PARTNER.intersection(keys) else keys
    can = _any_of("differs", keys)
    _choose_for_all(batch, user, can & ~_any_of("guarded", guards) if on else can, keys, on=on)


def empty_column(batch: Batch, user: User | None, key: str, *, on: bool) -> None:
    """Empty a column, or a group of them, of all customers whose cell is empty in the list, or of none.

    A column of a group is emptied by itself where the rest of the group is not empty. Raises ReviewClosed.
    """
    head = head_of(group_of(key))
    if key in (head, group_of(key)):
        _choose_for_all(batch, user, _any_of("empties", [head]), keys_of(group_of(key)), on=on)
    else:
        _choose_for_all(batch, user, _any_of("empties", [key]) & ~_any_of("empties", [head]), [key], on=on)


def choose_proposed(batch: Batch, user: User | None, *, on: bool) -> None:
    """Choose all that is proposed, beside what is chosen already; or nothing at all. Raises ReviewClosed."""
    with transaction.atomic():
        touch(batch, OPEN)
        _catch_up(batch)
        rows = batch.differences.all()
        if not on:
            rows.exclude(chosen="").update(chosen="", revision=batch.revision, chosen_by=user)
            return
        kinds = rows.exclude(proposed="").values_list("proposed", "chosen").distinct()
        for proposed, chosen in list(kinds):
            both = {*with_company(unpacked(proposed)), *unpacked(chosen)}
            some = rows.filter(proposed=proposed, chosen=chosen)
            wanted = packed(key for key in KEYS if key in both)
            some.update(chosen=wanted, revision=batch.revision, chosen_by=user)


def choose_dossiers(batch: Batch, user: User | None, *, on: bool) -> None:
    """Choose a dossier for all known customers who have none in this task flow and year, or for none of them.

    Raises ReviewClosed.
    """
    with transaction.atomic():
        touch(batch, OPEN)
        rows = batch.differences.filter(lacks_dossier=True).exclude(wants_dossier=on)
        rows.update(wants_dossier=on, revision=batch.revision, chosen_by=user)


class ColumnCounts(NamedTuple):
    """A column or a group of them with the rows in which it can be chosen for all at once, and those chosen of them."""

    key: str
    rows: int
    chosen: int


class Counts(NamedTuple):
    """What there is to choose in a batch, and what was chosen of it."""

    differing: int
    proposed: int
    lacking: int
    columns: list[ColumnCounts]
    empties: list[ColumnCounts]
    chosen: Chosen


def chosen(batch: Batch) -> Chosen:
    """Give how much would be overwritten now."""
    return counts(batch).chosen


def counts(batch: Batch) -> Counts:
    """Give how many rows differ or are emptied, how many fields are proposed, and the counts of each column in the
    template's order. Columns that belong together count as one.
    """
    return counts_of(batch.differences.all())


def counts_of(differences: QuerySet[Difference]) -> Counts:
    """Give the counts of what is written down as different."""
    differing = proposed = lacking = fields = customers = dossiers = 0
    found: dict[str, Counter[str]] = {"differs": Counter(), "empties": Counter()}
    taken: dict[str, Counter[str]] = {"differs": Counter(), "empties": Counter()}
    stored = differences.order_by().values_list(*GROUPED).annotate(Count("id"))
    for differs, likely, empty, guarded, picked, lacks, wants, count in stored:
        number = len(_groups(picked))
        differing += count if differs or picked else 0
        proposed += len(_groups(likely)) * count
        lacking += count if lacks else 0
        fields, customers, dossiers = (
            fields + number * count, customers + (count if number else 0), dossiers + (count if wants else 0),
        )  # fmt: skip
        empty_names = {name_of(key, unpacked(empty)) for key in unpacked(empty)}
        names = {"differs": _groups(differs) - with_partner(unpacked(guarded)), "empties": empty_names}
        for field, some in names.items():
            for name in some:
                found[field][name] += count
                taken[field][name] += count if any(f",{key}," in picked for key in keys_of(name)) else 0
    columns = {field: [ColumnCounts(name, all_[name], taken[field][name]) for name in NAMES if all_[name]]
               for field, all_ in found.items()}  # fmt: skip
    done = Chosen(fields, customers, dossiers)
    return Counts(differing, proposed, lacking, columns["differs"], columns["empties"], done)


def _groups(text: str) -> set[str]:
    """Return the groups of the columns in a stored list."""
    return {group_of(key) for key in unpacked(text)}


def _any_of(field: str, keys: Iterable[str]) -> Q:
    """Return the condition that one of some columns stands in a stored list."""
    return reduce(or_, (Q(**{f"{field}__contains": f",{key},"}) for key in keys))


def _choose_for_all(batch: Batch, user: User | None, where: Q, keys: Sequence[str], *, on: bool) -> None:
    if not set(keys) <= set(KEYS):
        return
    with transaction.atomic():
        touch(batch, OPEN)
        _catch_up(batch)
        rows = batch.differences.filter(where)
        without: Any = F("chosen")
        for key in keys:
            without = Replace(without, Value(f",{key},"), Value(","), output_field=TextField())
        if on:
            is_all = reduce(and_, (Q(chosen__contains=f",{key},") for key in keys))
            first, more = Value(packed(keys)), Concat(without, Value(packed(keys)[1:]), output_field=TextField())
            new = Case(When(chosen="", then=first), default=more, output_field=TextField())
            rows.exclude(is_all).update(chosen=new, revision=batch.revision, chosen_by=user)
        else:
            rows.filter(_any_of("chosen", keys)).update(chosen=without, revision=batch.revision, chosen_by=user)
            rows.filter(chosen=",").update(chosen="")


def _catch_up(batch: Batch) -> None:
    """Compare the rows again whose customers were changed since the list was read: a choice for all must know them."""
    changed = Customer.objects.filter(updated_at__gte=batch.created_at).values("pk")
    compare(batch, batch.rows.filter(bucket=Bucket.DOUBLE, match__in=changed))


def _refuse_other_numbers(difference: Difference, keys: Sequence[str]) -> None:
    """Raise OtherNumberKnown where a known number would be replaced by another, unless that is chosen already."""
    asked = set(unpacked(difference.guarded)) - set(unpacked(difference.chosen))
    if key := next((key for key in keys if key in asked), None):
        raise OtherNumberKnown(difference.number, key)


def _compared_again(batch: Batch, number: int, seen: str) -> Difference:
    rows: QuerySet[StagedRow] = batch.rows.filter(number=number)
    found = look(batch, list(rows.filter(bucket=Bucket.DOUBLE).prefetch_related("content")))
    if not found:
        raise Difference.DoesNotExist
    [now] = found
    if seen and seen != now.seen(batch.office_id).hex():
        raise CustomerMoved(number)
    compare(batch, rows)
    difference: Difference = batch.differences.get(number=number)
    return difference


def _save(batch: Batch, user: User | None, difference: Difference) -> None:
    difference.revision, difference.chosen_by = batch.revision, user
    difference.save(update_fields=["chosen", "wants_dossier", "revision", "chosen_by"])
