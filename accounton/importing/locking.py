"""Taking turns within an office."""

from accounton.importing.models import Batch
from accounton.offices.models import Office


def lock_office(batch: Batch) -> None:
    """Take the office's turn until the transaction ends."""
    # PostgreSQL lets two transactions insert the same couple e-mail + name side by side; this makes them take turns.
    # SQLite takes its one write lock at BEGIN IMMEDIATE, which does the same.
    Office.objects.select_for_update().get(pk=batch.office_id)
