"""The keys of an office's customers, by which a row of a list is recognised."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Q

from accounton.customers.models import Customer
from accounton.rows.matching import ExistingKeys

COLUMNS = ("id", "national_number_hash", "spouse_national_number_hash", "client_code", "email", "name_key")
LOOKS = ("street", "house_number", "postal_code", "national_number_sealed")
"""What lookalikes are told by, beside the keys."""
CHUNK = 5000


def existing_keys(*conditions: Q, changed_since: datetime | None = None) -> ExistingKeys:
    """Give the keys of the active office's customers, archived ones included: they are brought back, not added twice.

    `conditions` leave customers out; with `changed_since` only those count that were added or changed from then on.
    Raises NoOffice.
    """
    customers = Customer.objects.filter(*conditions).order_by()
    if changed_since is not None:
        customers = customers.filter(updated_at__gte=changed_since)
    return ExistingKeys(customers.values_list(*COLUMNS).iterator(chunk_size=CHUNK))


def everybody() -> Iterator[list[tuple[Any, ...]]]:
    """Give the customers of the active office, archived ones included: COLUMNS and LOOKS of some thousands at a time.

    Raises NoOffice.
    """
    customers = Customer.objects.order_by().values_list(*COLUMNS, *LOOKS).iterator(chunk_size=CHUNK)
    while some := list(islice(customers, CHUNK)):
        yield some
