"""National numbers of customers: put in sealed, taken out for whoever may see them."""

from accounton.belgium.national_numbers import formatted, masked
from accounton.customers.models import Customer
from accounton.offices.keys import sealer

COLUMNS = ("national_number", "spouse_national_number")


def context(office_id: int, column: str) -> bytes:
    """Give the place that a sealed national number is bound to: its office and column."""
    return b"customer:%d:%b" % (office_id, column.encode())


def put(customer: Customer, column: str, number: str) -> None:
    """Set a national number (11 digits, or "" for none) on a customer that is not saved yet."""
    sealed = sealer().seal(number.encode(), context(customer.office_id, column)) if number else None
    setattr(customer, f"{column}_sealed", sealed)
    setattr(customer, f"{column}_hash", sealer().hash(number, customer.office_id) if number else None)


def take(customer: Customer, column: str) -> str:
    """Give a national number in plain: 11 digits, or "". The caller records who saw it, and why."""
    sealed = getattr(customer, f"{column}_sealed")
    return sealer().open(bytes(sealed), context(customer.office_id, column)).decode() if sealed else ""


def shown(customer: Customer, column: str) -> str:
    """Give a national number as it stands on the screen: 85.07.30-***.**, or ""."""
    number = take(customer, column)
    return masked(number) if number else ""


def revealed(customer: Customer, column: str) -> str:
    """Give a national number as it is written, 85.07.30-033.28, or "". The caller has recorded who asked."""
    return formatted(take(customer, column))
