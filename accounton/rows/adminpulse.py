"""AdminPulse's own migration workbook, known as a whole: whom its sheet of relations has to import.

Companies and relations who are no customers are held back until the sheet of linked relations was read: a customer's
partner comes in even where AdminPulse does not have them as a customer, all others are left out and counted.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from accounton.belgium.folding import fold
from accounton.belgium.numbers_in_text import masked_in
from accounton.rows import synonyms
from accounton.rows.adminpulse_links import Links, read_links
from accounton.rows.adminpulse_people import COMPANY, KEPT, NOT_CUSTOMER, People
from accounton.rows.cells import shown, tidy
from accounton.rows.checking import CheckedBlock
from accounton.rows.findings import Finding
from accounton.rows.head import FileNotice
from accounton.rows.headers import SEARCHED_ROWS, Headers, squeezed
from accounton.rows.mapping_wishes import Wishes
from accounton.rows.rules import Rules
from accounton.spreadsheets.limits import Limits
from accounton.spreadsheets.reading import Block, Cell, OpenSheet

_NEEDED = ("status", "type", "naam")
_LEAST = 6
_HELD_AT_ONCE = 500
_EXPLANATION = "Instructies"
_BETWEEN = re.compile(r"[,;|/\n\r]+")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
Row = list[Cell]


@cache
def words() -> dict[str, Any]:
    """Give the words of the workbook, as `adminpulse.toml` has them."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def recognised(
    first: Block, wishes: Wishes, rules: Rules, opened: OpenSheet, beside: dict[str, Any] | None
) -> "AdminPulse | None":
    """Tell the workbook by the headers of its sheet of relations; None where it is another one.

    `beside` is the sheet of linked relations with what the look found there, None where there is none.
    """
    known = {squeezed(header) for header in words()["columns"]}
    for index, row in enumerate(first.rows[:SEARCHED_ROWS]):
        headers = [squeezed(_text(cell)) for cell in row]
        is_theirs = set(_NEEDED) <= set(headers) and len(known.intersection(headers)) >= _LEAST
        if is_theirs and wishes.header_row in (None, first.first_row + index):
            return AdminPulse([_text(cell) for cell in row], first.first_row + index, wishes, rules, beside)
    return None


class AdminPulse:
    """Sorts the rows of the sheet of relations, and joins what the sheet of linked relations says of them."""

    def __init__(
        self, headers: Sequence[str], row: int, wishes: Wishes, rules: Rules, beside: dict[str, Any] | None
    ) -> None:
        self._headers = [squeezed(header) for header in headers]
        self._places = {header: place for place, header in reversed(list(enumerate(self._headers))) if header}
        self._wished, self._rules, self._beside = wishes, rules, beside
        self._names = dict(rules.names)
        self._people = People()
        self._held: dict[int, tuple[str, Row]] = {}
        self._colleagues: dict[int, tuple[str, str]] = {}
        self._nobody = 0
        self._language = "" if any(map(_is_language, headers)) else wishes.list_language or _language_of(rules)
        self._named = {squeezed(header) for header in wishes.given}
        self.wishes = self._wishes(row)
        self.sheets = [_EXPLANATION, *([beside["sheet"]] if beside else [])]
        """Sheets that nobody misses, as they are read or there to be read by people."""

    def _wishes(self, row: int) -> Wishes:
        """Give what was wished, with what the workbook's own headers mean."""
        own = {squeezed(header): target for header, target in words()["columns"].items()}
        if "ondernemingsnummer" not in self._places:
            own.pop("btwnummer")
        there = {key: target for key, target in own.items() if key in self._places and key not in self._named}
        fixed = {"language": self._language} if self._language and not self._wished.fixed else self._wished.fixed
        return replace(self._wished, header_row=row, given=there | self._wished.given, fixed=fixed)

    def settled(self, headers: Headers) -> Headers:
        """Say of the columns that the workbook's own headers are known, and that it was recognised."""
        columns = [
            column._replace(by="header")
            if column.by == "given" and squeezed(column.header) not in self._named
            else column
            for column in headers.columns
        ]
        notices = [FileNotice("adminpulse.recognised")]
        if self._language and not self._wished.fixed and "language" not in headers.places:
            notices.append(FileNotice(f"adminpulse.all_{self._language}"))
        return headers._replace(columns=columns, notices=[*notices, *headers.notices])

    def keep(self, block: Block) -> list[int]:
        """Take the rows that are held back out of a block; give the sheet rows of those that stay."""
        numbers, rows = [], []
        for number, row in enumerate(block.rows, block.first_row):
            self._choose_colleague(number, row)
            if reason := self._reason(row):
                self._held[number] = (reason, row)
            else:
                numbers.append(number)
                rows.append(row)
        block.rows = rows
        return numbers

    def held(self, *, partners: bool | None = None) -> Iterator[tuple[list[int], list[Row]]]:
        """Give the rows that are held back, some at once: all, or only partners of a customer, or only the others."""
        wanted = [
            (number, row)
            for number, (_, row) in self._held.items()
            if partners is None or self._people.is_joined(number) is partners
        ]
        for start in range(0, len(wanted), _HELD_AT_ONCE):
            some = wanted[start : start + _HELD_AT_ONCE]
            yield [number for number, _ in some], [row for _, row in some]

    def note(self, block: CheckedBlock, *, are_held: bool = False) -> None:
        """Remember who stands in which row, and say where one of several colleagues was taken."""
        for index, number in enumerate(block.numbers):
            self._people.add(number, {key: column[index] for key, column in block.values.items()},
                             self._held[number][0].partition(":")[0] if are_held else KEPT)  # fmt: skip
            if not are_held and number in self._colleagues:
                found = Finding("repair", "responsible", "responsible.chosen", *self._colleagues[number])
                block.findings.setdefault(index, []).append(found)

    def reasons(self, numbers: Sequence[int]) -> dict[int, list[Finding]]:
        """Say of rows that are left out why, by index."""
        found = {}
        for index, number in enumerate(numbers):
            kind, _, status = masked_in(self._held[number][0], self._rules.today).partition(":")
            found[index] = [Finding("notice", "type", f"adminpulse.{kind}", status, detail=status)]
        return found

    def link(self, file: BinaryIO, limits: Limits) -> dict[str, Any]:
        """Read the sheet of linked relations; give what is said at the end. Raises UnusableFile."""
        links = Links(self._people, words())
        if self._beside is None:
            links.missing()
        else:
            read_links(links, file, self._beside, limits)
        couples = links.couples()
        return {
            "linked": [list(couple) for couple in couples],
            "left_out": sum(not self._people.is_joined(number) for number in self._held),
            "notices": [list(notice) for notice in (*self._counts(), *links.notices())],
        }

    def _counts(self) -> Iterator[FileNotice]:
        left = Counter(reason for number, (reason, _) in self._held.items() if not self._people.is_joined(number))
        if companies := left.pop(COMPANY, 0):
            yield FileNotice("adminpulse.companies", str(companies))
        if left:
            each = ", ".join(f"{reason.partition(':')[2]}: {count}" for reason, count in sorted(left.items()))
            yield FileNotice("adminpulse.not_customers", each)
        if partners := sum(self._people.is_joined(number) for number in self._held):
            yield FileNotice("adminpulse.partners", str(partners))
        if self._nobody and self._rules.staff is not None:
            yield FileNotice("adminpulse.nobody", str(self._nobody))

    def _reason(self, row: Row) -> str:
        """Say why a row is held back; "" where it is a customer's, or nothing else stands in it."""
        own = (self._places["status"], self._places["type"])
        if all(cell == "" for place, cell in enumerate(row) if place not in own):
            return ""
        status, kind = (_text(row[place]) for place in own)
        if _is(kind, "companies"):
            return COMPANY
        return f"{NOT_CUSTOMER}:{status[:40]}" if status and not _is(status, "customers") else ""

    def _choose_colleague(self, number: int, row: Row) -> None:
        """Leave of several colleagues the first whom the office has, known by address or by name."""
        place = self._places.get("dossiermedewerkers")
        if place is None or not isinstance(row[place], str) or not (before := tidy(str(row[place]))):
            return
        parts = [part for text in _BETWEEN.split(str(row[place])) if (part := tidy(text))]
        known, staff = [self._names.get(fold(part), part) for part in parts], self._rules.staff
        addresses = [part for part in known if _ADDRESS.fullmatch(part)]
        ours = [part for part in addresses if staff is not None and part.lower() in staff]
        chosen = next(iter(ours or addresses), "")
        if chosen != before and chosen:
            self._colleagues[number] = (before, chosen)
        self._nobody += not chosen
        row[place] = chosen


def _is_language(header: str) -> bool:
    return synonyms.exactly(header) == "language"


def _language_of(rules: Rules) -> str:
    """Give the language of the workbook, which is Dutch, or one that the office works in."""
    return "dutch" if "dutch" in rules.languages else min(rules.languages, default="dutch")


def _is(text: str, kind: str) -> bool:
    return squeezed(text) in {squeezed(word) for word in words()["words"][kind]}


def _text(cell: Cell) -> str:
    return tidy(shown(cell).text)
