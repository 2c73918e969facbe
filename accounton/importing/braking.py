"""The brake: a list that fits the office badly is asked about before anything else: is it the right one?"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounton.customers.models import Customer
from accounton.dossiers.models import Dossier
from accounton.importing.models import Batch, State
from accounton.importing.tallying import tally

FEW = 20
"""Below so many customers or dossiers nothing can be told."""
MOST = 0.8
HARDLY_ANY = 0.05


class Doubt(TextChoices):
    """Why a list may be the wrong one."""

    LEAVES_MOST = "leaves_most", _("Most customers with a file in this year are missing from the list.")
    KNOWS_FEW = "knows_few", _("Hardly any of your customers was recognised in the list.")


def doubt_about(batch: Batch) -> Doubt | None:
    """Say why a list that was just read may be the wrong one; None where nothing speaks against it."""
    counts = tally(batch).buckets
    dossiers = Dossier.objects.filter(
        task_flow=batch.task_flow, assessment_year=batch.assessment_year, customer__archived_at=None
    ).count()
    if dossiers >= FEW and counts["only_in_platform"] > MOST * dossiers:
        return Doubt.LEAVES_MOST
    customers = Customer.objects.filter(archived_at=None).count()
    known = batch.rows.exclude(match=None).count()
    # A short list of known customers is not the wrong one because the office has many more.
    fewest = min(customers, batch.rows_read)
    if fewest >= FEW and known < HARDLY_ANY * fewest:
        return Doubt.KNOWS_FEW
    return None


def release(batch: Batch) -> None:
    """Note that somebody looked and it is the right list."""
    Batch.objects.filter(pk=batch.pk, state=State.REVIEW).update(doubt="")
