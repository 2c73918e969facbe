"""Drafts: staged rows opened to be changed and checked again. `save_drafts` writes them down as staging does it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from accounton.importing.check_settings import rules_of
from accounton.importing.models import Aside, Batch, StagedRow
from accounton.importing.sealed_rows import opened
from accounton.rows.adminpulse_people import WHY_LEFT_OUT
from accounton.rows.checking import TOGETHER, partner_cell, recheck
from accounton.rows.columns import BY_KEY, KEYS
from accounton.rows.couples import SPOUSE
from accounton.rows.findings import Finding
from accounton.rows.matching import DECISION
from accounton.rows.misplaced import is_about, settled
from accounton.rows.repeats import ABOUT_OTHER_ROWS
from accounton.spreadsheets.reading import Cell

IDENTIFYING = frozenset(
    {"first_name", "last_name", "email", "national_number", "client_code", "spouse_national_number"}
)
"""The columns by which rows and customers are recognised."""
QUESTIONNAIRE = "questionnaire"
"""A key beside those of the columns: which questionnaire somebody chose for the row."""


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
