"""The same customer twice in one file, and couples on two rows.

The same customer means, in this order: same national number; else same client code; else, where one of the rows has
no national number, same e-mail and same name.
"""

from collections.abc import Container, Mapping, Sequence
from itertools import compress

from accounton.rows.findings import Finding
from accounton.rows.firsts import Firsts
from accounton.rows.names import name_key

REPEATED = "row.repeated"
CODE_TAKEN = "client_code.taken"
PARTNER = "national_number.partner_of_row"
ABOUT_OTHER_ROWS = frozenset({REPEATED, CODE_TAKEN, PARTNER})
"""What is found here and nowhere else."""
_NO_NUMBER, _INVALID_NUMBER = "", "?"
_NOBODY = frozenset({_NO_NUMBER, _INVALID_NUMBER})

Values = Mapping[str, Sequence[str]]
Invalid = Mapping[str, Container[int]]
Found = dict[int, list[Finding]]


class Repeats:
    """Remembers the rows of one file as they come by. Positions count them from 0; what is said names sheet rows."""

    def __init__(self) -> None:
        self._rows: list[int] = []
        self._numbers: list[str] = []
        self._first_names: list[str] = []
        self._last_names: list[str] = []
        self._by_number = Firsts()
        self._by_code = Firsts()
        self._by_email = Firsts()
        self._mailboxes: dict[str, dict[str, dict[bool, int]]] = {}
        self._by_partner: dict[str, int] = {}
        self.late: list[tuple[int, Finding]] = []
        """What is found about a row only after its block has gone: its sheet row and the finding."""
        self.couples: list[tuple[int, int]] = []
        """Couples on two rows: the sheet row that names the partner, and the partner's own."""

    def remember(self, rows: Sequence[int], values: Values, invalid: Invalid) -> dict[int, list[Finding]]:
        """Take the next rows, and give what there is to say about them by index.

        `invalid` has, by column key, the indexes whose value there is not valid: it then identifies nobody.
        """
        start = len(self._rows)
        self._rows += rows
        self._first_names += values["first_name"]
        self._last_names += values["last_name"]
        wrong = invalid.get("national_number", ())
        self._numbers += _replaced(values["national_number"], wrong, _INVALID_NUMBER)
        numbers = _replaced(values["national_number"], wrong, _NO_NUMBER)
        found: Found = {}
        for index, first in self._by_number.again(numbers):
            found[index] = [self._say(REPEATED, "national_number", values, index, first)]
        self._see_codes(start, values, invalid.get("client_code", ()), found)
        self._see_emails(start, values, invalid.get("email", ()), found)
        self._see_partners(start, numbers, values, invalid.get("spouse_national_number", ()), found)
        return found

    def _see_codes(self, start: int, values: Values, invalid: Container[int], found: Found) -> None:
        codes = values["client_code"]
        for index, first in self._by_code.again(codes):
            if index not in found and index not in invalid:
                numbers = {self._numbers[first], self._numbers[start + index]} - _NOBODY
                said = CODE_TAKEN if len(numbers) > 1 else REPEATED
                found[index] = [self._say(said, "client_code", values, index, first)]

    def _see_emails(self, start: int, values: Values, invalid: Container[int], found: Found) -> None:
        emails = values["email"]
        if not "".join(emails).islower():
            emails = list(map(str.lower, emails))
        for index, first in self._by_email.again(emails):
            email = emails[index]
            if index in invalid:
                continue
            if email not in self._mailboxes:
                self._mailboxes[email] = {}
                self._same_person(email, first)
            earlier = self._same_person(email, start + index)
            if earlier is not None and index not in found:
                found[index] = [self._say(REPEATED, "email", values, index, earlier)]

    def _see_partners(
        self, start: int, numbers: Sequence[str], values: Values, invalid: Container[int], found: Found
    ) -> None:
        partners = _replaced(values["spouse_national_number"], invalid, _NO_NUMBER)
        for index in compress(range(len(partners)), partners):
            partner = partners[index]
            own_row = self._by_number.position(partner)
            if own_row is not None and own_row < start:
                self.late.append((self._rows[own_row], self._partner(partner, start + index)))
                self.couples.append((self._rows[start + index], self._rows[own_row]))
            self._by_partner.setdefault(partner, start + index)
        for index in compress(range(len(numbers)), map(self._by_partner.__contains__, numbers)):
            joint_row = self._by_partner[numbers[index]]
            if joint_row != start + index:
                found.setdefault(index, []).append(self._partner(numbers[index], joint_row))
                self.couples.append((self._rows[joint_row], self._rows[start + index]))

    def _same_person(self, email: str, position: int) -> int | None:
        """Give an earlier position of this name in this mailbox where one of the two has no national number."""
        name = name_key(self._first_names[position], self._last_names[position])
        if not name:
            return None
        seen = self._mailboxes[email].setdefault(name, {})
        has_number = self._numbers[position] != _NO_NUMBER
        earlier = [other for with_number, other in seen.items() if not (with_number and has_number)]
        seen.setdefault(has_number, position)
        return min(earlier, default=None)

    def _say(self, code: str, column: str, values: Values, index: int, first: int) -> Finding:
        return Finding("problem", column, code, values[column][index], detail=str(self._rows[first]))

    def _partner(self, number: str, joint_row: int) -> Finding:
        return Finding("notice", "national_number", PARTNER, number, detail=str(self._rows[joint_row]))


def _replaced(numbers: Sequence[str], invalid: Container[int], sign: str) -> Sequence[str]:
    """Put a sign in the place of numbers that are not valid."""
    if not invalid:
        return numbers
    return [sign if index in invalid else number for index, number in enumerate(numbers)]
