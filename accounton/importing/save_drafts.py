"""Writing changed drafts down as staging does it: compared with the other rows, matched, put beside their customers."""

from collections.abc import Iterable, Sequence, Set

from django.db.models import Q

from accounton.customers.keys import same_people
from accounton.importing.bulk import update
from accounton.importing.comparing import compare
from accounton.importing.drafts import IDENTIFYING, Draft, draft
from accounton.importing.models import Aside, Batch, Change, StagedContent, StagedRow, made_of_row
from accounton.importing.noting_here import note_moved
from accounton.importing.pairs import COMPARED, is_open, renew
from accounton.importing.proposals import renew_couples
from accounton.importing.recognised import FEW, Recognised, block_of, checked_again
from accounton.rows.checking import repeats_among
from accounton.rows.intake import StagedRow as Checked
from accounton.rows.matching import CODE_TAKEN, IS_SPOUSE, OWN_PARTNER, Match
from accounton.rows.repeats import ABOUT_OTHER_ROWS

AT_ONCE = 400
WRITTEN = (
    *("bucket", "search", "email", "name_key", "client_code", "language", "is_joint", "traits", "problems"),
    *("repaired", "number_hash", "spouse_hash", "match_id", "matched_by", "merged_into", "questionnaire", "revision"),
)


def write(batch: Batch, drafts: Sequence[Draft], keys: Set[str], change: Change | None = None) -> None:
    """Write changed drafts down, and every other row of the batch that their change says something new about.

    `keys` are the columns that may have changed, by `change` where it is one that can be undone. The caller stands
    inside a transaction and has claimed the batch's revision.
    """
    identity = bool(keys & IDENTIFYING)
    recognised = Recognised(batch, _compared(batch, drafts)) if identity else None
    if recognised:
        drafts, checked, matches = recognised.drafts, recognised.checked, recognised.matches
    else:
        checked, matches = checked_again(batch, drafts), [_as_before(each) for each in drafts]
    update(StagedRow, WRITTEN, map(_written, [batch.revision] * len(drafts), drafts, checked, matches))
    update(StagedContent, ("sealed",), [(row.sealed, each.row.pk) for each, row in zip(drafts, checked, strict=True)])
    let_go = recognised.settle(change) if recognised else set()
    known = [each.row.pk for each, match in zip(drafts, matches, strict=True) if match.customer_id or each.row.match_id]
    for start in range(0, len(known), AT_ONCE):
        compare(batch, batch.rows.filter(pk__in=known[start : start + AT_ONCE]))
    before = {each.row.match_id for each in drafts if each.row.match_id}
    after = {match.customer_id for match in matches if match.customer_id} - let_go
    if before != after or let_go:
        note_moved(batch, gone=after - before, back=(before - after) | let_go)
    moved = [
        each
        for each, row, match in zip(drafts, checked, matches, strict=True)
        if keys & COMPARED or is_open(each.row.match_id, each.row.problems) != is_open(match.customer_id, row.problems)
    ]
    if moved:
        renew(batch, {each.row.number: each.values for each in moved if not each.aside}, change)


def _compared(batch: Batch, drafts: Sequence[Draft]) -> list[Draft]:
    """Find again what rows say about one another; gives the drafts and all other rows about which that changed."""
    changed = {each.row.pk: each for each in drafts}
    near = _with_shared_keys(batch, drafts, checked_again(batch, drafts))
    concerned = {**near, **changed}
    around = concerned
    if len(drafts) <= FEW and len(concerned) > len(changed):
        others = list(near.values())
        around = {**_with_shared_keys(batch, others, checked_again(batch, others)), **concerned}
    in_order = sorted((each for each in around.values() if not each.aside), key=lambda each: each.row.number)
    found = repeats_among(block_of(in_order))
    touched = list(drafts)
    for index, each in enumerate(in_order):
        if each.row.pk not in concerned:
            continue
        alone = [finding for finding in each.findings if finding.code not in ABOUT_OTHER_ROWS]
        findings = alone + found.get(index, [])
        if each.row.pk not in changed and sorted(findings) != sorted(each.findings):
            touched.append(each)
        each.findings = findings
    if any(each.row.spouse_hash or each.values.get("spouse_national_number") for each in concerned.values()):
        renew_couples(batch, {each.row.number: each.findings for each in touched if not each.aside})
    return touched


def _with_shared_keys(batch: Batch, drafts: Sequence[Draft], checked: Sequence[Checked]) -> dict[int, Draft]:
    # Who was added is a customer by now, and compared as such.
    rows = batch.rows.filter(~made_of_row()).exclude(bucket__in=Aside.values)
    rows = rows.select_related("content").order_by("number")
    if len(drafts) > FEW:
        return {row.pk: draft(row) for row in rows.iterator(chunk_size=2000)}
    was_and_is: list[StagedRow | Checked] = [*(each.row for each in drafts), *checked]
    numbers = _filled(number for row in was_and_is for number in (row.number_hash, row.spouse_hash))
    codes = Q(client_code__in=_filled(row.client_code for row in was_and_is))
    rows = rows.filter(Q(number_hash__in=numbers) | Q(spouse_hash__in=numbers) | codes | same_people(was_and_is))
    wanted: set[object] = set().union(*map(_keys, was_and_is))
    return {row.pk: draft(row) for row in rows if not wanted.isdisjoint(_keys(row))}


def _keys(row: StagedRow | Checked) -> set[object]:
    """Give by what a row and another may be the same. A name alone is nothing: a hundred people may have it."""
    keys: set[object] = {bytes(number) for number in (row.number_hash, row.spouse_hash) if number}
    if row.client_code:
        keys.add(row.client_code)
    if row.email and row.name_key:
        keys.add((row.email.lower(), row.name_key))
    return keys


def _filled(keys: Iterable[object]) -> list[object]:
    return list({bytes(key) if isinstance(key, memoryview) else key for key in keys if key})


def _as_before(each: Draft) -> Match:
    """Match again without asking anybody: the keys are what they were, but the row may have become valid."""
    row = each.row
    said = [code for code in row.problems.split(",") if code in (IS_SPOUSE, CODE_TAKEN, OWN_PARTNER)]
    by_matching = next((code for code in said if code not in {finding.code for finding in each.findings}), "")
    valid = not by_matching and all(finding.kind != "problem" for finding in each.findings)
    bucket = "invalid" if not valid else "double" if row.match_id else "only_in_import"
    return Match(bucket, row.match_id, row.matched_by, by_matching)  # type: ignore[arg-type]


def _written(revision: int, each: Draft, row: Checked, match: Match) -> tuple[object, ...]:
    problems = ",".join(filter(None, [row.problems, match.problem]))
    return (
        *(
            each.aside or match.bucket,
            row.search,
            row.email,
            row.name_key,
            row.client_code,
            row.language,
            row.is_joint,
            row.traits,
            problems,
        ),
        *(row.repaired, row.number_hash, row.spouse_hash, match.customer_id, match.matched_by),
        *(each.merged_into, each.questionnaire, revision, each.row.pk),
    )
