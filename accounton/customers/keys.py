"""The keys of an office's customers, by which a row of a list is recognised."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice, permutations
from typing import Any, Protocol

from django.db.models import Q
from django.db.models.functions import Lower
from django.db.models.lookups import In

from accounton.customers.models import Customer
from accounton.rows.matching import ExistingKeys, RowKeys

COLUMNS = ("id", "national_number_hash", "spouse_national_number_hash", "client_code", "email", "name_key")
LOOKS = ("street", "house_number", "postal_code", "national_number_sealed")
"""What lookalikes are told by, beside the keys."""
CHUNK = 5000
MOST_STARTS = 50
"""So many beginnings of names are looked for one by one; of more, all customers are looked through once."""
AFTER_SPACE = "!"
"""The character after the space: a name is followed by a space, or by nothing."""


class WithKeys(Protocol):
    """A row or a customer that has a name and an e-mail address."""

    @property
    def name_key(self) -> str: ...
    @property
    def email(self) -> str: ...


def existing_keys(*conditions: Q, kinds: Sequence[Q] = (Q(),), changed_since: datetime | None = None) -> ExistingKeys:
    """Give the keys of the active office's customers, archived ones included: they are brought back, not added twice.

    `conditions` leave customers out; with `changed_since` only those count that were added or changed from then on.
    Of several `kinds`, which share nobody, each is looked for by itself: together no index would find them.
    Raises NoOffice.
    """
    customers = Customer.objects.filter(*conditions).order_by()
    if changed_since is not None:
        customers = customers.filter(updated_at__gte=changed_since)
    first, *others = (customers.filter(kind).values_list(*COLUMNS) for kind in kinds)
    return ExistingKeys(first.union(*others, all=True).iterator(chunk_size=CHUNK) if others else first.iterator(CHUNK))


def sharing(keys: Collection[RowKeys]) -> Q:
    """Give the condition for the customers who share a key with one of some rows; others of their names may be there.

    Of a few rows indexes find them.
    """
    numbers = [key.number_hash for key in keys if key.number_hash]
    codes = [key.client_code for key in keys if key.client_code]
    return (
        Q(national_number_hash__in=numbers)
        | Q(spouse_national_number_hash__in=numbers)
        | (Q(client_code__in=codes) & ~Q(client_code=""))
        | (_named({key.name_key for key in keys if key.name_key and key.email}) or same_people(keys))
    )


def same_people(rows: Iterable[WithKeys]) -> Q:
    """Give the condition for the name and the mailbox of one of some rows: of very many people few share both."""
    named = [(row.name_key, row.email.lower()) for row in rows if row.name_key and row.email]
    in_mailbox = In(Lower("email"), list({email for _, email in named}))
    return Q(name_key__in=list({name for name, _ in named})) & Q(in_mailbox)


def _named(names: Collection[str]) -> Q | None:
    """Give the condition for the customers of some names (name keys); None where they are too many for it.

    A name key says nothing of the order of its words, and the text that lists are sorted by begins with the name.
    """
    starts = {" ".join(words) for name in names for words in islice(permutations(name.split()), MOST_STARTS + 1)}
    if len(starts) > MOST_STARTS:
        return None
    found = Q(pk__in=())
    for start in sorted(starts):
        span = Q(search__gte=start, search__lt=f"{start}{AFTER_SPACE}")
        found |= Q(span, archived_at=None) | Q(span, archived_at__isnull=False)
    return found


def everybody() -> Iterator[list[tuple[Any, ...]]]:
    """Give the customers of the active office, archived ones included: COLUMNS and LOOKS of some thousands at a time.

    Raises NoOffice.
    """
    customers = Customer.objects.order_by().values_list(*COLUMNS, *LOOKS).iterator(chunk_size=CHUNK)
    while some := list(islice(customers, CHUNK)):
        yield some
