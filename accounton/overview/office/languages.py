"""What still uses a language of the office: it cannot be taken out then."""

from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q

from accounton.customers.models import Customer
from accounton.importing.models import Batch, StagedRow
from accounton.importing.models.batches import State

OPEN = (State.WAITING, State.READING, State.MAPPING, State.REVIEW, State.APPLYING, State.CHANGING, State.UNDOING)


class Uses(NamedTuple):
    """How many customers who are not archived, and how many imports that are open, have a language."""

    customers: int
    reviews: int


def uses_of(language: str) -> Uses:
    """Return what uses a language in the active office."""
    rows = StagedRow.objects.filter(batch=OuterRef("pk"), language=language)
    reviews = Batch.objects.filter(state__in=OPEN).filter(Q(language=language) | Exists(rows))
    return Uses(Customer.objects.filter(language=language, archived_at=None).count(), reviews.count())
