"""Pairs of rows that look like one person, kept true while rows change: found as when the list was read."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import permutations

from django.db.models import Q, QuerySet

from accounton.importing.models import AGAIN, Batch, Bucket, Change, ChangeKind, Proposal, Verdict, made_of_row
from accounton.importing.proposals import write_down
from accounton.importing.remembering import Values, decided_before, person_key, remembered
from accounton.importing.sealed_rows import opened_values
from accounton.rows.firms import is_firm
from accounton.rows.looks import Person, person_of
from accounton.rows.names import name_key, search_text
from accounton.rows.near import ALIKE, likeness
from accounton.rows.repeats import REPEATED
from accounton.rows.twice import Twice, twice

COMPARED = frozenset({"first_name", "last_name", "national_number", "street", "house_number", "postal_code"})
"""The columns by which two rows look like one person."""
OPEN = Q(bucket__in=(Bucket.ONLY_IN_IMPORT, Bucket.INVALID), match=None) & ~Q(problems__contains=REPEATED)
"""Rows that are nobody who is here, and stand once in the list."""
AT_ONCE = 400
FEW = 20
"""Of so many changed rows namesakes are looked for in the whole list; of more, once somebody has it looked through."""
MOST = 2000
LAST = "\uffff"
DECIDING = (ChangeKind.DECIDED, ChangeKind.COMBINED)


def is_open(match_id: int | None, problems: str) -> bool:
    """Say the same of one row: of the customer it is, if any, and its problem codes."""
    return match_id is None and REPEATED not in problems


def renew(batch: Batch, moved: Mapping[int, Values], change: Change | None) -> None:
    """Bring the pairs of changed rows (by sheet row, with what they say now) up to date. What was decided stays so.

    A change that tells two rows apart settles their pair: it is asked about again once that is undone.
    """
    known = [each for some in _batched(moved) for each in _known(batch, some)]
    namesakes = _namesakes(moved.values()) if len(moved) <= FEW else []
    if not known and not namesakes and len(moved) <= FEW:
        return
    numbers = {number for each in known for number in (each.row, each.other or 0)}
    if known or not namesakes:  # otherwise they come with their namesakes
        numbers |= moved.keys()
    values = dict(moved)
    found = {each for each in twice(list(_people(batch, numbers, namesakes, values))) if moved.keys() & each[1:]}
    undecided = [each for each in known if not _is_decided(each)]
    gone = {each.pk for each in undecided if _as_found(each) not in found}
    for some in _batched(gone):
        pairs = Proposal.objects.filter(pk__in=some)
        pairs.update(change=change) if change else pairs.delete()
    for some in _batched(each.pk for each in undecided if each.change_id and _as_found(each) in found):
        Proposal.objects.filter(pk__in=some).update(change=None)
    asked = {(each.row, each.other) for each in known if each.pk not in gone}
    _note(batch, sorted(each for each in found if each[1:] not in asked), values)


def _known(batch: Batch, numbers: Collection[int]) -> Iterable[Proposal]:
    pairs: QuerySet[Proposal] = Proposal.objects.filter(batch=batch, reason__in=AGAIN).select_related("change")
    return pairs.filter(Q(row__in=numbers) | Q(other__in=numbers))


def _is_decided(pair: Proposal) -> bool:
    by_somebody = pair.change is not None and pair.change.undone_at is None and pair.change.kind in DECIDING
    return pair.decision_id is not None or by_somebody


def _as_found(pair: Proposal) -> tuple[str, int, int | None]:
    return pair.reason, pair.row, pair.other


def _namesakes(people: Iterable[Values]) -> list[Q]:
    """Give the conditions for rows that begin with the same last name and letter; the index that sorts has them."""
    starts = {
        search_text(first, last)[: len(search_text("", last)) + 2]
        for each in people
        if each.get("national_number") or each.get("street")
        for first, last in permutations((each.get("first_name", ""), each.get("last_name", "")))
    }
    return [Q(search__gte=start, search__lt=f"{start}{LAST}") for start in sorted(starts) if start.strip()]


def _people(
    batch: Batch, numbers: Collection[int], namesakes: Iterable[Q], values: dict[int, Values]
) -> Iterator[Person]:
    """Give those of some rows, and of their namesakes, who may be asked about.

    `values` has what the changed rows say, and takes what the others do.
    """
    names = {name_key(each.get("first_name", ""), each.get("last_name", "")) for each in values.values()}
    columns = ("number", "name_key", "number_hash", "content__sealed")
    rows = batch.rows.filter(OPEN, ~made_of_row()).order_by().values_list(*columns)
    found = [rows.filter(number__in=some) for some in _batched(numbers)]
    # One by one: for any of several SQLite would pass over all rows of the batch.
    if spans := [rows.filter(span) for span in namesakes]:
        found.append(spans[0].union(*spans[1:], all=True)[:MOST])
    seen = set[int]()
    for some in found:
        for number, name, own, sealed in some:
            is_meant = number in values or number in numbers or any(likeness(name, each) >= ALIKE for each in names)
            if number in seen or not is_meant:
                continue
            seen.add(number)
            if number not in values:
                values[number] = opened_values(bytes(sealed), batch.office_id)
            said = values[number]
            if not is_firm(said.get("first_name", ""), said.get("last_name", "")):
                yield person_of(number, said, has_number=own is not None)


def _note(batch: Batch, new: Collection[Twice], values: Mapping[int, Values]) -> None:
    """Write new pairs down; who was said to be two people before is not asked about."""
    if not new:
        return
    known = remembered()
    lines = []
    for reason, row, other in new:
        persons = (person_key(values[number], batch.office_id) for number in (row, other)) if known else (None, None)
        decision = decided_before(known, reason, *persons)
        is_settled = decision is not None and decision.verdict == Verdict.NEW
        lines.append((reason, row, other, None, decision.pk if decision and is_settled else None))
    write_down(batch, lines)


def _batched(numbers: Iterable[int]) -> Iterator[list[int]]:
    in_order = sorted(numbers)
    return (in_order[start : start + AT_ONCE] for start in range(0, len(in_order), AT_ONCE))
