"""Putting what was chosen on known customers, and giving them dossiers: one step, inside one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import orjson
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from accounton.customers.models import Customer, packed_labels
from accounton.customers.numbers import COLUMNS as NUMBERS
from accounton.customers.saving import TEXTS, put_values, values_of
from accounton.dossiers.models import Dossier, Status
from accounton.importing.bases import overwritten_context
from accounton.importing.bulk import insert, update
from accounton.importing.comparing import Comparison, compare, look
from accounton.importing.drafts import IDENTIFYING
from accounton.importing.models import Batch, Difference, Overwritten, StagedRow
from accounton.importing.outdated_matches import follow
from accounton.importing.questionnaires import chosen_of, which_at_add
from accounton.importing.rematching import SAID_AT_MOST
from accounton.importing.sides import KEYS, OF_DOSSIER, colleagues, packed, unpacked
from accounton.offices.keys import sealer
from accounton.questionnaires.models import Questionnaire
from accounton.rows.couples import SPOUSE
from accounton.rows.groups import group_of

OF_PARTNER = (*SPOUSE, "spouse_national_number")
WRITTEN = (
    *TEXTS, *SPOUSE, "labels", "responsible_id", "is_joint", "name_key", "search",
    *(f"{column}_{kind}" for column in NUMBERS for kind in ("sealed", "hash")), "archived_at", "updated_at",
)  # fmt: skip
OVERWRITTEN = (
    "office_id", "batch_id", "row_id", "customer_id", "keys", "with_dossier", "sealed", "chosen_by_id", "at",
)  # fmt: skip


class Choice(NamedTuple):
    """A row with what was chosen of it, its customer, both sides as they stand now, and what is written."""

    difference: Difference
    sides: Comparison
    customer: Customer
    written: dict[str, str]


def put_chosen(batch: Batch, differences: Sequence[Difference]) -> tuple[int, int, int]:
    """Overwrite what was chosen in these rows and make the dossiers. Gives customers, fields and dossiers written.

    What the chooser did not see as it is now (the row or the customer moved, or somebody else has that number or code
    by now) is left out and noted as moved. Afterwards all these rows are compared anew.
    """
    choices, left_out = _as_seen(batch, differences)
    moment, own = timezone.now(), colleagues()
    before = {each.customer.pk: values_of(each.customer) | _of_dossier(each.sides) for each in choices}
    archived = {each.customer.pk: each.customer.archived_at for each in choices}
    for each in choices:
        put(each.customer, each.written, own)
        if each.difference.wants_dossier:
            each.customer.archived_at = None
        each.customer.updated_at = moment
    write([each.customer for each in choices])
    insert(Overwritten, OVERWRITTEN, [_kept(batch, each, before, archived, moment) for each in choices])
    fields = sum(len({group_of(key) for key in each.written}) for each in choices)
    put_deadlines(batch, {each.customer.pk: each.written["deadline"] for each in choices if "deadline" in each.written})
    dossiers = _dossiers(batch, [each for each in choices if each.difference.wants_dossier], moment)
    follow_language([each.customer for each in choices if "language" in each.written])
    Difference.objects.filter(pk__in=[each.pk for each in differences]).delete()
    compare(batch, batch.rows.filter(pk__in=[each.row_id for each in differences]))
    identified = {each.customer.pk for each in choices if not IDENTIFYING.isdisjoint(each.written)}
    follow(identified | _recognised_as(batch, left_out), batch)
    room = SAID_AT_MOST - len(batch.result["moved"])
    batch.result["moved"] += left_out[:room]
    return len(choices), fields, dossiers


def _recognised_as(batch: Batch, numbers: Sequence[int]) -> set[int]:
    """Give whom sheet rows are recognised as that were left out: these may be somebody else by now."""
    rows = batch.rows.filter(number__in=numbers, match__isnull=False) if numbers else batch.rows.none()
    return set(rows.values_list("match_id", flat=True))


def put(customer: Customer, values: Mapping[str, str], own: Mapping[str, int]) -> None:
    """Put values, by column key, on a customer that is written afterwards; the return stays joint or not, unless a
    column of the partner is among them.
    """
    joint = customer.is_joint
    put_values(customer, values, own)
    if not any(key in values for key in OF_PARTNER):
        customer.is_joint = joint


def write(customers: Sequence[Customer]) -> None:
    """Write changed customers down."""
    moment = connection.ops.adapt_datetimefield_value
    update(
        Customer,
        WRITTEN,
        [
            (
                *(_database_value(each, column, moment) for column in WRITTEN),
                each.pk,
            )
            for each in customers
        ],
    )


def follow_language(customers: Sequence[Customer]) -> None:
    """Let questionnaires that nobody has seen yet follow the language of their customers."""
    for language in {each.language for each in customers}:
        ids = [each.pk for each in customers if each.language == language]
        waiting = Questionnaire.objects.filter(dossier__customer__in=ids, dossier__status=Status.NOT_SENT)
        waiting.update(language=language)


def somebody_else_has(customer: Customer, keys: Iterable[str]) -> list[str]:
    """Give those of the columns whose value, as it stands on this unwritten customer, belongs to somebody else."""
    others = Customer.objects.exclude(pk=customer.pk)
    taken = []
    for key in keys:
        if key == "client_code" and customer.client_code:
            has = Q(client_code=customer.client_code)
        elif key == "national_number" and customer.national_number_hash:
            number = customer.national_number_hash
            has = Q(national_number_hash=number) | Q(spouse_national_number_hash=number)
        else:
            continue
        if others.filter(has).exists():
            taken.append(key)
    return taken


def _database_value(customer: Customer, column: str, moment: Any) -> Any:
    value = getattr(customer, column)
    if column == "labels":
        return packed_labels(value)
    return moment(value) if column in ("archived_at", "updated_at") and value else value


def _as_seen(batch: Batch, differences: Sequence[Difference]) -> tuple[list[Choice], list[int]]:
    """Tell the choices that are as they were seen from the sheet rows of those that are not."""
    rows = list(StagedRow.objects.filter(pk__in=[each.row_id for each in differences]).prefetch_related("content"))
    sides = {each.row_id: each for each in look(batch, rows)}
    ids = {each.customer_id for each in sides.values()}
    customers = Customer.objects.select_related("responsible").in_bulk(ids)
    own, office_id = colleagues(), batch.office_id
    choices, left_out, taken = [], [], set()
    for each in differences:
        now = sides.get(each.row_id)
        fits = now is not None and each.revision <= batch.result["revision"] and now.customer_id not in taken
        if now is None or not fits or not now.is_as_seen(bytes(each.seen), office_id):
            left_out.append(each.number)
            continue
        written = now.taken(unpacked(each.chosen))
        if _no_longer(now, each, written, customers[now.customer_id], own):
            left_out.append(each.number)
        else:
            taken.add(now.customer_id)
            choices.append(Choice(each, now, customers[now.customer_id], written))
    return choices, left_out


def _no_longer(
    now: Comparison, each: Difference, written: Mapping[str, str], customer: Customer, own: Mapping[str, int]
) -> bool:
    """Whether what was chosen cannot be any more: a dossier came or went, or somebody else has the number by now.

    That somebody is also the customer's own partner, or the customer where it is the partner's.
    """
    if each.lacks_dossier != now.lacks_dossier or not (written or each.wants_dossier):
        return True
    number, partner = ((now.file if key in written else now.known)[key] for key in NUMBERS)
    if number and number == partner:
        return True
    values = {key: text for key, text in written.items() if key in ("client_code", "national_number")}
    if not values:
        return False
    trial = Customer(pk=customer.pk, office_id=customer.office_id)
    put_values(trial, values, own)
    return bool(somebody_else_has(trial, list(values)))


def _of_dossier(sides: Comparison) -> dict[str, str]:
    """Give what stands in the dossier before anything is written; nothing where there is none."""
    return {} if sides.lacks_dossier else {key: sides.known[key] for key in OF_DOSSIER}


def put_deadlines(batch: Batch, deadlines: Mapping[int, str]) -> None:
    """Write deadlines (ISO dates by customer, "" for none) into the dossiers of a batch's task flow and year."""
    by_day: dict[str, list[int]] = {}
    for customer_id, day in deadlines.items():
        by_day.setdefault(day, []).append(customer_id)
    dossiers = Dossier.objects.filter(task_flow=batch.task_flow, assessment_year=batch.assessment_year)
    for day, customers in by_day.items():
        dossiers.filter(customer_id__in=customers).update(deadline=date.fromisoformat(day) if day else None)


def _kept(
    batch: Batch, each: Choice, before: Mapping[int, dict[str, str]], archived: Mapping[int, Any], moment: Any
) -> tuple[Any, ...]:
    pk, wants = each.customer.pk, each.difference.wants_dossier
    after = values_of(each.customer) | {key: each.sides.values.get(key, "") for key in OF_DOSSIER} | each.written
    keys = [key for key in KEYS if key in each.written]
    was_archived = archived[pk]
    content = {
        "before": before[pk],
        # A new dossier has its deadline too: the next list is compared with it.
        "after": {key: after[key] for key in (*keys, *(OF_DOSSIER if wants else ()))},
        "was_archived": was_archived.isoformat() if was_archived else "",
    }
    sealed = sealer().seal(orjson.dumps(content), overwritten_context(batch.office_id))
    at = connection.ops.adapt_datetimefield_value(moment)
    by = each.difference.chosen_by_id
    return (batch.office_id, batch.pk, each.difference.row_id, pk, packed(keys), wants, sealed, by, at)


def _dossiers(batch: Batch, choices: Sequence[Choice], moment: Any) -> int:
    """Give known customers a dossier with its questionnaire."""
    made = Dossier.objects.bulk_create(
        Dossier(
            customer=each.customer, task_flow=batch.task_flow, assessment_year=batch.assessment_year,
            deadline=date.fromisoformat(text) if (text := each.sides.values.get("deadline", "")) else None,
        )
        for each in choices
    )  # fmt: skip
    which, own = which_at_add(batch), chosen_of(each.difference.row_id for each in choices)
    Questionnaire.objects.bulk_create(
        Questionnaire(
            dossier=dossier, language=dossier.customer.language,
            definition=own.get(each.difference.row_id) or which.of_customer(dossier.customer),
        )
        for dossier, each in zip(made, choices, strict=True)
    )  # fmt: skip
    return len(made)
