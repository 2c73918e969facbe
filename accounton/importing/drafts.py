"""Drafts: staged rows opened to be changed, checked again, compared, matched, and written down as staging does it."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from django.db.models import Q

from accounton.customers.keys import existing_keys, same_people, sharing
from accounton.importing.bulk import update
from accounton.importing.comparing import compare
from accounton.importing.models import Aside, Batch, Change, StagedContent, StagedRow, made_of_row
from accounton.importing.noting_here import note_moved
from accounton.importing.pairs import COMPARED, is_open, renew
from accounton.importing.proposals import renew_couples
from accounton.importing.sealed_rows import opened
from accounton.importing.staging import rules_of
from accounton.offices.keys import sealer
from accounton.rows.adminpulse_people import WHY_LEFT_OUT
from accounton.rows.checking import TOGETHER, CheckedBlock, partner_cell, recheck, repeats_among
from accounton.rows.columns import BY_KEY, KEYS
from accounton.rows.couples import SPOUSE
from accounton.rows.findings import Finding
from accounton.rows.intake import StagedRow as Checked
from accounton.rows.intake import staged_again
from accounton.rows.matching import CODE_TAKEN, DECISION, IS_SPOUSE, Match, RowKeys
from accounton.rows.misplaced import is_about, settled
from accounton.rows.repeats import ABOUT_OTHER_ROWS
from accounton.spreadsheets.reading import Cell

IDENTIFYING = frozenset(
    {"first_name", "last_name", "email", "national_number", "client_code", "spouse_national_number"}
)
"""The columns by which rows and customers are recognised."""
FEW = 5000
"""Up to so many rows only those are looked at that share a key with them; beyond it, all."""
AT_ONCE = 400
NOBODY = RowKeys(False, None, None, "", "", "")
QUESTIONNAIRE = "questionnaire"
"""A key beside those of the columns: which questionnaire somebody chose for the row."""
WRITTEN = (
    *("bucket", "search", "email", "name_key", "client_code", "language", "is_joint", "traits", "problems"),
    *("repaired", "number_hash", "spouse_hash", "match_id", "matched_by", "merged_into", "questionnaire", "revision"),
)


@dataclass
class Draft:
    """A staged row with its values (texts by column key) and findings, to be changed.

    `aside` is where it stands instead of in a bucket, `merged_into` then the main declarant's row; `decided` is the
    customer whom somebody said it is; `questionnaire` the one that somebody chose for this row.
    """

    row: StagedRow
    values: dict[str, str]
    findings: list[Finding]
    aside: str = ""
    merged_into: int | None = None
    decided: int | None = None
    questionnaire: str = ""

    def text(self, key: str) -> str:
        """Give what stands in a column, or the questionnaire chosen for the row."""
        return self.questionnaire if key == QUESTIONNAIRE else self.values.get(key, "")

    @property
    def is_nobody(self) -> bool:
        """Whether it was left out while it was read: it is nobody, and nobody finds it by its numbers."""
        return self.aside == Aside.LEFT_OUT and any(finding.code in WHY_LEFT_OUT for finding in self.findings)


def draft(row: StagedRow) -> Draft:
    """Open a staged row."""
    content = opened(row)
    aside = row.bucket if row.bucket in Aside.values else ""
    return Draft(
        row, dict(content.values), list(content.findings), aside, row.merged_into, decided_of(row), row.questionnaire
    )


def decided_of(row: StagedRow) -> int | None:
    """Give the customer whom somebody said a row is, None where nobody did."""
    return row.match_id if row.matched_by == DECISION else None


def put_aside(each: Draft, aside: str, merged_into: int | None = None) -> None:
    """Take a draft out of its bucket; what other rows say of it no longer counts."""
    each.aside, each.merged_into = aside, merged_into
    each.findings = [finding for finding in each.findings if finding.code not in ABOUT_OTHER_ROWS]


def put(batch: Batch, drafts: Sequence[Draft], cells: Callable[[Draft], Mapping[str, Cell]]) -> set[str]:
    """Put new cells (by column key) into drafts and check these columns again. Gives the columns given or changed.

    What was found in other columns stays, so that a repair is still shown after another cell was changed.
    """
    given, before = [cells(each) for each in drafts], [dict(each.values) for each in drafts]
    keys = _with_company({key for row in given for key in row if key in BY_KEY})
    numbers = [each.row.number for each in drafts]
    pairs = list(zip(drafts, given, strict=True))
    columns = {key: [row.get(key, each.values.get(key, "")) for each, row in pairs] for key in KEYS if key in keys}
    rules = rules_of(batch.office, with_staff="responsible" in keys)
    block = recheck(numbers, columns, rules)
    for index, (each, row) in enumerate(pairs):
        # What another row gets says nothing about this one: a missing address that was let by here stays so.
        mine = _with_company(keys & row.keys())
        each.questionnaire = str(row.get(QUESTIONNAIRE, each.questionnaire))
        partner = {key: partner_cell(key, str(row[key]), rules) for key in SPOUSE if key in row}
        each.values.update({key: outcome.value for key, outcome in partner.items()})
        each.values.update({key: block.values[key][index] for key in mine})
        found = [finding for finding in block.findings.get(index, []) if finding.column in mine]
        found += [finding for outcome in partner.values() for finding in outcome.findings]
        each.findings = _merged(each.findings, found, mine | partner.keys(), set(row))
        if is_about(each.findings):
            each.findings = settled(each.values, each.findings, rules.today)
        number = before[index].get("national_number")
        if number and each.values.get("national_number") != number:
            each.decided = None  # that was said of somebody else
    sides = list(zip(drafts, before, strict=True))
    changed = {key for key in keys if any(each.values.get(key) != was.get(key) for each, was in sides)}
    return changed.union(*(row.keys() & keys for row in given))


def _with_company(keys: set[str]) -> set[str]:
    """Give columns with those that they are checked together with."""
    return keys.union(*(group for group in TOGETHER if keys & group))


def _merged(old: list[Finding], new: list[Finding], keys: set[str], given: set[str]) -> list[Finding]:
    """Put what was found again in `keys` beside what stands in other columns; a repair stays where it still holds."""
    kept = [
        finding
        for finding in old
        if finding.column not in keys or (finding.kind == "repair" and finding.column not in given)
    ]
    return kept + new


def write(batch: Batch, drafts: Sequence[Draft], keys: Set[str], change: Change | None = None) -> None:
    """Write changed drafts down, and every other row of the batch that their change says something new about.

    `keys` are the columns that may have changed, by `change` where it is one that can be undone. The caller stands
    inside a transaction and has claimed the batch's revision.
    """
    identity = bool(keys & IDENTIFYING)
    before = {each.row.match_id for each in drafts if each.row.match_id}
    if identity:
        drafts = _compared(batch, drafts)
        before |= {each.row.match_id for each in drafts if each.row.match_id}
    checked = _checked(batch, drafts)
    matches = _matches(drafts, checked) if identity else [_as_before(each) for each in drafts]
    update(StagedRow, WRITTEN, map(_written, [batch.revision] * len(drafts), drafts, checked, matches))
    update(StagedContent, ("sealed",), [(row.sealed, each.row.pk) for each, row in zip(drafts, checked, strict=True)])
    known = [each.row.pk for each, match in zip(drafts, matches, strict=True) if match.customer_id or each.row.match_id]
    for start in range(0, len(known), AT_ONCE):
        compare(batch, batch.rows.filter(pk__in=known[start : start + AT_ONCE]))
    after = {match.customer_id for match in matches if match.customer_id}
    if before != after:
        note_moved(batch, gone=after - before, back=before - after)
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
    near = _with_shared_keys(batch, drafts, _checked(batch, drafts))
    concerned = {**near, **changed}
    around = concerned
    if len(drafts) <= FEW and len(concerned) > len(changed):
        others = list(near.values())
        around = {**_with_shared_keys(batch, others, _checked(batch, others)), **concerned}
    in_order = sorted((each for each in around.values() if not each.aside), key=lambda each: each.row.number)
    found = repeats_among(_block(in_order))
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


def _block(drafts: Sequence[Draft]) -> CheckedBlock:
    values = {key: [each.values.get(key, column.empty) for each in drafts] for key, column in BY_KEY.items()}
    for key in SPOUSE:
        if any(each.values.get(key) for each in drafts):
            values[key] = [each.values.get(key, "") for each in drafts]
    findings = {index: each.findings for index, each in enumerate(drafts) if each.findings}
    return CheckedBlock([each.row.number for each in drafts], values, findings)


def _checked(batch: Batch, drafts: Sequence[Draft]) -> list[Checked]:
    rows = staged_again(_block(drafts), sealer(), batch.office_id)
    return [
        row._replace(number_hash=None, spouse_hash=None) if each.is_nobody else row
        for each, row in zip(drafts, rows, strict=True)
    ]


def _matches(drafts: Sequence[Draft], checked: Sequence[Checked]) -> list[Match]:
    keys = [
        RowKeys(not row.problems, row.number_hash, row.spouse_hash, row.client_code, row.email, row.name_key)
        if not each.is_nobody
        else NOBODY
        for each, row in zip(drafts, checked, strict=True)
    ]
    known = existing_keys(*([sharing(keys)] if len(keys) <= FEW else []))
    return [_as_decided(each, key, known.match(key)) for each, key in zip(drafts, keys, strict=True)]


def _as_decided(each: Draft, keys: RowKeys, match: Match) -> Match:
    """Hold to what somebody said about a row, as long as nothing certain says otherwise."""
    if each.decided is None or match.customer_id is not None:
        return match
    return Match("double" if keys.valid else "invalid", each.decided, DECISION)


def _as_before(each: Draft) -> Match:
    """Match again without asking anybody: the keys are what they were, but the row may have become valid."""
    row = each.row
    said = [code for code in row.problems.split(",") if code in (IS_SPOUSE, CODE_TAKEN)]
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
