"""What is wrong, corrected in a spreadsheet and uploaded again."""

from typing import cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounton.importing.bulk_views import carry_out
from accounton.importing.forms import UploadForm, refused_words
from accounton.importing.models import Batch
from accounton.importing.returning import TakeBack, belongs_to, invalid_url
from accounton.offices.access import StaffRequest, admin_only
from accounton.spreadsheets.problems import UnusableFile
from accounton.spreadsheets.weight import is_light
from accounton.web.bodies import takes_file


@takes_file
@require_POST
@admin_only
def returned(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Take corrected rows back, and say what came of them."""
    batch = get_object_or_404(Batch, pk=batch_id)
    form = UploadForm(request.POST, request.FILES)
    if words := refused_words(request):
        messages.error(request, words)
    elif form.is_valid():
        file = cast("UploadedFile[bytes]", form.cleaned_data["file"])
        with file:
            content = file.read()
        try:
            return carry_out(request, batch, TakeBack(content), invalid_url(batch))
        except UnusableFile as error:
            messages.error(request, error.text(gettext))
    else:
        messages.error(request, " ".join(map(str, form.errors.get("file", ()))))
    return redirect(invalid_url(batch))


def recognised(request: StaffRequest, content: bytes) -> str | None:
    """Take a file back that was downloaded from an open review; gives the address of that review, else None."""
    if not is_light(content):
        return None  # whoever reads it in the background tells it then
    try:
        batch = belongs_to(content, request.office.pk)
        if batch is None:
            return None
        carry_out(request, batch, TakeBack(content), invalid_url(batch))
    except UnusableFile:
        return None  # whoever reads it as any other list says what is wrong with it
    return invalid_url(batch)
