"""Rows of one list that look like one person, although no number, code or mailbox says so.

Of one birth date names are compared as for near matches, and in a large block only the same ones; at one address only
the same name says anything, for couples and brothers live together. So the work grows with the number of rows.
"""

from collections.abc import Collection, Hashable, Iterable, Iterator
from itertools import combinations
from typing import Literal, NamedTuple

from accounton.rows.looks import Person
from accounton.rows.near import ALIKE, LARGE_BLOCK, MOST_OF_A_ROW, letters_of, likeness

Reason = Literal["again_birth", "again_address"]
Pair = tuple[Person, Person]


class Twice(NamedTuple):
    """Two rows that look like one person, the upper one first."""

    reason: Reason
    row: int
    other: int


def twice(people: Collection[Person]) -> Iterator[Twice]:
    """Give the pairs of rows that look like one person: alike in name and born on one day, or namesakes at one address.

    At one address only where one of the two has no national number: two numbers tell people apart. However often a
    name stands there, a row is put beside a few.
    """
    found: dict[Reason, Iterator[Pair]] = {"again_birth": _of_one_day(people), "again_address": _at_home(people)}
    for reason, pairs in found.items():
        met: dict[int, int] = {}
        for one, other in pairs:
            row, again = sorted((one.id, other.id))
            met[again] = met.get(again, 0) + 1
            if met[again] <= MOST_OF_A_ROW:
                yield Twice(reason, row, again)


def _of_one_day(people: Iterable[Person]) -> Iterator[Pair]:
    for block in _blocks((person.birth, person) for person in people if person.birth and person.name):
        if len(block) > LARGE_BLOCK:
            for same in _blocks((person.name, person) for person in block):
                yield from combinations(same[:LARGE_BLOCK], 2)
        else:
            yield from _alike(block)


def _alike(block: Iterable[Person]) -> Iterator[Pair]:
    named = [(letters_of(person.name), person) for person in block]
    for (letters, one), (others, other) in combinations(named, 2):
        # Names that are alike begin with the same letters, or one is a part of the other.
        if ((both := letters & others) == letters or both == others) and likeness(one.name, other.name) >= ALIKE:
            yield one, other


def _at_home(people: Collection[Person]) -> Iterator[Pair]:
    wanted = {(each.address, each.name) for each in people if not each.has_number and each.address and each.name}
    for block in _blocks((home, each) for each in people if (home := (each.address, each.name)) in wanted):
        for one, other in combinations(block[:LARGE_BLOCK], 2):
            if not (one.has_number and other.has_number):
                yield one, other


def _blocks(people: Iterable[tuple[Hashable, Person]]) -> Iterator[list[Person]]:
    """Give the people who share a key, where they are two or more."""
    blocks: dict[Hashable, list[Person]] = {}
    for key, person in people:
        blocks.setdefault(key, []).append(person)
    return (block for block in blocks.values() if len(block) > 1)
