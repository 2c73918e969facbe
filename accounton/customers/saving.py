"""Putting what checking let through on a customer."""

from collections.abc import Mapping

from accounton.customers import numbers
from accounton.customers.models import Customer
from accounton.rows.couples import SPOUSE
from accounton.rows.names import name_key, search_text

TEXTS = (
    *("first_name", "last_name", "email", "mobile", "language", "street", "house_number", "box", "postal_code"),
    *("city", "country", "client_code", "enterprise_number", "spouse_enterprise_number"),
)

SEARCHED = ("first_name", "last_name", "email", "client_code", "mobile", *SPOUSE)
"""What a customer is searched by, in the order of `search_text`."""


def put_values(customer: Customer, values: Mapping[str, str], colleagues: Mapping[str, int]) -> None:
    """Put checked values, by column key, on a customer that is not saved yet. What has no key here stays as it is.

    `colleagues` has the ids of the office's staff by e-mail address. Anything about a partner makes the return joint.
    """
    for key in (*TEXTS, *SPOUSE):
        if key in values:
            setattr(customer, key, values[key])
    if "labels" in values:
        customer.labels = [label for label in values["labels"].split(",") if label]
    if "responsible" in values:
        customer.responsible_id = colleagues.get(values["responsible"].lower())
    for column in numbers.COLUMNS:
        if column in values:
            numbers.put(customer, column, values[column])
    customer.is_joint = bool(customer.spouse_national_number_hash or any(getattr(customer, key) for key in SPOUSE))
    refresh_search(customer)


def refresh_search(customer: Customer) -> None:
    """Set what is derived from a customer's other fields: the keys for matching, sorting and searching."""
    customer.name_key = name_key(customer.first_name, customer.last_name)
    customer.search = search_text(*(getattr(customer, key) for key in SEARCHED))


def values_of(customer: Customer) -> dict[str, str]:
    """Give what stands on a customer by column key, partner's names included and national numbers in plain.

    The inverse of `put_values`. The caller shows no national number of it.
    """
    values: dict[str, str] = {key: getattr(customer, key) for key in (*TEXTS, *SPOUSE)}
    values["labels"] = ",".join(customer.labels)
    values["responsible"] = customer.responsible.email if customer.responsible else ""
    return values | {column: numbers.take(customer, column) for column in numbers.COLUMNS}
