"""One rule for the questionnaire as a form: what must hold of a customer, and which questionnaire he then gets."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounton.customers.models import Language
from accounton.importing.screening import is_hidden
from accounton.importing.wording import misplaced_words
from accounton.offices.models import Office
from accounton.questionnaires.choosing import Rule
from accounton.questionnaires.definition import available
from accounton.rows.traits import packed_label

YES, NO = "yes", "no"
WORDS = {None: "", True: YES, False: NO}
EITHER = ("", _("Does not matter"))


def questionnaires() -> list[tuple[str, str]]:
    """Give the questionnaires as (key, title) in the reader's language."""
    return [(each.key, each.title(get_language() or "nl")) for each in available()]


class RuleForm(forms.Form):
    """All conditions that are filled in must hold."""

    language = forms.ChoiceField(label=_("Language"), required=False)
    label = forms.CharField(
        label=_("Has the label"), required=False, max_length=100,
        help_text=_("One label, whole; capitals and accents do not count."),
    )  # fmt: skip
    self_employed = forms.ChoiceField(
        label=_("Self-employed"), required=False, choices=[EITHER, (YES, _("Yes")), (NO, _("No"))],
        help_text=_(
            "Yes: an enterprise number is known of the customer or the partner, or a label begins with a word such as "
            "zelfstandig, vrij beroep, indépendant or self-employed."
        ),
    )  # fmt: skip
    joint = forms.ChoiceField(
        label=_("Return"), required=False, choices=[EITHER, (YES, _("Joint")), (NO, _("Individual"))],
        help_text=_("Joint: the partner is known."),
    )  # fmt: skip
    questionnaire = forms.ChoiceField(label=_("Gets the questionnaire"))

    def __init__(self, *args: Any, office: Office, rule: Rule | None = None, **options: Any) -> None:
        """Take the office, for its languages, and the rule that is changed, if any."""
        if rule is not None:
            options["initial"] = {
                "language": rule.language, "label": rule.label, "self_employed": WORDS[rule.self_employed],
                "joint": WORDS[rule.joint], "questionnaire": rule.questionnaire,
            }  # fmt: skip
        super().__init__(*args, **options)
        present = rule.language if rule else ""
        languages = [pair for pair in Language.choices if pair[0] in (*office.languages, present)]
        self.fields["language"].choices = [EITHER, *languages]  # type: ignore[attr-defined]
        self.fields["questionnaire"].choices = [("", _("Choose…")), *questionnaires()]  # type: ignore[attr-defined]

    def clean_label(self) -> str:
        """Refuse what can be no label."""
        label = str(self.cleaned_data["label"])
        if "," in label:
            raise forms.ValidationError(gettext("One label only: make a rule of its own for another one."))
        if label and not packed_label(label):
            raise forms.ValidationError(gettext("A label has letters or digits."))
        if is_hidden("labels", label):
            raise forms.ValidationError(misplaced_words())
        return label

    def clean(self) -> dict[str, Any]:
        """Ask for at least one condition: who is left over has a questionnaire of his own."""
        given = self.cleaned_data
        if not self.errors and not any(given[name] for name in ("language", "label", "self_employed", "joint")):
            raise forms.ValidationError(
                gettext("Fill in at least one condition. Which questionnaire all others get stands below the rules.")
            )
        return given

    @property
    def rule(self) -> Rule:
        """The rule that was filled in."""
        given = self.cleaned_data
        flags = {word: flag for flag, word in WORDS.items()}
        return Rule(
            given["questionnaire"], given["language"], given["label"],
            flags[given["self_employed"]], flags[given["joint"]],
        )  # fmt: skip


class RestForm(forms.Form):
    """What everybody gets whom no rule fits."""

    questionnaire = forms.ChoiceField(label=_("All others get"))

    def __init__(self, data: QueryDict | None = None, *, initial: dict[str, str] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id="rest_%s")  # the other form has a field of that name too
        self.fields["questionnaire"].choices = questionnaires()  # type: ignore[attr-defined]
