"""Matching: which customer a row is, if any, and whether it may come in. Works on hashes, never on numbers.

The same customer means, in this order: same national number; else same client code; else, where a national number is
missing on either side, same e-mail and same name. Families share mailboxes: e-mail alone is not enough.
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple

Bucket = Literal["only_in_import", "double", "invalid"]
MatchedBy = Literal["", "national_number", "client_code", "email_and_name"]


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
    """What a row is. `problem` is the code of what matching found, "" for nothing; `column` names its column."""

    bucket: Bucket
    customer_id: int | None = None
    matched_by: MatchedBy = ""
    problem: str = ""
    column: str = ""


NEW = Match("only_in_import")
INVALID = Match("invalid")
IS_SPOUSE = "national_number.is_spouse"
CODE_TAKEN = "client_code.taken"


class ExistingKeys:
    """All customers of one office by each of their keys. Made once for a batch; `match` then looks only here."""

    def __init__(self, customers: Iterable[Existing]) -> None:
        """Take customers as Existing tuples, or plain tuples in the same order."""
        self.by_number: dict[bytes, int] = {}
        self.by_code: dict[str, int] = {}
        self.by_email: dict[str, list[tuple[int, str]]] = {}
        self.spouses: set[bytes] = set()
        self.numbered: set[int] = set()
        for customer_id, number_hash, spouse_hash, client_code, email, name_key in customers:
            if number_hash is not None:
                self.by_number[bytes(number_hash)] = customer_id
                self.numbered.add(customer_id)
            if spouse_hash is not None:
                self.spouses.add(bytes(spouse_hash))
            if client_code:
                self.by_code[client_code] = customer_id
            if email:
                self.by_email.setdefault(email.lower(), []).append((customer_id, name_key))

    def match(self, row: RowKeys) -> Match:
        """Say which customer a row is; an invalid row is matched too, so that its customer is not "only here"."""
        customer_id, matched_by = self._find(row)
        owner = self.by_code.get(row.client_code) if row.client_code else None
        if owner is not None and owner != customer_id:
            return Match("invalid", customer_id, matched_by, CODE_TAKEN, "client_code")
        if customer_id is None and row.number_hash in self.spouses:
            return Match("invalid", None, "", IS_SPOUSE, "national_number")
        if not row.valid:
            return Match("invalid", customer_id, matched_by) if customer_id is not None else INVALID
        return Match("double", customer_id, matched_by) if customer_id is not None else NEW

    def _find(self, row: RowKeys) -> tuple[int | None, MatchedBy]:
        number, code = row.number_hash, row.client_code
        if number is not None and (found := self.by_number.get(number)) is not None:
            return found, "national_number"
        if code and (found := self.by_code.get(code)) is not None and not (number and found in self.numbered):
            return found, "client_code"
        if row.email and (candidates := self.by_email.get(row.email.lower())) is not None:
            for customer_id, name_key in candidates:
                if name_key == row.name_key and not (number and customer_id in self.numbered):
                    return customer_id, "email_and_name"
        return None, ""
