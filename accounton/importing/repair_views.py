"""The pages and answers of repairing: a cell, a whole row, suggestions, one wrong value for all, and the way back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import reselect, reswap, retarget

from accounton.belgium.national_numbers import formatted
from accounton.importing import posted, repairing
from accounton.importing.bulk_form import BulkForm
from accounton.importing.bulk_views import carry_out, in_background
from accounton.importing.cell_edits import BadEdits, edits_of, masks_in, shown_of
from accounton.importing.cells import RowView
from accounton.importing.choosing import unread
from accounton.importing.models import Batch, Bucket, Change, State
from accounton.importing.pages import after_choice, edited_answer, saving
from accounton.importing.pieces import at_once
from accounton.importing.review import Review
from accounton.importing.row_form import RowForm
from accounton.importing.screening import SECRET, is_masked
from accounton.importing.setting import rows_meant
from accounton.importing.undoing_changes import Undo
from accounton.importing.wording import elsewhere, masked_words, masks_words, over_words, values_choices
from accounton.importing.wrong_values import wrong_value, wrong_values
from accounton.offices.access import StaffRequest, admin_only
from accounton.offices.reveal_guard import refusal
from accounton.offices.reveals import Seen
from accounton.rows.messages import is_code, title_of

PAGE = 100


@require_POST
@admin_only
def edit(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Save changed cells; one row comes back as it is now, several with the whole review.

    `over` says how many pasted values found no cell on the page.
    """
    batch = unread(batch_id, request.office)
    try:
        edits = edits_of(request.POST.get("cells", ""))
    except BadEdits:
        get_object_or_404(Batch, pk=batch_id)
        return HttpResponse(status=400)
    with saving(request):
        change = repairing.edit(batch, request.user, edits)
        over = posted.number(request.POST, "over")
        masks = masks_in(edits)
        if masks:
            messages.warning(request, masks_words(masks))
        if over > 0:
            messages.warning(request, over_words(over))
        if len(edits) == 1 and over <= 0 and not masks:
            shown = shown_of(request.POST.get("shown", ""))
            return edited_answer(request, batch, next(iter(edits)), change, shown)
    response = after_choice(request, batch, "importing/review.html")
    return reswap(retarget(reselect(response, "#review"), "#review"), "outerHTML")


@require_http_methods(["GET", "POST"])
@admin_only
def row(request: StaffRequest, batch_id: int, number: int) -> HttpResponse:
    """Show all cells of one row, and save them."""
    batch = get_object_or_404(Batch, pk=batch_id)
    view = Review(batch, request.GET.dict()).view_of(
        get_object_or_404(batch.rows.select_related("content"), number=number)
    )
    back = _back(batch, request)
    if not view.is_open:
        return redirect(back)
    form = RowForm(request.POST or None, view=view, office=request.office)
    if request.method == "POST" and form.is_valid():
        with saving(request):
            repairing.edit(batch, request.user, {number: (form.seen, dict(form.cells()))})
        return redirect(back)
    return _row_page(request, batch, view, form)


@require_POST
@admin_only
def reveal_row(request: StaffRequest, batch_id: int, number: int, column: str) -> HttpResponse:
    """Show a national number of a row in plain, once, and write down who looked."""
    batch = get_object_or_404(Batch, pk=batch_id)
    found = get_object_or_404(batch.rows.select_related("content"), number=number)
    view = Review(batch, request.GET.dict()).view_of(found)
    text = view.values.get(column, "") if column in SECRET else ""
    if not text or not view.is_open:
        raise Http404
    back = f"{reverse('importing:row', args=[batch.pk, number])}?{request.GET.urlencode()}"
    if refused := refusal(request, Seen(f"batch:{batch.pk}", column, {"row": number}), back, in_form=True):
        return refused
    if getattr(request, "htmx", False):
        return render(request, "parts/reveal.html", {"key": column, "number": formatted(text)})
    form = RowForm(None, view=view, office=request.office)
    return _row_page(request, batch, view, form, revealed=column, number=formatted(text))


def _row_page(request: StaffRequest, batch: Batch, view: RowView, form: RowForm, **more: str) -> HttpResponse:
    title, back = gettext("Row %(number)s") % {"number": view.row.number}, _back(batch, request)
    context = {"view": view, "form": form, "title": title, "back_url": back, "crumbs": _crumbs(batch, back)}
    return render(request, "importing/row.html", {"section": "imports", "batch": batch, **context, **more})


@require_POST
@admin_only
def accept(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Accept what is suggested under a code, in one row or in all."""
    batch = get_object_or_404(Batch, pk=batch_id)
    code = request.POST.get("code", "")
    numbers = [posted.number(request.POST, "row")] if "row" in request.POST else None
    with saving(request):
        if is_code(code):
            work = repairing.Accept(code, numbers)
            if away := in_background(request, batch, work, _invalid(batch)):
                return away
            at_once(batch, request.user, work)
    return after_choice(request, batch, "importing/review.html")


@require_http_methods(["GET", "POST"])
@admin_only
def values(request: StaffRequest, batch_id: int, code: str) -> HttpResponse:
    """Show each value once that is wrong under a code, and put another in the place of one, in all its rows."""
    batch = get_object_or_404(Batch, pk=batch_id)
    if not is_code(code) or batch.state != State.REVIEW:
        return redirect("importing:review", batch.pk)
    if other := elsewhere(batch, code):
        return redirect(other["url"])
    if request.method == "POST":
        return _replace(request, batch, code)
    found = wrong_values(batch, code)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    page.object_list = list(page)  # opened once
    back = _invalid(batch)
    context = {
        "section": "imports", "batch": batch, "code": code, "title": title_of(code, gettext), "back_url": back,
        "crumbs": _crumbs(batch, back), "page": page, "cut_at": found.cut_at,
        "choices": values_choices(page[0].key, request.office) if page else (),
        "without_email": repairing.lacking_only_email(batch).count() if code == repairing.ONLY_EMAIL else 0,
    }  # fmt: skip
    return render(request, "importing/values.html", context)


def _replace(request: StaffRequest, batch: Batch, code: str) -> HttpResponse:
    """Put a value in the place of a wrong one; a wrong one that is masked on the page is named by its row."""
    here = reverse("importing:values", args=[batch.pk, code])
    column, before, after = (request.POST.get(name, "") for name in ("column", "before", "after"))
    if "row" in request.POST:
        found = wrong_value(batch, code, column, posted.number(request.POST, "row"))
        if found is None:
            messages.info(request, gettext("This was put right already. Nothing was changed."))
            return redirect(here)
        before, after = found.before, found.suggestion if "use" in request.POST else after
    if is_masked(column, after):
        messages.warning(request, masked_words())
        return redirect(here)
    return carry_out(request, batch, repairing.Replace(code, column, before, after.strip()), here)


@require_http_methods(["GET", "POST"])
@admin_only
def bulk(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Do one thing to the new rows that are selected, or to the invalid ones that are ticked or all of them."""
    batch = get_object_or_404(Batch, pk=batch_id)
    shown = request.GET.dict()
    ticked = posted.numbers(request.GET, "row") if shown.get("whom") == "ticked" else None
    back = _back(batch, request)
    if ticked == []:
        messages.warning(request, gettext("Tick the rows to change. Nothing was changed."))
        return redirect(back)
    are_new = shown.get("bucket") != Bucket.INVALID
    form = BulkForm(
        request.POST if request.method == "POST" else None, office=request.office, batch=batch, are_new=are_new
    )
    if request.method == "POST" and form.is_valid():
        return carry_out(request, batch, form.work(shown, ticked), back)
    count = rows_meant(batch, shown, ticked).count()
    context = {"form": form, "count": count, "back_url": back, "crumbs": _crumbs(batch, back)}
    return render(request, "importing/bulk.html", {"section": "imports", "batch": batch, **context})


@require_POST
@admin_only
def without_email(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Let in the rows whose only fault is that there is no e-mail address."""
    batch = get_object_or_404(Batch, pk=batch_id)
    return carry_out(request, batch, repairing.AllowWithoutEmail(), _invalid(batch))


@require_GET
@admin_only
def changes(request: StaffRequest, batch_id: int) -> HttpResponse:
    """List everything that was done in a review, with who, when, and the way back."""
    batch = get_object_or_404(Batch, pk=batch_id)
    done = batch.changes.select_related("made_by", "undone_by").order_by("-pk")
    page = Paginator(done, PAGE).get_page(request.GET.get("page"))
    crumbs = _crumbs(batch, reverse("importing:review", args=[batch.pk]))
    context = {"section": "imports", "batch": batch, "page": page, "crumbs": crumbs}
    return render(request, "importing/changes.html", {**context, "is_open": batch.state == State.REVIEW})


@require_POST
@admin_only
def undo_change(request: StaffRequest, batch_id: int, change_id: int) -> HttpResponse:
    """Put the rows of a change back as they were."""
    batch = get_object_or_404(Batch, pk=batch_id)
    change = get_object_or_404(Change, pk=change_id, batch=batch)
    with saving(request):
        work = Undo(change.pk)
        if away := in_background(request, batch, work, reverse("importing:changes", args=[batch.pk])):
            return away
        at_once(batch, request.user, work)
    if not getattr(request, "htmx", False) and not request.GET:
        return redirect("importing:changes", batch.pk)
    return after_choice(request, batch, "importing/review.html")


def _invalid(batch: Batch) -> str:
    return f"{reverse('importing:review', args=[batch.pk])}?bucket={Bucket.INVALID.value}"


def _back(batch: Batch, request: HttpRequest) -> str:
    """Give the review as it was shown, without what was ticked there."""
    shown = request.GET.copy()
    for name in ("row", "whom"):
        shown.pop(name, None)
    query = shown.urlencode()
    return reverse("importing:review", args=[batch.pk]) + (f"?{query}" if query else "")


def _crumbs(batch: Batch, back: str) -> list[tuple[str, str]]:
    return [(gettext("Imports"), reverse("importing:list")), (batch.file_name, back)]
