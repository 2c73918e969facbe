"""Who a row is, as far as decisions go: remembered under a keyed hash, found again for as long as they are in force."""

from collections.abc import Iterable, Mapping

from accounton.importing.models import Decision, Verdict
from accounton.offices.keys import sealer
from accounton.rows.names import name_key
from accounton.rows.near import address_key

Values = Mapping[str, str]
NUMBER = 11


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
    same: Iterable[int | None] = (customer for customer, verdict in verdicts.items() if verdict == Verdict.SAME)
    return next(iter(same), None)
