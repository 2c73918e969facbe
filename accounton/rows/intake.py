"""Intake, the parent's side: a file goes in, checked rows come out in blocks; the reading happens in a child process.

    with Intake(path_or_bytes, rules, limits, keys=keys, office_id=office.id) as intake:
        intake.head                      # sheet, columns, notices, rows to expect
        for block in intake:             # rows for staging, sealed, national numbers hashed
            insert(block.rows())
    intake.empty_rows

`Inspection` is the same for a report: it gives what was found in each row, in plain, and no values.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from accounton.rows.ahead import ahead
from accounton.rows.findings import Finding
from accounton.rows.fitting import CUSTOMERS, LOOKED_AT, REFUSALS, best_sheet
from accounton.rows.head import FileNotice, Head
from accounton.rows.head_of_file import all_sheets, head_of
from accounton.rows.mapping_wishes import NO_WISHES, Wishes
from accounton.rows.rules import Rules
from accounton.spreadsheets import child
from accounton.spreadsheets.limits import DEFAULT, Limits
from accounton.spreadsheets.problems import UnusableFile

if TYPE_CHECKING:
    from accounton.rows.checking import CheckedBlock
    from accounton.sealing.sealer import Sealer

_CHILD = "accounton.rows.inside"
_HASH_BYTES = 16
ROWS_OF_A_BLOCK = 4000
"""At least so many rows go together into staging: each block is a transaction there."""
MESSAGES_AHEAD = 16
"""So that the child checks on while a block is written down: two of those, as the child sends them."""

LEFT_OUT = "left_out"
"""What `held` says of rows that no import takes: firms, and relations who are no customers."""

_Columns = tuple[list[Any], ...]


class StagedRow(NamedTuple):
    """One checked row for staging.

    `name_key` and `search` are folded; `language` is "" where it is not valid; `traits` are those of rows.traits;
    `problems` has the codes, parted by commas, "" where the row is valid; `sealed` opens, under the context
    b"row:<office id>", to {"values": {column key: text}, "findings": [[kind, column, code, before, after, detail],
    ...]}.
    """

    number: int
    search: str
    email: str
    name_key: str
    client_code: str
    language: str
    is_joint: bool
    traits: str
    problems: str
    repaired: bool
    number_hash: bytes | None
    spouse_hash: bytes | None
    sealed: bytes


@dataclass(frozen=True)
class Block:
    """Some consecutive rows for staging, kept as columns, each as long as `numbers`."""

    numbers: list[int]
    columns: list[list[Any]]
    held: str = ""
    """What is said of rows that come after others that stand below them: see `taking`."""

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Give the rows as plain tuples in the order of StagedRow's fields."""
        return zip(*self.columns, strict=True)

    @property
    def sealed(self) -> list[bytes]:
        """What each row holds, sealed: the last of the columns."""
        return self.columns[-1]


@dataclass(frozen=True)
class InspectedBlock:
    """Some consecutive rows for a report: how many are valid, invalid and empty, and the findings by sheet row."""

    valid: int
    invalid: int
    empty: int
    findings: list[tuple[int, list[Finding]]] = field(default_factory=list)


class ColumnsUnsure(Exception):
    """A person must say first which column is what; `layout` has what to show, as plain data.

    It holds `sheet`, `sheets` (name and visibility of each), `header_row` (a sheet row, 0 for none), `rows_expected`,
    `columns` (FileColumn's fields with `letter` and `samples`), `rows` (sheet row and texts of the first ones),
    `missing` (required keys) and `certain`. Nothing of a national number can be read in it.
    """

    def __init__(self, layout: dict[str, Any]) -> None:
        super().__init__("columns")
        self.layout = layout


class _Reading:
    """A file being read in a child process while the look goes through it here."""

    def __init__(
        self,
        file: Path | bytes,
        rules: Rules,
        limits: Limits = DEFAULT,
        *,
        keys: Sequence[bytes] = (),
        office_id: int = 0,
        wishes: Wishes = NO_WISHES,
    ) -> None:
        self._file, self._rules, self._limits, self._wishes = file, rules, limits, wishes
        self._keys, self._office_id = b"".join(keys), office_id
        self._stack = ExitStack()
        self.empty_rows = 0
        self.late: list[tuple[int, Finding]] = []
        """After the last block: notices about rows that had gone by already, by sheet row."""
        self.couples: list[tuple[int, int]] = []
        """After the last block: the sheet row that names a partner's number, and that partner's own."""
        self.linked: list[tuple[int, int]] = []
        """After the last block: couples whom a workbook known as a whole names, the main declarant's row first."""
        self.left_out = 0
        """After the last block: how many rows of such a workbook were left out."""
        self.notices: list[dict[str, str]] = []
        """After the last block: what was found about the file as a whole only by then, as Head has it."""

    def __enter__(self) -> Self:
        """Start reading, and look through the file beside it. Raises UnusableFile, here or with `head`."""
        self._start()
        return self

    def _start(self) -> None:
        with self._stack:
            self._child = self._stack.enter_context(child.start(_CHILD, file=self._file, limits=self._limits))
            # Loaded only now, while the child starts.
            from accounton.spreadsheets.looking import choose, look  # noqa: PLC0415

            order = {
                "sheet": choose(self._file, self._limits, self._wishes.sheet),
                "wishes": self._wishes.as_message(),
                "rules": self._rules.as_message(),
                "office_id": self._office_id,
            }
            self._child.send(order, self._keys)
            # The child now reads; the look takes place beside it, and says first what is wrong with the file.
            seen = look(self._file, self._limits, self._wishes.sheet)
            beside = seen.beside and {"sheet": seen.beside.name, "marks": seen.beside.marks.as_message()}
            self._child.send({"marks": seen.chosen.marks.as_message(), "beside": beside})
            self._seen = seen
            self._stack = self._stack.pop_all()

    @cached_property
    def head(self) -> Head:
        """What is known before the rows come; the first asking waits until the child has the sheet in memory.

        Raises ColumnsUnsure where the wishes say that a person is to be asked.
        """
        message = self._first_message()
        head = head_of(message, self._seen)
        if "layout" in message:
            known = {"sheet": head.sheet, "header_row": head.header_row, "rows_expected": head.rows_expected}
            sheets = [list(sheet[:2]) for sheet in all_sheets(message, self._seen)]
            raise ColumnsUnsure({**message["layout"], **known, "sheets": sheets})
        return head

    def _first_message(self) -> dict[str, Any]:
        """Receive what comes first; of another sheet where nobody chose one, and the first holds no customers."""
        try:
            message: dict[str, Any] = self._receive()[0]
        except UnusableFile as error:
            others = self._other_sheets()
            if error.code not in REFUSALS or not others:
                raise
            if not self._turn_to_best(others):
                named = {**error.params, "sheets": ", ".join(others)}
                raise UnusableFile(error.code, REFUSALS[error.code], **named) from error
            return self._first_message()
        if message["fit"] < CUSTOMERS and self._turn_to_best(self._other_sheets(), message["fit"]):
            return self._first_message()
        return message

    def _other_sheets(self) -> list[str]:
        """Name the visible sheets beside the one that is read."""
        return [each.name for each in self._seen.sheets if each.visible and each is not self._seen.chosen]

    def _turn_to_best(self, others: list[str], fit: int | None = None) -> bool:
        """Start again with the sheet that fits best, where that is another one; not where somebody chose this one."""
        wishes, first = self._wishes, self._seen.chosen.name
        if not others or wishes.sheet or wishes.header_row is not None or wishes.columns is not None:
            return False
        fits = {first: self._fit_of(first) if fit is None else fit}
        if fits[first] < CUSTOMERS:
            fits |= {name: self._fit_of(name) for name in others[:LOOKED_AT]}
        best = best_sheet(fits, first)
        if best == first:
            return False
        self._stack.close()
        self._wishes = replace(wishes, sheet=best)
        self._start()
        return True

    def _fit_of(self, sheet: str) -> int:
        """Say how well a sheet fits; not at all where it cannot be read."""
        asking = replace(self._wishes, sheet=sheet, ask="always")
        try:
            with _Reading(self._file, self._rules, self._limits, wishes=asking) as reading:
                fit: int = reading._receive()[0]["fit"]
        except UnusableFile:
            return 0
        return fit

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the child, whatever it is doing."""
        self._stack.close()

    def _messages(self) -> Iterator[tuple[Any, bytes]]:
        _ = self.head  # it comes before the rows
        while isinstance(message := (received := self._receive())[0], list) or "late" not in message:
            yield received
        self.late = [(row, Finding(*finding)) for row, finding in message["late"]]
        self.couples = [(row, partner) for row, partner in message["couples"]]
        self.linked = [(row, partner) for row, partner in message.get("linked", ())]
        self.left_out = message.get("left_out", 0)
        self.notices = [FileNotice(*notice)._asdict() for notice in message.get("notices", ())]

    def _receive(self) -> tuple[Any, bytes]:
        received = self._child.receive()
        if received is None:
            raise child.ChildFailed("ended without a word", "")
        return received


class Intake(_Reading):
    """A file for staging: every row sealed and hashed with `keys` for `office_id`. Raises UnusableFile throughout."""

    def __init__(
        self,
        file: Path | bytes,
        rules: Rules,
        limits: Limits = DEFAULT,
        *,
        keys: Sequence[bytes],
        office_id: int,
        wishes: Wishes = NO_WISHES,
    ) -> None:
        super().__init__(file, rules, limits, keys=keys, office_id=office_id, wishes=wishes)

    def __iter__(self) -> Iterator[Block]:
        """Give the blocks as they are read, some thousands of rows in each."""
        waiting: list[_Columns] = []
        for message, raw in ahead(self._messages(), MESSAGES_AHEAD):
            self.empty_rows += message["empty"]
            held = message.get("held", "")
            if waiting and (held or sum(len(columns[0]) for columns in waiting) >= ROWS_OF_A_BLOCK):
                yield _joined(waiting)
                waiting = []
            if held:
                yield _joined([_columns(message, raw)], held)
            else:
                waiting.append(_columns(message, raw))
        if waiting:
            yield _joined(waiting)


class Inspection(_Reading):
    """A file for a report: what was found, in plain. Raises UnusableFile throughout."""

    def __iter__(self) -> Iterator[InspectedBlock]:
        """Give the blocks as they are read."""
        for (valid, invalid, empty, findings), _ in self._messages():
            self.empty_rows += empty
            found = [(row, [Finding(*finding) for finding in of_row]) for row, of_row in findings]
            yield InspectedBlock(valid, invalid, empty, found)


def staged_again(block: "CheckedBlock", sealer: "Sealer", office_id: int) -> list[StagedRow]:
    """Give rows that were checked again the form in which they are staged, as the child does it."""
    from accounton.rows.taking import staged_columns  # noqa: PLC0415 - it loads the checks, which the child has

    problems = [",".join(block.problems(index)) for index in range(len(block.numbers))]
    message, raw = staged_columns(block, problems, list(block.values), sealer, office_id)
    return [StagedRow(*row) for row in zip(*_columns(message, raw), strict=True)]


def _columns(message: dict[str, Any], raw: bytes) -> _Columns:
    count = len(message["numbers"])
    own_end, partner_end = count * _HASH_BYTES, 2 * count * _HASH_BYTES
    sealed, start = [], partner_end
    for size in message["sealed"]:
        sealed.append(raw[start : start + size])
        start += size
    return (
        *(message["numbers"], message["searches"], message["emails"], message["name_keys"], message["client_codes"]),
        *(message["languages"], message["joint"], message["traits"], message["problems"], message["repaired"]),
        *(_hashes(raw, 0, own_end), _hashes(raw, own_end, partner_end), sealed),
    )


def _joined(parts: list[_Columns], held: str = "") -> Block:
    columns = [list(chain.from_iterable(column)) for column in zip(*parts, strict=True)]
    return Block(columns[0], columns, held)


def _hashes(raw: bytes, start: int, end: int) -> list[bytes | None]:
    none = bytes(_HASH_BYTES)
    each = (raw[place : place + _HASH_BYTES] for place in range(start, end, _HASH_BYTES))
    return [None if made == none else made for made in each]
