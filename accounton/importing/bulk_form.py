"""What can be done to all selected rows of a review at once, as a form."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounton.importing.models import Batch
from accounton.importing.screening import SECRET, is_hidden, is_masked
from accounton.importing.setting import SetColumn
from accounton.importing.wording import header_of, masked_words, misplaced_words, questionnaire_choices, values_choices
from accounton.offices.models import Office
from accounton.rows.columns import COLUMNS

ACTIONS = {
    "language": _("Set the language"),
    "questionnaire": _("Set the questionnaire"),
    "add_labels": _("Add labels"),
    "remove_labels": _("Remove labels"),
    "responsible": _("Set the responsible"),
    "replace": _("Replace a value"),
    "clear": _("Clear a column"),
}
NEVER_CLEARED = ("type", "extra_pb", "first_name", "last_name", "email", "language")
PUT_IN = {"add_labels": ("labels", "labels"), "replace": ("after", "")}
"""What is typed to be put into rows, by action, and into which column: "" for the one that is chosen."""
FOR_ALL = "for-all"
"""Chosen where rows go back to the questionnaire of all."""


class BulkForm(forms.Form):
    """One action and what it needs; `work` is what is to be done."""

    action = forms.ChoiceField(label=_("What"), choices=[("", _("Choose…")), *ACTIONS.items()])
    language = forms.ChoiceField(label=_("Language"), required=False)
    questionnaire = forms.ChoiceField(label=_("Questionnaire"), required=False)
    labels = forms.CharField(
        label=_("Labels"), required=False, max_length=1000, help_text=_("Several? Put a comma between them.")
    )
    responsible = forms.ChoiceField(label=_("Responsible"), required=False)
    in_column = forms.ChoiceField(label=_("Column"), required=False)
    before = forms.CharField(label=_("Stands there"), required=False, max_length=2000)
    after = forms.CharField(label=_("Put this in its place"), required=False, max_length=2000)

    NEEDED = {
        "language": ("language",), "questionnaire": ("questionnaire",),
        "add_labels": ("labels",), "remove_labels": ("labels",), "responsible": ("responsible",),
        "replace": ("in_column", "before"), "clear": ("in_column",),
    }  # fmt: skip

    def __init__(self, *args: Any, office: Office, batch: Batch, are_new: bool = True, **options: Any) -> None:
        """Take the office, for its languages and colleagues, the batch of the rows, and whether they can be added."""
        super().__init__(*args, **options)
        if not are_new:
            del self.fields["questionnaire"]
            actions = self.fields["action"].choices  # type: ignore[attr-defined]
            self.fields["action"].choices = [each for each in actions if each[0] != "questionnaire"]  # type: ignore[attr-defined]
        none = ("", gettext("Choose…"))
        columns = [(column.key, header_of(column.key)) for column in COLUMNS if column.key not in ("type", "extra_pb")]
        for name, choices in (
            ("language", values_choices("language", office)),
            ("questionnaire", [(key or FOR_ALL, title) for key, title in questionnaire_choices(batch)]),
            ("responsible", values_choices("responsible", office)),
            ("in_column", columns),
        ):
            if name in self.fields:
                self.fields[name].choices = [none, *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen action needs."""
        given = self.cleaned_data
        for name in self.NEEDED.get(given.get("action", ""), ()):
            if not given.get(name) and name not in self.errors:
                self.add_error(name, gettext("Fill this in for what you chose."))
        if given.get("action") == "clear" and given.get("in_column") in NEVER_CLEARED:
            self.add_error("in_column", gettext("This column cannot be empty."))
        if given.get("action") == "replace" and is_masked(given.get("in_column", ""), given.get("after", "")):
            self.add_error("after", masked_words())
        name, key = PUT_IN.get(given.get("action", ""), ("", ""))
        key = key or given.get("in_column", "")
        if name and key not in SECRET and is_hidden(key, given.get(name, "")):
            self.add_error(name, misplaced_words())
        return given

    @property
    def column(self) -> str:
        """The key of the column that changes."""
        action = self.cleaned_data["action"]
        if action in ("replace", "clear"):
            return str(self.cleaned_data["in_column"])
        return "labels" if action.endswith("_labels") else action

    def work(self, shown: dict[str, str], ticked: list[int] | None = None) -> SetColumn:
        """Give the work that this asks for, on the rows that are meant (setting.rows_meant)."""
        given = self.cleaned_data
        action = given["action"]
        value = given["labels"] if action.endswith("_labels") else given.get(action, "")
        if action == "replace":
            return SetColumn(action, self.column, shown, given["after"], given["before"], ticked)
        return SetColumn(action, self.column, shown, "" if value == FOR_ALL else str(value), ticked=ticked)
