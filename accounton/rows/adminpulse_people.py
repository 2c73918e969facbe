"""Who stands in which row of AdminPulse's sheet of relations, found by code, national number or name."""

from collections.abc import Mapping

from accounton.rows.names import name_key

KEPT, COMPANY, NOT_CUSTOMER = "kept", "company", "not_customer"
WHY_LEFT_OUT = frozenset({f"adminpulse.{COMPANY}", f"adminpulse.{NOT_CUSTOMER}"})
"""The codes of what is said in a row that was left out while it was read."""
_LENGTH = 11


class People:
    """The relations by sheet row; what each is (`KEPT`, `COMPANY`, `NOT_CUSTOMER`), and who joins a customer."""

    def __init__(self) -> None:
        self.kinds: dict[int, str] = {}
        self._by_code: dict[str, set[int]] = {}
        self._by_number: dict[str, set[int]] = {}
        self._by_name: dict[str, set[int]] = {}
        self._joined: set[int] = set()

    def add(self, row: int, values: Mapping[str, str], kind: str) -> None:
        """Remember a relation by the values of its row."""
        self.kinds[row] = kind
        name = name_key(values["first_name"], values["last_name"])
        for found, key in (
            (self._by_code, values["client_code"].casefold()),
            (self._by_number, values["national_number"]),
            (self._by_name, name),
        ):
            if key:
                found.setdefault(key, set()).add(row)

    def find(self, code: str, number: str, name: str, anything: str) -> set[int]:
        """Give the rows of whoever is meant by what is known of them; none where nobody is.

        What is not found says nothing; the others must all mean the same row, else there is more than one.
        """
        found = [
            self._by_code.get(code.casefold(), set()),
            self._number(number),
            self._by_name.get(name_key("", name), set()),
            self._anything(anything),
        ]
        there = [rows for rows in found if rows]
        if not there:
            return set()
        return set.intersection(*there) or set.union(*there)

    def join(self, row: int) -> None:
        """Say that somebody who is no customer is a customer's partner."""
        self._joined.add(row)

    def is_joined(self, row: int) -> bool:
        """Whether a relation who is no customer comes in as a customer's partner."""
        return row in self._joined

    def _number(self, text: str) -> set[int]:
        digits = "".join(sign for sign in text if sign.isdecimal())
        return self._by_number.get(digits.zfill(_LENGTH), set()) if digits else set()

    def _anything(self, text: str) -> set[int]:
        return (
            (self._by_code.get(text.casefold()) or self._number(text) or self._by_name.get(name_key("", text), set()))
            if text
            else set()
        )
