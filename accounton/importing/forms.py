"""What comes in from the pages of an import."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounton.belgium.calendar import current_assessment_year
from accounton.customers.models import Language
from accounton.dossiers.models import TaskFlow
from accounton.importing.uploading import REFUSED
from accounton.offices.models import Office
from accounton.questionnaires.choosing import BY_RULES
from accounton.questionnaires.definition import available


def this_year() -> int:
    """Give the assessment year of today."""
    return current_assessment_year(timezone.localdate())


def year_choices() -> list[tuple[int, str]]:
    """Give the assessment years that can be chosen: last year's, this one, the next."""
    return [(year, str(year)) for year in range(this_year() - 1, this_year() + 2)]


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Your list"),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("This file is empty. Nothing was added. Save the list in Excel once more and upload it again."),
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.xlsb,.ods,.csv,.tsv,.txt"}),
    )
    task_flow = forms.ChoiceField(
        label=_("Task flow"), choices=TaskFlow.choices, initial=TaskFlow.PERSONENBELASTING, required=False
    )
    assessment_year = forms.TypedChoiceField(
        label=_("Assessment year"), choices=year_choices, initial=this_year, coerce=int, required=False
    )

    show_columns = forms.BooleanField(label=_("Let me look at the columns first"), required=False)

    def clean_file(self) -> "UploadedFile[bytes]":
        """Refuse what is larger than the limit."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > settings.MAX_UPLOAD_BYTES:
            raise forms.ValidationError(too_large())
        return file

    def clean_task_flow(self) -> str:
        """Give the task flow, the only one by default."""
        return self.cleaned_data["task_flow"] or TaskFlow.PERSONENBELASTING

    def clean_assessment_year(self) -> int:
        """Give the assessment year, the current one by default."""
        return self.cleaned_data["assessment_year"] or this_year()


def refused_words(request: HttpRequest) -> str:
    """Return why the file of a request was not taken; "" where it was."""
    why = request.META.get(REFUSED)
    if why == "several":
        return gettext("These are several files. Nothing was added. Upload one list at a time.")
    return too_large() if why else ""


def too_large() -> str:
    """Say how large a file may be."""
    return gettext("This file is larger than %(limit)s. Nothing was added. Split the list and upload it in parts.") % {
        "limit": shown_limit()
    }


def shown_limit() -> str:
    """Give the greatest size of an upload as people say it: "50 MB"."""
    return f"{settings.MAX_UPLOAD_BYTES // (1024 * 1024)} MB"


class ChoicesForm(forms.Form):
    """The two drop-downs of a review."""

    language = forms.ChoiceField(label=_("Language"), required=False)
    questionnaire = forms.ChoiceField(label=_("Select questionnaire"), required=False)

    def __init__(self, *args: Any, office: Office, reader: str, by_rules: bool = False, **options: Any) -> None:
        """Take the office, whose languages can be chosen, and the screen language (nl, fr, en) for the titles.

        `by_rules`: that the office's rules decide can be chosen too.
        """
        super().__init__(*args, **options)
        languages = [(code, label) for code, label in Language.choices if code in office.languages]
        self.fields["language"].choices = [("", _("As in the file")), *languages]  # type: ignore[attr-defined]
        titles = [(definition.key, definition.title(reader)) for definition in available()]
        rules = [(BY_RULES, _("By your office's rules"))] if by_rules else []
        self.fields["questionnaire"].choices = [("", _("Choose…")), *rules, *titles]  # type: ignore[attr-defined]
