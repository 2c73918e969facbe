"""Addresses as they stand on a page."""

from collections.abc import Mapping
from functools import cache

from babel import Locale
from django.utils.translation import get_language, gettext


def address_in_one_line(parts: Mapping[str, str]) -> str:
    """Return an address (texts by column key) in one line: Kerkstraat 12 bus 3, 9300 Aalst. Belgium is not named."""
    box = gettext("box %(box)s") % {"box": parts["box"]} if parts["box"] else ""
    street = " ".join(filter(None, (parts["street"], parts["house_number"], box)))
    town = " ".join(filter(None, (parts["postal_code"], parts["city"])))
    country = "" if parts["country"] == "BE" else country_name(parts["country"])
    return ", ".join(filter(None, (street, town, country)))


def country_name(code: str) -> str:
    """Return a country's name in the reader's language by its ISO code; any other text as it is."""
    return _countries(get_language() or "nl").get(code, code)


@cache
def _countries(language: str) -> dict[str, str]:
    return dict(Locale.parse(language).territories)
