"""The form for one customer, made from the list of columns. What is typed is judged by entry.py, not by the fields."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounton.belgium.countries import code_of
from accounton.customers import numbers
from accounton.customers.addresses import country_name
from accounton.customers.models import Customer, Language
from accounton.offices.models import Office, User
from accounton.overview.entry import TYPED
from accounton.overview.formats import typed_day
from accounton.questionnaires.choosing import BY_RULES, Rules
from accounton.questionnaires.definition import available
from accounton.questionnaires.office_rules import rules_of
from accounton.rows.columns import BY_KEY, REQUIRED
from accounton.rows.couples import SPOUSE

# What stands together, in the left and in the right half of the page.
SIDES = (
    (
        (_("Customer"), ("first_name", "last_name", "email", "mobile", "language", "national_number")),
        (
            _("Partner in a joint return"),
            (*SPOUSE, "spouse_national_number", "spouse_enterprise_number"),
        ),
    ),
    (
        (_("Address"), ("street", "house_number", "box", "postal_code", "city", "country")),
        (
            pgettext_lazy("dossier", "File"),
            ("responsible", "labels", "client_code", "enterprise_number", "deadline", "questionnaire"),
        ),
    ),
)
LABELS = {
    "spouse_first_name": _("First name of the partner"),
    "spouse_last_name": _("Last name of the partner"),
    "spouse_email": _("E-mail of the partner"),
    "spouse_mobile": _("Mobile number of the partner"),
    "questionnaire": _("Questionnaire"),
}
PURPOSE = _("Only for this customer's tax return. It is stored encrypted and shown masked.")
WITH_COUNTRY_CODE = _("With the country code: +324xxxxxxxx")
HELP = {
    "mobile": WITH_COUNTRY_CODE,
    "spouse_mobile": WITH_COUNTRY_CODE,
    "national_number": PURPOSE,
    "spouse_national_number": PURPOSE,
    "enterprise_number": _("For the self-employed only"),
    "labels": _("Put a comma between several labels"),
    "deadline": _("Leave this empty and the tax calendar decides."),
    "client_code": _("Your office's own code"),
}
WIDGETS: dict[str, dict[str, str]] = {
    "email": {"type": "email"},
    "mobile": {"type": "tel"},
    "spouse_email": {"type": "email"},
    "spouse_mobile": {"type": "tel"},
    **{column: {"inputmode": "numeric", "class": "mono"} for column in numbers.COLUMNS},
    "deadline": {"placeholder": "16/10/2026"},
}


class CustomerForm(forms.Form):
    """All that can be typed about a customer. Each column is a field; nothing is checked here."""

    use_required_attribute = False

    def __init__(self, *args: Any, office: Office, customer: Customer | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.customer = customer
        choices = {
            "language": [("", gettext("Choose a language")), *_languages(office)],
            "responsible": [("", gettext("Nobody")), *_colleagues(office, customer)],
        }
        for key in TYPED:
            self.fields[key] = _choice(key, choices[key]) if key in choices else _text(key)
            if key in self.optional:
                del self.fields[key].widget.attrs["aria-required"]
        if customer is None:
            self._offer_questionnaires(rules_of(office))
        else:
            self._keep_secrets(customer)
        # Set by the view where a notice was shown already: pressing the button again then means "yes, I know".
        self.fields["seen_notices"] = forms.CharField(required=False, widget=forms.HiddenInput)

    def _offer_questionnaires(self, rules: Rules) -> None:
        """Propose what the office's rules choose, where it has any, and its usual questionnaire otherwise."""
        by_rules = [(BY_RULES, gettext("By your office's rules"))] if rules.rules else []
        self.fields["questionnaire"] = _choice("questionnaire", [*by_rules, *_questionnaires()])
        self.initial.setdefault("questionnaire", BY_RULES if by_rules else rules.rest)

    def _keep_secrets(self, customer: Customer) -> None:
        self.fields["seen"] = forms.CharField(required=False, widget=forms.HiddenInput)
        for column in numbers.COLUMNS:
            shown = numbers.shown(customer, column)
            if shown:
                self.fields[column].widget.attrs["placeholder"] = shown
                self.fields[column].help_text = gettext(
                    "Now %(number)s. Type another number to change it; leave this empty to keep it."
                ) % {"number": shown}
                self.fields[f"clear_{column}"] = forms.BooleanField(required=False, label=gettext("Remove this number"))

    @property
    def optional(self) -> frozenset[str]:
        """The columns that a list must fill and this customer need not: who came in without an e-mail address."""
        return frozenset({"email"} if self.customer is not None and not self.customer.email else ())

    def sides(self, said: Mapping[str, Any]) -> list[list[dict[str, Any]]]:
        """Give the fields as the page shows them, in groups with a title, each with what is said at it."""
        return [[{"title": title, "fields": self._shown(keys, said)} for title, keys in side] for side in SIDES]

    def _shown(self, keys: Iterable[str], said: Mapping[str, Any]) -> list[dict[str, Any]]:
        return [
            {
                "bound": self[key],
                "clear": self[f"clear_{key}"] if f"clear_{key}" in self.fields else None,
                "is_required": key in REQUIRED and key not in self.optional,
                "said": said.get(key),
                "is_hidden_number": f"clear_{key}" in self.fields,
            }
            for key in keys
            if key in self.fields
        ]

    def typed(self) -> dict[str, str]:
        """Give what was typed, by column key, as it came in; a NUL cannot be stored and is nothing anybody typed."""
        return {key: str(self.data.get(key, ""))[:2000].replace("\0", "") for key in TYPED}

    def put(self, changes: Mapping[str, str]) -> None:
        """Put other texts into fields, to be shown again."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        for key, value in changes.items():
            data[key] = typed_day(value) if key == "deadline" else value
        self.data = data


def initial_values(values: Mapping[str, str], customer: Customer) -> dict[str, str]:
    """Give what an edit form starts with: all but the national numbers."""
    initial = {key: value for key, value in values.items() if key not in numbers.COLUMNS}
    initial["deadline"] = typed_day(values.get("deadline", ""))
    name = country_name(values["country"])
    if code_of(name) == values["country"]:
        initial["country"] = name
    initial["seen"] = customer.updated_at.isoformat()
    return initial


def header_of(key: str) -> str:
    """Give the name of a field in the reader's language, as the template's header has it."""
    return str(LABELS[key]) if key in LABELS else BY_KEY[key].headers[get_language() or "nl"]


def _text(key: str) -> forms.CharField:
    return _field(key, forms.TextInput(attrs={"autocomplete": "off", **WIDGETS.get(key, {})}))


def _choice(key: str, choices: list[tuple[str, str]]) -> forms.CharField:
    return _field(key, forms.Select(choices=choices))


def _field(key: str, widget: forms.Widget) -> forms.CharField:
    # No field is required and no choice refused here: the checks of the rows say it in their own words.
    if key in REQUIRED:
        widget.attrs["aria-required"] = "true"
    field = forms.CharField(
        label=header_of(key), required=False, strip=False, help_text=HELP.get(key, ""), widget=widget
    )
    field.validators = []
    return field


def _languages(office: Office) -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in Language.choices if value in office.languages]


def _colleagues(office: Office, customer: Customer | None) -> list[tuple[str, str]]:
    staff = User.objects.filter(office=office).order_by("name", "email")
    present = customer.responsible_id if customer else None
    return [(user.email, str(user)) for user in staff if user.is_active or user.pk == present]


def _questionnaires() -> list[tuple[str, str]]:
    return [(definition.key, definition.title(get_language() or "nl")) for definition in available()]
