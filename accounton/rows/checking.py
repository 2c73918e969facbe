"""Checking: rows in, values and findings out; a column at a time, in blocks, with a memory for what comes back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from operator import eq, not_
from typing import cast

from accounton.rows.columns import COLUMNS, EXAMPLE_EMAIL, KEYS, Column
from accounton.rows.findings import Finding, Outcome, problem
from accounton.rows.misplaced import is_about, settled
from accounton.rows.parsing import parse
from accounton.rows.places import place_findings
from accounton.rows.repeats import ABOUT_OTHER_ROWS, Repeats
from accounton.rows.rules import Rules
from accounton.spreadsheets.reading import Cell

__all__ = ["CheckedBlock", "Checker", "Rules", "check_one", "partner_cell", "recheck", "repeats_among"]

_REMEMBERED = 20_000
TOGETHER = (
    frozenset({"national_number", "spouse_national_number"}),
    frozenset({"postal_code", "city", "country"}),
)
"""Columns that say something of each other."""


@dataclass(slots=True)
class CheckedBlock:
    """Some checked rows. `values[key][i]` and `findings[i]` belong to sheet row `numbers[i]`.

    `findings` has only rows with something to say. `empty` counts the rows that were left out because nothing stood
    in them, the template's example among them.
    """

    numbers: list[int]
    values: dict[str, list[str]]
    findings: dict[int, list[Finding]] = field(default_factory=dict)
    empty: int = 0

    def problems(self, index: int) -> list[str]:
        """Give the codes of what makes a row invalid, each once; none where it is valid."""
        found = self.findings.get(index, ())
        return list(dict.fromkeys(finding.code for finding in found if finding.kind == "problem"))


class Checker:
    """Checks the blocks of one file, in order: it remembers values, and which customers stood higher up."""

    def __init__(self, rules: Rules, keys: Iterable[str] = KEYS) -> None:
        """Take the rules of the office and the column keys that the file has."""
        present = set(keys)
        self._readings = {column.key: _Reading(column, rules) for column in COLUMNS if column.key in present}
        self._repeats = Repeats()
        self._places = _Places()
        self._today = rules.today

    @property
    def late(self) -> list[tuple[int, Finding]]:
        """What was found about a row only after its block had gone: its sheet row and the finding. Notices only."""
        return self._repeats.late

    @property
    def couples(self) -> list[tuple[int, int]]:
        """Couples on two rows so far: the sheet row that names the partner's number, and the partner's own row."""
        return self._repeats.couples

    def check(self, numbers: Sequence[int], columns: Mapping[str, Sequence[Cell]]) -> CheckedBlock:
        """Check rows given as columns of raw cells by key, each as long as `numbers`, the sheet rows."""
        block = self.read(numbers, columns)
        _leave_out_empty(block)
        self._check_couples(block)
        self._check_places(block)
        self._settle_misplaced(block)
        for index, found in self._repeats.remember(block.numbers, block.values, _invalid(block.findings)).items():
            block.findings.setdefault(index, []).extend(found)
        return block

    def check_again(self, numbers: Sequence[int], columns: Mapping[str, Sequence[Cell]]) -> CheckedBlock:
        """Check rows as `check` does, but each by itself: all are kept, and none is compared with the others."""
        block = self.read(numbers, columns)
        self._check_couples(block)
        self._check_places(block)
        self._settle_misplaced(block)
        return block

    def read(self, numbers: Sequence[int], columns: Mapping[str, Sequence[Cell]]) -> CheckedBlock:
        """Check every cell by itself."""
        block = CheckedBlock(list(numbers), {})
        for column in COLUMNS:
            reading = self._readings.get(column.key)
            if reading is None:
                block.values[column.key] = [column.empty] * len(numbers)
            else:
                block.values[column.key] = reading.read(columns[column.key], block.findings)
        return block

    def _check_couples(self, block: CheckedBlock) -> None:
        """Refuse a partner who is the main declarant."""
        own, partners = block.values["national_number"], block.values["spouse_national_number"]
        for index in compress(range(len(own)), map(eq, own, partners)):
            if partners[index]:
                found = Finding("problem", "spouse_national_number", "spouse_national_number.same", partners[index])
                block.findings.setdefault(index, []).append(found)

    def _check_places(self, block: CheckedBlock) -> None:
        values = block.values
        places = zip(values["postal_code"], values["city"], values["country"], strict=True)
        for index, found in enumerate(map(self._places.__getitem__, places)):
            if found:
                block.findings.setdefault(index, []).extend(found)

    def _settle_misplaced(self, block: CheckedBlock) -> None:
        """Suggest where national numbers go that stand in other columns."""
        for index, found in block.findings.items():
            if is_about(found):
                row = {key: column[index] for key, column in block.values.items()}
                block.findings[index] = settled(row, found, self._today)


def check_one(cells: Mapping[str, Cell], rules: Rules, number: int = 0) -> CheckedBlock:
    """Check one row given as raw cells by column key: a block of one. An empty row gives a block of none.

    The values of a checked row may come in again, edited or not: what was valid stays as it is, what was not is
    found again.
    """
    return Checker(rules).check([number], {key: [cells.get(key, "")] for key in KEYS})


def recheck(numbers: Sequence[int], columns: Mapping[str, Sequence[Cell]], rules: Rules) -> CheckedBlock:
    """Check some columns of rows again, given as raw cells by key, each as long as `numbers`.

    Rows are not compared with one another: see `repeats_among`. Columns that say something of each other (`TOGETHER`)
    must come together.
    """
    return Checker(rules, columns).check_again(numbers, columns)


def partner_cell(key: str, text: str, rules: Rules) -> Outcome:
    """Check one of SPOUSE as the customer's own is, but may be empty; what was found stands under its own key."""
    column = next(column for column in COLUMNS if column.key == key.removeprefix("spouse_"))
    outcome = parse(column.key, column.parser, text, rules, empty=Outcome(""), longest=column.longest)
    return outcome._replace(findings=tuple(finding._replace(column=key) for finding in outcome.findings))


def repeats_among(block: CheckedBlock) -> dict[int, list[Finding]]:
    """Give, by index, what rows say about one another: repeated ones, codes taken, couples on two rows.

    The rows must be in the order of the file; what was found before about their being repeated is not looked at.
    """
    repeats = Repeats()
    alone = {
        index: [finding for finding in found if finding.code not in ABOUT_OTHER_ROWS]
        for index, found in block.findings.items()
    }
    found = repeats.remember(block.numbers, block.values, _invalid(alone))
    places = {number: index for index, number in enumerate(block.numbers)}
    for number, finding in repeats.late:
        found.setdefault(places[number], []).append(finding)
    return found


def _invalid(findings: Mapping[int, Sequence[Finding]]) -> dict[str, set[int]]:
    """Give, by column, the rows with a problem in it."""
    invalid: dict[str, set[int]] = {}
    for index, found in findings.items():
        for finding in found:
            if finding.kind == "problem":
                invalid.setdefault(finding.column, set()).add(index)
    return invalid


class _Places(dict[tuple[str, str, str], tuple[Finding, ...]]):
    """What there is to say about a postal code, a town and a country together, remembered."""

    def __missing__(self, place: tuple[str, str, str]) -> tuple[Finding, ...]:
        if len(self) > _REMEMBERED:
            self.clear()
        self[place] = found = place_findings(*place)
        return found


class _Reading(dict[Cell, str]):
    """One column being read. As a dictionary it holds what tidy and quiet cells come to, so that a look-up suffices."""

    def __init__(self, column: Column, rules: Rules) -> None:
        super().__init__()
        self._column = column
        self._rules = rules
        self._is_plain = column.plain(rules)
        empty = problem(column.key, f"{column.key}.missing", "") if column.required else Outcome(column.empty)
        self._empty = empty
        self._others: dict[tuple[type, Cell], Outcome] = {}
        self._loud: list[Outcome] = []

    def read(self, cells: Sequence[Cell], findings: dict[int, list[Finding]]) -> list[str]:
        """Give the values of a block of this column, and add to `findings`, by index, what is found in it."""
        if self._column.repeats:
            return self._read_known(cells, findings)
        plain, values = self._is_plain, cast(list[str], list(cells))
        odd = [at for at, cell in enumerate(cells) if cell != "" and not (cell.__class__ is str and plain(cell))]
        for at in odd:
            outcome = self._parse(cells[at])
            values[at] = outcome.value
            if outcome.findings:
                findings.setdefault(at, []).extend(outcome.findings)
        if self._empty.findings:
            for at in [at for at, cell in enumerate(cells) if cell == ""]:
                findings.setdefault(at, []).extend(self._empty.findings)
        return values

    def _read_known(self, cells: Sequence[Cell], findings: dict[int, list[Finding]]) -> list[str]:
        self._loud = []
        values: list[str] = list(map(self.__getitem__, cells))
        at = -1
        for outcome in self._loud:
            # It stands in its own place until here, where its value takes that place.
            at = values.index(cast(str, outcome), at + 1)
            values[at] = outcome.value
            findings.setdefault(at, []).extend(outcome.findings)
        return values

    def __missing__(self, cell: Cell) -> str:
        if cell.__class__ is str and self._is_plain(cell):
            return self._keep(cell, cell)
        outcome = self._parse(cell)
        if outcome.findings:
            self._loud.append(outcome)
            return cast(str, outcome)
        # Numbers and booleans stay out: True and 1.0 are one key.
        return self._keep(cell, outcome.value) if cell.__class__ is str else outcome.value

    def _keep(self, cell: Cell, value: str) -> str:
        if len(self) > _REMEMBERED:
            self.clear()
        self[cell] = value
        return value

    def _parse(self, cell: Cell) -> Outcome:
        key = (cell.__class__, cell)
        outcome = self._others.get(key)
        if outcome is None:
            if len(self._others) > _REMEMBERED:
                self._others.clear()
            column = self._column
            outcome = self._others[key] = parse(
                column.key, column.parser, cell, self._rules, empty=self._empty, longest=column.longest
            )
        return outcome


def _leave_out_empty(block: CheckedBlock) -> None:
    """Take out rows in which nothing stands but the kind of client, and the template's example."""
    values = block.values
    others = [column for key, column in values.items() if key != "type"]
    nameless = compress(range(len(block.numbers)), map(not_, values["first_name"]))
    empty = {index for index in nameless if not any(column[index] for column in others)}
    if EXAMPLE_EMAIL in values["email"]:
        empty |= {index for index, email in enumerate(values["email"]) if email == EXAMPLE_EMAIL}
    if not empty:
        return
    kept = [index for index in range(len(block.numbers)) if index not in empty]
    block.empty = len(empty)
    block.numbers = [block.numbers[index] for index in kept]
    for key, column in values.items():
        values[key] = [column[index] for index in kept]
    block.findings = {new: block.findings[old] for new, old in enumerate(kept) if old in block.findings}
