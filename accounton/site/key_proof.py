"""Which encryption keys open what is sealed in a database that knows no key yet."""

import hmac
from collections.abc import Sequence

from django.db import connection
from django.db.models import QuerySet

from accounton.customers.models import Customer
from accounton.customers.numbers import context
from accounton.sealing import VERSION, CannotOpen, Sealer, key_id
from accounton.site.sealed_places import SEALED, SealedColumn, SecondFactors

SAMPLES = 20
"""So many values of a kind are tried before a key counts as wrong: a single one may have been damaged."""


class NotProven(Exception):
    """Something is sealed with a key that is not there, or that does not open it."""

    def __init__(self, name: str, table: str = "") -> None:
        """Take the id of the key, and the table of values that it should open and does not."""
        super().__init__(name)
        self.name, self.table = name, table


class OtherHashes(Exception):
    """The numbers of customers were hashed with another key than the last one."""


def prove(keys: Sequence[bytes]) -> set[str]:
    """Return the ids of the keys that open what is sealed in the database, whatever version its tables are of.

    Raises NotProven or OtherHashes.
    """
    sealer, names = Sealer(keys), {key_id(key).hex() for key in keys}
    there = set(connection.introspection.table_names())
    places = [place for place in SEALED if place.model._meta.db_table in there]
    used = {(place, head) for place in places for head in place.heads()}
    for _place, head in used:
        if _name(head) not in names:
            raise NotProven(_name(head))
    for place, head in used:
        if not _opens(sealer, place, head):
            raise NotProven(_name(head), place.model._meta.db_table)
    if Customer._meta.db_table in there and not _hashes_fit(sealer):
        raise OtherHashes
    return {_name(head) for _place, head in used}


def is_needed(name: str) -> bool:
    """Return whether anything is sealed with the key of this id."""
    head = VERSION + bytes.fromhex(name)
    return any(head in place.heads() for place in SEALED)


def _name(head: bytes) -> str:
    return head[len(VERSION) :].hex()


def _opens(sealer: Sealer, place: SealedColumn | SecondFactors, head: bytes) -> bool:
    for sealed, bound_to in place.samples(head, SAMPLES):
        try:
            sealer.open(sealed, bound_to)
        except CannotOpen:
            continue
        return True
    return False


def _hashes_fit(sealer: Sealer) -> bool:
    """Return whether the hash of any number is the one that stands beside it; True where there are no numbers."""
    found: QuerySet[Customer] = QuerySet(Customer).exclude(national_number_sealed=None).order_by("-pk")
    opened = False
    for office_id, sealed, hashed in found.values_list("office_id", "national_number_sealed", "national_number_hash")[
        :SAMPLES
    ]:
        try:
            number = sealer.open(bytes(sealed or b""), context(office_id, "national_number")).decode()
        except CannotOpen:
            continue
        opened = True
        if hmac.compare_digest(sealer.hash(number, office_id), bytes(hashed or b"")):
            return True
    return not opened
