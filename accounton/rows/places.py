"""Parsers of postal codes and countries, and what they say of each other. All they find are notices."""

import re

from accounton.belgium import countries, postal_codes
from accounton.rows.cells import is_moment
from accounton.rows.findings import Finding, Outcome, notice, repaired
from accounton.rows.parsing import Entry
from accounton.rows.rules import Rules

_BELGIAN = re.compile(r"(?:B|BE)?[\s.\-]*([1-9][0-9]{3})(?:\.0)?", re.IGNORECASE | re.ASCII)


def postal_code(entry: Entry, _rules: Rules) -> Outcome:
    """Take any postal code; `B-9300` is 9300. Whether it exists depends on the country: see `place_findings`."""
    if entry.is_date or is_moment(entry.text):
        return entry.wrong("date")
    belgian = _BELGIAN.fullmatch(entry.text)
    return repaired(entry.key, entry.original, belgian[1]) if belgian else Outcome(entry.text)


def country(entry: Entry, _rules: Rules) -> Outcome:
    """Take a country by its ISO code or its name in four languages; another text stays, with a notice."""
    code = countries.code_of(entry.text)
    return Outcome(code) if code else notice(entry.key, f"{entry.key}.unknown", entry.text)


def place_findings(code: str, city: str, country_code: str) -> tuple[Finding, ...]:
    """Say so where a Belgian postal code does not exist, or does not fit its town. An empty country is Belgium."""
    if not code or country_code not in {"", countries.BELGIUM}:
        return ()
    if not postal_codes.is_known(code):
        return notice("postal_code", "postal_code.unknown", code).findings
    if not city or postal_codes.fits(code, city):
        return ()
    codes = postal_codes.codes_of(city)
    suggestion = next(iter(codes)) if len(codes) == 1 else ""
    return notice("postal_code", "postal_code.other_city", code, suggestion=suggestion, detail=city).findings
