"""Rows to check: a tidy one, and the same with some cells changed."""

from datetime import date
from typing import Any

from accounton.rows.checking import CheckedBlock, Checker, check_one
from accounton.rows.columns import KEYS
from accounton.rows.findings import Finding
from accounton.rows.rules import Rules

RULES = Rules(today=date(2026, 11, 24))
TIDY = {
    "type": "person",
    "first_name": "Jan",
    "last_name": "Peeters",
    "email": "jan.peeters@voorbeeld.be",
    "mobile": "+32478123456",
    "national_number": "85073003328",
    "street": "Kerkstraat",
    "house_number": "12A",
    "box": "2.1",
    "postal_code": "9300",
    "city": "Aalst",
    "country": "BE",
    "labels": "Kantoor Gent,Zelfstandig",
    "spouse_national_number": "93051822361",
    "language": "dutch",
    "client_code": "K0001",
    "enterprise_number": "0403019261",
    "spouse_enterprise_number": "0428759497",
    "deadline": "2026-10-16",
    "responsible": "els@kantoor.be",
}


def person(**cells: Any) -> dict[str, Any]:
    """Give the tidy row with some cells changed."""
    return TIDY | cells


def checked(rules: Rules = RULES, **cells: Any) -> CheckedBlock:
    """Check the tidy row with some cells changed."""
    return check_one(person(**cells), rules, number=5)


def value(key: str, cell: Any, rules: Rules = RULES) -> str:
    """Give what a cell comes to."""
    return checked(rules, **{key: cell}).values[key][0]


def found(key: str, cell: Any, rules: Rules = RULES) -> list[Finding]:
    """Give what is found in a cell."""
    return [finding for finding in checked(rules, **{key: cell}).findings.get(0, []) if finding.column == key]


def codes(block: CheckedBlock, index: int = 0, kind: str = "problem") -> list[str]:
    """Give the codes of one kind that a row has."""
    return [finding.code for finding in block.findings.get(index, []) if finding.kind == kind]


def check_rows(*rows: dict[str, Any], rules: Rules = RULES, size: int = 0) -> tuple[Checker, list[CheckedBlock]]:
    """Check rows of one file, from sheet row 2 on, in blocks of `size` (all in one by default)."""
    checker = Checker(rules)
    size = size or len(rows)
    blocks = []
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        numbers = range(start + 2, start + 2 + len(part))
        blocks.append(checker.check(numbers, {key: [row.get(key, "") for row in part] for key in KEYS}))
    return checker, blocks
