"""The form of the office's settings."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounton.belgium import phones, postal_codes
from accounton.belgium.numbers_in_text import masked_name
from accounton.customers.models import Language
from accounton.offices.models import Office
from accounton.overview.office.languages import Uses
from accounton.overview.office.saving import FIELDS, version_of

LEAST_MINUTES = 5
TEXTS = ("name", "street", "city")


class OfficeForm(forms.Form):
    """What an admin chooses for the whole office."""

    use_required_attribute = False

    name = forms.CharField(label=_("Name"), max_length=200, help_text=_("As colleagues and customers see it."))
    street = forms.CharField(label=_("Street and number"), max_length=200, required=False)
    postal_code = forms.CharField(
        label=_("Postal code"), max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    telephone = forms.CharField(
        label=_("Telephone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        help_text=_("Without a country code it is a Belgian number."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages of your customers"),
        choices=Language.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one language.")},
        help_text=_(
            "Customers get their questionnaire and mails in one of these. The screen of each colleague has its own."
        ),
    )
    list_language = forms.ChoiceField(
        label=_("Language of a list that does not say it"),
        required=False,
        help_text=_("For all customers in a list without a column for the language. A column always goes first."),
    )
    idle_minutes = forms.IntegerField(label=_("Sign out after so many minutes without use"), required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, office: Office, **options: Any) -> None:
        super().__init__(*args, **{**options, "initial": _initial(office)})
        choice = cast(forms.ChoiceField, self.fields["list_language"])
        choice.choices = [("", gettext("Ask each time")), *Language.choices]
        self._limit_minutes(settings.SESSION_IDLE_SECONDS // 60)

    def show_anew(self, office: Office) -> None:
        """Take the settings as they are by now as seen: saving once more then puts these in their place."""
        data = cast(QueryDict, self.data).copy()
        data["seen"] = version_of(office)
        self.data = data

    def refuse(self, uses: Mapping[str, Uses]) -> None:
        """Say which languages cannot be taken out, and how much still uses them."""
        for language, found in uses.items():
            self.add_error("languages", _words_of(Language(language), found))

    def values(self) -> dict[str, Any]:
        """Return what to save; the form was found valid."""
        return {name: self.cleaned_data[name] for name in FIELDS}

    def clean(self) -> None:
        """Refuse national numbers in texts, and a language of lists that is none of the office."""
        for name in TEXTS:
            text = self.cleaned_data.get(name, "")
            if masked_name(text) != text:
                self.add_error(name, gettext("A national number does not belong here: take it out."))
        language = self.cleaned_data.get("list_language")
        if language and language not in self.cleaned_data.get("languages", [language]):
            self.add_error("list_language", gettext("Your office does not work in this language. Choose another."))

    def clean_name(self) -> str:
        return " ".join(cast(str, self.cleaned_data["name"]).split())

    def clean_postal_code(self) -> str:
        code = cast(str, self.cleaned_data["postal_code"])
        if code and not postal_codes.is_known(code):
            raise ValidationError(gettext("This postal code does not exist in Belgium."))
        return code

    def clean_telephone(self) -> str:
        typed = cast(str, self.cleaned_data["telephone"])
        number = phones.telephone(typed) if typed else ""
        if number is None:
            raise ValidationError(
                gettext("This is no telephone number. Write it like 053 21 34 56 or +32 53 21 34 56.")
            )
        return number

    def clean_languages(self) -> list[str]:
        return [code for code in Language.values if code in self.cleaned_data["languages"]]

    def _limit_minutes(self, most: int) -> None:
        field = cast(forms.IntegerField, self.fields["idle_minutes"])
        least = min(LEAST_MINUTES, most)
        words = gettext(
            "From %(least)s to %(most)s minutes. Left empty it is %(most)s, the most that the server allows."
        )
        field.help_text = words % {"least": least, "most": most}
        self._minutes = (least, most)

    def clean_idle_minutes(self) -> int | None:
        minutes = cast("int | None", self.cleaned_data["idle_minutes"])
        least, most = self._minutes
        if minutes is not None and not least <= minutes <= most:
            words = gettext("Choose from %(least)s to %(most)s minutes, or leave it empty.")
            raise ValidationError(words % {"least": least, "most": most})
        return minutes


def _initial(office: Office) -> dict[str, Any]:
    values = {name: getattr(office, name) for name in FIELDS}
    return {**values, "telephone": phones.shown_telephone(office.telephone), "seen": version_of(office)}


def _words_of(language: Language, uses: Uses) -> str:
    customers = ngettext("%(count)s customer", "%(count)s customers", uses.customers) % {"count": uses.customers}
    reviews = ngettext("%(count)s open import", "%(count)s open imports", uses.reviews) % {"count": uses.reviews}
    used = [words for words, count in ((customers, uses.customers), (reviews, uses.reviews)) if count]
    names = {"language": language.label, "uses": gettext(" and ").join(used)}
    return gettext("%(language)s cannot be taken out: it is still used by %(uses)s. Change those first.") % names
