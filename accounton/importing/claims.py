"""Rows of one list that claim the same customer: at most one person keeps them, the others are asked about or new."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from django.db.models import Case, Count, F, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Concat

from accounton.customers.models import Customer
from accounton.customers.numbers import COLUMNS as NUMBERS
from accounton.importing.models import Batch, Bucket, Change, Difference, Proposal, Reason, StagedRow
from accounton.importing.noting_here import note_back
from accounton.importing.proposals import write_down
from accounton.rows.claims import Claim, lost
from accounton.rows.matching import CODE, CODE_TAKEN, DECISION, NUMBER, Match
from accounton.rows.repeats import REPEATED

# Some databases take no more than 999 values in one statement.
AT_ONCE = 400
CLAIMING = (Bucket.DOUBLE, Bucket.INVALID)
Pair = tuple[int, int | None]
"""A sheet row and a customer."""


class Claims(NamedTuple):
    """Who claims whom while a list is read: sheet rows with several candidates, and who is claimed by a weak key."""

    candidates: dict[int, tuple[int, ...]]
    weakly: set[int]

    def note(self, number: int, match: Match) -> None:
        """Take what matching says of a row, unless its national number says who it is."""
        if match.candidates:
            self.candidates[number] = match.candidates
        elif match.customer_id is not None:
            self.weakly.add(match.customer_id)


def settle_claims(batch: Batch, claims: Claims) -> list[int]:
    """Match a list that was just read one to one. Return the sheet rows that are nobody now, though alone they were."""
    ask(batch, ((row, customer) for row, found in sorted(claims.candidates.items()) for customer in found))
    # Of very many, those who are claimed twice are looked for in the whole list at once.
    weakly = claims.weakly if len(claims.weakly) <= AT_ONCE else None
    return sorted({row for row, _customer in contest(batch, weakly)}) if claims.weakly else []


def ask(batch: Batch, pairs: Iterable[tuple[int, int]]) -> None:
    """Ask whether sheet rows are customers."""
    if found := [(Reason.CLAIMED, row, None, customer, None) for row, customer in pairs]:
        write_down(batch, found)
        batch.has_claims = True


def claims_about(batch: Batch, rows: Collection[int], customers: Collection[int]) -> list[Proposal]:
    """Return what is or was asked about sheet rows or customers, with what settled it."""
    if batch.has_claims is not None and not batch.has_claims:  # as in nearly every list: an edit is spared a question
        return []
    asked = Proposal.objects.filter(batch=batch, reason=Reason.CLAIMED).select_related("change").order_by("id")
    if len(rows) + len(customers) <= AT_ONCE:
        return list(asked.filter(Q(row__in=list(rows)) | Q(customer__in=list(customers))))
    return [each for each in asked if each.row in rows or each.customer_id in customers]


def asked_about(batch: Batch) -> set[Pair]:
    """Return the sheet rows and customers about whom it is or was asked whether they are the same."""
    return set(Proposal.objects.filter(batch=batch, reason=Reason.CLAIMED).values_list("row", "customer_id"))


def is_settled(claim: Proposal) -> bool:
    """Whether it was decided who a row is."""
    return claim.decision_id is not None or (claim.change is not None and claim.change.undone_at is None)


def refusals(claims: Iterable[Proposal]) -> set[Pair]:
    """Return the sheet rows and customers about whom somebody decided: a weak key makes them one no more."""
    return {(each.row, each.customer_id) for each in claims if is_settled(each)}


def without(refused: Collection[Pair], row: int, match: Match) -> Match:
    """Return what a row is where somebody decided who it is not. A national number says more than that.

    Who is not the owner of a client code keeps out with it: two customers never have the same.
    """
    if not refused or match.matched_by == NUMBER:
        return match
    if (row, match.customer_id) in refused and match.matched_by == CODE:
        match = Match("invalid", None, "", CODE_TAKEN, "client_code", match.candidates)
    elif (row, match.customer_id) in refused:
        bucket = "only_in_import" if match.bucket == "double" else match.bucket
        match = match._replace(bucket=bucket, customer_id=None, matched_by="")
    return match._replace(candidates=tuple(each for each in match.candidates if (row, each) not in refused))


def contest(batch: Batch, customers: Collection[int] | None = None, change: Change | None = None) -> set[Pair]:
    """Let at most one person of a list be each of some customers (or all), and ask about the others.

    Whoever is another person for certain is new, by `change` where it is one that can be undone. Return the sheet rows
    that are nobody now, with whom they claimed.
    """
    gone: set[Pair] = set()
    for some in _chunks(contested(batch, customers)):
        gone |= _contest(batch, some, change)
    return gone


def contested(batch: Batch, customers: Collection[int] | None = None) -> list[int]:
    """Return those of some customers (or all) whom several rows of a list claim, or about whom it was asked."""
    rows = batch.rows.filter(bucket__in=CLAIMING, match__isnull=False)
    asked = Proposal.objects.filter(batch=batch, reason=Reason.CLAIMED).order_by()
    found: set[int] = set()
    for some in [None] if customers is None else _chunks(customers):
        several = _several(rows if some is None else rows.filter(match__in=some))
        about = asked if some is None else asked.filter(customer__in=some)
        found.update(pk for (pk,) in several.union(about.values_list("customer")))
    return sorted(found)


def claimed_twice(batch: Batch) -> list[int]:
    """Return the customers whom several rows of a list are recognised as by weak keys, though they are two people."""
    rows = batch.rows.filter(bucket__in=CLAIMING, match__isnull=False)
    weak = rows.exclude(number_hash=F("match__national_number_hash")).exclude(matched_by=DECISION)
    return [pk for (pk,) in _several(weak.exclude(problems__contains=REPEATED))]


def _several(rows: QuerySet[StagedRow]) -> QuerySet[StagedRow, tuple[int]]:
    """Give whom several of some rows are recognised as."""
    return rows.order_by().values("match").annotate(Count("pk")).filter(pk__count__gt=1).values_list("match")


def _contest(batch: Batch, customers: list[int], change: Change | None) -> set[Pair]:
    claims = _claims(batch, customers, claims_about(batch, (), customers))
    asked: set[Pair] = set()
    others: set[Pair] = set()
    hashes = Customer.objects.filter(pk__in=customers).values_list("pk", *(f"{each}_hash" for each in NUMBERS))
    for pk, own, spouse in hashes:
        for row, is_asked in lost(claims.get(pk, ()), _bytes(own), _bytes(spouse)):
            (asked if is_asked else others).add((row, pk))
    _let_go(batch, {row for row, _customer in asked | others})
    _note(batch, asked, others, change)
    return asked | others


def _claims(batch: Batch, customers: Collection[int], about: Collection[Proposal]) -> dict[int, list[Claim]]:
    """Return by customer who claims them: rows that are recognised as them, and those about whom it is or was asked."""
    found: dict[int, list[Claim]] = {}
    rows = batch.rows.filter(match__in=customers, bucket__in=CLAIMING)
    columns = ("number", "matched_by", "number_hash", "problems")
    for customer, number, matched_by, own, problems in rows.values_list("match", *columns):
        found.setdefault(customer, []).append(Claim(number, matched_by, _bytes(own), REPEATED in problems))
    mine = {(claim.row, customer) for customer, claims in found.items() for claim in claims}
    others = [each for each in about if (each.row, each.customer_id) not in mine]
    hashes: dict[int, bytes | None] = {}
    for some in _chunks({each.row for each in others}):
        rows = batch.rows.filter(number__in=some, match=None, bucket__in=Bucket.values)
        hashes |= {number: _bytes(own) for number, own in rows.values_list("number", "number_hash")}
    for each in others:
        if each.customer_id is not None and each.row in hashes:
            is_refused = is_settled(each)
            claim = Claim(each.row, "", hashes[each.row], is_refused=is_refused, is_waiting=not is_refused)
            found.setdefault(each.customer_id, []).append(claim)
    return found


def _let_go(batch: Batch, numbers: Collection[int]) -> None:
    for some in _chunks(numbers):
        rows = batch.rows.filter(number__in=some)
        Difference.objects.filter(row__in=rows).delete()
        _keep_out(rows.filter(matched_by=CODE))
        bucket = Case(When(bucket=Bucket.DOUBLE, then=Value(Bucket.ONLY_IN_IMPORT.value)), default=F("bucket"))
        rows.update(match=None, matched_by="", bucket=bucket, revision=batch.revision)


def _keep_out(rows: QuerySet[StagedRow]) -> None:
    """Say of rows that their client code is somebody else's, as matching says it."""
    rows.filter(problems="").update(problems=CODE_TAKEN)
    others = rows.exclude(problems__contains=CODE_TAKEN)
    others.update(problems=Concat("problems", Value(f",{CODE_TAKEN}"), output_field=TextField()))
    rows.update(bucket=Bucket.INVALID)


def _note(batch: Batch, asked: Collection[Pair], others: Collection[Pair], change: Change | None) -> None:
    """Write down who is asked about, and who is another person for certain: that is asked again once it is undone."""
    pairs = {*asked, *others}
    if not pairs:
        return
    known = claims_about(batch, {row for row, _customer in pairs}, ())
    there = {(each.row, each.customer_id): each for each in known}
    ask(batch, sorted((row, pk) for row, pk in asked if pk is not None and (row, pk) not in there))
    done = [each.pk for pair, each in there.items() if pair in others]
    for some in _chunks(done):
        proposals = Proposal.objects.filter(pk__in=some)
        proposals.update(change=change) if change else proposals.delete()
    if change:
        batch.has_claims = True
        Proposal.objects.bulk_create(
            Proposal(batch=batch, reason=Reason.CLAIMED, row=row, customer_id=pk, change=change)
            for row, pk in sorted(others - there.keys())
        )


def renew_claims(batch: Batch, claims: Iterable[Proposal], rows: Mapping[int, Match], gone: Collection[Pair]) -> None:
    """Bring what is asked up to what rows (by sheet row) are recognised as now; what was decided stays so.

    `claims` is what was asked about them before, `gone` whom contest() let go of.
    """
    wanted = {(number, pk) for number, match in rows.items() for pk in match.candidates}
    asked = [(each.pk, (each.row, each.customer_id)) for each in claims if each.row in rows and not is_settled(each)]
    for some in _chunks([pk for pk, pair in asked if pair not in wanted and pair not in gone]):
        Proposal.objects.filter(pk__in=some).delete()
    there = {(each.row, each.customer_id) for each in claims}
    ask(batch, sorted(pair for pair in wanted if pair not in there))


def note_decided(batch: Batch, change: Change) -> None:
    """Bring the list of customers only here up to what a change, or its undoing, decided about who they are."""
    about = Proposal.objects.filter(batch=batch, reason=Reason.CLAIMED, change=change, customer__isnull=False)
    note_back(batch, set(about.values_list("customer_id", flat=True)))


def _bytes(value: bytes | memoryview | None) -> bytes | None:
    return bytes(value) if value else None


def _chunks(numbers: Collection[int]) -> Iterator[list[int]]:
    in_order = sorted(numbers)
    return (in_order[start : start + AT_ONCE] for start in range(0, len(in_order), AT_ONCE))
