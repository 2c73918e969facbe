"""A list being read: the child that takes its sheet in, the look beside it, and which sheet that is."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Self

from accounton.belgium.numbers_in_text import masked_name
from accounton.rows.findings import Finding
from accounton.rows.fitting import CUSTOMERS, LOOKED_AT, REFUSALS, SECONDS_OF_A_LOOK, best_sheet
from accounton.rows.head import FileNotice, Head
from accounton.rows.head_of_file import all_sheets, head_of
from accounton.rows.mapping_wishes import NO_WISHES, Ask, Wishes
from accounton.rows.opening import Opened, opened
from accounton.rows.rules import Rules
from accounton.spreadsheets import child
from accounton.spreadsheets.choosing import SHEET_NAME
from accounton.spreadsheets.limits import DEFAULT, Limits
from accounton.spreadsheets.problems import UnusableFile


class ColumnsUnsure(Exception):
    """A person must say first which column is what; `layout` has what to show, as plain data.

    It holds `sheet`, `sheets` (name and visibility of each), `header_row` (a sheet row, 0 for none), `rows_expected`,
    `columns` (FileColumn's fields with `letter` and `samples`), `rows` (sheet row and texts of the first ones),
    `missing` (required keys) and `certain`. Nothing of a national number can be read in it.
    """

    def __init__(self, layout: dict[str, Any]) -> None:
        super().__init__("columns")
        self.layout = layout


class Reading:
    """A file being read in a child process while the look goes through it here."""

    def __init__(
        self,
        file: Path | bytes | Opened,
        rules: Rules,
        limits: Limits = DEFAULT,
        *,
        keys: Sequence[bytes] = (),
        office_id: int = 0,
        looks: bool = False,
        wishes: Wishes = NO_WISHES,
    ) -> None:
        """`file` may be one that was opened before; with other limits, or another sheet in mind, it is opened again."""
        self._opened = file if isinstance(file, Opened) else None
        self._file = file.file if isinstance(file, Opened) else file
        self._rules, self._limits, self._wishes = rules, limits, wishes
        self._keys, self._office_id, self._with_looks = b"".join(keys), office_id, looks
        self._is_free = not wishes.sheet and wishes.header_row is None and wishes.columns is None
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
            self._child = self._reader()
            from accounton.spreadsheets.looking import look  # noqa: PLC0415 - loaded only now, while the child starts

            # The child takes the sheet in; the look takes place beside it, and says first what is wrong with the file.
            seen = look(self._file, self._limits, self._wishes.sheet)
            beside = seen.beside and {"sheet": seen.beside.name, "marks": seen.beside.marks.as_message()}
            order = {
                "wishes": self._wishes.as_message(),
                "rules": self._rules.as_message(),
                "office_id": self._office_id,
                "looks": self._with_looks,
                "marks": seen.chosen.marks.as_message(),
                "beside": beside,
            }
            self._child.send(order, self._keys)
            self._seen = seen
            self._stack = self._stack.pop_all()

    def _reader(self) -> child.Child:
        """Give the child that takes the sheet in: the one that was started before, where it fits."""
        ready, self._opened = self._opened, None
        if ready and (ready.limits, ready.sheet) == (self._limits, self._wishes.sheet):
            self._stack.callback(ready.reader.kill)
            return ready.reader
        return self._stack.enter_context(opened(self._file, self._limits, self._wishes.sheet)).reader

    @cached_property
    def head(self) -> Head:
        """What is known before the rows come; the first asking waits until the child has the sheet in memory.

        Raises ColumnsUnsure where the wishes say that a person is to be asked.
        """
        return self._receive_head()

    def _receive_head(self) -> Head:
        message = self._first_message()
        head = head_of(message, self._seen)
        if "layout" in message:
            known = {"sheet": head.sheet, "header_row": head.header_row, "rows_expected": head.rows_expected}
            sheets = [[masked_name(name), visible] for name, visible, _ in all_sheets(message, self._seen)]
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
        if self._is_sheet_open and "layout" not in message and self._has_rival():
            self._start_again(self._seen.chosen.name, "always")
            return self._first_message()
        return message

    @property
    def _is_sheet_open(self) -> bool:
        """Whether a person may still be asked for the sheet: nobody chose it, and none goes before the others."""
        is_own = self._seen.beside is not None or self._seen.chosen.name.lower() == SHEET_NAME
        return self._wishes.ask == "unsure" and self._is_free and not is_own

    def _has_rival(self) -> bool:
        """Say whether another visible sheet has all required columns too, as lists of other years do."""
        from accounton.rows.headers import MOST_FIT  # noqa: PLC0415

        end = monotonic() + SECONDS_OF_A_LOOK
        return any(monotonic() < end and self._fit_of(name) == MOST_FIT for name in self._other_sheets()[:LOOKED_AT])

    def _other_sheets(self) -> list[str]:
        """Name the visible sheets beside the one that is read."""
        return [each.name for each in self._seen.sheets if each.visible and each is not self._seen.chosen]

    def _turn_to_best(self, others: list[str], fit: int | None = None) -> bool:
        """Start again with the sheet that fits best, where that is another one; not where somebody chose this one."""
        first = self._seen.chosen.name
        if not others or not self._is_free or self._wishes.sheet:
            return False
        fits = {first: self._fit_of(first) if fit is None else fit}
        if fits[first] < CUSTOMERS:
            fits |= {name: self._fit_of(name) for name in others[:LOOKED_AT]}
        best = best_sheet(fits, first)
        if best == first:
            return False
        self._start_again(best, self._wishes.ask)
        return True

    def _start_again(self, sheet: str, ask: Ask) -> None:
        self._stack.close()
        self._wishes = replace(self._wishes, sheet=sheet, ask=ask)
        self._start()

    def _fit_of(self, sheet: str) -> int:
        """Say how well a sheet fits; not at all where it cannot be read."""
        asking = replace(self._wishes, sheet=sheet, ask="always")
        limits = replace(self._limits, seconds=min(self._limits.seconds, SECONDS_OF_A_LOOK))
        try:
            with Reading(self._file, self._rules, limits, wishes=asking) as reading:
                fit: int = reading._receive()[0]["fit"]
        except UnusableFile:
            return 0
        return fit

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the child, whatever it is doing."""
        self._stack.close()

    def messages(self) -> Iterator[tuple[Any, bytes]]:
        """Give what the child sends of the rows after the head, and keep what it says at the end."""
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
