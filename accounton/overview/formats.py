"""How dates, phones and addresses stand on the pages about customers."""

import re
from datetime import date, datetime

from django.utils import dateformat, timezone
from django.utils.translation import get_language

from accounton.customers.addresses import address_in_one_line
from accounton.customers.models import Customer
from accounton.rows.groups import keys_of

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
    """Return an address in one line: Kerkstraat 12 bus 3, 9300 Aalst."""
    return address_in_one_line({key: getattr(customer, key) for key in keys_of("address")})
