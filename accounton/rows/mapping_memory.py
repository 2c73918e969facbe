"""What was learnt from earlier lists, as far as it goes with the other columns of this one."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from accounton.rows.columns import REQUIRED
from accounton.rows.headers import squeezed
from accounton.rows.mapping_targets import NONE, TARGETS, keys_of
from accounton.rows.mapping_wishes import Wishes
from accounton.rows.whose import names_nothing

if TYPE_CHECKING:
    from accounton.rows.mapping import Source

Memory = Mapping[int, tuple[str, str]]
"""By the place of a column: its learnt target, and from whom: "user" or "office"."""

_BY_HEADER = frozenset({"given", "header", "close"})


def remembered(sources: Sequence["Source"], wishes: Wishes) -> Memory:
    """Give what was learnt about the headers of a file, but for those named on the command line."""
    memory: dict[int, tuple[str, str]] = {}
    for source in sources:
        key = squeezed(source.header)
        for by, known in (("office", wishes.office), ("user", wishes.user)):
            # What "Kolom2" was in one list says nothing of another.
            if key in known and source.by != "given" and not names_nothing(source.header):
                memory[source.place] = (known[key] if known[key] in TARGETS else NONE, by)
    return memory


def fitting(
    plain: Sequence["Source"], memory: Memory, think: Callable[[Memory], Sequence["Source"]]
) -> Sequence["Source"]:
    """Give the columns with what of the memory holds in this file; unsure where it says something else of them.

    `plain` are the columns as they are without memory, `think` gives them with some of it. A header learnt in one list
    means something else in another: what takes away that which a neighbour is for certain does not hold, nor what
    leaves a required key without its source. That a column is not imported holds: what is missing then is asked for.
    """
    gone, doubtful = _against_neighbours(plain, memory)
    memory = _without(memory, gone)
    found = plain
    while memory:
        found = think(memory)
        lost = _required(plain) - _required(found)
        gone = {
            place for place, (target, _) in memory.items() if target != NONE and lost & _touched(place, target, plain)
        }
        if not gone:
            break
        memory, found = _without(memory, gone), plain
    for source in found:
        source.is_unsure = source.is_unsure or source.place in doubtful
    return found


def _against_neighbours(plain: Sequence["Source"], memory: Memory) -> tuple[set[int], set[int]]:
    gone: set[int] = set()
    doubtful: set[int] = set()
    for source in plain:
        target = memory[source.place][0] if source.place in memory else source.target
        if target == source.target:
            continue
        keys = set(keys_of(target))
        rivals = [each for each in plain if each is not source and keys.intersection(each.keys)]
        if len(keys) > 1:
            # What stands in a column of its own is not taken out of another; that this was left out goes with it.
            own = {each.place for each in rivals if each.by in _BY_HEADER and len(each.keys) == 1}
            gone |= {source.place, *own} if own else own
        elif surer := {each.place for each in rivals if each.is_certain} - memory.keys():
            gone.add(source.place)
            doubtful |= surer
    return gone, doubtful


def _touched(place: int, target: str, plain: Sequence["Source"]) -> set[str]:
    """Give the keys that a learnt target may leave without a source: its column's, and those of whom it takes from."""
    keys = set(keys_of(target))
    return {key for each in plain if each.place == place or keys.intersection(each.keys) for key in each.keys}


def _required(sources: Sequence["Source"]) -> set[str]:
    return {key for source in sources for key in source.keys}.intersection(REQUIRED)


def _without(memory: Memory, places: Collection[int]) -> Memory:
    return {place: learnt for place, learnt in memory.items() if place not in places}
