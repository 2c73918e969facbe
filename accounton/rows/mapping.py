"""Which column of a file becomes which of ours: proposed by what was learnt, by the headers, by the values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, TypeVar

from accounton.rows import synonyms
from accounton.rows.head import FileColumn
from accounton.rows.headers import squeezed
from accounton.rows.mapping_adjusting import NUMBER_HEADERS, adjusted, has_more_phones
from accounton.rows.mapping_memory import Memory, fitting, remembered
from accounton.rows.mapping_targets import NONE, TARGETS, keys_of
from accounton.rows.mapping_values import FIRST_NAMES, share_of, think_by_values
from accounton.rows.mapping_wishes import Wishes
from accounton.rows.recognising import Recognised, is_first_name, recognised, share_of_national_numbers, text_of
from accounton.rows.rules import Rules
from accounton.rows.whose import CUSTOMERS, Whose, names_nothing, whose_each
from accounton.spreadsheets.reading import Cell

SURE = frozenset({"given", "person", "user", "office", "header", "none"})
"""The ways of finding a column that need not be confirmed."""
_RANK = {by: rank for rank, by in enumerate(("given", "person", "user", "office", "header", "close", "values", "none"))}
_IS_NUMBER = 80
_NAME_KEYS = frozenset({"first_name", "last_name"})
Found = TypeVar("Found")
_PHONES = frozenset({"phone", "mobile"})
_OWN_NUMBERS = ("national_number", "spouse_national_number")


@dataclass
class Source:
    """A column of the file with the filled ones of its first cells, and what is thought of it so far."""

    place: int
    header: str
    cells: list[Cell]
    rows: list[Cell] = field(default_factory=list)
    """The first cells with the empty ones among them, to be held beside those of other columns."""
    target: str = NONE
    by: str = "none"
    share: int = 0
    detail: str = ""
    is_unsure: bool = False
    whose: Whose = CUSTOMERS
    seen: dict[str, Any] = field(default_factory=dict)
    """What a look at the cells came to, shared with those that are thought of anew."""

    @property
    def texts(self) -> list[str]:
        """The filled cells as a person sees them."""
        return self._once("texts", lambda: [text_of(cell) for cell in self.cells])

    def recognised(self, rules: Rules) -> Recognised | None:
        """What its values are."""
        return self._once("recognised", lambda: recognised(self.cells, rules))

    def share_of_numbers(self, rules: Rules) -> int:
        """How many of a hundred values are valid national numbers."""
        return self._once("numbers", lambda: share_of_national_numbers(self.cells, rules))

    def _once(self, what: str, look: Callable[[], Found]) -> Found:
        if what not in self.seen:
            self.seen[what] = look()
        found: Found = self.seen[what]
        return found

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of ours that it would feed."""
        return keys_of(self.target)

    @property
    def is_certain(self) -> bool:
        """Whether its header, or the command line, says all there is to say."""
        return self.by in ("given", "header") and not self.is_unsure

    def set(self, target: str, by: str, share: int = 0, detail: str = "") -> None:
        """Think something of it."""
        self.target, self.by, self.share, self.detail = target, by, share, detail

    def as_column(self, plain: str) -> FileColumn:
        """Give it as it is sent on, with what it would be had nothing been learnt."""
        return FileColumn(self.header, self.place, self.keys, self.target, self.by, self.share, self.detail, plain)


@dataclass(frozen=True)
class Proposed:
    """The columns of a file in its order, and whether all of them are certain."""

    columns: list[FileColumn]
    certain: bool
    unsure: frozenset[int] = frozenset()
    """The places of columns that have a target but should be confirmed."""


def propose(sources: Sequence[Source], wishes: Wishes, rules: Rules) -> Proposed:
    """Propose a target for each column of a file; no key of ours is fed twice.

    What a person decided for this file stands, and so does what was "given" beforehand. Else the order is: learnt
    from the user, from the office (as far as the other columns let it), known headers, those spelt nearly so, and last
    the values.
    """
    if wishes.columns is not None:
        decided = [replace(source) for source in sources]
        for source in decided:
            source.set(_allowed(wishes.columns.get(source.place, NONE)), "person")
        _part_contested(decided)
        _leave_none_filling_nothing(decided)
        return Proposed([source.as_column(source.target) for source in decided], certain=True)
    for source, whose in zip(sources, whose_each([each.header for each in sources], synonyms.exactly), strict=True):
        source.whose = whose

    def think(memory: Memory) -> list[Source]:
        return _thought(sources, memory, rules)

    plain = found = think({})
    if learnt := remembered(sources, wishes):
        found = list(fitting(plain, learnt, think))
    certain = all(source.by in SURE and not source.is_unsure for source in found)
    unsure = frozenset(source.place for source in found if source.is_unsure)
    columns = [source.as_column(without.target) for source, without in zip(found, plain, strict=True)]
    return Proposed(columns, certain, unsure)


def _thought(sources: Sequence[Source], memory: Memory, rules: Rules) -> list[Source]:
    """Give the columns with a target each, of which `memory` has those that were learnt, by place."""
    sources = [replace(source) for source in sources]
    for source in sources:
        _think_by_header(source, memory)
    for source in sources:
        if _RANK[source.by] >= _RANK["header"]:
            _think_again_by_numbers(source, rules)
    _think_of_merged_names(sources)
    for source in sources:
        if source.by in ("header", "close"):
            source.target, source.is_unsure = adjusted(source, sources, rules)
            source.is_unsure = source.is_unsure or (source.whose.is_guess and bool(source.keys))
    _leave_number_open(sources)
    _part_contested(sources)
    think_by_values(sources, rules)
    _leave_none_filling_nothing(sources)
    return sources


def _allowed(target: str) -> str:
    return target if target in TARGETS else NONE


def _think_by_header(source: Source, memory: Memory) -> None:
    if source.by == "given":
        return
    if source.place in memory:
        source.set(*memory[source.place])
        return
    key = squeezed(source.header)
    who, bare, is_guess = source.whose
    target = synonyms.exactly(bare) or (None if is_guess else synonyms.exactly(source.header))
    if who == "open":
        source.is_unsure = bool(keys_of(target or NONE))
    elif key in NUMBER_HEADERS:
        source.set("client_code", "header")
    elif target:
        source.set(target, "header")
    elif who in ("own", "partner") and (found := synonyms.closely(bare)):
        source.set(found.target, "close", 0, found.header)


def _think_again_by_numbers(source: Source, rules: Rules) -> None:
    """A column of valid national numbers is the national number, whatever it is called."""
    if source.target in _OWN_NUMBERS or len(source.cells) < 2 or source.whose.who in ("another", "open"):
        return
    share = source.share_of_numbers(rules)
    if share >= _IS_NUMBER:
        source.set("spouse_national_number" if source.whose.who == "partner" else "national_number", "values", share)


def _think_of_merged_names(sources: Sequence[Source]) -> None:
    """A header that was merged over last and first names stands above the left ones only."""
    if any("first_name" in source.keys for source in sources):
        return
    for left, right in pairwise(sources):
        is_name = left.by in ("header", "close") and left.target in ("last_name", "full_name")
        if is_name and left.texts and right.texts and (not right.header or names_nothing(right.header)):
            if (share := share_of(right, is_first_name)) >= FIRST_NAMES:
                right.set("first_name", "values", share)
            elif share_of(left, is_first_name) >= FIRST_NAMES:
                left.target = "first_name"
            return


def _leave_number_open(sources: Sequence[Source]) -> None:
    """A single national number behind the names of two people may be either's: that is for a person to say."""
    numbers = [source for source in sources if source.target == "national_number"]
    names = [squeezed(source.header) for source in sources if _NAME_KEYS.intersection(source.keys)]
    if len(numbers) == 1 and _RANK[numbers[0].by] >= _RANK["header"] and len(set(names)) < len(names):
        number = numbers[0]
        before = [source for source in sources if source.place < number.place and _NAME_KEYS.intersection(source.keys)]
        if len({squeezed(source.header) for source in before}) < len(before):
            number.set(NONE, "none")
            number.is_unsure, number.whose = True, number.whose._replace(who="open")


def _leave_none_filling_nothing(sources: Sequence[Source]) -> None:
    """A second telephone column is the only one where there is no first."""
    if not any("mobile" in source.keys for source in sources):
        for source in sources:
            if source.target == "second_phone":
                source.target = "phone"
                return


def _part_contested(sources: Sequence[Source]) -> None:
    """Leave each key to the column that is surest of it, and among alike ones to that with more in it.

    Where the names come twice, there are two people beside each other: all is then left to the first.
    """
    taken: dict[str, Source] = {}
    names = [squeezed(source.header) for source in sources if _NAME_KEYS.intersection(source.keys)]
    counts = 0 if len(set(names)) < len(names) else 1
    for source in sorted(
        sources, key=lambda each: (_RANK[each.by], -len(each.keys), -len(each.cells) * counts, each.place)
    ):
        others = [taken[key] for key in source.keys if key in taken]
        if not others:
            taken.update(dict.fromkeys(source.keys, source))
        elif source.by != "person":
            first = others[0]
            # Only where something may be lost is it worth asking, and not where somebody named the other.
            first.is_unsure = first.is_unsure or (bool(source.cells) and source.by != "none" and first.by != "given")
            if {source.target, first.target} <= _PHONES and has_more_phones(source, first):
                source.target = "second_phone"
                continue
            source.set(NONE, "none", 0, first.header)
