"""The pages of an import: upload, review, choices, adding, result, list."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounton.importing import applying, choosing, finishing, looking, posted
from accounton.importing.braking import release
from accounton.importing.bulk_views import tell
from accounton.importing.demo.sample import sample_size
from accounton.importing.expired import take_up_expired
from accounton.importing.forms import ChoicesForm, UploadForm, refused_words, shown_limit, too_large
from accounton.importing.history import imports
from accounton.importing.jobs import UNFINISHED, look_anew, wake
from accounton.importing.lengths import LONG
from accounton.importing.models import Batch, Bucket, BulkAction, State
from accounton.importing.pages import (
    after_choice,
    batch_words,
    brake_context,
    can_go_by_rules,
    cannot_apply_words,
    review_context,
    saving,
)
from accounton.importing.resuming import was_left
from accounton.importing.resuming_words import say_resumed
from accounton.importing.return_views import recognised
from accounton.importing.review import Review
from accounton.importing.settling import to_settle
from accounton.importing.starting import discard_batch, start
from accounton.importing.tallying import tally
from accounton.importing.workbooks import XLSX, sample_workbook, template_workbook
from accounton.offices.access import StaffRequest, admin_only, staff_only
from accounton.offices.sessions import background
from accounton.questionnaires.choosing import BY_RULES
from accounton.web.bodies import takes_file


@require_GET
@admin_only
def batches(request: StaffRequest) -> HttpResponse:
    """List the imports: who, when, which file, how many, how far."""
    page = Paginator(imports(), 50).get_page(request.GET.get("page"))
    return render(request, "importing/list.html", {"section": "imports", "page": page})


@takes_file
@require_http_methods(["GET", "POST"])
@admin_only
def upload(request: StaffRequest) -> HttpResponse:
    """Explain the steps and take the file."""
    if request.method == "GET":
        return _upload_page(request, UploadForm(initial={"show_columns": request.GET.get("columns") == "1"}))
    form = UploadForm(request.POST, request.FILES)
    if words := refused_words(request):
        form.errors.clear()
        form.add_error("file", words)
    elif form.is_valid():
        file = cast("UploadedFile[bytes]", form.cleaned_data.pop("file"))
        with file:  # of a large one there is room for as few copies as can be
            content = file.read()
        if url := recognised(request, content):
            return JsonResponse({"next": url}, status=201) if _wants_json(request) else redirect(url)
        batch = start(request.user, file.name or "", content, **form.cleaned_data)
        if batch.state != State.FAILED:
            url = reverse("importing:review", args=[batch.pk])
            return JsonResponse({"next": url}, status=201) if _wants_json(request) else redirect(url)
        form.add_error("file", batch_words(batch))
        batch.delete()
    if _wants_json(request):
        errors = [*form.errors.get("file", []), *form.non_field_errors()]
        return JsonResponse({"title": gettext("This file cannot be used"), "message": " ".join(errors)}, status=422)
    return _upload_page(request, form, status=422)


def _upload_page(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    context = {
        "section": "imports",
        "form": form,
        "max_bytes": settings.MAX_UPLOAD_BYTES,
        "limit": shown_limit(),
        "too_large": too_large(),
        "sample_size": sample_size(),
    }
    return render(request, "importing/upload.html", context, status=status)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("accept", "").startswith("application/json")


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
    ended = BulkAction.objects.filter(batch=OuterRef("pk"), asked_by=request.user).exclude(end="")
    batch = get_object_or_404(Batch.objects.annotate(is_to_tell=Exists(ended)), pk=batch_id)
    if batch.state == State.MAPPING:
        return redirect("importing:columns", batch.pk)
    if batch.is_to_tell:
        tell(request, batch)
    if batch.state in (*UNFINISHED, State.FAILED):
        return render(request, "importing/progress_page.html", {"section": "imports", "batch": batch})
    if batch.doubt and batch.state == State.REVIEW:
        return render(request, "importing/brake.html", brake_context(batch))
    if was_left(batch):
        say_resumed(request, batch)
    return render(request, "importing/review.html", review_context(request, batch))


@require_POST
@admin_only
def confirm(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Go on with a list that fits badly: it is the right one."""
    batch = get_object_or_404(Batch, pk=batch_id)
    release(batch)
    return redirect("importing:review", batch.pk)


@background
@require_GET
@admin_only
def progress(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Give the line that says how far a batch is; when it is ready, send the page on."""
    batch = get_object_or_404(Batch, pk=batch_id)
    if batch.state == State.READING:
        take_up_expired()
    response = render(request, "importing/_progress.html", {"batch": batch})
    if batch.state in (State.REVIEW, State.DONE, State.MAPPING):
        page = "importing:result" if batch.applied_at else "importing:review"
        response["HX-Redirect"] = tell(request, batch) or reverse(page, args=[batch.pk])
    elif batch.state == State.UNDONE:
        response["HX-Redirect"] = reverse("importing:undo", args=[batch.pk])
    return response


@require_POST
@admin_only
def select(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Save which rows are selected: the named ones, or all or none of what the filter in the address lets through."""
    batch = get_object_or_404(Batch, pk=batch_id)
    choice = request.POST.get("choice")
    with saving(request):
        if choice in ("all", "none"):
            rows = Review(batch, {**request.GET.dict(), "bucket": "only_in_import"}).matching()
            choosing.choose_rows(batch, rows, selected=choice == "all")
        else:
            named = batch.rows.filter(number__in=posted.numbers(request.POST, "row"))
            choosing.choose_rows(batch, named, selected=request.POST.get("selected") == "1")
    return after_choice(request, batch, "importing/review.html" if choice else "importing/_saved.html")


@require_POST
@admin_only
def choose(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Save the language or the questionnaire."""
    batch = get_object_or_404(Batch, pk=batch_id)
    batch.office = request.office  # known already: one question less
    # Whether there are rules matters only to whoever chooses them.
    by_rules = request.POST.get("questionnaire") == BY_RULES and can_go_by_rules(Review(batch, {}))
    form = ChoicesForm(request.POST, office=request.office, reader=get_language() or "nl", by_rules=by_rules)
    with saving(request):
        if form.is_valid():
            choosing.choose(batch, **form.cleaned_data)
    return after_choice(request, batch, "importing/review.html")


@require_POST
@admin_only
def add(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Add the selected customers: at once when they are few, in the background otherwise."""
    batch = get_object_or_404(Batch, pk=batch_id)
    seen, only_known = posted.number(request.POST, "revision"), request.POST.get("only_known") == "1"
    with_undecided = request.POST.get("undecided") == "add"
    if not (only_known or with_undecided) and looking.is_outdated(batch):
        look_anew(batch)
    try:
        count = applying.claim(
            batch, request.user, seen,
            only_known=only_known,
            with_undecided=with_undecided,
            seen_rules=request.POST.get("rules"),
            seen_for_all=request.POST.get("for_all"),
        )  # fmt: skip
    except applying.CannotApply as error:
        messages.warning(request, cannot_apply_words(error.code))
        batch.refresh_from_db()
        return redirect("importing:result" if batch.result else "importing:review", batch.pk)
    if count > LONG:
        wake(batch)
        return redirect("importing:review", batch.pk)
    applying.continue_applying(batch)
    return redirect("importing:result", batch.pk)


@require_GET
@admin_only
def result(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Say what the last add did."""
    batch = get_object_or_404(Batch, pk=batch_id)
    if batch.state == State.APPLYING:
        return render(request, "importing/progress_page.html", {"section": "imports", "batch": batch})
    if not batch.result:
        return redirect("importing:review", batch.pk)
    context = {"section": "imports", "batch": batch}
    if batch.result["undecided"]:
        context["to_settle"] = to_settle(batch)
    if batch.state == State.REVIEW:
        context["invalid"] = tally(batch).buckets[Bucket.INVALID]
    return render(request, "importing/result.html", context)


@require_POST
@admin_only
def finish(request: StaffRequest, batch_id: int) -> HttpResponse:
    """End a review: what is left stays out."""
    batch = get_object_or_404(Batch, pk=batch_id)
    left = finishing.finish(batch, request.user)
    if left is None:
        messages.warning(request, gettext("This import cannot be finished now; nothing was changed."))
        return redirect("importing:review", batch.pk)
    words = ngettext("Finished: %(count)s row stays out.", "Finished: %(count)s rows stay out.", left)
    messages.success(request, words % {"count": intcomma(left)})
    return redirect("importing:list")


@require_POST
@admin_only
def reopen(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Open a review again that somebody ended."""
    batch = get_object_or_404(Batch, pk=batch_id)
    if not finishing.reopen(batch, request.user):
        messages.warning(request, gettext("This import cannot be opened again now; nothing was changed."))
    return redirect("importing:review", batch.pk)


@require_POST
@admin_only
def discard(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Throw a review away that nothing was added from; its rows go with it."""
    batch = get_object_or_404(Batch, pk=batch_id)
    if discard_batch(batch, request.user):
        messages.success(request, gettext("The import was thrown away. No customer was changed."))
    else:
        messages.warning(request, gettext("Customers were added from this import; it stays in the list."))
    return redirect("importing:list")
