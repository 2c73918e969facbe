"""What the form for a customer says back: problems at their field, repairs, suggestions to accept, who is known."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from accounton.belgium.national_numbers import formatted, masked
from accounton.customers import numbers
from accounton.customers.addresses import country_name
from accounton.customers.models import Customer
from accounton.importing.wording import sentence
from accounton.offices.keys import sealer
from accounton.offices.scoping import active_office_id
from accounton.overview.editing import dossier_of, present_values
from accounton.overview.entry import Checked
from accounton.overview.formats import typed_day
from accounton.overview.forms import CustomerForm, header_of
from accounton.rows.findings import Finding
from accounton.rows.matching import CODE_TAKEN, IS_SPOUSE, Match
from accounton.rows.misplaced import MISPLACED


@dataclass(frozen=True)
class Said:
    """What stands at one field beside its problems."""

    repairs: list[str]
    notices: list[str]
    suggestion: str = ""
    moves_number: bool = False
    """Whether the national number in this field can go to its own."""


def shown_text(key: str, value: str) -> str:
    """Give a value of a column as a page shows it; a number that its typist sees anyway is only put in groups."""
    if key == "deadline":
        return typed_day(value)
    if key == "country":
        return country_name(value)
    return formatted(value) if key in numbers.COLUMNS else value


def accept_suggestion(form: CustomerForm, checked: Checked, key: str) -> bool:
    """Put the likely value into its field. Gives whether there was one."""
    accepted = checked.accepted(key)
    form.put(accepted)
    return bool(accepted)


def must_be_seen(checked: Checked, seen: str) -> bool:
    """Whether there is a doubt (gmial.com, a postal code of another town) that is still to be shown before saving."""
    return bool(notices_mark(checked)) and notices_mark(checked) != seen


def notices_mark(checked: Checked) -> str:
    """Give what stands for the doubts there are, "" for none: a keyed hash, for it goes into the page."""
    doubts = "; ".join(sorted(f"{found.column} {found.code} {found.before}" for found in checked.notices))
    return sealer().hash(f"doubts {doubts}", active_office_id()).hex() if doubts else ""


def tell(form: CustomerForm, checked: Checked) -> dict[str, Said]:
    """Tie problems to their fields, show repaired values, and give what else stands at each field."""
    for problem in checked.problems:
        form.add_error(problem.column if problem.column in form.fields else None, sentence(problem))
    wrong = {problem.column for problem in checked.problems}
    if first := next((key for key in form.fields if key in form.errors), None):
        focus(form, first)
    form.put(
        {f.column: shown_text(f.column, checked.values[f.column]) for f in checked.repairs if f.column not in wrong}
        | {"seen_notices": notices_mark(checked)}
    )
    columns = dict.fromkeys(found.column for found in checked.findings)
    return {column: _said(column, checked) for column in columns}


def focus(form: CustomerForm, key: str) -> None:
    """Let a field have the keyboard when the page opens."""
    form.fields[key].widget.attrs["autofocus"] = True


def repairs_in_words(checked: Checked) -> list[str]:
    """Give what was put right by itself, as it is said after saving. National numbers are not repeated."""
    return [
        f"{header_of(found.column)}: {found.before} → {shown_text(found.column, found.after)}"
        if found.column not in numbers.COLUMNS
        else _notation_words(found.column)
        for found in checked.repairs
    ]


def known_in_words(found: Match, known: Customer | None) -> dict[str, Any]:
    """Give the notice that somebody is known already: title, text and the customer to go to."""
    name = known.name if known else gettext("This customer")
    if found.problem == CODE_TAKEN:
        title = gettext("This client code belongs to %(name)s")
    elif found.problem == IS_SPOUSE:
        title = gettext("This person is the partner in the joint return of %(name)s")
    elif found.matched_by == "national_number":
        title = gettext("%(name)s is a customer already: the same national number")
    elif found.matched_by == "client_code":
        title = gettext("%(name)s is a customer already: the same client code")
    else:
        title = gettext("%(name)s is a customer already: the same e-mail address and name")
    return {"title": title % {"name": name}, "customer": known}


def differences(now: Customer, checked: Checked, assessment_year: int) -> list[tuple[str, str]]:
    """Give, after somebody else's change, what stands there now where it differs from what was typed."""
    present = present_values(now, dossier_of(now, assessment_year))
    return [
        (header_of(key), masked(value) if key in numbers.COLUMNS else shown_text(key, value) or "—")
        for key, value in present.items()
        if checked.values.get(key, value) != value
    ]


def _notation_words(column: str) -> str:
    return gettext("%(column)s: the notation was put right") % {"column": header_of(column)}


def _said(column: str, checked: Checked) -> Said:
    mine: list[Finding] = [found for found in checked.findings if found.column == column]
    suggestion = checked.suggestions.get(column, "")
    moves_number = any(found.kind == "suggestion" and found.code == MISPLACED for found in mine)
    return Said(
        repairs=[
            # A number that was just typed stands in its field alone (decision 033).
            _notation_words(column)
            if column in numbers.COLUMNS
            else gettext("Put right: %(before)s → %(after)s")
            % {"before": found.before, "after": shown_text(column, found.after)}
            for found in mine
            if found.kind == "repair"
        ],
        notices=[sentence(found) for found in mine if found.kind == "notice"],
        suggestion="" if moves_number else shown_text(column, suggestion),
        moves_number=moves_number and column not in numbers.COLUMNS,
    )
