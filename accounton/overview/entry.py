"""What a person typed about one customer, checked and matched exactly as a row of a list is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from accounton.customers.keys import existing_keys
from accounton.customers.models import Customer
from accounton.offices.keys import sealer
from accounton.offices.models import Office
from accounton.rows.checking import Rules, check_one, partner_cell
from accounton.rows.columns import EXAMPLE_EMAIL, KEYS
from accounton.rows.couples import SPOUSE
from accounton.rows.findings import Finding
from accounton.rows.matching import CODE_TAKEN, IS_SPOUSE, Match, RowKeys
from accounton.rows.misplaced import MISPLACED, is_about, settled
from accounton.rows.names import name_key

TYPED = (*(key for key in KEYS if key not in ("type", "extra_pb")), *SPOUSE)


@dataclass
class Checked:
    """The values that checking gave by column key, and all it found."""

    values: dict[str, str]
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_valid(self) -> bool:
        """Whether nothing stands in the way of saving."""
        return not self.problems

    @property
    def problems(self) -> list[Finding]:
        """What must be mended first."""
        return [finding for finding in self.findings if finding.kind == "problem"]

    @property
    def repairs(self) -> list[Finding]:
        """What was put right by itself."""
        return [finding for finding in self.findings if finding.kind == "repair"]

    @property
    def suggestions(self) -> dict[str, str]:
        """The likely value by column key."""
        return {found.column: found.after for found in self.findings if found.kind == "suggestion"}

    def accepted(self, key: str) -> dict[str, str]:
        """Give the values that come in where somebody accepts what is suggested in a column; none for nothing.

        A misplaced number leaves its column and comes into another at once.
        """
        likely = [found for found in self.findings if found.kind == "suggestion"]
        codes = {found.code for found in likely if found.column == key}
        return {
            found.column: found.after
            for found in likely
            if found.column == key or (found.code == MISPLACED and MISPLACED in codes)
        }

    @property
    def notices(self) -> list[Finding]:
        """What is said without stopping anybody."""
        return [finding for finding in self.findings if finding.kind == "notice"]


def check(typed: Mapping[str, str], rules: Rules, *, optional: Collection[str] = ()) -> Checked:
    """Check what was typed, by column key: a block of one row. A partner's values are checked as the customer's own.

    `optional` are columns that a list must fill and this customer need not.
    """
    cells = {key: typed.get(key, "") for key in TYPED}
    block = check_one({key: cells[key] for key in KEYS if key in cells}, rules)
    missing = {f"{key}.missing" for key in optional}
    if not block.numbers:
        return _nothing(cells, missing)
    checked = Checked({key: block.values[key][0] for key in TYPED if key in block.values})
    checked.findings += [found for found in block.findings.get(0, []) if found.code not in missing]
    for key in SPOUSE:
        outcome = partner_cell(key, cells[key], rules)
        checked.values[key] = outcome.value
        checked.findings += outcome.findings
    if is_about(checked.findings):
        checked.findings = settled(checked.values, checked.findings, rules.today)
    return checked


def match(checked: Checked, office: Office, *, but: Customer | None = None) -> Match:
    """Say which customer of the office this is, if any; `but` is the one being edited.

    Only customers who share a key are looked at. Father and son may share a name and a mailbox: whoever did so before
    goes on doing it.
    """
    values, seal = checked.values, sealer()
    own, spouse = values["national_number"], values["spouse_national_number"]
    keys = RowKeys(
        valid=checked.is_valid,
        number_hash=seal.hash(own, office.pk) if own else None,
        spouse_hash=seal.hash(spouse, office.pk) if spouse else None,
        client_code=values["client_code"],
        email=values["email"],
        name_key=name_key(values["first_name"], values["last_name"]),
    )
    if but and (but.email.lower(), but.name_key) == (keys.email.lower(), keys.name_key):
        keys = keys._replace(email="")
    candidates = Q(email__iexact=keys.email) if keys.email else Q(pk__in=())
    if keys.number_hash:
        candidates |= Q(national_number_hash=keys.number_hash) | Q(spouse_national_number_hash=keys.number_hash)
    if keys.client_code:
        candidates |= Q(client_code=keys.client_code)
    found = existing_keys(candidates, ~Q(pk=but.pk) if but else Q()).match(keys)
    if found.candidates and not found.problem:  # of several who fit, the first is named
        return found._replace(bucket="double", customer_id=found.candidates[0], matched_by="email_and_name")
    return found


def customer_behind(found: Match, checked: Checked, office: Office) -> Customer | None:
    """Give the customer whom a match speaks of: the same one, the owner of the code, the one in whose return he is."""
    if found.problem == CODE_TAKEN:
        wanted = Q(client_code=checked.values["client_code"])
    elif found.problem == IS_SPOUSE:
        wanted = Q(spouse_national_number_hash=sealer().hash(checked.values["national_number"], office.pk))
    else:
        wanted = Q(pk=found.customer_id)
    customer: Customer | None = Customer.objects.filter(wanted).first()
    return customer


def _nothing(cells: Mapping[str, str], allowed: Collection[str]) -> Checked:
    # A list leaves empty rows and the template's own example out; here somebody pressed the button.
    is_example = cells["email"].strip().lower() == EXAMPLE_EMAIL
    missing = [] if is_example else [key for key in ("first_name", "last_name", "email", "language")]
    found = [Finding("problem", key, f"{key}.missing") for key in missing]
    if is_example:
        found.append(Finding("problem", "email", "email.invalid", cells["email"]))
    return Checked({key: cells[key] for key in TYPED}, [each for each in found if each.code not in allowed])
