"""What the office decided about people before: who they are (keyed hashes), and which decisions are in force."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import QuerySet

from accounton.importing.models import AGAIN, Change, Decision, Proposal, Verdict
from accounton.importing.screening import name_of
from accounton.offices.keys import sealer
from accounton.rows.looks import address_key
from accounton.rows.names import name_key

Values = Mapping[str, str]
Key = tuple[bytes, bytes | None, int | None]
"""Whom a decision is about: the person of a row, of another row, a customer."""
NUMBER = 11


def remember(proposal: Proposal, people: tuple[Values, Values | None], verdict: Verdict, change: Change) -> Decision:
    """Write down what a change decided, for the next time that these people stand in a list."""
    values, other = people
    office_id = proposal.batch.office_id
    decision: Decision = Decision.objects.create(
        person=person_key(values, office_id), other=person_key(other, office_id) if other else None,
        customer_id=proposal.customer_id, name=name_of(values)[:210], reason=proposal.reason, verdict=verdict,
        change=change, made_by=change.made_by,
    )  # fmt: skip
    return decision


def decisions() -> QuerySet[Decision]:
    """Give the decisions in force of the office, the last first."""
    found: QuerySet[Decision] = Decision.objects.filter(revoked_at=None)
    return found.select_related("customer", "made_by").order_by("-made_at", "-id")


def remembered() -> dict[Key, Decision]:
    """Give the decisions in force by whom they are about; of two the last one counts."""
    return {
        (bytes(each.person), bytes(each.other) if each.other else None, each.customer_id): each
        for each in decisions().select_related(None).order_by("id")
    }


def decided_before(
    known: Mapping[Key, Decision],
    reason: str,
    person: bytes | None,
    other: bytes | None = None,
    customer: int | None = None,
) -> Decision | None:
    """Give what was decided before about the same people; None for nothing.

    Who are no couple may still be one person, and the other way round.
    """
    pairs: tuple[Any, Any] = (person, other, customer), (other, person, customer)
    decision = next((known[pair] for pair in pairs if pair in known), None)
    if decision is None or (other is None) != (decision.other is None):
        return None
    return decision if (reason in AGAIN) == (decision.reason in AGAIN) else None


def person_key(values: Values, office_id: int) -> bytes:
    """Give the keyed hash of what identifies a row's person: the national number, else name, mailbox and address."""
    number = values.get("national_number", "")
    if len(number) == NUMBER and number.isdecimal():
        return sealer().hash(f"person:{number}", office_id)
    value = values.get
    name = name_key(value("first_name", ""), value("last_name", ""))
    address = address_key(value("street", ""), value("house_number", ""), value("postal_code", ""))
    return sealer().hash(f"person:{name}\0{value('email', '').lower()}\0{address}", office_id)


def said_to_be(values: Values, office_id: int) -> int | None:
    """Give the customer whom somebody said a row's person is, as far as that holds; None where nobody did."""
    about = Decision.objects.filter(person=person_key(values, office_id), other=None, revoked_at=None)
    verdicts = dict(about.order_by("id").values_list("customer_id", "verdict"))
    same: Iterator[int | None] = (customer for customer, verdict in verdicts.items() if verdict == Verdict.SAME)
    return next(same, None)
