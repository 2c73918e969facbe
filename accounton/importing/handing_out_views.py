"""The pages of workbooks that are handed out: what is wrong, and the whole review."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from accounton.importing import handing_out
from accounton.importing.jobs import wake_to_make
from accounton.importing.lengths import LONG
from accounton.importing.models import Batch, MadeWorkbook, State, WorkbookKind
from accounton.importing.timing import left_words
from accounton.importing.workbooks import XLSX
from accounton.offices.access import StaffRequest, admin_only
from accounton.offices.sessions import background

REVIEWED = (State.REVIEW, State.DONE, State.UNDONE)


@require_GET
@admin_only
def download(request: StaffRequest, batch_id: int, kind: str) -> HttpResponse:
    """Give a workbook; a large one is made first, in the background, and the page of its progress is shown."""
    batch = get_object_or_404(Batch, pk=batch_id, state__in=REVIEWED)
    if kind not in WorkbookKind.values:
        raise Http404
    if handing_out.rows_of(batch, kind) <= LONG:
        return _given(handing_out.handed_out(batch, request.user, kind), batch, kind)
    made, is_new = handing_out.ask(batch, request.user, kind, get_language() or "nl")
    if is_new:
        wake_to_make(made)
    elif handing_out.is_ready(made):
        handing_out.note(batch, request.user, kind)
        return _given(handing_out.content_of(made), batch, kind)
    return redirect("importing:workbook", batch.pk, kind)


@require_GET
@admin_only
def page(request: StaffRequest, batch_id: int, kind: str) -> HttpResponse:
    """Show how far a workbook is, and give it when it is made."""
    batch = get_object_or_404(Batch, pk=batch_id)
    made = _mine(request, batch, kind).first()
    if made is None:
        return redirect("importing:review", batch.pk)
    return render(request, "importing/made.html", {"section": "imports", **_context(batch, made)})


@background
@require_GET
@admin_only
def progress(request: StaffRequest, batch_id: int, kind: str) -> HttpResponse:
    """Give the line that says how far a workbook is."""
    batch = get_object_or_404(Batch, pk=batch_id)
    made = get_object_or_404(_mine(request, batch, kind))
    return render(request, "importing/_made.html", _context(batch, made))


@require_POST
@admin_only
def stop(request: StaffRequest, batch_id: int, kind: str) -> HttpResponse:
    """Make a workbook no further."""
    batch = get_object_or_404(Batch, pk=batch_id)
    if _mine(request, batch, kind).delete()[0]:
        messages.info(request, gettext("The workbook is not made any further."))
    return redirect("importing:review", batch.pk)


def _mine(request: StaffRequest, batch: Batch, kind: str) -> QuerySet[MadeWorkbook]:
    mine: QuerySet[MadeWorkbook] = MadeWorkbook.objects.filter(batch=batch, kind=kind, asked_by=request.user)
    return mine.defer("sealed")


def _context(batch: Batch, made: MadeWorkbook) -> dict[str, object]:
    left = left_words(made.done, made.rows, made.asked_at, timezone.now())
    ready, given_up = handing_out.is_ready(made), handing_out.is_given_up(made)
    return {"batch": batch, "made": made, "left": left, "is_ready": ready, "is_given_up": given_up}


def _given(content: bytes, batch: Batch, kind: str) -> HttpResponse:
    what = gettext("what is wrong") if kind == WorkbookKind.ERRORS else gettext("review")
    # The stars of a masked number may stand in no name of a file.
    stem = (batch.file_name.rpartition(".")[0] or batch.file_name).replace("*", "x")
    disposition = content_disposition_header(True, f"{stem} - {what}.xlsx") or "attachment"
    # Said here too, beside the middleware: what is in it is nobody else's.
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store, private"}
    return HttpResponse(content, XLSX, headers=headers)
