"""Two rows, or a row and a customer, side by side: what stands in each, and what differs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext, gettext_lazy

from accounton.belgium.national_numbers import formatted
from accounton.customers.models import Customer
from accounton.importing.cells import NAMES, known_text
from accounton.importing.couples import main_of, proposed_names
from accounton.importing.deciding import offered
from accounton.importing.models import AGAIN, Batch, Bucket, Proposal, Reason, StagedRow, Verdict
from accounton.importing.repeated import first_of
from accounton.importing.screening import name_of, value_words
from accounton.importing.sealed_rows import opened_values
from accounton.importing.wording import header_of
from accounton.rows.couples import SPOUSE, TwoPeople

KEYS = (
    *("first_name", "last_name", "national_number", "email", "mobile", "street", "house_number", "box"),
    *("postal_code", "city", "language", "client_code", "labels", "spouse_national_number", *SPOUSE),
)
NUMBER = "national_number"
TWICE = {
    Verdict.NEW: gettext_lazy("Two people: keep both"),
    Verdict.LEFT_OUT: gettext_lazy("Leave the other one out"),
    Verdict.SAME: gettext_lazy("Fill what is empty from the other one"),
}
VERDICTS = {
    Verdict.NEW: gettext_lazy("Another person: keep as new"),
    Verdict.SAME: gettext_lazy("The same person"),
    Verdict.LEFT_OUT: gettext_lazy("Leave out"),
}


@dataclass(frozen=True)
class Line:
    """One field of two people, as shown. `differs`: both say something, and not the same."""

    key: str
    left: str
    right: str
    differs: bool

    @property
    def header(self) -> str:
        """The header of the field's column."""
        return header_of(self.key)


@dataclass
class Beside:
    """One thing to decide, as the page shows it."""

    proposal: Proposal | None
    left: StagedRow
    left_name: str
    right: StagedRow | Customer | None = None
    right_name: str = ""
    lines: list[Line] = field(default_factory=list)
    main: int = 0
    names: TwoPeople | None = None

    @property
    def hides_what_differs(self) -> bool:
        """Whether the national numbers differ where they are masked."""
        numbers = (line for line in self.lines if line.key == NUMBER)
        return any(line.differs and line.left == line.right for line in numbers)

    @property
    def is_partner(self) -> bool:
        """Whether the row is the partner in the joint return of a customer."""
        return self.proposal is not None and self.proposal.reason == Reason.PARTNER

    @property
    def is_twice(self) -> bool:
        """Whether it is about two rows that may be one person."""
        return self.proposal is not None and self.proposal.reason in AGAIN

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What can be decided about a near match, with its words."""
        if self.proposal is None:
            return []
        if self.is_twice:
            return [(each.value, str(words)) for each, words in TWICE.items()]
        words = VERDICTS | ({Verdict.NEW: gettext("This is a person")} if self.right is None else {})
        if self.is_partner:
            words |= {Verdict.SAME: gettext("The partner in this joint return")}
        return [(each.value, str(words[each])) for each in offered(self.proposal.reason)]

    @property
    def left_bucket(self) -> str:
        """Where the left row stands now."""
        return str(Bucket(self.left.bucket).label)

    @property
    def right_bucket(self) -> str:
        """Where the right row stands now; that they are known, for a customer."""
        if isinstance(self.right, Customer):
            return gettext("Archived") if self.right.archived_at else gettext("In Accounton")
        return str(Bucket(self.right.bucket).label) if self.right else ""


def couples_beside(batch: Batch, proposals: Sequence[Proposal]) -> list[Beside]:
    """Give proposed couples and rows of two people; of a proposal whose rows are gone meanwhile, nothing."""
    rows = _rows(batch, [number for each in proposals for number in (each.row, each.other or 0)])
    views = []
    for proposal in proposals:
        left, right = rows.get(proposal.row), rows.get(proposal.other or 0)
        if left is not None and (right is not None or proposal.other is None):
            view = _two_rows(left, right, proposal)
            view.main = main_of(left, right) if right else left.number
            view.names = None if right else proposed_names(_values(left))
            views.append(view)
    return views


def near_beside(batch: Batch, proposals: Sequence[Proposal], revealed: int = 0) -> list[Beside]:
    """Give near matches, each row beside the customer or the other row that it looks like.

    `revealed` is the id of the one whose national numbers are shown in plain; the caller has recorded who asked.
    """
    rows = _rows(batch, [number for each in proposals for number in (each.row, each.other or 0)])
    customers = Customer.objects.in_bulk([each.customer_id for each in proposals if each.customer_id])
    views = []
    for proposal in proposals:
        row, other = rows.get(proposal.row), rows.get(proposal.other or 0)
        is_shown = proposal.pk == revealed
        if row is not None and other is not None:
            views.append(_two_rows(row, other, proposal, is_revealed=is_shown))
        elif row is not None and proposal.other is None:
            customer = customers.get(proposal.customer_id or 0)
            values = _values(row)
            view = Beside(proposal, row, _name(values), customer, customer.household_name if customer else "")
            known = _known(customer, as_partner=view.is_partner) if customer else {}
            view.lines = _lines(values, known, is_revealed=is_shown)
            views.append(view)
    return views


def repeated_beside(batch: Batch, rows: Sequence[StagedRow]) -> list[Beside]:
    """Give repeated rows, each beside the first row of the same customer."""
    firsts = {row.number: first_of(row) for row in rows}
    known = _rows(batch, list(firsts.values()))
    return [_two_rows(known[firsts[row.number]], row) for row in rows if firsts[row.number] in known]


def _two_rows(
    left: StagedRow, right: StagedRow | None, proposal: Proposal | None = None, *, is_revealed: bool = False
) -> Beside:
    values, others = _values(left), _values(right) if right else {}
    lines = _lines(values, others, is_revealed=is_revealed)
    return Beside(proposal, left, _name(values), right, _name(others), lines)


def _known(customer: Customer, *, as_partner: bool) -> dict[str, str]:
    """Give what is known of a customer; `as_partner` what is known of the partner, and of the return of both."""
    known = {key: known_text(customer, key) for key in KEYS if key != "labels"}
    known["labels"] = ",".join(customer.labels)
    if as_partner:
        known |= {key: known_text(customer, f"spouse_{key}") for key in (*NAMES, NUMBER)}
        known |= {key: known_text(customer, f"spouse_{key}") or known[key] for key in ("email", "mobile")}
        known |= dict.fromkeys(SPOUSE, "")
        known["spouse_national_number"] = known_text(customer, NUMBER)
    return known


def _rows(batch: Batch, numbers: Sequence[int]) -> dict[int, StagedRow]:
    rows = batch.rows.filter(number__in=numbers, bucket__in=Bucket.values).select_related("content")
    return {row.number: row for row in rows}


def _values(row: StagedRow) -> dict[str, str]:
    return opened_values(row.sealed, row.office_id)


def _name(values: Mapping[str, str]) -> str:
    return name_of(values)


def _lines(left: Mapping[str, str], right: Mapping[str, str], *, is_revealed: bool = False) -> list[Line]:
    pairs = ((key, left.get(key, ""), right.get(key, "")) for key in KEYS)
    return [_line(key, one, other, is_revealed=is_revealed) for key, one, other in pairs if one or other]


def _line(key: str, one: str, other: str, *, is_revealed: bool) -> Line:
    differs = bool(one and other) and one.casefold() != other.casefold()
    if is_revealed and key == NUMBER:
        return Line(key, formatted(one), formatted(other), differs)
    return Line(key, value_words(key, one), value_words(key, other), differs)
