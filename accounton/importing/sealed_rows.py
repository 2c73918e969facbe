"""Opening what a staged row holds sealed: all its values, and what was found in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from accounton.importing.models import RowBefore, StagedContent, StagedRow
from accounton.offices.keys import sealer
from accounton.rows.findings import Finding
from accounton.rows.matching import CODE_TAKEN, IS_SPOUSE, OWN_PARTNER

MATCH_COLUMN = {CODE_TAKEN: "client_code", IS_SPOUSE: "national_number", OWN_PARTNER: "spouse_national_number"}
"""The columns of what matching finds."""


@dataclass(frozen=True)
class OpenedRow:
    values: dict[str, str]
    findings: list[Finding] = field(default_factory=list)


def row_context(office_id: int) -> bytes:
    """Give the place that a staged row's sealed values are bound to."""
    return b"row:%d" % office_id


def opened(row: StagedRow | RowBefore) -> OpenedRow:
    """Give the values (texts by column key) and findings of a staged row."""
    content = orjson.loads(sealer().open(bytes(row.sealed), row_context(row.office_id)))
    return OpenedRow(content["values"], [Finding(*finding) for finding in content["findings"]])


def opened_values(sealed: bytes, office_id: int) -> dict[str, str]:
    """Give just the values (texts by column key) of what a staged row holds sealed."""
    values: dict[str, str] = orjson.loads(sealer().open(sealed, row_context(office_id)))["values"]
    return values


def with_matching(findings: Sequence[Finding], problems: str, values: Mapping[str, str]) -> list[Finding]:
    """Return what checking found in a row, and what matching added to it: that stands only in its problem codes."""
    if not any(code in problems for code in MATCH_COLUMN):  # so it is nearly always, and many rows are looked at
        return list(findings)
    codes = {finding.code for finding in findings}
    added = (code for code in problems.split(",") if code in MATCH_COLUMN and code not in codes)
    columns = ((code, MATCH_COLUMN[code]) for code in added)
    return [*findings, *(Finding("problem", column, code, values.get(column, "")) for code, column in columns)]


def add_findings(row: StagedRow, findings: list[Finding]) -> None:
    """Add findings to a staged row and save them."""
    content = opened(row)
    everything = {"values": content.values, "findings": [list(f) for f in (*content.findings, *findings)]}
    sealed = sealer().seal(orjson.dumps(everything), row_context(row.office_id))
    StagedContent.objects.filter(row=row).update(sealed=sealed)
