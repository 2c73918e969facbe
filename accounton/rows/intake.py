"""Intake, the parent's side: a file goes in, checked rows come out in blocks; the reading happens in a child process.

    with Intake(path_or_bytes, rules, limits, keys=keys, office_id=office.id) as intake:
        intake.head                      # sheet, columns, notices, rows to expect
        for block in intake:             # rows for staging, sealed, national numbers hashed
            insert(block.rows())
    intake.empty_rows

`Inspection` is the same for a report: it gives what was found in each row, in plain, and no values.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from accounton.rows.ahead import Ahead
from accounton.rows.findings import Finding
from accounton.rows.head import Head
from accounton.rows.mapping_wishes import NO_WISHES, Wishes
from accounton.rows.opening import Opened
from accounton.rows.reading import Reading
from accounton.rows.rules import Rules
from accounton.spreadsheets.limits import DEFAULT, Limits

if TYPE_CHECKING:
    from accounton.rows.checking import CheckedBlock
    from accounton.rows.looks import Looks
    from accounton.sealing.sealer import Sealer

_HASH_BYTES = 16
ROWS_OF_A_BLOCK = 4000
"""At least so many rows go together into staging: each block is a transaction there."""
MESSAGES_AHEAD = 8
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
    looks: "Looks | None" = None
    """What the rows are compared by, where that was asked for and they are nobody's who was left out."""

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


class Intake(Reading):
    """A file for staging: every row sealed and hashed with `keys` for `office_id`. Raises UnusableFile throughout."""

    def __init__(
        self,
        file: Path | bytes | Opened,
        rules: Rules,
        limits: Limits = DEFAULT,
        *,
        keys: Sequence[bytes],
        office_id: int,
        looks: bool = False,
        wishes: Wishes = NO_WISHES,
    ) -> None:
        """`looks`: each block also has what its rows are compared by."""
        super().__init__(file, rules, limits, keys=keys, office_id=office_id, looks=looks, wishes=wishes)

    def __enter__(self) -> Self:
        """Start reading, and go on with it while others get ready. Raises UnusableFile, here or with `head`."""
        super().__enter__()
        self._ahead = Ahead(self._all_messages(), MESSAGES_AHEAD)
        return self

    def __exit__(self, *error: Any) -> None:
        """End the child, whatever it is doing."""
        self._child.kill()
        self._ahead.close()
        super().__exit__(*error)

    @cached_property
    def head(self) -> Head:
        """As Reading has it."""
        head: Head = next(self._ahead)[0]
        return head

    def _all_messages(self) -> Iterator[tuple[Any, bytes]]:
        yield self._receive_head(), b""
        yield from self.messages()

    def __iter__(self) -> Iterator[Block]:
        """Give the blocks as they are read, some thousands of rows in each."""
        _ = self.head  # it comes before the rows
        waiting: list[tuple[_Columns, Any]] = []
        for message, raw in self._ahead:
            self.empty_rows += message["empty"]
            held = message.get("held", "")
            if waiting and (held or sum(len(columns[0]) for columns, _looks in waiting) >= ROWS_OF_A_BLOCK):
                yield _joined(waiting)
                waiting = []
            if held:
                yield _joined([(_columns(message, raw), message.get("looks"))], held)
            else:
                waiting.append((_columns(message, raw), message.get("looks")))
        if waiting:
            yield _joined(waiting)


class Inspection(Reading):
    """A file for a report: what was found, in plain. Raises UnusableFile throughout."""

    def __iter__(self) -> Iterator[InspectedBlock]:
        """Give the blocks as they are read."""
        _ = self.head  # it comes before the rows
        for (valid, invalid, empty, findings), _ in self.messages():
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


def _joined(parts: list[tuple[_Columns, list[Any] | None]], held: str = "") -> Block:
    columns = _end_to_end(columns for columns, _looks in parts)
    looks = _end_to_end(looks for _columns, looks in parts if looks)
    return Block(columns[0], columns, held, _looks(looks) if looks else None)


def _looks(columns: list[list[Any]]) -> "Looks":
    from accounton.rows.looks import Looks  # noqa: PLC0415 - a mere check is spared loading it

    return Looks._make(columns)


def _end_to_end(parts: Iterable[Iterable[list[Any]]]) -> list[list[Any]]:
    return [list(chain.from_iterable(column)) for column in zip(*parts, strict=True)]


def _hashes(raw: bytes, start: int, end: int) -> list[bytes | None]:
    none = bytes(_HASH_BYTES)
    each = (raw[place : place + _HASH_BYTES] for place in range(start, end, _HASH_BYTES))
    return [None if made == none else made for made in each]
