"""Which column of a file becomes which of ours: proposed by what was learnt, by the headers, by the values."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from accounton.belgium.folding import fold
from accounton.rows import synonyms
from accounton.rows.head import FileColumn
from accounton.rows.headers import squeezed
from accounton.rows.mapping_adjusting import NUMBER_HEADERS, adjusted
from accounton.rows.mapping_targets import NONE, TARGETS, keys_of
from accounton.rows.mapping_wishes import Wishes
from accounton.rows.recognising import (
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
from accounton.rows.whose import CUSTOMERS, Whose, names_nothing, whose_each
from accounton.spreadsheets.reading import Cell

SURE = frozenset({"given", "person", "user", "office", "header", "none"})
"""The ways of finding a column that need not be confirmed."""
_RANK = {by: rank for rank, by in enumerate(("given", "person", "user", "office", "header", "close", "values", "none"))}
_IS_NUMBER = 80
_NAMES = 80
_FIRST_NAMES = 35
_STREETS = 50
_NAME_KEYS = frozenset({"first_name", "last_name"})
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

    @cached_property
    def texts(self) -> list[str]:
        """The filled cells as a person sees them."""
        return [text_of(cell) for cell in self.cells]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of ours that it would feed."""
        return keys_of(self.target)

    def set(self, target: str, by: str, share: int = 0, detail: str = "") -> None:
        """Think something of it."""
        self.target, self.by, self.share, self.detail = target, by, share, detail

    def as_column(self) -> FileColumn:
        """Give it as it is sent on."""
        return FileColumn(self.header, self.place, self.keys, self.target, self.by, self.share, self.detail)


@dataclass(frozen=True)
class Proposed:
    """The columns of a file in its order, and whether all of them are certain."""

    columns: list[FileColumn]
    certain: bool
    unsure: frozenset[int] = frozenset()
    """The places of columns that have a target but should be confirmed."""


def propose(sources: Sequence[Source], wishes: Wishes, rules: Rules) -> Proposed:
    """Propose a target for each column of a file; no key of ours is fed twice.

    What a person decided for this file stands. Else the order is: named on the command line, learnt from the user, from
    the office, known headers, those spelt nearly so, and last the values.
    """
    if wishes.columns is not None:
        for source in sources:
            source.set(_allowed(wishes.columns.get(source.place, NONE)), "person")
        _part_contested(sources)
        return Proposed([source.as_column() for source in sources], certain=True)
    for source, whose in zip(sources, whose_each([each.header for each in sources], synonyms.exactly), strict=True):
        source.whose = whose
        _think_by_header(source, wishes)
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
    _think_by_values(sources, rules)
    certain = all(source.by in SURE and not source.is_unsure for source in sources)
    unsure = frozenset(source.place for source in sources if source.is_unsure)
    return Proposed([source.as_column() for source in sources], certain, unsure)


def _allowed(target: str) -> str:
    return target if target in TARGETS else NONE


def _think_by_header(source: Source, wishes: Wishes) -> None:
    key = squeezed(source.header)
    # What "Kolom2" was in one list says nothing of another.
    learnt = () if names_nothing(source.header) else (("user", wishes.user), ("office", wishes.office))
    for by, known in (("given", wishes.given), *learnt):
        if key and key in known:
            source.set(_allowed(known[key]), by)
            return
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
    share = valid("national_number")(source.cells, rules)
    if share >= _IS_NUMBER:
        source.set("spouse_national_number" if source.whose.who == "partner" else "national_number", "values", share)


def _think_of_merged_names(sources: Sequence[Source]) -> None:
    """A header that was merged over last and first names stands above the left ones only."""
    if any("first_name" in source.keys for source in sources):
        return
    for left, right in pairwise(sources):
        is_name = left.by in ("header", "close") and left.target in ("last_name", "full_name")
        if is_name and left.texts and right.texts and (not right.header or names_nothing(right.header)):
            if (share := _share(right, is_first_name)) >= _FIRST_NAMES:
                right.set("first_name", "values", share)
            elif _share(left, is_first_name) >= _FIRST_NAMES:
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
            # Only where something may be lost is it worth asking.
            first.is_unsure = first.is_unsure or (bool(source.cells) and source.by != "none")
            source.set(NONE, "none", 0, first.header)


def _think_by_values(sources: Sequence[Source], rules: Rules) -> None:
    """Look at the values of columns whose headers say nothing, for keys that no column feeds."""
    taken = {key for source in sources for key in source.keys}
    unknown = [
        each for each in sources if each.by == "none" and not each.detail and each.whose.who in ("own", "partner")
    ]
    for source in sorted(unknown, key=lambda each: -len(each.cells)):
        found = recognised(source.cells, rules)
        if found is None:
            continue
        target = found.target if source.whose.who == "own" else f"spouse_{found.target}"
        if target == "email" and "email" in taken and _are_colleagues(source, rules):
            target = "responsible"
        if target == "address" and taken.issuperset(("postal_code", "city")):
            target = "street_and_number"
        if keys_of(target) and not taken.intersection(keys_of(target)):
            source.set(target, "values", found.share)
            taken.update(source.keys)
    unknown = [source for source in unknown if source.whose.who == "own"]
    _think_of_streets(unknown, sources, taken)
    if not taken.intersection(("first_name", "last_name")):
        _think_of_names([source for source in unknown if source.by == "none"])
    elif len(taken.intersection(("first_name", "last_name"))) == 1 and "first_name" in taken:
        _think_of_last_name([source for source in unknown if source.by == "none"], sources)


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
        return
    firsts = [source for source in unknown if source.texts and _share(source, is_first_name) >= _FIRST_NAMES]
    if firsts:
        source = max(firsts, key=lambda each: _share(each, is_first_name))
        source.set("first_name", "values", _share(source, is_first_name))
        _think_of_last_name([each for each in unknown if each is not source], [source])


def _think_of_last_name(unknown: Sequence[Source], sources: Sequence[Source]) -> None:
    """Take the column of words that stands beside the first name."""
    first = next(source for source in sources if "first_name" in source.keys)
    beside = [each for each in unknown if abs(each.place - first.place) == 1 and each.texts]
    named = [each for each in beside if _share(each, lambda text: text[:1].isalpha() and "@" not in text) >= _NAMES]
    for source in named[:1]:
        source.set("last_name", "values", _share(source, lambda text: text[:1].isalpha()))


def _share(source: Source, test: Callable[[str], object]) -> int:
    return sum(bool(test(text)) for text in source.texts) * 100 // len(source.texts)


def given_targets(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Read "RRN=national_number" into squeezed header and target. Raises ValueError for what is no target."""
    for word in words:
        header, sign, target = word.rpartition("=")
        if not sign or target not in (*TARGETS, NONE):
            raise ValueError(word)
        yield squeezed(header), target
