"""Until when a return may be filed, and where that date comes from: the dossier's own date, or the tax calendar."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, DateField, Expression, ExpressionWrapper, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, pgettext

from accounton.belgium.calendar import KINDS, load
from accounton.customers.models import Customer
from accounton.dossiers.models import Dossier

SIMPLE = Q(customer__enterprise_number="", customer__spouse_enterprise_number="")


@dataclass(frozen=True)
class ShownDeadline:
    """A deadline as a screen shows it. `date` is None where neither the office nor the calendar has one.

    `source` says where it comes from, `short` in a word or two; `found_in` where the calendar has it from.
    """

    date: date | None
    source: str
    short: str
    found_in: str = ""
    is_own: bool = False


def is_complex(customer: Customer) -> bool:
    """Whether the return counts as complex as far as is known: one of the partners has an enterprise number."""
    return bool(customer.enterprise_number or customer.spouse_enterprise_number)


def deadline_of(dossier: Dossier) -> ShownDeadline:
    """Give the deadline of a dossier (its customer is loaded with it), and in words where it comes from."""
    if dossier.deadline is not None:
        short = pgettext("source of a deadline", "own")
        return ShownDeadline(dossier.deadline, pgettext("source of a deadline", "own date"), short, is_own=True)
    found = load().deadline(dossier.assessment_year, is_complex(dossier.customer))
    if found is None:
        year = {"year": dossier.assessment_year}
        source = gettext("not yet known for assessment year %(year)s") % year
        return ShownDeadline(None, source, pgettext("source of a deadline", "not yet known"))
    source = gettext("tax calendar: %(kind)s") % {"kind": gettext(KINDS[found.kind])}
    words = {
        "online": pgettext("source of a deadline", "online"),
        "complex": pgettext("source of a deadline", "complex"),
    }
    return ShownDeadline(found.date, source, words[found.kind], gettext(found.source))


def effective_deadline(assessment_year: int) -> Expression:
    """Give what deadline_of() reckons as an expression over dossiers of one year, to sort by."""
    found = ((SIMPLE, load().deadline(assessment_year, False)), (~SIMPLE, load().deadline(assessment_year, True)))
    known = [When(condition, then=Value(deadline.date, DateField())) for condition, deadline in found if deadline]
    if not known:
        return ExpressionWrapper(F("deadline"), DateField())
    return Coalesce(F("deadline"), Case(*known, output_field=DateField()), output_field=DateField())
