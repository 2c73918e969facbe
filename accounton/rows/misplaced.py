"""National numbers that stand where they do not belong: found in any other column, and moved where they do.

What is found shows the number masked. Only the suggestion to put it into its own column has it, as that column does.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence

from accounton.belgium import phones
from accounton.belgium.national_numbers import is_valid, masked
from accounton.belgium.numbers_in_text import (
    LENGTH,
    FoundNumber,
    found_in,
    is_as_written,
    masked_in,
    may_hold,
    without,
)
from accounton.rows.findings import Finding, Outcome

OWN, PARTNERS = "national_number", "spouse_national_number"
NUMBERS = frozenset({OWN, PARTNERS})
"""The columns in which national numbers belong."""
MISPLACED = "national_number.misplaced"
_MOST_LOST = 3
_LOST = {"client_code": 1, "mobile": 0, "enterprise_number": 0, "spouse_enterprise_number": 0, "deadline": 0}
"""How many zeros in front a number cell may have lost where other numbers are at home; _MOST_LOST elsewhere."""
_OF_PARTNER = "spouse_"
_PARTNERS_NAMES = ("spouse_first_name", "spouse_last_name")


def misplaced(key: str, text: str, today: datetime.date, *, is_number: bool = False) -> Outcome | None:
    """Give the problem of a cell that is or holds a national number in a column of something else; None of others.

    `is_number` says that Excel held it as a number, and dropped its zeros in front.
    """
    if key in NUMBERS:
        return None
    if is_number and len(text) < LENGTH:
        text = _padded(key, text, today)
    found = _found(key, text, today)
    if not found:
        return None
    shown = ", ".join(dict.fromkeys(masked(each.number) for each in found))
    return Outcome(text, (Finding("problem", key, MISPLACED, masked_in(text, today), detail=shown),))


def settled(values: Mapping[str, str], findings: Sequence[Finding], today: datetime.date) -> list[Finding]:
    """Give what was found in a row with, of each misplaced number, what moves it; nothing else says it in plain.

    It goes into the row's own empty cell, into the partner's where the row names a partner or it stands in a cell about
    the partner, and is only taken out where
    it stands in its place already. A person decides where another number stands there, where there are two, and where
    an address would become another.
    """
    wrong = [finding for finding in findings if finding.code == MISPLACED and finding.kind == "problem"]
    columns = {finding.column for finding in wrong}
    others = [
        _without_numbers(finding, today)
        for finding in findings
        # That no such postal code exists goes without saying.
        if finding.code != MISPLACED and not (finding.kind == "notice" and finding.column in columns)
    ]
    taken = {key: values.get(key, "") for key in (OWN, PARTNERS)}
    movable: list[tuple[Finding, str, str]] = []
    for problem in wrong:
        text = values.get(problem.column, "")
        numbers = {found.number for found in _found(problem.column, text, today)}
        rest = _rest(problem.column, text, today)
        if len(numbers) == 1 and rest is not None:
            movable.append((problem, numbers.pop(), rest))
    strangers = {number for _, number, _ in movable}.difference(taken.values())
    # Of two people who both have no place yet nothing says which of them is the customer.
    of_partner = {problem.column.startswith(_OF_PARTNER) for problem, number, _ in movable if number in strangers}
    place = _place(taken, values, of_partner=of_partner) if len(strangers) == 1 else ""
    suggested = [Finding("suggestion", place, MISPLACED, "", number) for number in strangers if place]
    for problem, number, rest in movable:
        if place or number not in strangers:
            suggested.append(Finding("suggestion", problem.column, MISPLACED, problem.before, rest))
    return [*others, *wrong, *suggested]


def is_about(findings: Iterable[Finding]) -> bool:
    """Say whether a misplaced number was found."""
    return any(finding.code == MISPLACED for finding in findings)


def columns_in_clear(
    values: Mapping[str, list[str]], findings: Mapping[int, Sequence[Finding]]
) -> dict[str, list[str]]:
    """Give columns of rows as they may be searched, sorted and compared by: nothing of a misplaced number is in them.

    `findings` are those of the rows by index. Columns without such a number are given as they are.
    """
    cleared: dict[str, list[str]] = {}
    for index, found in findings.items():
        for finding in found:
            key = finding.column
            if finding.code == MISPLACED and key in values and key not in NUMBERS:
                column = cleared.setdefault(key, list(values[key]))
                column[index] = finding.after if finding.kind == "suggestion" else finding.before
    return {**values, **cleared}


def misplaced_too(
    findings: Mapping[int, list[Finding]], found: Mapping[int, Sequence[Finding]]
) -> dict[int, list[Finding]]:
    """Give other findings of rows by index with those about misplaced numbers that were found in them."""
    return {
        index: [*said, *(each for each in found.get(index, ()) if each.code == MISPLACED)]
        for index, said in findings.items()
    }


def _padded(key: str, text: str, today: datetime.date) -> str:
    """Give a number cell with the zeros that a national number lost in it; others as they are."""
    lost = LENGTH - len(text)
    padded = text.zfill(LENGTH)
    return padded if lost <= _LOST.get(key, _MOST_LOST) and is_valid(padded, today) else text


def _found(key: str, text: str, today: datetime.date) -> list[FoundNumber]:
    found = found_in(text, today)
    if key.removeprefix("spouse_") != "mobile":
        return found
    # 32 478 12 34 56 is a mobile number that lacks its plus: one in a hundred of those would pass.
    return [each for each in found if not phones.likely_mobile(each.number) or is_as_written(text, each)]


def _rest(key: str, text: str, today: datetime.date) -> str | None:
    """Give a cell without its numbers; None where that would make another address of it."""
    for each in found_in(text, today):
        word = text[: each.start].rsplit(" ", maxsplit=1)[-1] + text[each.end :].split(" ", maxsplit=1)[0]
        if "@" in word:
            return None
    return without(text, today, joined_by="," if key == "labels" else " ")


def _place(taken: Mapping[str, str], values: Mapping[str, str], *, of_partner: set[bool]) -> str:
    """Give the empty column into which a number goes; "" where that cannot be told.

    `of_partner` says of the cells in which it stands whether they are about the partner: then it is the partner's.
    """
    if True in of_partner:
        return PARTNERS if False not in of_partner and not taken[PARTNERS] else ""
    if not taken[OWN]:
        return OWN
    has_partner = any(values.get(key) for key in _PARTNERS_NAMES)
    return PARTNERS if has_partner and not taken[PARTNERS] else ""


def _without_numbers(finding: Finding, today: datetime.date) -> Finding:
    """Mask what is said of a neighbouring cell, such as the town that does not fit its postal code."""
    if finding.column in NUMBERS or not (may_hold(finding.before) or may_hold(finding.detail)):
        return finding
    return finding._replace(before=masked_in(finding.before, today), detail=masked_in(finding.detail, today))
