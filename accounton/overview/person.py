"""What the page of one customer shows: facts, partner, dossiers with their questionnaires, history."""

from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounton.belgium.enterprise_numbers import formatted as formatted_enterprise
from accounton.customers import numbers
from accounton.customers.handing_over import hand_overs_of_customer
from accounton.customers.models import Customer, Language
from accounton.customers.saving import values_of
from accounton.dossiers.deadlines import ShownDeadline, deadline_of
from accounton.dossiers.models import Dossier
from accounton.importing.traces import Trace, traces
from accounton.offices.models import AuditEntry
from accounton.overview.formats import address, moment, phone
from accounton.overview.forms import header_of
from accounton.questionnaires.definition import UnknownDefinition, load
from accounton.questionnaires.models import Questionnaire
from accounton.questionnaires.prefill import AnsweredSection, prefilled, totals

REMEMBERED = 100
ACTIONS = {
    "customer.added": _("Added by hand"),
    "customer.edited": _("Changed"),
    "customer.archived": _("Archived"),
    "customer.brought_back": _("Brought back"),
    "file.taken_out": _("Taken out of the task flow"),
    "file.put_back": _("Put back into the task flow"),
    "number.revealed": _("Looked at the national number"),
}


@dataclass(frozen=True)
class Fact:
    """One line of a box: a name and a value. `number` is the column of a national number that can be revealed."""

    name: str
    value: str
    is_code: bool = False
    number: str = ""
    is_shown: bool = False


@dataclass
class DossierView:
    """One dossier with its deadline and questionnaire, filled in with what the office knows."""

    dossier: Dossier
    deadline: ShownDeadline
    title: str
    language: str
    sections: list[AnsweredSection]

    @property
    def language_word(self) -> str:
        """The customer's language, as a word."""
        return str(Language(self.language).label) if self.language in Language.values else self.language

    @property
    def filled(self) -> int:
        """How many questions are filled in."""
        return totals(self.sections)[0]

    @property
    def asked(self) -> int:
        """How many questions are asked as far as is known."""
        return totals(self.sections)[1]

    @property
    def started(self) -> list[AnsweredSection]:
        """The sections in which something is known."""
        return [section for section in self.sections if section.filled]


def facts(customer: Customer, revealed: str = "") -> list[Fact]:
    """Give the facts of the main declarant; `revealed` is the column of the number to show in plain."""
    return [
        Fact(gettext("Name"), customer.name),
        Fact(header_of("email"), customer.email),
        Fact(header_of("mobile"), phone(customer.mobile), is_code=True),
        number_fact(customer, "national_number", revealed),
        Fact(gettext("Address"), address(customer)),
        Fact(header_of("language"), customer.get_language_display()),
        Fact(header_of("enterprise_number"), formatted_enterprise(customer.enterprise_number), is_code=True),
        Fact(gettext("Responsible"), str(customer.responsible or "")),
        Fact(header_of("client_code"), customer.client_code, is_code=True),
    ]


def partner_facts(customer: Customer, revealed: str = "") -> list[Fact]:
    """Give the facts of the partner in a joint return."""
    enterprise = formatted_enterprise(customer.spouse_enterprise_number)
    return [
        Fact(gettext("Name"), f"{customer.spouse_first_name} {customer.spouse_last_name}".strip()),
        Fact(header_of("email"), customer.spouse_email),
        Fact(header_of("mobile"), phone(customer.spouse_mobile), is_code=True),
        number_fact(customer, "spouse_national_number", revealed, header_of("national_number")),
        Fact(header_of("enterprise_number"), enterprise, is_code=True),
    ]


def number_fact(customer: Customer, column: str, revealed: str = "", name: str = "") -> Fact:
    """Give a national number as a fact: masked, unless it is the one being revealed."""
    is_shown = column == revealed
    value = numbers.revealed(customer, column) if is_shown else numbers.shown(customer, column)
    return Fact(name or header_of(column), value, is_code=True, number=column if value else "", is_shown=is_shown)


def dossier_views(customer: Customer) -> list[DossierView]:
    """Give a customer's dossiers, the newest year first."""
    dossiers = customer.dossiers.select_related("questionnaire").order_by("-assessment_year", "-id")
    known = _known(customer)
    views = []
    for dossier in dossiers:
        dossier.customer = customer
        views.append(_dossier_view(dossier, known))
    return views


def history(customer: Customer) -> list[Trace]:
    """Give what happened to a customer, the last first."""
    entries = AuditEntry.objects.filter(subject=f"customer:{customer.pk}").select_related("user").order_by("-at")
    events = [Trace(entry.at, str(entry.user or ""), _in_words(entry)) for entry in entries[:REMEMBERED]]
    return sorted([*events, *traces(customer), *_handed_over(customer)], key=attrgetter("at"), reverse=True)


def _handed_over(customer: Customer) -> Iterator[Trace]:
    """Yield who became responsible when all customers of a colleague were handed over, and when that was undone."""
    for made in hand_overs_of_customer(customer):
        said = {"giver": made.giver or "—", "receiver": made.receiver or gettext("nobody")}
        words = gettext("Responsible: handed over from %(giver)s to %(receiver)s, with all customers") % said
        undone = ""
        if made.undone_at:
            undone = gettext("Undone on %(at)s") % {"at": moment(made.undone_at)}
        yield Trace(made.made_at, str(made.made_by or ""), words, undone=undone)


def _known(customer: Customer) -> dict[str, str]:
    known = values_of(customer)
    return known | {column: numbers.shown(customer, column) for column in numbers.COLUMNS}


def _dossier_view(dossier: Dossier, known: dict[str, str]) -> DossierView:
    questionnaire: Questionnaire | None = getattr(dossier, "questionnaire", None)
    reader = get_language() or "nl"
    title, language, sections = "", "", []
    if questionnaire is not None:
        title, language = questionnaire.definition, questionnaire.language
        try:
            definition = load(questionnaire.definition)
        except UnknownDefinition:
            # A questionnaire that was taken out of the product: its dossier stays readable.
            definition = None
        if definition is not None:
            title = definition.title(reader)
            sections = prefilled(
                definition,
                known,
                dossier.customer.is_joint,
                language=reader,
                assessment_year=dossier.assessment_year,
            )
    return DossierView(dossier, deadline_of(dossier), title, language, sections)


def _in_words(entry: AuditEntry) -> str:
    what = str(ACTIONS.get(entry.action, entry.action))
    details: dict[str, Any] = entry.details
    if entry.action == "customer.edited":
        fields = ", ".join(header_of(key) for key in details.get("fields", ()))
        return f"{what}: {fields}" if fields else gettext("Saved without changes")
    if details.get("column") == "spouse_national_number":
        return gettext("Looked at the national number of the partner")
    return what
