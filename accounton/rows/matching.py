"""Matching: which customer a row is, if any, and whether it may come in. Works on hashes, never on numbers.

The same customer means, in this order: same national number; else same client code; else, where a national number is
missing on either side, same e-mail and same name. Families share mailboxes: e-mail alone is not enough. Where two
customers fit alike, or a code alone says that a national number belongs to somebody of another name, it is nobody
until somebody decides. What the rows of a list say of one another stands in `claims`.
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple

Bucket = Literal["only_in_import", "double", "invalid"]
MatchedBy = Literal["", "national_number", "client_code", "email_and_name", "decision"]
Hash = bytes | None


class Existing(NamedTuple):
    """The keys of one customer of the office. `email` and `name_key` may be "" where they are unknown."""

    customer_id: int
    number_hash: bytes | None
    spouse_hash: bytes | None
    client_code: str
    email: str
    name_key: str


class RowKeys(NamedTuple):
    """The keys of one checked row; `valid` is whether checking found no problem in it."""

    valid: bool
    number_hash: bytes | None
    spouse_hash: bytes | None
    client_code: str
    email: str
    name_key: str


class Match(NamedTuple):
    """What a row is. `problem` is the code of what matching found, "" for nothing; `column` names its column.

    `candidates` are the customers who may be meant where nothing says for certain which, or whether at all.
    """

    bucket: Bucket
    customer_id: int | None = None
    matched_by: MatchedBy = ""
    problem: str = ""
    column: str = ""
    candidates: tuple[int, ...] = ()


NUMBER: MatchedBy = "national_number"
CODE: MatchedBy = "client_code"
DECISION: MatchedBy = "decision"
"""Nothing matched; somebody said that they are the same."""
IS_SPOUSE = "national_number.is_spouse"
OWN_PARTNER = "spouse_national_number.same"
CODE_TAKEN = "client_code.taken"
NEW = Match("only_in_import")
INVALID = Match("invalid")
IS_PARTNER = Match("invalid", problem=IS_SPOUSE, column="national_number")


class ExistingKeys:
    """All customers of one office by each of their keys. Made once for a batch; `match` then looks only here.

    100,000 customers take some 40 MB.
    """

    def __init__(self, customers: Iterable[Existing | tuple[int, Hash, Hash, str, str, str]]) -> None:
        """Take customers as Existing tuples, or as plain tuples in the same order."""
        self._by_number: dict[bytes, int] = {}
        self._by_code: dict[str, int] = {}
        self._by_person: dict[str, int | list[int]] = {}
        self._partners: dict[bytes, tuple[int, str]] = {}
        self._without_number: set[int] = set()
        self._coded: dict[int, tuple[str, str]] = {}
        for customer_id, number_hash, spouse_hash, client_code, email, name_key in customers:
            if number_hash is not None:
                self._by_number[bytes(number_hash)] = customer_id
            else:
                self._without_number.add(customer_id)
            if spouse_hash is not None:
                self._partners[bytes(spouse_hash)] = customer_id, name_key
            if client_code:
                self._by_code[client_code] = customer_id
                if number_hash is None:
                    self._coded[customer_id] = email.lower(), name_key
            if email and name_key:
                self._add_person(_person(email, name_key), customer_id)

    def __bool__(self) -> bool:
        """Whether anybody has a key."""
        return bool(self._by_number or self._by_code or self._by_person or self._partners)

    def match(self, row: RowKeys | tuple[bool, Hash, Hash, str, str, str]) -> Match:
        """Say which customer a row is, given as RowKeys or as a plain tuple in the same order.

        An invalid row is matched too, so that its customer does not count as "only here".
        """
        valid, number_hash, _spouse_hash, client_code, email, name_key = row
        customer_id = self._by_number.get(number_hash) if number_hash is not None else None
        owner = self._by_code.get(client_code) if client_code else None
        matched_by: MatchedBy = "national_number" if customer_id is not None else ""
        if owner is not None and owner != customer_id:
            if customer_id is not None or (number_hash is not None and owner not in self._without_number):
                return Match("invalid", customer_id, matched_by, CODE_TAKEN, "client_code")
            if number_hash is not None and not self._shares_more(owner, email, name_key):
                return Match("invalid", None, "", CODE_TAKEN, "client_code", (owner,))
            customer_id, matched_by = owner, CODE
        if customer_id is None and email and name_key:
            found = self._find_people(_person(email, name_key), has_number=number_hash is not None)
            if len(found) > 1:
                return (NEW if valid else INVALID)._replace(candidates=found)
            customer_id = found[0] if found else None
            matched_by = "email_and_name" if found else ""
        if customer_id is not None:
            return self._as(customer_id, matched_by, RowKeys(*row))
        if number_hash is not None and number_hash in self._partners:
            return IS_PARTNER
        return NEW if valid else INVALID

    def _as(self, customer_id: int, matched_by: MatchedBy, row: RowKeys) -> Match:
        """Say what a row is that is a customer, unless a number says that it is the partner, or takes one for both."""
        # A number says more than a name and a mailbox, and nobody is their own partner.
        if self._partners.get(row.number_hash or b"") == (customer_id, row.name_key):
            return IS_PARTNER
        spouse = row.spouse_hash
        if spouse is not None and spouse != row.number_hash and self._by_number.get(spouse) == customer_id:
            return Match("invalid", customer_id, matched_by, OWN_PARTNER, "spouse_national_number")
        return Match("double" if row.valid else "invalid", customer_id, matched_by)

    def _add_person(self, person: str, customer_id: int) -> None:
        known = self._by_person.setdefault(person, customer_id)
        if isinstance(known, list):
            known.append(customer_id)
        elif known != customer_id:
            self._by_person[person] = [known, customer_id]

    def _find_people(self, person: str, *, has_number: bool) -> tuple[int, ...]:
        """Find customers by mailbox and name; where the row has a number, only those of whom no number is known."""
        known = self._by_person.get(person)
        if known is None:
            return ()
        candidates = known if isinstance(known, list) else (known,)
        return tuple(one for one in candidates if not has_number or one in self._without_number)

    def _shares_more(self, owner: int, email: str, name_key: str) -> bool:
        """Whether a row shares more than the code with its owner, of whom no national number is known."""
        mailbox, name = self._coded[owner]
        return bool(email and email.lower() == mailbox) or bool(name_key and name_key == name)


def _person(email: str, name_key: str) -> str:
    return f"{email.lower()}\0{name_key}"
