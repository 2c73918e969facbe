"""How dates, phones and addresses stand on the pages about customers."""

import re
from datetime import date, datetime
from functools import cache

from babel import Locale
from django.utils import dateformat, timezone
from django.utils.translation import get_language, gettext

from accounton.customers.models import Customer

_BELGIAN_MOBILE = re.compile(r"(\+32)([0-9]{3})([0-9]{2})([0-9]{2})([0-9]{2})", re.ASCII)


def day(value: date | None) -> str:
    """Give a date as people here write it: 16/10/2026, and in English 16 October 2026; "" for none."""
    if value is None:
        return ""
    return dateformat.format(value, "j F Y" if get_language() == "en" else "d/m/Y")


def moment(value: datetime) -> str:
    """Give a moment with its day and time: 16/10/2026 14:02."""
    local = timezone.localtime(value)
    return f"{day(local.date())} {local:%H:%M}"


def typed_day(iso: str) -> str:
    """Give an ISO date as it is typed into a form, 16/10/2026; any other text as it is."""
    try:
        return date.fromisoformat(iso).strftime("%d/%m/%Y") if iso else ""
    except ValueError:
        return iso


def phone(number: str) -> str:
    """Give a mobile number in groups: +32 478 12 34 56. Foreign ones stay as they are."""
    return _BELGIAN_MOBILE.sub(r"\1 \2 \3 \4 \5", number) if _BELGIAN_MOBILE.fullmatch(number) else number


def address(customer: Customer) -> str:
    """Give an address in one line: Kerkstraat 12 bus 3, 9300 Aalst. Belgium is not named."""
    box = gettext("box %(box)s") % {"box": customer.box} if customer.box else ""
    street = " ".join(filter(None, (customer.street, customer.house_number, box)))
    town = " ".join(filter(None, (customer.postal_code, customer.city)))
    country = "" if customer.country == "BE" else country_name(customer.country)
    return ", ".join(filter(None, (street, town, country)))


def country_name(code: str) -> str:
    """Give a country's name in the reader's language by its ISO code; any other text as it is."""
    return _countries(get_language() or "nl").get(code, code)


@cache
def _countries(language: str) -> dict[str, str]:
    return dict(Locale.parse(language).territories)
