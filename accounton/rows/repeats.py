"""The same customer twice in one file, and couples on two rows.

The same customer means, in this order: same national number; else same client code; else, where one of the rows has
no national number, same e-mail and same name.
"""

from array import array
from collections.abc import Container, Iterator, Mapping, Sequence

from accounton.rows.findings import Finding
from accounton.rows.names import name_key

REPEATED = "row.repeated"
CODE_TAKEN = "client_code.taken"
PARTNER = "national_number.partner_of_row"
_NO_NUMBER, _INVALID_NUMBER = 0, 1

Values = Mapping[str, Sequence[str]]
Invalid = Mapping[str, Container[int]]
Found = dict[int, list[Finding]]


class Repeats:
    """Remembers the rows of one file as they come by. Positions count them from 0; what is said names sheet rows."""

    def __init__(self) -> None:
        self._rows = array("I")
        self._numbers = array("Q")
        self._names: list[str] = []
        self._by_number: dict[int, int] = {}
        self._by_code: dict[str, int] = {}
        self._by_email: dict[str, int] = {}
        self._mailboxes: dict[str, dict[str, dict[bool, int]]] = {}
        self._by_partner: dict[int, int] = {}
        self.late: list[tuple[int, Finding]] = []
        """What is found about a row only after its block has gone: its sheet row and the finding."""

    def remember(self, rows: Sequence[int], values: Values, invalid: Invalid) -> dict[int, list[Finding]]:
        """Take the next rows, and give what there is to say about them by index.

        `invalid` has, by column key, the indexes whose value there is not valid: it then identifies nobody.
        """
        start = len(self._rows)
        self._rows.extend(rows)
        self._names += map("\0".join, zip(values["first_name"], values["last_name"], strict=True))
        self._numbers.extend(_as_integers(values["national_number"], invalid.get("national_number", ())))
        found: dict[int, list[Finding]] = {}
        self._see_numbers(start, values, found)
        self._see_codes(start, values, invalid.get("client_code", ()), found)
        self._see_emails(start, values, invalid.get("email", ()), found)
        self._see_partners(start, values, invalid.get("spouse_national_number", ()), found)
        return found

    def _see_numbers(self, start: int, values: Values, found: Found) -> None:
        first_with = self._by_number.setdefault
        for position, number in enumerate(self._numbers[start:], start):
            if number > _INVALID_NUMBER and (first := first_with(number, position)) != position:
                found.setdefault(position - start, []).append(
                    self._say(REPEATED, "national_number", values, position - start, first)
                )

    def _see_codes(self, start: int, values: Values, invalid: Container[int], found: Found) -> None:
        first_with = self._by_code.setdefault
        for index, code in enumerate(values["client_code"]):
            if not code or (first := first_with(code, start + index)) == start + index or index in invalid:
                continue
            if index not in found:
                numbers = {self._numbers[first], self._numbers[start + index]} - {_NO_NUMBER, _INVALID_NUMBER}
                said = CODE_TAKEN if len(numbers) > 1 else REPEATED
                found[index] = [self._say(said, "client_code", values, index, first)]

    def _see_emails(self, start: int, values: Values, invalid: Container[int], found: Found) -> None:
        first_with = self._by_email.setdefault
        for position, email in enumerate(map(str.lower, values["email"]), start):
            if not email or (first := first_with(email, position)) == position or position - start in invalid:
                continue
            if email not in self._mailboxes:
                self._mailboxes[email] = {}
                self._same_person(email, first)
            earlier = self._same_person(email, position)
            if earlier is not None and position - start not in found:
                found[position - start] = [self._say(REPEATED, "email", values, position - start, earlier)]

    def _same_person(self, email: str, position: int) -> int | None:
        """Give an earlier position of this name in this mailbox where one of the two has no national number."""
        name = name_key(*self._names[position].split("\0"))
        if not name:
            return None
        seen = self._mailboxes[email].setdefault(name, {})
        has_number = self._numbers[position] != _NO_NUMBER
        earlier = [other for with_number, other in seen.items() if not (with_number and has_number)]
        seen.setdefault(has_number, position)
        return min(earlier, default=None)

    def _see_partners(self, start: int, values: Values, invalid: Container[int], found: Found) -> None:
        partners = _as_integers(values["spouse_national_number"], invalid)
        for position, partner in enumerate(partners, start):
            if partner > _INVALID_NUMBER:
                own_row = self._by_number.get(partner)
                if own_row is not None and own_row < start:
                    self.late.append((self._rows[own_row], self._partner(str(partner).zfill(11), position)))
                self._by_partner.setdefault(partner, position)
        if self._by_partner:
            for index, number in enumerate(self._numbers[start:]):
                joint_row = self._by_partner.get(number)
                if joint_row is not None and joint_row != start + index:
                    number_text = values["national_number"][index]
                    found.setdefault(index, []).append(self._partner(number_text, joint_row))

    def _say(self, code: str, column: str, values: Values, index: int, first: int) -> Finding:
        return Finding("problem", column, code, values[column][index], detail=str(self._rows[first]))

    def _partner(self, number: str, joint_row: int) -> Finding:
        return Finding("notice", "national_number", PARTNER, number, detail=str(self._rows[joint_row]))


def _as_integers(numbers: Sequence[str], invalid: Container[int]) -> Iterator[int]:
    """Give national numbers as integers, which take little room."""
    for index, number in enumerate(numbers):
        if not number:
            yield _NO_NUMBER
        else:
            yield _INVALID_NUMBER if index in invalid else int(number)
