"""Which column of a file becomes which of ours: proposed by what was learnt, by the headers, by the values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from accounton.belgium.folding import fold
from accounton.rows import synonyms
from accounton.rows.head import FileColumn
from accounton.rows.headers import squeezed
from accounton.rows.mapping_adjusting import NUMBER_HEADERS, adjusted
from accounton.rows.mapping_memory import Memory, fitting, remembered
from accounton.rows.mapping_targets import NONE, TARGETS, keys_of
from accounton.rows.mapping_wishes import Wishes
from accounton.rows.recognising import (
    Recognised,
    is_first_name,
    is_full_name,
    is_house_number,
    is_street,
    order_of_names,
    recognised,
    text_of,
    valid,
)
from accounton.rows.rules import Rules
from accounton.spreadsheets.reading import Cell

SURE = frozenset({"given", "person", "user", "office", "header", "none"})
"""The ways of finding a column that need not be confirmed."""
_RANK = {by: rank for rank, by in enumerate(("given", "person", "user", "office", "header", "close", "values", "none"))}
_IS_NUMBER = 80
_NAMES = 80
_FIRST_NAMES = 35
_STREETS = 50
Found = TypeVar("Found")
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
        return self._once("numbers", lambda: valid("national_number")(self.cells, rules))

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
    def about_another(self) -> bool:
        """Whether its header says that it is about somebody or something else."""
        return synonyms.names_partner(self.header) or synonyms.names_another(self.header)

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
        return Proposed([source.as_column(source.target) for source in decided], certain=True)

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
    for source in sources:
        if source.by in ("header", "close"):
            source.target, source.is_unsure = adjusted(source, sources, rules)
    _part_contested(sources)
    _think_by_values(sources, rules)
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
    target = "client_code" if key in NUMBER_HEADERS else synonyms.exactly(source.header) if key else None
    if target:
        source.set(target, "header")
    elif key and not source.about_another and (found := synonyms.closely(source.header)):
        source.set(found.target, "close", 0, found.header)


def _think_again_by_numbers(source: Source, rules: Rules) -> None:
    """A column of valid national numbers is the national number, whatever it is called."""
    if source.target in _OWN_NUMBERS or len(source.cells) < 2 or synonyms.names_another(source.header):
        return
    share = source.share_of_numbers(rules)
    if share >= _IS_NUMBER:
        is_partner = synonyms.names_partner(source.header)
        source.set("spouse_national_number" if is_partner else "national_number", "values", share)


def _part_contested(sources: Sequence[Source]) -> None:
    """Leave each key to the column that is surest of it, and among alike ones to that with more in it."""
    taken: dict[str, Source] = {}
    for source in sorted(sources, key=lambda each: (_RANK[each.by], -len(each.keys), -len(each.cells), each.place)):
        others = [taken[key] for key in source.keys if key in taken]
        if not others:
            taken.update(dict.fromkeys(source.keys, source))
        elif source.by != "person":
            first = others[0]
            # Only where something may be lost is it worth asking, and not where somebody named the other.
            first.is_unsure = first.is_unsure or (bool(source.cells) and source.by != "none" and first.by != "given")
            source.set(NONE, "none", 0, first.header)


def _think_by_values(sources: Sequence[Source], rules: Rules) -> None:
    """Look at the values of columns whose headers say nothing, for keys that no column feeds."""
    taken = {key for source in sources for key in source.keys}
    unknown = [each for each in sources if each.by == "none" and not each.detail and not each.about_another]
    for source in sorted(unknown, key=lambda each: -len(each.cells)):
        found = source.recognised(rules)
        if found is None:
            continue
        target = found.target
        if target == "email" and "email" in taken and _are_colleagues(source, rules):
            target = "responsible"
        if not taken.intersection(keys_of(target)):
            source.set(target, "values", found.share)
            taken.update(source.keys)
    _think_of_streets(unknown, sources, taken)
    names, left = taken.intersection(("first_name", "last_name")), [each for each in unknown if each.by == "none"]
    if not names:
        _think_of_names(left)
    elif names == {"first_name"}:
        _think_of_last_name(left, sources)
    elif names == {"last_name"}:
        _think_of_first_name(left)


def _think_of_streets(unknown: Sequence[Source], sources: Sequence[Source], taken: set[str]) -> None:
    """Take a column of street names, and the numbers at its right."""
    if "street" in taken:
        return
    for source in unknown:
        if source.by == "none" and source.texts and (share := _share(source, is_street)) >= _STREETS:
            source.set("street", "values", share)
            right = [each for each in sources if each.place == source.place + 1 and each in unknown]
            if right and right[0].texts and (numbers := _share(right[0], is_house_number)) >= _NAMES:
                right[0].set("house_number", "values", numbers)
            return


def _are_colleagues(source: Source, rules: Rules) -> bool:
    return rules.staff is not None and all(text.lower() in rules.staff for text in source.texts)


def _think_of_names(unknown: Sequence[Source]) -> None:
    named = [source for source in unknown if source.texts and _share(source, is_full_name) >= _NAMES]
    if named:
        source = max(named, key=lambda each: len({fold(text) for text in each.texts}))
        source.set(order_of_names(source.texts), "values", _share(source, is_full_name))
    elif first := _think_of_first_name(unknown):
        _think_of_last_name([each for each in unknown if each is not first], [first])


def _think_of_first_name(unknown: Sequence[Source]) -> Source | None:
    firsts = [source for source in unknown if source.texts and _share(source, is_first_name) >= _FIRST_NAMES]
    if not firsts:
        return None
    source = max(firsts, key=lambda each: _share(each, is_first_name))
    source.set("first_name", "values", _share(source, is_first_name))
    return source


def _think_of_last_name(unknown: Sequence[Source], sources: Sequence[Source]) -> None:
    """Take the column of words that stands beside the first name."""
    first = next(source for source in sources if "first_name" in source.keys)
    beside = [each for each in unknown if abs(each.place - first.place) == 1 and each.texts]
    named = [each for each in beside if _share(each, lambda text: text[:1].isalpha() and "@" not in text) >= _NAMES]
    for source in named[:1]:
        source.set("last_name", "values", _share(source, lambda text: text[:1].isalpha()))


def _share(source: Source, test: Callable[[str], object]) -> int:
    return sum(bool(test(text)) for text in source.texts) * 100 // len(source.texts)
