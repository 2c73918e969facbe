"""What would become of each thing that an import did if it were undone: found by comparing what was written with what
is there now, not by time alone.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from accounton.customers.models import Customer
from accounton.customers.saving import put_values, values_of
from accounton.dossiers.models import Dossier, Status
from accounton.importing.bases import OverwrittenContent, made_side, opened_overwritten
from accounton.importing.departing import hanging, untouched
from accounton.importing.models import (
    Batch,
    Decision,
    Departure,
    OnlyHere,
    Outcome,
    Overwritten,
    Part,
    Proposal,
    StagedRow,
    Undone,
    made_of_row,
)  # fmt: skip
from accounton.importing.putting import somebody_else_has
from accounton.importing.questionnaires import expected
from accounton.importing.rematching import made_of
from accounton.importing.sealed_rows import opened_values
from accounton.importing.sides import OF_CUSTOMER, OF_DOSSIER, Known, colleagues, known, unpacked
from accounton.rows.groups import group_of, keys_of
from accounton.sealing import CannotOpen

KNOWN_OF_CUSTOMERS = (Dossier, StagedRow, OnlyHere, Overwritten, Undone, Departure, Decision, Proposal)


class Verdict(NamedTuple):
    """What becomes of one thing. `reasons` are codes, `keys` the columns it is about."""

    part: Part
    outcome: Outcome
    row_id: int | None
    number: int
    customer_id: int | None
    name: str
    reasons: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


class Restoring(NamedTuple):
    """One overwritten customer: the values to put back, whether the dossier goes, and what becomes of each part."""

    overwritten: Overwritten
    content: OverwrittenContent
    customer: Customer | None
    values: dict[str, str]
    dossier: Dossier | None
    verdicts: list[Verdict]


def made_rows(batch: Batch) -> QuerySet[StagedRow]:
    """Give the rows of which a customer was made who is still here, in the order of the file."""
    return batch.rows.filter(made_of_row()).order_by("number").prefetch_related("content")


def suspects(batch: Batch) -> set[int]:
    """Give the ids of those made rows whose customer or dossier may have been touched, by what is quick to see."""
    mine = Customer.objects.filter(made_of(batch))
    moved = mine.filter(~Q(updated_at=F("created_at")) | Q(archived_at__isnull=False))
    right = Q(status=Status.NOT_SENT, task_flow=batch.task_flow, assessment_year=batch.assessment_year)
    dossiers = Dossier.objects.filter(customer__in=mine.values("pk")).exclude(right)
    found: set[int] = set(moved.values_list("import_row", flat=True))
    found |= set(mine.filter(dossiers=None).values_list("import_row", flat=True))
    return found | set(dossiers.values_list("customer__import_row", flat=True))


def suspect_changes(changes: QuerySet[Overwritten]) -> QuerySet[Overwritten]:
    """Give those of the changes to known customers that somebody may have touched, or that may not come back."""
    may_collide = Q(keys__contains=",client_code,") | Q(keys__contains=",national_number,") | Q(with_dossier=True)
    return changes.filter(may_collide | Q(customer=None) | ~Q(customer__updated_at=F("at")))


def of_made(batch: Batch, rows: Sequence[StagedRow]) -> list[Verdict]:
    """Say of each row of which a customer was made whether that customer can go, with all that was made with him."""
    customers = known(Customer.objects.filter(import_row__in=[row.pk for row in rows]))
    ids = {each.import_row: pk for pk, each in customers.items()}
    dossiers: dict[int, list[Dossier]] = {}
    for dossier in Dossier.objects.filter(customer_id__in=customers).select_related("questionnaire"):
        dossiers.setdefault(dossier.customer_id, []).append(dossier)
    free = untouched([each for some in dossiers.values() for each in some])
    with_more = hanging(Customer, customers, KNOWN_OF_CUSTOMERS)
    later = set(
        Overwritten.objects.filter(customer_id__in=customers, undone_at=None)
        .exclude(batch=batch).values_list("customer_id", flat=True)
    )  # fmt: skip
    own = colleagues()
    verdicts = []
    for row in rows:
        pk = ids[row.pk]
        keys, values = _changed(row, batch, customers[pk], own)
        reasons = [("changed", bool(keys)), ("archived", customers[pk].archived_at is not None)]
        reasons += [("overwritten", pk in later), ("more", pk in with_more)]
        reasons += _of_dossiers(batch, dossiers.get(pk, []), free, values, expected(batch, row))
        said = tuple(code for code, holds in reasons if holds)
        outcome = Outcome.KEPT if said else Outcome.TAKEN_BACK
        name = f"{values.get('first_name', '')} {values.get('last_name', '')}".strip()
        verdicts.append(Verdict(Part.CUSTOMER, outcome, row.pk, row.number, pk, name, said, tuple(keys)))
    return verdicts


def of_changes(batch: Batch, overwritten: Sequence[Overwritten]) -> list[Restoring]:
    """Say what becomes of changes to known customers. The newest comes first: earlier ones see it as put back."""
    ids = [each.customer_id for each in overwritten if each.customer_id]
    customers = Customer.objects.select_related("responsible").in_bulk(ids)
    dossiers: dict[int, Dossier] = {
        each.customer_id: each
        for each in Dossier.objects.select_related("questionnaire").filter(
            customer_id__in=ids, task_flow=batch.task_flow, assessment_year=batch.assessment_year
        )
    }
    free, own = untouched(list(dossiers.values())), colleagues()
    now = {pk: values_of(customer) | _of_dossier(dossiers.get(pk)) for pk, customer in customers.items()}
    found = []
    for each in overwritten:
        whom = each.customer_id or 0
        customer, dossier = customers.get(whom), dossiers.get(whom)
        try:
            content = opened_overwritten(each)
        except CannotOpen:
            content = OverwrittenContent({}, {}, "")
            found.append(Restoring(each, content, customer, {}, None, [_verdict(each, Part.CHANGE, "sealed")]))
            continue
        restoring = _restoring(each, content, customer, now.get(whom, {}), own)
        if customer is not None:
            now[customer.pk] |= restoring.values
        found.append(_with_dossier(restoring, dossier, now.get(whom, {}), free))
    return found


def _changed(row: StagedRow, batch: Batch, customer: Known, own: dict[str, int]) -> tuple[list[str], dict[str, str]]:
    """Give the columns in which a customer is not what was written any more, and the row's values."""
    values = opened_values(row.sealed, row.office_id)
    written, _file = made_side(row, batch, customer, own)
    keys = [key for key in OF_CUSTOMER if written[key] != customer.side[key]]
    # A colleague who came after the import, or has gone since, changed nothing about the customer.
    if "responsible" in keys and not customer.side["responsible"]:
        keys.remove("responsible")
    return keys, values


def _of_dossiers(
    batch: Batch, dossiers: Sequence[Dossier], free: set[int], values: dict[str, str], definitions: set[str]
) -> list[tuple[str, bool]]:
    own = [
        each for each in dossiers if (each.task_flow, each.assessment_year) == (batch.task_flow, batch.assessment_year)
    ]
    if not own:
        return [("file_gone", True), ("other_file", bool(dossiers))]
    [mine] = own
    deadline = mine.deadline.isoformat() if mine.deadline else ""
    return [
        ("other_file", len(dossiers) > 1),
        ("file_moved", mine.pk not in free),
        ("deadline", deadline != values.get("deadline", "")),
        ("questionnaire", mine.questionnaire.definition not in definitions),
    ]


def _restoring(
    each: Overwritten, content: OverwrittenContent, customer: Customer | None, now: dict[str, str], own: dict[str, int]
) -> Restoring:
    keys = unpacked(each.keys)
    if customer is None:
        return Restoring(each, content, None, {}, None, [_verdict(each, Part.CHANGE, "customer_gone", keys)])
    there = [key for key in keys if key in now]
    as_before = [key for key in there if now[key] == content.before[key]]
    as_written = [key for key in there if key not in as_before and _is_as_written(key, content, now)]
    trial = Customer(pk=customer.pk, office_id=customer.office_id)
    put_values(trial, {key: content.before[key] for key in as_written}, own)
    taken = somebody_else_has(trial, as_written)
    back = [key for key in as_written if key not in taken]
    kept = [key for key in there if key not in (*as_before, *as_written)]
    dossier_gone = [key for key in keys if key not in there]
    gone = [key for key in back if key == "responsible" and content.before[key].lower() not in ("", *own)]
    back = [key for key in back if key not in gone]
    verdicts = []
    if back or as_before:
        verdicts.append(_verdict(each, Part.CHANGE, "", [*back, *as_before]))
    if kept:
        verdicts.append(_verdict(each, Part.CHANGE, "changed", kept))
    if dossier_gone:
        verdicts.append(_verdict(each, Part.CHANGE, "file_gone", dossier_gone))
    if taken:
        verdicts.append(_verdict(each, Part.CHANGE, "taken", taken))
    if gone:
        verdicts.append(_verdict(each, Part.CHANGE, "colleague_gone", gone))
    return Restoring(each, content, customer, {key: content.before[key] for key in back}, None, verdicts)


def _is_as_written(key: str, content: OverwrittenContent, now: Mapping[str, str]) -> bool:
    """Whether a column, with all of its group, is as the import left it: of an address no part goes back alone."""
    left = content.before | content.after
    return all(now[each] == left[each] for each in keys_of(group_of(key)))


def _of_dossier(dossier: Dossier | None) -> dict[str, str]:
    """Give what stands in a dossier by column key; nothing where it is gone."""
    return {key: str(getattr(dossier, key) or "") for key in OF_DOSSIER} if dossier else {}


def _with_dossier(restoring: Restoring, dossier: Dossier | None, now: Mapping[str, str], free: set[int]) -> Restoring:
    """Add what becomes of the dossier that a known customer got; `now` is as it is once later changes are put back."""
    each = restoring.overwritten
    if not each.with_dossier or restoring.customer is None:
        return restoring
    if dossier is None:
        return restoring._replace(verdicts=[*restoring.verdicts, _verdict(each, Part.FILE, "file_gone")])
    written = opened_values(each.row.sealed, each.office_id).get("deadline", "")
    reason = "file_moved" if dossier.pk not in free else "deadline" if now["deadline"] != written else ""
    verdict = _verdict(each, Part.FILE, reason)
    return restoring._replace(verdicts=[*restoring.verdicts, verdict], dossier=None if reason else dossier)


KEPT_BY = {"changed", "file_moved", "deadline", "file_gone"}


def _verdict(each: Overwritten, part: Part, reason: str, keys: Sequence[str] = ()) -> Verdict:
    outcome = Outcome.TAKEN_BACK if not reason else Outcome.KEPT if reason in KEPT_BY else Outcome.IMPOSSIBLE
    values: dict[str, Any] = {}
    # Where even the row cannot be opened its name is lost; the sheet row still says which it was.
    with suppress(CannotOpen):
        values = opened_values(each.row.sealed, each.office_id)
    name = f"{values.get('first_name', '')} {values.get('last_name', '')}".strip()
    reasons = (reason,) if reason else ()
    return Verdict(part, outcome, each.row_id, each.row.number, each.customer_id, name, reasons, tuple(keys))
