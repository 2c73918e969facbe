"""What people are compared by: names, mailbox, address, birth date, whose partner; worked out a column at a time."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import compress
from typing import NamedTuple

from accounton.belgium.folding import fold
from accounton.belgium.national_numbers import birth_date
from accounton.rows.couples import SPOUSE_NAMES, may_name_two, two_people
from accounton.rows.firms import is_firm, may_be_firm
from accounton.rows.names import name_key

UNKNOWN = "?"
"""The name of a partner of whom only the number is known: nobody's."""
_PARTNER = (*SPOUSE_NAMES, "spouse_national_number")


class Person(NamedTuple):
    """What two people are compared by. `id` is a sheet row or a customer; `birth` is an ordinal day, 0 for unknown."""

    id: int
    name: str
    email: str
    address: str
    birth: int
    has_number: bool


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


def address_key(street: str, house_number: str, postal_code: str) -> str:
    """Give the key under which spellings of one address meet; "" where too little of it is known."""
    if not (street and postal_code):
        return ""
    return f"{fold(postal_code)} {_joined(street)} {_joined(house_number)}"


@lru_cache(maxsize=20_000)  # streets and numbers come back
def _joined(text: str) -> str:
    return fold(text).replace(" ", "")


def birth_of(number: str) -> int:
    """Give the birth date inside a valid national number as an ordinal day, 0 where it is not known."""
    born = birth_date(number)
    return born.toordinal() if born else 0


def person_of(number: int, values: Mapping[str, str], *, has_number: bool) -> Person:
    """Give what a row (texts by column key) is compared by; `has_number`: its national number is valid."""
    value = values.get
    born = birth_of(value("national_number", "")) if has_number else 0
    name = name_key(value("first_name", ""), value("last_name", ""))
    address = address_key(value("street", ""), value("house_number", ""), value("postal_code", ""))
    return Person(number, name, value("email", "").lower(), address, born, has_number)


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
