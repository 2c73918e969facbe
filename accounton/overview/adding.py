"""Adding one customer by hand: customer, dossier and questionnaire in one transaction, and nobody twice."""

from datetime import date

from django.db import IntegrityError, transaction

from accounton.customers.models import Customer
from accounton.customers.saving import put_values
from accounton.dossiers.models import Dossier
from accounton.importing.questionnaires import facts_of
from accounton.offices.audit import record
from accounton.offices.models import Office, User
from accounton.offices.turns import take_turn
from accounton.overview.entry import Checked, match
from accounton.questionnaires.choosing import BY_RULES
from accounton.questionnaires.models import Questionnaire
from accounton.questionnaires.office_rules import rules_of
from accounton.rows.matching import Match


class KnownAlready(Exception):
    """The office has this customer, or somebody who stands in the way; `match` says how he was recognised."""

    def __init__(self, found: Match) -> None:
        super().__init__(found.problem or found.matched_by)
        self.match = found


def colleagues_of(office: Office) -> dict[str, int]:
    """Give the ids of all who work or worked at an office by their e-mail address."""
    return dict(User.objects.filter(office=office).values_list("email", "id"))


def add(checked: Checked, *, office: Office, user: User, questionnaire: str, assessment_year: int) -> Customer:
    """Add a checked customer with a dossier and a questionnaire that waits to be sent. Raises KnownAlready.

    `questionnaire` is a key, or BY_RULES for what the office's rules choose.

    Two adds of the same person take turns, so that the second one sees what the first one did.
    """
    try:
        with transaction.atomic():
            take_turn(office.pk)
            found = match(checked, office)
            if found.bucket != "only_in_import":
                raise KnownAlready(found)
            return _make(checked, office, user, questionnaire, assessment_year)
    except IntegrityError as error:
        # An import in between may write without taking its turn; the unique keys stop what it made a double of.
        found = match(checked, office)
        if found.bucket == "only_in_import":
            raise
        raise KnownAlready(found) from error


def _make(checked: Checked, office: Office, user: User, questionnaire: str, assessment_year: int) -> Customer:
    customer = Customer(office=office)
    put_values(customer, checked.values, colleagues_of(office))
    customer.save()
    deadline = checked.values.get("deadline", "")
    dossier = Dossier.objects.create(
        customer=customer,
        assessment_year=assessment_year,
        deadline=date.fromisoformat(deadline) if deadline else None,
    )
    by_rules = questionnaire == BY_RULES
    definition = rules_of(office).choose(facts_of(customer)) if by_rules else questionnaire
    Questionnaire.objects.create(dossier=dossier, definition=definition, language=customer.language)
    record(user, "customer.added", f"customer:{customer.pk}")
    return customer
