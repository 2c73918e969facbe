"""Writing down which customers are only here: they have a dossier in the task flow and year of a list, and no row."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Min

from accounton.customers.models import Customer
from accounton.dossiers.models import Dossier
from accounton.importing.halves import Halves
from accounton.importing.models import Batch, OnlyHere, Proposal, Reason, StagedRow
from accounton.importing.proposals import UNSETTLED

AT_ONCE = 400


def note_only_here(batch: Batch) -> None:
    """Write down which customers with a dossier in the chosen task flow and year no row of the file is."""
    with Halves() as halves:
        if halves.are_of_use(batch.rows_read):
            middle = sum(Customer.objects.aggregate(Min("id", default=0), Max("id", default=0)).values()) // 2
            lower, upper = partial(_note, batch, "c.id <= %s", middle), partial(_note, batch, "c.id > %s", middle)
            with transaction.atomic():
                halves.both(lower, upper)
        else:
            _note(batch, "true")


def _note(batch: Batch, which: str, *values: Any) -> None:
    """Do it for the customers of a condition in SQL; none of them may stand there already."""
    only_here, customers, dossiers, staged = (
        model._meta.db_table for model in (OnlyHere, Customer, Dossier, StagedRow)
    )
    claimed = Proposal.objects.filter(UNSETTLED, batch=batch, reason=Reason.CLAIMED).order_by()
    asked, about = claimed.values("customer").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {only_here} (office_id, batch_id, customer_id) "  # noqa: S608 our own table names
            f"SELECT c.office_id, %s, c.id FROM {customers} c JOIN {dossiers} d ON d.customer_id = c.id "
            f"WHERE c.office_id = %s AND c.archived_at IS NULL AND d.task_flow = %s AND d.assessment_year = %s "
            f"AND {which} AND NOT EXISTS (SELECT 1 FROM {staged} s WHERE s.batch_id = %s AND s.match_id = c.id) "
            # Nor those about whom it is still to be decided which row they are.
            f"AND c.id NOT IN ({asked})",
            [batch.pk, batch.office_id, batch.task_flow, batch.assessment_year, *values, batch.pk, *about],
        )


def note_moved(batch: Batch, gone: set[int], back: set[int]) -> None:
    """Keep the list of customers only here: who is in a row now leaves it, who is in none any more comes back."""
    for start in range(0, len(gone), AT_ONCE):
        OnlyHere.objects.filter(batch=batch, customer_id__in=sorted(gone)[start : start + AT_ONCE]).delete()
    note_back(batch, back)


def note_back(batch: Batch, customer_ids: Iterable[int]) -> None:
    """Note those of the customers as only here who have a dossier and are in no row."""
    ids = sorted(customer_ids)
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        OnlyHere.objects.filter(batch=batch, customer_id__in=some).delete()
        _note(batch, f"c.id IN ({', '.join(['%s'] * len(some))})", *some)
