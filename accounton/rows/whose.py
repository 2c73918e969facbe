"""Whose a column is by its header: the customer's own, the partner's, or somebody or something else's.

The words that say so stand in `whose.toml`.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from accounton.belgium.folding import fold
from accounton.rows.headers import squeezed

Who = Literal["own", "partner", "another", "open"]
_Side = Literal["first", "second"]
_REMEMBERED = 1000
_ASIDE = re.compile(r"\(([^)]*)\)")
_NEW_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z]{2})(?=[0-9])")
_LITTLE = r"(?:\b(?:van|de|het|der|den|du|des|la|le|l|d|of|the|vom|von|des|voor|pour|for|fur) )*"
_SECOND_BY_NUMBER = r"\b[23]\b|^[4-9]\b|\b[4-9]$|\b[2-9](?:d|e|de|eme|ieme|ste|nd|nde|rd|th)\b"
_PLACEHOLDER = re.compile(
    r"(?:kolom|column|colonne|spalte|veld|field|champ|feld|kol|col|f|unnamed) ?[0-9]+(?: level [0-9]+)?"
    r"|(?:kolom|column|colonne|spalte) [a-z]{1,2}"
)
_NAMES = frozenset({"first_name", "last_name", "full_name", "last_first", "first_last"})
_LETTERS: dict[str, _Side] = {
    **dict.fromkeys("mha", "first"),
    **dict.fromkeys("vfb", "second"),
}
_OTHER: dict[_Side, _Side] = {"first": "second", "second": "first"}
TargetOf = Callable[[str], str | None]


class Whose(NamedTuple):
    """Whose a column is ("open" where that is for a person to say), and its header without the words that say so.

    `is_guess` says that the column is of one of two people, and that who of them is the customer was guessed.
    """

    who: Who
    bare: str
    is_guess: bool = False


CUSTOMERS = Whose("own", "")


class _Read(NamedTuple):
    """What one header says by itself: whose it is, or of which of two people. `is_spouse` where it may be both."""

    who: Who
    bare: str
    side: _Side | None = None
    is_spouse: bool = False


def names_another(header: str) -> bool:
    """Say whether a header is about somebody or something else: a child, an employer, an invoice, a second one."""
    return _read(header).who == "another"


def names_somebody(text: str) -> bool:
    """Say whether a text is about somebody other than the customer: a partner too, or one of two people."""
    read = _read(text)
    return read.who != "own" or read.side is not None


def names_nothing(header: str) -> bool:
    """Say whether a header is what programs call a column that has no name: Kolom2, Column3, Unnamed: 3."""
    return _PLACEHOLDER.fullmatch(fold(header)) is not None


def whose_each(headers: Sequence[str], target_of: TargetOf) -> list[Whose]:
    """Say whose each column of a list is. `target_of` gives what a header stands for, None where it is not known.

    Where a list has columns of a man and a woman, or of a partner 1 and 2, one of them is the customer throughout and
    the other the partner. Where the names of the list do not tell which, all of these columns are open.
    """
    read = _with_letters([_read(header) for header in headers])
    if len(_sides(read)) == 1:
        # "Echtgenote" by herself is the partner; beside an "echtgenoot" either may be.
        read = [each._replace(side=None) if each.is_spouse else each for each in read]
    customer = _customer(read, target_of)
    # Beside "NISS" and no "NISS Monsieur", "NISS Madame" is the partner's.
    own = {target_of(each.bare) for each in read if each.who == "own" and not each.side and len(_sides(read)) == 1}
    return [_whose(each, customer, target_of(each.bare) in own - {None}) for each in read]


def _with_letters(read: Sequence[_Read]) -> list[_Read]:
    """Read "RR m" and "RR v" as a pair: letters say something only where one header comes with both sides."""
    lettered = [_by_letter(each) for each in read]
    there = {(squeezed(each.bare), each.side) for each in (*read, *lettered) if each.side}
    pairs = {each.side for each in lettered if each.side and (squeezed(each.bare), _OTHER[each.side]) in there}
    return [letter if letter.side in pairs else each for each, letter in zip(read, lettered, strict=True)]


def _by_letter(read: _Read) -> _Read:
    bare, _, letter = fold(read.bare).rpartition(" ")
    side = _LETTERS.get(letter) if bare and read.who != "another" and not read.side else None
    return _Read("own", bare, side) if side else read


def _sides(read: Sequence[_Read]) -> set[_Side]:
    return {each.side for each in read if each.side}


def _customer(read: Sequence[_Read], target_of: TargetOf) -> _Side | None:
    """Say which of two people is the customer: who is named first; None where names go without a side, or lack."""
    people = [each for each in read if each.side or each.who == "own"]
    named = [each.side for each in people if target_of(each.bare) in _NAMES or (each.side and not each.bare)]
    return None if None in named else next(iter(named), None)


def _whose(read: _Read, customer: _Side | None, is_beside_own: bool) -> Whose:
    if read.side is None:
        return Whose(read.who, read.bare)
    if customer:
        return Whose("own" if read.side == customer else "partner", read.bare, is_guess=True)
    return Whose("partner" if is_beside_own else "open", read.bare, is_guess=True)


@lru_cache(_REMEMBERED)
def _read(header: str) -> _Read:
    if names_nothing(header):
        return _Read("own", "")
    text = fold(_NEW_WORD.sub(" ", _ASIDE.sub(_without_numbers, header)))
    words = _words()
    rest = _without(text, (words["first_numbered"], words["second_numbered"]))
    if words["another"].search(rest):
        return _Read("another", header)
    bare = _without(rest, (words["partner"], words["first"], words["second"]))
    is_spouse = words["partner"].search(rest) is not None
    if side := _side(text, words["first_numbered"], words["second_numbered"]):
        return _Read("own", bare, side)
    if side := _side(text, words["first"], words["second"]):
        return _Read("partner" if is_spouse else "own", bare, side, is_spouse)
    return _Read("partner", bare) if is_spouse or words["partner"].search(text) else _Read("own", header)


def _side(text: str, first: re.Pattern[str], second: re.Pattern[str]) -> _Side | None:
    """Say which of two people a header names; None where it names both, or neither."""
    is_first, is_second = first.search(text) is not None, second.search(text) is not None
    if is_first is is_second:
        return None
    return "first" if is_first else "second"


def _without(text: str, patterns: Iterable[re.Pattern[str]]) -> str:
    for pattern in patterns:
        text = pattern.sub(" ", text)
    return " ".join(text.split())


def _without_numbers(aside: re.Match[str]) -> str:
    """Leave "(2)" as it is; the numbers in "(4 cijfers)" and "(1 = nl, 2 = fr)" do not count."""
    return aside[0] if aside[1].strip().isdigit() else re.sub(r"\b[0-9]\b", " ", aside[0])


@cache
def _words() -> dict[str, re.Pattern[str]]:
    file: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    another = [_any_of(languages.values()) for languages in file["another"].values()]
    people = _any_of([file["numbered"]["people"]])
    patterns = {"another": "|".join([_SECOND_BY_NUMBER, *another]), "partner": _any_of(file["partner"].values())}
    for side, languages in file["sides"].items():
        number = _any_of([file["numbered"][side]])
        patterns[side] = _any_of(languages.values())
        patterns[f"{side}_numbered"] = f"{people} {number}|{number} {people}"
    return {name: re.compile(f"{_LITTLE}(?:{pattern})(?: [es])?\\b") for name, pattern in patterns.items()}


def _any_of(texts: Iterable[str]) -> str:
    """Make one pattern of the words in texts: `_` stands for a space, `*` for any letters."""
    words = sorted({word for text in texts for word in text.split()})
    return rf"\b(?:{'|'.join(_pattern(word) for word in words)})\b"


def _pattern(word: str) -> str:
    front, back = (r"\w*" if word.startswith("*") else ""), (r"\w*" if word.endswith("*") else "")
    return front + re.escape(fold(word)) + back
