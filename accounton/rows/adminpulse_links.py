"""The sheet of linked relations of AdminPulse's migration workbook: who is whose partner.

How it names people was not seen: by client code, national number or name, under headers that `adminpulse.toml` knows.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO, NamedTuple

from accounton.belgium.folding import fold
from accounton.rows.adminpulse_people import COMPANY, KEPT, People
from accounton.rows.cells import shown, tidy
from accounton.rows.head import FileNotice
from accounton.rows.headers import squeezed
from accounton.spreadsheets.limits import Limits
from accounton.spreadsheets.marks import Marks
from accounton.spreadsheets.reading import Cell, open_sheet, with_errors

_SEARCHED = 50
_NAMED = 10
_NUMBERED = re.compile(r"(?<=[^\W\d])(?=[12]\b)")
_FIELDS = ("code", "national_number", "last_name", "first_name", "anything")


class Person(NamedTuple):
    """What a line says of one of the two."""

    code: str = ""
    national_number: str = ""
    last_name: str = ""
    first_name: str = ""
    anything: str = ""


class Layout(NamedTuple):
    """Which column says what: the kind of the link, and of each of the two the fields by their places."""

    kind: int
    sides: tuple[dict[str, int], dict[str, int]]


class Links:
    """Takes the lines in, and then says who are couples."""

    def __init__(self, people: People, words: Mapping[str, Any]) -> None:
        self._people = people
        self._partners = {squeezed(word) for word in words["words"]["partners"]}
        self._words = words["links"]
        self._rows: dict[frozenset[int], tuple[int, int]] = {}
        self._lines: dict[frozenset[int], int] = {}
        self._notes: dict[str, list[int]] = {}
        self._others = 0
        self._said: list[FileNotice] = []

    def missing(self) -> None:
        """Say that there is no sheet of linked relations."""
        self._said.append(FileNotice("adminpulse.links_missing"))

    def unknown(self, sheet: str) -> None:
        """Say that the columns of the sheet are not known."""
        self._said.append(FileNotice("adminpulse.links_unknown", sheet))

    def layout(self, headers: Sequence[str]) -> Layout | None:
        """Tell what the columns are; None where these are no headers."""
        kind, sides = -1, ({}, {})  # type: tuple[int, tuple[dict[str, int], dict[str, int]]]
        for place, header in enumerate(headers):
            if not header:
                continue
            if kind < 0 and self._is(header, "kind"):
                kind = place
            elif found := self._field(header):
                side, field = found
                if side is None:
                    side = 1 if field in sides[0] else 0
                sides[side].setdefault(field, place)
        return Layout(kind, sides) if kind >= 0 and all(sides) else None

    def take(self, line: int, kind: str, persons: Sequence[Person]) -> None:
        """Take one line in; `line` is its sheet row."""
        if squeezed(kind) not in self._partners:
            self._others += 1
            return
        found = [self._find(person) for person in persons]
        if not all(found):
            self._note("unknown", line)
        elif any(len(rows) > 1 for rows in found):
            self._note("ambiguous", line)
        else:
            self._pair(line, min(found[0]), min(found[1]))

    def couples(self) -> list[tuple[int, int]]:
        """Give the couples, the main declarant's row first; people with two partners are in none."""
        times: dict[int, int] = {}
        for pair in self._rows:
            for row in pair:
                times[row] = times.get(row, 0) + 1
        couples = []
        for pair, (main, partner) in self._rows.items():
            if max(times[main], times[partner]) > 1:
                self._note("two_partners", self._lines[pair])
                continue
            kinds = self._people.kinds
            couples.append((main, partner) if kinds[main] == KEPT else (partner, main))
            for row in pair:
                self._people.join(row)
        self._said += [FileNotice("adminpulse.couples", str(len(couples)))] if couples else []
        return couples

    def notices(self) -> list[FileNotice]:
        """Give all there is to say about the sheet."""
        said = list(self._said)
        for what in ("unknown", "ambiguous", "company", "self", "left_out", "two_partners"):
            if lines := self._notes.get(what):
                rest = ", …" if len(lines) > _NAMED else ""
                said.append(FileNotice(f"adminpulse.link_{what}", ", ".join(map(str, sorted(lines)[:_NAMED])) + rest))
        if self._others:
            said.append(FileNotice("adminpulse.other_links", str(self._others)))
        return said

    def _find(self, person: Person) -> set[int]:
        name = " ".join((person.last_name, person.first_name)).strip()
        return self._people.find(person.code, person.national_number, name, person.anything)

    def _pair(self, line: int, one: int, other: int) -> None:
        pair, kinds = frozenset((one, other)), [self._people.kinds[row] for row in (one, other)]
        if one == other:
            self._note("self", line)
        elif COMPANY in kinds:
            self._note("company", line)
        elif KEPT not in kinds:
            self._note("left_out", line)
        else:
            self._rows.setdefault(pair, (one, other))
            self._lines.setdefault(pair, line)

    def _note(self, what: str, line: int) -> None:
        self._notes.setdefault(what, []).append(line)

    def _field(self, header: str) -> tuple[int | None, str] | None:
        """Say whom a header is about (None where it does not say) and what stands there."""
        parts = fold(_NUMBERED.sub(" ", header)).split()
        marks = [{fold(word) for word in self._words[name]} for name in ("first", "second", "idle")]
        about = next((side for side in (1, 0) if marks[side].intersection(parts)), None)
        rest = [part for part in parts if part not in marks[0] | marks[1]]
        telling = [part for part in rest if part not in marks[2]] or rest
        for field in _FIELDS:
            if self._is(" ".join(telling), field):
                return about, field
        return None

    def _is(self, text: str, field: str) -> bool:
        return squeezed(text) in {squeezed(word) for word in self._words["fields"][field]}


def read_links(links: Links, file: BinaryIO, beside: Mapping[str, Any], limits: Limits) -> None:
    """Read the sheet into `links`. Raises UnusableFile."""
    layout = None
    for number, row in _lines(file, beside, limits):
        texts = [tidy(shown(cell).text) for cell in row]
        if layout is None:
            layout = links.layout(texts)
            if layout is None and number > _SEARCHED:
                break
        elif any(texts):
            persons = [Person(**{field: texts[place] for field, place in side.items()}) for side in layout.sides]
            links.take(number, texts[layout.kind], persons)
    if layout is None:
        links.unknown(beside["sheet"])


def _lines(file: BinaryIO, beside: Mapping[str, Any], limits: Limits) -> Iterator[tuple[int, list[Cell]]]:
    errors = Marks.from_message(beside["marks"]).error_cells
    for block in with_errors(open_sheet(file, beside["sheet"], limits).blocks(), errors):
        block.place_errors(errors)
        yield from enumerate(block.rows, block.first_row)
