"""What rows are compared by, worked out a column at a time: names, mailbox, address, birth date, whose partner."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import compress
from typing import NamedTuple

from accounton.belgium.folding import fold
from accounton.rows.couples import SPOUSE_NAMES, may_name_two, two_people
from accounton.rows.firms import is_firm, may_be_firm
from accounton.rows.names import name_key
from accounton.rows.near import address_key, birth_of

UNKNOWN = "?"
"""The name of a partner of whom only the number is known: nobody's."""
_PARTNER = (*SPOUSE_NAMES, "spouse_national_number")


class Looks(NamedTuple):
    """Rows as they are compared, as columns.

    `kinds` says "firm" or "two_people" of those that are no single person, "" of the others. `names` are name keys,
    `addresses` address keys, `births` ordinal days, 0 for unknown; `last_names` are folded; `partners` are the name
    keys of the partners whom rows name, "" for none.
    """

    numbers: Sequence[int]
    kinds: Sequence[str]
    names: Sequence[str]
    emails: Sequence[str]
    addresses: Sequence[str]
    births: Sequence[int]
    has_number: Sequence[bool]
    last_names: Sequence[str]
    partners: Sequence[str]

    def only(self, numbers: set[int]) -> "Looks":
        """Give the looks of some of the rows."""
        kept = [number in numbers for number in self.numbers]
        return self if all(kept) else Looks._make(list(compress(column, kept)) for column in self)


def looks_of(
    numbers: Sequence[int],
    has_number: Sequence[bool],
    values: Mapping[str, Sequence[str]],
    names: Sequence[str],
) -> Looks:
    """Give the looks of rows: their sheet rows, whether their national numbers are valid, their columns by key.

    `names` are their name keys. A column that the list does not have may be missing.
    """
    none = [""] * len(numbers)
    column = values.get
    firsts, lasts, partners = column("first_name", none), column("last_name", none), _partners(values, none)
    born = zip(column("national_number", none), has_number, strict=True)
    return Looks(
        numbers,
        list(map(_kind, firsts, lasts, partners)),
        names,
        [email.lower() for email in column("email", none)],
        list(map(address_key, column("street", none), column("house_number", none), column("postal_code", none))),
        [birth_of(number) if has else 0 for number, has in born],
        has_number,
        list(map(fold, lasts)),
        partners,
    )


def _kind(first_name: str, last_name: str, partner: str) -> str:
    if not (_may_be_odd(first_name) or _may_be_odd(last_name)):
        return ""
    if is_firm(first_name, last_name):
        return "firm"
    return "two_people" if partner in ("", UNKNOWN) and two_people(first_name, last_name) else ""


@lru_cache(maxsize=20_000)  # names come back
def _may_be_odd(name: str) -> bool:
    return may_be_firm(name) or may_name_two(name)


def _partners(values: Mapping[str, Sequence[str]], none: Sequence[str]) -> Sequence[str]:
    """Give the name keys of the partners whom rows name, UNKNOWN where only a number is known."""
    if values.keys().isdisjoint(_PARTNER):
        return none
    return list(map(_partner, *(values.get(key, none) for key in _PARTNER)))


def _partner(first_name: str, last_name: str, number: str) -> str:
    named = name_key(first_name, last_name) if first_name or last_name else ""
    return named or (UNKNOWN if number else "")
