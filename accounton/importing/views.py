"""The pages of an import: upload, review, choices, adding, result, list."""

from typing import cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounton.importing import applying, choosing
from accounton.importing.forms import ChoicesForm, UploadForm, too_large
from accounton.importing.jobs import wake
from accounton.importing.models import Batch, State
from accounton.importing.pages import back, batch_words, cannot_apply_words, review_context
from accounton.importing.review import Review
from accounton.importing.starting import start
from accounton.importing.workbooks import sample_workbook, template_workbook
from accounton.offices.access import StaffRequest, admin_only, staff_only

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@admin_only
def batches(request: StaffRequest) -> HttpResponse:
    """List the imports: who, when, which file, how many, how far."""
    page = Paginator(Batch.objects.select_related("created_by").order_by("-created_at"), 50).get_page(
        request.GET.get("page")
    )
    return render(request, "importing/list.html", {"section": "imports", "page": page})


@require_http_methods(["GET", "POST"])
@admin_only
def upload(request: StaffRequest) -> HttpResponse:
    """Explain the steps and take the file."""
    form = UploadForm(request.POST or None, request.FILES or None) if request.method == "POST" else UploadForm()
    if request.META.get("accounton.upload_too_large"):
        form.add_error("file", too_large())
    elif request.method == "POST" and form.is_valid():
        file = cast(UploadedFile, form.cleaned_data.pop("file"))
        batch = start(request.user, file.name or "", file.read(), **form.cleaned_data)
        if batch.state != State.FAILED:
            return _sent_to(request, reverse("importing:review", args=[batch.pk]))
        form.add_error("file", batch_words(batch))
        batch.delete()
    if form.errors and request.headers.get("accept", "").startswith("application/json"):
        return JsonResponse({"errors": [str(error) for error in form.errors.get("file", [])]}, status=422)
    status = 422 if form.errors else 200
    return render(request, "importing/upload.html", {"section": "customers", "form": form}, status=status)


def _sent_to(request: HttpRequest, url: str) -> HttpResponse:
    if request.headers.get("accept", "").startswith("application/json"):
        return JsonResponse({"url": url})
    return HttpResponseRedirect(url)


@require_GET
@staff_only
def template(request: StaffRequest) -> HttpResponse:
    """Give the empty template in the reader's language, with the office's colleagues in its drop-down."""
    content = template_workbook(request.office, get_language() or "nl")
    name = gettext("accounton-template.xlsx")
    return HttpResponse(content, XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@require_GET
@admin_only
def sample(request: StaffRequest) -> HttpResponse:
    """Give the made list of some 300 customers that a newcomer can try."""
    name = gettext("sample-list.xlsx")
    return HttpResponse(
        sample_workbook(request.office), XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@require_GET
@admin_only
def review(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Show one bucket of a batch, or how far it is while it is read or added."""
    batch = get_object_or_404(Batch, pk=batch_id)
    if batch.state in (State.WAITING, State.READING, State.APPLYING, State.FAILED):
        return render(request, "importing/progress_page.html", {"section": "imports", "batch": batch})
    return render(request, "importing/review.html", review_context(request, batch))


@require_GET
@admin_only
def progress(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Give the line that says how far a batch is; when it is ready, send the page on."""
    batch = get_object_or_404(Batch, pk=batch_id)
    response = render(request, "importing/_progress.html", {"batch": batch})
    if batch.state in (State.REVIEW, State.DONE):
        page = "importing:result" if batch.applied_at else "importing:review"
        response["HX-Redirect"] = reverse(page, args=[batch.pk])
    return response


@require_POST
@admin_only
def select(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Save which rows are selected: those ticked of the page, or all, none, or all that the filter lets through."""
    batch = get_object_or_404(Batch, pk=batch_id)
    try:
        if (choice := request.POST.get("choice")) in ("all", "none"):
            rows = Review(batch, {**request.POST.dict(), "bucket": "only_in_import"}).matching()
            choosing.choose_all(batch, rows, selected=choice == "all")
        else:
            choosing.choose_rows(batch, _numbers(request, "shown"), _numbers(request, "row"))
    except choosing.ReviewClosed:
        messages.warning(request, gettext("This import is being added or was added; nothing was changed."))
    return back(request, batch)


def _numbers(request: HttpRequest, name: str) -> list[int]:
    return [int(text) for text in request.POST.getlist(name)[:500] if text.isdecimal() and len(text) < 8]


@require_POST
@admin_only
def choose(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Save the language or the questionnaire."""
    batch = get_object_or_404(Batch, pk=batch_id)
    form = ChoicesForm(request.POST, office=request.office, reader=get_language() or "nl")
    try:
        if form.is_valid():
            choosing.choose(batch, **form.cleaned_data)
    except choosing.ReviewClosed:
        messages.warning(request, gettext("This import is being added or was added; nothing was changed."))
    return back(request, batch)


@require_POST
@admin_only
def add(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Add the selected customers: at once when they are few, in the background otherwise."""
    batch = get_object_or_404(Batch, pk=batch_id)
    seen = request.POST.get("revision", "")
    try:
        count = applying.claim(batch, request.user, int(seen) if seen.isdecimal() else -1)
    except applying.CannotApply as error:
        messages.warning(request, cannot_apply_words(error.code))
        return redirect("importing:result" if error.code == "already_adding" else "importing:review", batch.pk)
    if count > applying.INLINE_ROWS:
        wake(batch)
        return redirect("importing:review", batch.pk)
    applying.continue_applying(batch)
    return redirect("importing:result", batch.pk)


@require_GET
@admin_only
def result(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Say what the last add did."""
    batch = get_object_or_404(Batch, pk=batch_id)
    if not batch.result or batch.state == State.APPLYING:
        return redirect("importing:review", batch.pk)
    return render(request, "importing/result.html", {"section": "imports", "batch": batch})


@require_POST
@admin_only
def discard(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Throw a review away that nothing was added from; its rows go with it."""
    batch = get_object_or_404(Batch, pk=batch_id)
    if batch.added or batch.state == State.APPLYING:
        messages.warning(request, gettext("Customers were added from this import; it stays in the list."))
    else:
        batch.delete()
        messages.success(request, gettext("The import was thrown away. No customer was changed."))
    return redirect("importing:list")
