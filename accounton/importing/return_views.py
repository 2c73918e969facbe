"""What is wrong, corrected in a spreadsheet and uploaded again."""

from typing import cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounton.importing.forms import UploadForm, too_large
from accounton.importing.models import Batch
from accounton.importing.pages import saving
from accounton.importing.return_wording import returned_words
from accounton.importing.returning import belongs_to, take_back
from accounton.offices.access import StaffRequest, admin_only
from accounton.spreadsheets.problems import UnusableFile


@require_POST
@admin_only
def returned(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Take corrected rows back, and say what came of them."""
    batch = get_object_or_404(Batch, pk=batch_id)
    form = UploadForm(request.POST, request.FILES)
    if request.META.get("accounton.upload_too_large"):
        messages.error(request, too_large())
    elif form.is_valid():
        file = cast("UploadedFile[bytes]", form.cleaned_data["file"])
        try:
            _take_back(request, batch, file.read())
        except UnusableFile as error:
            messages.error(request, error.text(gettext))
    else:
        messages.error(request, " ".join(map(str, form.errors.get("file", ()))))
    return redirect(_invalid_url(batch))


def recognised(request: StaffRequest, content: bytes) -> str | None:
    """Take a file back that was downloaded from an open review; gives the address of that review, else None."""
    try:
        batch = belongs_to(content, request.office.pk)
        if batch is None:
            return None
        _take_back(request, batch, content)
    except UnusableFile:
        return None  # whoever reads it as any other list says what is wrong with it
    return _invalid_url(batch)


def _take_back(request: StaffRequest, batch: Batch, content: bytes) -> None:
    with saving(request):
        for level, words in returned_words(take_back(batch, request.user, content)):
            messages.add_message(request, level, words)


def _invalid_url(batch: Batch) -> str:
    return f"{reverse('importing:review', args=[batch.pk])}?bucket=invalid"
