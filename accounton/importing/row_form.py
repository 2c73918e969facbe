"""All cells of a staged row as a form: one field per column, with what is wrong beside it."""

from typing import Any

from django import forms
from django.utils.translation import gettext

from accounton.importing.cell_edits import Suggested
from accounton.importing.cells import RowView
from accounton.importing.drafts import QUESTIONNAIRE
from accounton.importing.models import Bucket
from accounton.importing.screening import SECRET, is_masked
from accounton.importing.wording import header_of, masked_words, questionnaire_choices, values_choices
from accounton.offices.models import Office
from accounton.rows.columns import COLUMNS
from accounton.rows.couples import SPOUSE
from accounton.rows.misplaced import MISPLACED

LEFT_OUT = ("extra_pb",)
CLEAR = "clear_"
"""Before the key of a value that is not shown: its box removes it."""
MOVE = "move_"
"""Before the key of a cell with a number that belongs in another column: its box moves it there."""


class RowForm(forms.Form):
    """The cells of one row; `seen` is the revision that was shown."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, view: RowView, office: Office, **options: Any) -> None:
        """Take the row, and the office for what can be chosen."""
        super().__init__(*args, **options)
        self._view = view
        self.fields["revision"].initial = view.row.revision
        for column in COLUMNS:
            if column.key not in LEFT_OUT:
                self._add(column.key, office)
        if view.row.is_joint:
            for key in SPOUSE:
                self._add(key, office)
        if view.row.bucket == Bucket.ONLY_IN_IMPORT:
            choices = questionnaire_choices(view.batch)
            self.fields[QUESTIONNAIRE] = forms.ChoiceField(
                label=header_of(QUESTIONNAIRE), required=False, choices=choices, initial=view.row.questionnaire
            )

    def _add(self, key: str, office: Office) -> None:
        cell = self._view.cell(key)
        field: forms.CharField | forms.ChoiceField
        choices = values_choices(key, office)
        if choices and (not cell.raw or cell.raw in dict(choices)):
            field = forms.ChoiceField(choices=[("", gettext("Choose…")), *choices])
        else:
            field = forms.CharField(max_length=2000)
        field.required, field.label, field.initial = False, header_of(key), cell.raw or ""
        tips = list(cell.tips)
        is_kept = bool(self._view.values.get(key)) and not cell.raw
        if is_kept:
            tips.append(gettext("Now %(masked)s. Leave it empty to keep it.") % {"masked": cell.text})
        field.help_text = " ".join(tips)
        if cell.state == "problem":
            field.widget.attrs["aria-invalid"] = "true"
        self.fields[key] = field
        field.is_hidden_number = is_kept and key in SECRET  # type: ignore[union-attr]
        if is_kept:
            label = gettext("Remove this number") if key in SECRET else gettext("Empty this cell")
            self.fields[f"{CLEAR}{key}"] = forms.BooleanField(required=False, initial=False, label=label)
        if cell.code == MISPLACED and key not in SECRET:
            label = gettext("Move the number to its own column")
            self.fields[f"{MOVE}{key}"] = forms.BooleanField(required=False, initial=False, label=label)

    def clean(self) -> dict[str, Any]:
        """Refuse what is no number but the mask of one."""
        for key, text in list(self.cleaned_data.items()):
            if is_masked(key, str(text)) and text != self.fields[key].initial:
                self.add_error(key, masked_words())
        return self.cleaned_data

    @property
    def seen(self) -> int:
        """The revision of the row that was shown."""
        return int(self.cleaned_data["revision"])

    def cells(self) -> dict[str, str | Suggested]:
        """Give what differs from what was shown, by column key; what is typed counts, also beside a box."""
        changed = set(self.changed_data) - {"revision"}
        boxes: dict[str, str | Suggested] = {key.removeprefix(CLEAR): "" for key in changed if key.startswith(CLEAR)}
        boxes |= {key.removeprefix(MOVE): Suggested(MISPLACED) for key in changed if key.startswith(MOVE)}
        return boxes | {key: self.cleaned_data[key].strip() for key in changed if not key.startswith((CLEAR, MOVE))}
