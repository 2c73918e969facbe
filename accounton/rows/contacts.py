"""Parsers of e-mail addresses and mobile numbers."""

import re

from accounton.belgium import phones
from accounton.rows.cells import without_decimal
from accounton.rows.findings import Outcome, notice
from accounton.rows.parsing import Entry, Predicate
from accounton.rows.plain import fewer_digits_than
from accounton.rows.rules import Rules

# Domains that nobody has, or hardly anybody, one slip away from those that most Belgians have.
_MISSPELT = {
    "gmail.com": "gmial.com gmai.com gmal.com gamil.com gmaill.com gnail.com gmil.com gmail.con gmail.co gmail.be "
    "gmail.cm gmail.om gmail.comm gmaik.com gmqil.com gmsil.com g-mail.com",
    "hotmail.com": "hotmial.com hotmai.com hotmal.com hotmil.com hotmail.con hotmail.co hotmaill.com hormail.com "
    "homail.com hotamil.com htomail.com",
    "hotmail.be": "hotmial.be hotmai.be hotmal.be hotmil.be homail.be hormail.be",
    "telenet.be": "telent.be telenet.bee telnet.be telenet.com telenet.eb telente.be",
    "skynet.be": "skynt.be skynet.bee sykynet.be skynet.com skinet.be skyenet.be",
    "outlook.com": "outlok.com outloo.com outlook.con outllok.com outlook.co oulook.com",
    "yahoo.com": "yaho.com yahooo.com yahoo.con yhaoo.com yahoo.co",
    "icloud.com": "iclou.com icoud.com icloud.con iclod.com",
    "proximus.be": "proximus.bee proximu.be proxmius.be",
}
MISSPELT_DOMAINS = {slip: domain for domain, slips in _MISSPELT.items() for slip in slips.split()}

# No quotes, no other scripts: what no library would judge otherwise. The tests hold the two against each other.
_PLAIN_LOCAL = re.compile(r"(?!.{65})[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*+")
_PLAIN_DOMAIN = re.compile(r"(?!.{61})(?:[a-z0-9]+(?:-[a-z0-9]+)*+\.)+[a-z]{2,20}")
# Together they have too few digits for a national number: more of them, and the parser looks.
_LOCAL_WITH_FEW = re.compile(fewer_digits_than(8) + _PLAIN_LOCAL.pattern)
_DOMAIN_WITH_FEW = re.compile(fewer_digits_than(4) + _PLAIN_DOMAIN.pattern)
_RESERVED = (".test", ".local", ".invalid", ".localhost", ".onion", ".arpa")
PLAIN_MOBILE = r"(?:\+324[5-9][0-9]{7})?"

_BRACKETS = re.compile(r"[^<>@]*<([^<>]+)>")
_SCHEME = re.compile(r"mailto:\s*", re.IGNORECASE)
_QUERY = re.compile(r"\?\w+=.*", re.DOTALL)
_TRAILING = " .,;:"
_BETWEEN = re.compile(r"[\s;,/|&<>]+")
_LONGEST_ADDRESS = 254
_LETTERS = re.compile(r"[^0-9+()./\-\u2010-\u2015\s\u00b7]")
_PHONE_SIGNS = re.compile(r"[().+/\-\u2010-\u2015\s\u00b7]")
_TEL = re.compile(r"tel:\s*", re.IGNORECASE)
_TRUNK = re.compile(r"\(0\)")


class _PlainDomains(dict[str, bool]):
    """Whether a domain is tidy and nothing is to be said about it. Lists have few domains, and each is judged once."""

    def __missing__(self, domain: str) -> bool:
        plain = _DOMAIN_WITH_FEW.fullmatch(domain) is not None
        self[domain] = plain = plain and not domain.endswith(_RESERVED) and domain not in MISSPELT_DOMAINS
        return plain


def plain_email(_rules: Rules) -> Predicate:
    """Make the test by which a tidy address is told."""
    is_plain_domain, is_plain_local = _PlainDomains().__getitem__, _LOCAL_WITH_FEW.fullmatch

    def is_plain(text: str) -> bool:
        local, _, domain = text.partition("@")
        return is_plain_domain(domain) and is_plain_local(local) is not None

    return is_plain


def email(entry: Entry, _rules: Rules) -> Outcome:
    """Take one address; white space inside it is a problem.

    `mailto:`, a name before <angle brackets> and a full stop or comma at the end are notation.
    """
    address = _bare(entry.text)
    if sum("@" in part.strip("@") for part in _BETWEEN.split(address)) > 1:
        return entry.wrong("several")
    valid = _valid_address(address)
    if valid is None:
        joined = _valid_address("".join(address.split())) if " " in address and "@" in address else None
        return entry.invalid(suggestion=joined or "")
    outcome = entry.repaired(valid)
    local, _, domain = valid.rpartition("@")
    if meant := MISSPELT_DOMAINS.get(domain):
        doubt = notice(entry.key, f"{entry.key}.misspelt", valid, suggestion=f"{local}@{meant}")
        return Outcome(valid, outcome.findings + doubt.findings)
    return outcome


def colleague(entry: Entry, rules: Rules) -> Outcome:
    """Take the address of a colleague; one whom the office does not know is said, and left unassigned."""
    address = _valid_address(_bare(entry.text))
    if address is None:
        return entry.invalid()
    outcome = entry.repaired(address)
    if rules.staff is not None and address.lower() not in rules.staff:
        return Outcome(address, outcome.findings + notice(entry.key, f"{entry.key}.unknown", address).findings)
    return outcome


def mobile(entry: Entry, _rules: Rules) -> Outcome:
    """Take a mobile number with its country code; one without is a problem, with the Belgian number as a suggestion."""
    text = _TEL.sub("", entry.text, count=1)
    # A dot before a last 0 may be a sign like others: only where that gives no number is it a decimal's.
    outcomes = [_mobile(entry, written) for written in dict.fromkeys((text, without_decimal(text)))]
    return next(
        (outcome for outcome in outcomes if not outcome.findings or outcome.findings[0].kind != "problem"), outcomes[-1]
    )


def _mobile(entry: Entry, written: str) -> Outcome:
    digits = _PHONE_SIGNS.sub("", _TRUNK.sub("", written))
    if _LETTERS.search(written) or not digits.isdigit():
        return entry.invalid()
    international = _with_plus(written, digits)
    if international is not None:
        number = phones.mobile(international)
        return entry.repaired(number) if number else entry.invalid()
    likely = phones.likely_mobile(digits)
    if likely or phones.lacks_country_code(digits):
        return entry.wrong("country_code_missing", suggestion=likely or "")
    return entry.invalid()


def _with_plus(written: str, digits: str) -> str | None:
    """Give a number behind its plus where a country code was written, with + or 00."""
    start = written.lstrip("( ")
    if start.startswith("+"):
        return f"+{digits.removeprefix('00')}" if written.count("+") == 1 else "+"
    if "+" in written:
        return "+"
    return f"+{digits[2:]}" if digits.startswith("00") else None


def _bare(text: str) -> str:
    address = text
    if brackets := _BRACKETS.fullmatch(address.rstrip(_TRAILING)):
        address = brackets[1]
    address = address.strip(" <>\"'")
    if scheme := _SCHEME.match(address):
        address = _QUERY.sub("", address[scheme.end() :])
    return address.rstrip(_TRAILING)


def _valid_address(address: str) -> str | None:
    local, at, domain = address.rpartition("@")
    tidy = f"{local}@{domain.lower()}"
    if _PLAIN_LOCAL.fullmatch(local) and _PLAIN_DOMAIN.fullmatch(domain.lower()) and not tidy.endswith(_RESERVED):
        return tidy
    if not at or len(address) > _LONGEST_ADDRESS or len(address.split()) > 1:
        return None
    # Loading it takes 60 ms: only lists with an address that is far from plain pay for it.
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415

    try:
        return validate_email(address, check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        return None
