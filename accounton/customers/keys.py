"""The keys of an office's customers, by which a row of a list is recognised."""

from datetime import datetime

from django.db.models import Q

from accounton.customers.models import Customer
from accounton.rows.matching import ExistingKeys

COLUMNS = ("id", "national_number_hash", "spouse_national_number_hash", "client_code", "email", "name_key")
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
