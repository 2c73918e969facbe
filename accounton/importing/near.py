"""Looking for near matches and couples without numbers: once after reading, in the background where a list is long.

Rows and customers are opened one by one and only what they are compared by is kept, for as long as it takes: birth
dates stand nowhere but inside the sealed national numbers.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounton.belgium.folding import fold
from accounton.customers.models import Customer
from accounton.customers.numbers import context
from accounton.importing.changing import changeable
from accounton.importing.choosing import ReviewClosed
from accounton.importing.deciding import apply_remembered, person_key, remembered
from accounton.importing.models import Batch, Bucket, Decision, Proposal, Reason, Verdict
from accounton.importing.proposals import UNSETTLED, write_down
from accounton.importing.sealed_rows import opened_values
from accounton.offices.keys import sealer
from accounton.rows.couples import two_people
from accounton.rows.firms import is_firm
from accounton.rows.matching import IS_SPOUSE
from accounton.rows.names import name_key
from accounton.rows.near import NearRows, Person, address_key, birth_of, households
from accounton.rows.repeats import REPEATED

CHUNK = 2000
UNKNOWN = "?"
"""The name of a partner of whom only the number is known: nobody's."""
CUSTOMER = ("id", "name_key", "email", "street", "house_number", "postal_code", "national_number_sealed")


class Found(NamedTuple):
    """A proposal that is not written down yet."""

    reason: str
    row: int
    other: int | None = None
    customer: int | None = None


@dataclass
class _Rows:
    """What is compared of the rows that nobody is yet."""

    people: list[Person] = field(default_factory=list)
    last_names: dict[int, str] = field(default_factory=dict)
    partners: dict[int, str] = field(default_factory=dict)
    spouses: dict[bytes, int] = field(default_factory=dict)
    persons: dict[int, bytes] = field(default_factory=dict)
    alone: list[Found] = field(default_factory=list)


def look(batch: Batch) -> None:
    """Look for near matches, firms, rows of two people and couples without numbers; what was settled stays settled.

    What the office decided about the same people before is done again without asking.
    """
    known = remembered()
    rows = _rows(batch, with_persons=bool(known))
    found = [*rows.alone, *_couples(rows), *_near(batch, rows)]
    again: list[tuple[int, Decision]] = []
    with transaction.atomic():
        ours = Proposal.objects.filter(batch=batch).exclude(reason__in=(Reason.COUPLE, Reason.LINKED))
        ours.filter(UNSETTLED).delete()
        settled = set(ours.values_list("reason", "row", "other", "customer_id"))
        lines = []
        for each in found:
            if each not in settled:
                decision = _decision(each, rows.persons, known)
                lines.append((*each, decision.pk if decision else None))
                if decision and decision.verdict != Verdict.NEW:
                    again.append((each.row, decision))
        write_down(batch, lines)
        Batch.objects.filter(pk=batch.pk).update(near_at=timezone.now(), near_attempts=0)
    batch.refresh_from_db()
    try:
        apply_remembered(batch, again)
    except ReviewClosed:
        return  # being added by now: the rows in question are found again when somebody looks again


def _decision(found: Found, persons: dict[int, bytes], known: dict[Any, Decision]) -> Decision | None:
    if not known:
        return None
    person, other = persons.get(found.row), persons.get(found.other or 0)
    decision = known.get((person, other, found.customer)) or known.get((other, person, found.customer))
    return decision if decision and (found.other is not None) == (decision.other is not None) else None


def _rows(batch: Batch, *, with_persons: bool) -> _Rows:
    rows = _Rows()
    office_id, today = batch.office_id, timezone.localdate()
    open_ones = changeable(batch.rows.filter(bucket__in=(Bucket.ONLY_IN_IMPORT, Bucket.INVALID)))
    open_ones = open_ones.filter(match=None).exclude(problems__contains=REPEATED).order_by("number")
    taken = open_ones.values_list("number", "number_hash", "problems", "content__sealed")
    for number, number_hash, problems, sealed in taken.iterator(chunk_size=CHUNK):
        values = opened_values(bytes(sealed), office_id)
        has_number = number_hash is not None
        _take(rows, number, values, birth_of(values.get("national_number", ""), today) if has_number else None)
        if with_persons:
            rows.persons[number] = person_key(values, office_id)
        if number_hash is not None and IS_SPOUSE in problems:
            rows.spouses[bytes(number_hash)] = number
    return rows


def _take(rows: _Rows, number: int, values: dict[str, str], born: int | None) -> None:
    """Keep what a row is compared by; `born` is None where it has no national number."""
    value = values.get
    first, last = value("first_name", ""), value("last_name", "")
    if is_firm(first, last):
        rows.alone.append(Found(Reason.FIRM, number))
        return
    partner = name_key(value("spouse_first_name", ""), value("spouse_last_name", ""))
    if not partner and two_people(first, last):
        rows.alone.append(Found(Reason.TWO_PEOPLE, number))
    address = address_key(value("street", ""), value("house_number", ""), value("postal_code", ""))
    email = value("email", "").lower()
    rows.people.append(Person(number, name_key(first, last), email, address, born or 0, born is not None))
    if partner or value("spouse_national_number"):
        rows.partners[number] = partner or UNKNOWN
    if address:
        rows.last_names[number] = fold(last)


def _couples(rows: _Rows) -> Iterator[Found]:
    for row, other in households(rows.people, rows.last_names, rows.partners):
        yield Found(Reason.HOUSEHOLD, row, other)


def _near(batch: Batch, rows: _Rows) -> Iterator[Found]:
    if not rows.people:
        return
    near = NearRows(rows.people)
    near.compare(_customers(batch))
    for each in near.found():
        yield Found({"birth": Reason.BIRTH, "email": Reason.EMAIL, "address": Reason.ADDRESS}[each.reason], each.row,
                    None, each.customer)  # fmt: skip
    hashes = sorted(rows.spouses)
    for start in range(0, len(hashes), 400):
        joint = Customer.objects.filter(spouse_national_number_hash__in=hashes[start : start + 400])
        for customer_id, spouse in joint.values_list("id", "spouse_national_number_hash"):
            yield Found(Reason.PARTNER, rows.spouses[bytes(spouse)], None, customer_id)


def _customers(batch: Batch) -> Iterator[Person]:
    """Give the office's customers as they are compared, without those whom a row of this list is for certain."""
    today, own, unseal = timezone.localdate(), context(batch.office_id, "national_number"), sealer().open
    here = set(batch.rows.filter(match__isnull=False).values_list("match_id", flat=True))
    customers = Customer.objects.filter(~Q(name_key="")).order_by().values_list(*CUSTOMER)
    for pk, name, email, street, house_number, postal_code, sealed in customers.iterator(chunk_size=CHUNK):
        if pk in here:
            continue
        born = birth_of(unseal(bytes(sealed), own).decode(), today) if sealed else 0
        address = address_key(street, house_number, postal_code)
        yield Person(pk, name, email.lower(), address, born, sealed is not None)
