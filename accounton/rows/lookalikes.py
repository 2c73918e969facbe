"""Who of a list looks like a customer, is a firm, or is half of a couple: told of what staging sealed, piece by piece.

Customers come first, rows in any order after them. Only what people are compared by is kept of either.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

import orjson

from accounton.rows import near, twice
from accounton.rows.looks import Looks, Person, address_key, birth_of, looks_of
from accounton.rows.names import name_key
from accounton.rows.near import Customers, Near, households

if TYPE_CHECKING:
    from accounton.sealing.sealer import Sealer


class Found(NamedTuple):
    """What there is to decide about a row: beside another row, beside a customer, or by itself."""

    reason: near.Reason | twice.Reason | Literal["partner", "claimed", "couple", "household", "firm", "two_people"]
    row: int
    other: int | None = None
    customer: int | None = None


class SealedRows(NamedTuple):
    """Rows to look at, as columns: sheet row, whether its national number is valid, and what it holds, sealed."""

    numbers: Sequence[int]
    has_number: Sequence[bool]
    sealed: Sequence[bytes]


class SealedCustomers(NamedTuple):
    """Customers, as columns; `sealed` is the national number, b"" where none is known."""

    ids: Sequence[int]
    name_keys: Sequence[str]
    emails: Sequence[str]
    streets: Sequence[str]
    house_numbers: Sequence[str]
    postal_codes: Sequence[str]
    sealed: Sequence[bytes]


class Contexts(NamedTuple):
    """The places that rows and the national numbers of customers are sealed for."""

    row: bytes
    number: bytes


class Lookalikes:
    """The customers of an office and the rows of a list that nobody is yet."""

    def __init__(self, sealer: "Sealer", contexts: Contexts) -> None:
        self._open, self._contexts = sealer.open, contexts
        self._customers = Customers()
        self._people: dict[int, Person] = {}
        self._near: dict[int, list[Near]] = {}
        self._alone: dict[int, Literal["firm", "two_people"]] = {}
        self._last_names: dict[int, str] = {}
        self._partners: dict[int, str] = {}
        self._among: list[Found] | None = None

    def add_customers(self, customers: SealedCustomers) -> None:
        """Take more customers. Those without a name look like nobody."""
        for pk, name, email, street, house_number, postal_code, sealed in zip(*customers, strict=True):
            if name:
                born = birth_of(self._open(sealed, self._contexts.number).decode()) if sealed else 0
                address = address_key(street, house_number, postal_code)
                self._customers.add(Person(pk, name, email.lower(), address, born, bool(sealed)))

    def add_rows(self, rows: SealedRows) -> None:
        """Look at more rows; one that was there already is looked at anew."""
        opened = [orjson.loads(self._open(sealed, self._contexts.row))["values"] for sealed in rows.sealed]
        keys = set().union(*opened)
        values = {key: [row.get(key, "") for row in opened] for key in keys}
        none = [""] * len(opened)
        names = list(map(name_key, values.get("first_name", none), values.get("last_name", none)))
        self.add_looks(looks_of(rows.numbers, rows.has_number, values, names))

    def add_looks(self, looks: Looks) -> None:
        """The same of rows whose looks were worked out before."""
        self._among = None
        for number, kind, name, email, address, born, has_number, last_name, partner in zip(*looks, strict=True):
            if number in self._people or number in self._alone:
                self._forget(number)
            if kind:
                self._alone[number] = kind
            if kind != "firm":
                person = self._people[number] = Person(number, name, email, address, born, has_number)
                self._note(person, last_name, partner)

    def compare_rows(self) -> None:
        """Compare the rows with one another now, so that `found` need not, unless more rows come or some are gone."""
        self._among = list(self._pairs(()))

    def found(self, gone: Collection[int], known: Collection[int]) -> Iterator[Found]:
        """Give what there is to decide, without the rows `gone`.

        Of the customers `known` to be in other rows only whoever shares more than a mailbox: a family shares that.
        """
        for number, reason in self._alone.items():
            if number not in gone:
                yield Found(reason, number)
        yield from self._pairs(gone) if gone or self._among is None else self._among
        for number in sorted(self._near):
            if number not in gone:
                yield from _most_alike(self._near[number], known)

    def _pairs(self, gone: Collection[int]) -> Iterator[Found]:
        people = [person for number, person in self._people.items() if number not in gone]
        yield from (Found(*each) for each in twice.twice(people))
        for row, other in households(people, self._last_names, self._partners):
            yield Found("household", row, other)

    def _forget(self, number: int) -> None:
        for known in (self._people, self._near, self._alone, self._last_names, self._partners):
            known.pop(number, None)

    def _note(self, person: Person, last_name: str, partner: str) -> None:
        if partner:
            self._partners[person.id] = partner
        if person.address:
            self._last_names[person.id] = last_name
        if alike := self._customers.like(person):
            self._near[person.id] = alike


def _most_alike(alike: Iterable[Near], known: Collection[int]) -> Iterator[Found]:
    others = [each for each in alike if each.reason != "email" or each.customer not in known]
    for each in others[: near.MOST_OF_A_ROW]:
        yield Found(each.reason, each.row, None, each.customer)
