"""The choices of a review, each saved at once: which rows, which language, which questionnaire."""

from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from accounton.importing.models import Batch, Proposal, Reason, StagedRow, State
from accounton.offices.models import Office
from accounton.offices.scoping import active_office_id


class ReviewClosed(Exception):
    """The batch is being added or changed, or was added: nothing can be chosen now. `state` is its state."""

    def __init__(self, state: str = "") -> None:
        super().__init__(state)
        self.state = state


def choose_rows(batch: Batch, rows: QuerySet[StagedRow], *, selected: bool) -> None:
    """Select or deselect rows of a batch. Raises ReviewClosed."""
    touch(batch)
    rows.exclude(selected=selected).update(selected=selected, revision=batch.revision)


def choose(batch: Batch, **choices: str) -> None:
    """Save `language` ("" for as in the file) or `questionnaire`. Raises ReviewClosed."""
    touch(batch, (State.REVIEW,), **choices)


def touch(batch: Batch, states: Collection[State] = (State.REVIEW,), **choices: str) -> None:
    """Claim the next revision of a review, for a choice or change that is made now. Raises ReviewClosed.

    Inside a transaction two reviewers take turns here. `states` are those in which it may still be made; `choices` are
    saved with it. What was not read of the batch before (`unread`) is read with it; raises Batch.DoesNotExist where
    there is none.
    """
    missing = batch.get_deferred_fields()
    fresh = _touched(batch.pk, states, {"touched_at": timezone.now(), **choices}, missing)
    if fresh is None:
        fresh = Batch.objects.get(pk=batch.pk)
        _take(batch, fresh, missing)
        raise ReviewClosed(fresh.state)
    _take(batch, fresh, {"revision", "touched_at", "has_claims", *choices, *missing})


def unread(batch_id: int, office: Office) -> Batch:
    """Give a batch of an office without reading it: whoever touches it reads it thereby, and needs not ask twice."""
    batch: Batch = Batch.from_db(Batch.objects.db, ["id", "office_id"], [batch_id, office.pk])
    batch.office = office
    return batch


def _touched(batch_id: int, states: Collection[State], changes: dict[str, Any], names: Collection[str]) -> Batch | None:
    """Save changes of a batch, and its next revision; give these and other fields as they are now. None: not so."""
    fields = {field.attname: field for field in Batch._meta.concrete_fields}
    column = {name: connection.ops.quote_name(str(field.column)) for name, field in fields.items()}
    values = [fields[name].get_db_prep_save(value, connection) for name, value in changes.items()]
    returned = ", ".join(column[name] for name in sorted({"id", "revision", *changes, *names}))
    proposals = connection.ops.quote_name(Proposal._meta.db_table)
    claims = f"EXISTS (SELECT 1 FROM {proposals} WHERE office_id = %s AND batch_id = %s AND reason = %s)"  # noqa: S608
    found = Batch.objects.raw(
        f"UPDATE {connection.ops.quote_name(Batch._meta.db_table)} "  # noqa: S608 our own names
        f"SET revision = revision + 1, {', '.join(f'{column[name]} = %s' for name in changes)} "
        f"WHERE office_id = %s AND id = %s AND state IN ({', '.join(['%s'] * len(states))}) "
        f"RETURNING {returned}, {claims} AS has_claims",
        [
            *(*values, active_office_id(), batch_id, *(state.value for state in states)),
            *(active_office_id(), batch_id, Reason.CLAIMED.value),
        ],
    )
    return next(iter(found), None)


def _take(batch: Batch, fresh: Batch, names: Collection[str]) -> None:
    for name in names:
        setattr(batch, name, getattr(fresh, name))
