"""Looking for near matches and couples without numbers: while a list is read, and again whenever somebody asks.

What rows and customers are compared by is kept in memory, and only for as long as it takes: nothing of it is written
down, and birth dates stand nowhere but inside the sealed national numbers. Of a long list another process does that,
beside the writing down.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounton.customers.keys import everybody
from accounton.customers.models import Customer
from accounton.customers.numbers import context, take
from accounton.importing.bulk import learn
from accounton.importing.changing import batched, changeable
from accounton.importing.choosing import ReviewClosed
from accounton.importing.deciding import apply_remembered, own_rows
from accounton.importing.lengths import LONG
from accounton.importing.models import AGAIN, Batch, Decision, Proposal, Reason, StagedRow, Verdict
from accounton.importing.noting_here import note_back
from accounton.importing.pairs import OPEN
from accounton.importing.proposals import UNSETTLED, open_proposals, write_down
from accounton.importing.remembering import decided_before, person_key, remembered
from accounton.importing.sealed_rows import opened_values, row_context
from accounton.importing.twice import OnePerson, make_one
from accounton.offices.keys import sealer
from accounton.rows.lookalikes import Contexts, Found, Lookalikes, SealedCustomers, SealedRows
from accounton.rows.lookalikes_beside import LookalikesBeside, beside
from accounton.rows.looks import Looks
from accounton.rows.matching import IS_SPOUSE
from accounton.spreadsheets.child import ChildFailed
from accounton.spreadsheets.problems import UnusableFile

log = logging.getLogger(__name__)
CHUNK = 4000
FEW = 400
NUMBER = "national_number"
WHO = ("first_name", "last_name", "email", "street", "house_number", "postal_code")
"""What tells a customer without a number from others, as remembering.person_key has it."""
FOUND_BY = ("batch_id", "reason", "row", "other", "change_id", "decision_id")


class Looker:
    """Looks for near matches in one batch. Customers come before rows, as they stand when the look begins."""

    def __init__(self, batch: Batch, lookalikes: Lookalikes | LookalikesBeside) -> None:
        self._batch, self._lookalikes = batch, lookalikes
        self._seen = batch.revision
        self._broken = False

    def take_customers(self, some: Sequence[tuple[Any, ...]]) -> None:
        """Take customers of the office, as `everybody` gives them."""
        ids, _hashes, _spouses, _codes, emails, names, *address, numbers = zip(*some, strict=True)
        sealed = [bytes(number) if number else b"" for number in numbers]
        self._hand(self._lookalikes.add_customers, SealedCustomers._make((ids, names, emails, *address, sealed)))

    def take_everybody(self) -> None:
        """Take all customers of the office."""
        for some in everybody():
            self.take_customers(some)

    def take(self, rows: Looks) -> None:
        """Take rows of the list that are nobody who is here."""
        self._hand(self._lookalikes.add_looks, rows)

    def all_taken(self) -> None:
        """Compare the rows with one another: all of them came by."""
        self._hand(lambda _none: self._lookalikes.compare_rows(), None)

    def take_rows(self, rows: QuerySet[StagedRow]) -> None:
        """Take rows that were written down before."""
        taken = changeable(rows.filter(OPEN)).order_by("number")
        found = taken.values_list("number", "number_hash", "content__sealed").iterator(chunk_size=CHUNK)
        while some := list(islice(found, CHUNK)):
            numbers, hashes, sealed = zip(*some, strict=True)
            some_rows = SealedRows(numbers, [each is not None for each in hashes], list(map(bytes, sealed)))
            self._hand(self._lookalikes.add_rows, some_rows)

    def write_down(self) -> None:
        """Write down what was found; what was settled stays settled.

        What the office decided about the same people before is done again without asking.
        """
        rows = self._batch.rows
        gone: frozenset[int] = frozenset()
        self._batch.refresh_from_db(fields=["revision"])
        if self._batch.revision != self._seen:  # changed since they were taken
            self.take_rows(rows.filter(revision__gt=self._seen))
            gone = frozenset(rows.filter(~OPEN).values_list("number", flat=True))
        here = frozenset(rows.filter(match__isnull=False).values_list("match_id", flat=True))
        claims = list(_claims(self._batch))
        claimed = {(each.row, each.customer) for each in claims}
        found = [each for each in self._found(gone, here) if (each.row, each.customer) not in claimed]
        _write_down(self._batch, [*claims, *found, *_partners(self._batch)])

    def _hand(self, take: Callable[[Any], None], some: Any) -> None:
        if not self._broken:
            try:
                take(some)
            except (UnusableFile, ChildFailed) as error:
                self._note(error)

    def _found(self, gone: Collection[int], here: Collection[int]) -> Iterable[Found]:
        if not self._broken:
            try:
                return list(self._lookalikes.found(gone, here))
            except (UnusableFile, ChildFailed) as error:
                self._note(error)
        again = Looker(self._batch, _here(self._batch))
        again.take_everybody()
        again.take_rows(self._batch.rows)
        return again._lookalikes.found(gone, here)

    def _note(self, error: Exception) -> None:
        """Go on without the other process: the list is read all the same, and looked through here."""
        log.error("batch %s: looking beside broke off: %s %s", self._batch.pk, type(error).__name__, error)
        self._broken = True


@contextmanager
def looking(batch: Batch, *, long: bool) -> Iterator[Looker]:
    """Give who looks for near matches in a batch; of a `long` list in another process."""
    if not long:
        yield Looker(batch, _here(batch))
        return
    with beside(settings.ENCRYPTION_KEYS, _contexts(batch)) as lookalikes:
        yield Looker(batch, lookalikes)


def look(batch: Batch) -> None:
    """Look for near matches in a batch that was read before."""
    with looking(batch, long=batch.rows_read > LONG) as looker:
        looker.take_everybody()
        looker.take_rows(batch.rows)
        looker.write_down()


def _here(batch: Batch) -> Lookalikes:
    return Lookalikes(sealer(), _contexts(batch))


def _contexts(batch: Batch) -> Contexts:
    return Contexts(row_context(batch.office_id), context(batch.office_id, "national_number"))


def _partners(batch: Batch) -> Iterator[Found]:
    """Give the rows whose number is the partner's in somebody's joint return."""
    rows = changeable(batch.rows.filter(OPEN, problems__contains=IS_SPOUSE, number_hash__isnull=False))
    spouses = {bytes(own): row for row, own in rows.values_list("number", "number_hash") if own}
    hashes = sorted(spouses)
    for start in range(0, len(hashes), FEW):
        joint = Customer.objects.filter(spouse_national_number_hash__in=hashes[start : start + FEW])
        for customer_id, spouse in joint.values_list("id", "spouse_national_number_hash"):
            yield Found("partner", spouses[bytes(spouse or b"")], None, customer_id)


def _claims(batch: Batch) -> Iterator[Found]:
    """Give what matching asks, or asked, about rows that are nobody for certain."""
    asked = Proposal.objects.filter(batch=batch, reason=Reason.CLAIMED).order_by("id")
    return (Found("claimed", row, None, pk) for row, pk in asked.values_list("row", "customer_id"))


def _write_down(batch: Batch, found: list[Found]) -> None:
    decided = _Decided(batch, found)
    again: list[tuple[int, Decision]] = []
    twice: list[OnePerson] = []
    with transaction.atomic():
        ours = Proposal.objects.filter(batch=batch).exclude(reason__in=(Reason.COUPLE, Reason.LINKED))
        ours.filter(UNSETTLED).delete()
        settled = {_asked(*each) for each in ours.values_list("reason", "row", "other", "customer_id")}
        pairs = [(each, decided.about(each)) for each in found if _asked(*each) not in settled]
        # Whoever stands in this list themselves is nobody else's as well: that is asked once more.
        same = [decision for _, decision in pairs if decision and decision.verdict == Verdict.SAME]
        stand = own_rows(batch, same)
        asked = {decision.pk for decision in same if decision.customer_id in stand}
        lines = []
        for each, known in pairs:
            decision = known if known and known.pk not in asked else None
            if decision and decision.verdict != Verdict.NEW and each.other is not None:
                twice.append(decided.one_person(each, decision))
                decision = None  # open until it is done
            elif decision and decision.verdict != Verdict.NEW:
                again.append((each.row, decision))
            lines.append((*each, decision.pk if decision else None))
        write_down(batch, lines)
        claimed = (each.customer for each, known in pairs if each.reason == "claimed" and known)
        note_back(batch, {customer for customer in claimed if customer})
        _leave_apart(batch)
        if batch.rows_read > LONG:
            learn(Proposal, FOUND_BY)
        Batch.objects.filter(pk=batch.pk).update(near_at=timezone.now(), near_attempts=0)
    batch.refresh_from_db()
    try:
        apply_remembered(batch, again)
        make_one(batch, twice)
    except ReviewClosed:
        return  # being added by now: the rows in question are found again when somebody looks again


def _leave_apart(batch: Batch) -> None:
    """Settle the couples by number whom the office left as two before."""
    if not Decision.objects.filter(revoked_at=None, reason=Reason.COUPLE).exists():
        return
    pairs = {each: Found("couple", each.row, each.other) for each in open_proposals(batch, (Reason.COUPLE,))}
    decided = _Decided(batch, pairs.values())
    for each, pair in pairs.items():
        each.decision = decided.about(pair)
    Proposal.objects.bulk_update([each for each in pairs if each.decision], ["decision"], batch_size=FEW)


def _asked(reason: str, row: int, other: int | None, customer: int | None) -> tuple[str, int, int | None, int | None]:
    """Give what is asked: whether two rows are one person is so once, for whatever reason."""
    return ("again" if reason in AGAIN else reason), row, other, customer


class _Decided:
    """What the office decided before about the people in rows, and about customers who stood in rows then."""

    def __init__(self, batch: Batch, found: Iterable[Found]) -> None:
        self._office_id, self._known = batch.office_id, remembered()
        self._persons: dict[int | None, bytes] = {}
        self._customers: dict[int | None, bytes] = {}
        kinds = {(other is not None, customer) for _person, other, customer in self._known}
        is_again = any(decision.reason in AGAIN for decision in self._known.values())
        if is_again:
            self._take_customers({each.customer for each in found if each.customer})
        # Rows are opened only where somebody like them was decided about: of a long list they are thousands.
        some = [each for each in found if is_again or (each.other is not None, each.customer) in kinds]
        self._take_rows(batch, {number for each in some for number in (each.row, each.other) if number})

    def one_person(self, found: Found, decision: Decision) -> OnePerson:
        """Give which of two rows is kept where somebody decided before that they are one person."""
        other_goes = self._persons.get(found.other) == bytes(decision.person)
        kept, other = (found.row, found.other or 0) if other_goes else (found.other or 0, found.row)
        return OnePerson(kept, other, decision.verdict)

    def about(self, found: Found) -> Decision | None:
        """Give what was decided about the same people; None for nothing."""
        if not self._known:
            return None
        person, other = self._persons.get(found.row), self._persons.get(found.other)
        decision = decided_before(self._known, found.reason, person, other, found.customer)
        if decision is None and (customer := self._customers.get(found.customer)):
            of_two = decided_before(self._known, Reason.AGAIN_ADDRESS, person, customer)
            return of_two if of_two and of_two.verdict == Verdict.NEW else None
        return decision

    def _take_rows(self, batch: Batch, numbers: Collection[int]) -> None:
        for some in batched(sorted(numbers), FEW):
            for number, sealed in batch.rows.filter(number__in=some).values_list("number", "content__sealed"):
                self._persons[number] = person_key(opened_values(bytes(sealed), self._office_id), self._office_id)

    def _take_customers(self, ids: Collection[int]) -> None:
        for some in batched(sorted(ids), FEW):
            for each in Customer.objects.filter(pk__in=some):
                values = {key: getattr(each, key) for key in WHO} | {NUMBER: take(each, NUMBER)}
                self._customers[each.pk] = person_key(values, self._office_id)
