"""Putting what checking let through on a customer."""

from collections.abc import Mapping

from accounton.customers import numbers
from accounton.customers.models import Customer
from accounton.rows.couples import SPOUSE_NAMES
from accounton.rows.names import name_key, search_text

TEXTS = (
    *("first_name", "last_name", "email", "mobile", "language", "street", "house_number", "box", "postal_code"),
    *("city", "country", "client_code", "enterprise_number", "spouse_enterprise_number"),
)


def put_values(customer: Customer, values: Mapping[str, str], colleagues: Mapping[str, int]) -> None:
    """Put checked values, by column key, on a customer that is not saved yet. What has no key here stays as it is.

    `colleagues` has the ids of the office's staff by e-mail address. A partner's number or name makes the return joint.
    """
    for key in (*TEXTS, *SPOUSE_NAMES):
        if key in values:
            setattr(customer, key, values[key])
    if "labels" in values:
        customer.labels = [label for label in values["labels"].split(",") if label]
    if "responsible" in values:
        customer.responsible_id = colleagues.get(values["responsible"].lower())
    for column in numbers.COLUMNS:
        if column in values:
            numbers.put(customer, column, values[column])
    customer.is_joint = bool(
        customer.spouse_national_number_hash or customer.spouse_first_name or customer.spouse_last_name
    )
    refresh_search(customer)


def refresh_search(customer: Customer) -> None:
    """Set what is derived from a customer's names, address and code: the keys for matching, sorting and searching."""
    customer.name_key = name_key(customer.first_name, customer.last_name)
    customer.search = search_text(customer.first_name, customer.last_name, customer.email, customer.client_code)


def values_of(customer: Customer) -> dict[str, str]:
    """Give what stands on a customer by column key, partner's names included and national numbers in plain.

    The inverse of `put_values`. The caller shows no national number of it.
    """
    values: dict[str, str] = {key: getattr(customer, key) for key in (*TEXTS, *SPOUSE_NAMES)}
    values["labels"] = ",".join(customer.labels)
    values["responsible"] = customer.responsible.email if customer.responsible else ""
    return values | {column: numbers.take(customer, column) for column in numbers.COLUMNS}
