"""The page on which a known national number is replaced by another: asked by itself, of one row at a time."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounton.importing import overwriting
from accounton.importing.cells import RowView, known_text
from accounton.importing.comparing import Comparison, look
from accounton.importing.double_views import moved_words
from accounton.importing.models import Batch, Bucket, Difference, StagedRow
from accounton.importing.pages import saving
from accounton.importing.screening import value_words
from accounton.importing.wording import header_of
from accounton.offices.access import StaffRequest, admin_only
from accounton.rows.matching import DECISION


@require_http_methods(["GET", "POST"])
@admin_only
def other_number(request: StaffRequest, batch_id: int, number: int, key: str) -> HttpResponse:
    """Ask whether the number that a row says replaces the one that is known, and choose that."""
    batch = get_object_or_404(Batch, pk=batch_id)
    back = f"{reverse('importing:review', args=[batch.pk])}?bucket={Bucket.DOUBLE.value}"
    if request.method == "POST":
        with saving(request):
            _replace(request, batch, number, key)
        return redirect(back)
    doubles = batch.rows.filter(bucket=Bucket.DOUBLE).select_related("content", "match")
    row = get_object_or_404(doubles, number=number, match__isnull=False)
    sides = look(batch, [row])
    if not sides or key not in sides[0].guarded:
        raise Http404
    return render(request, "importing/other_number.html", _context(batch, row, sides[0], key) | {"back": back})


def _replace(request: StaffRequest, batch: Batch, number: int, key: str) -> None:
    seen = request.POST.get("seen") or "?"  # whoever saw nothing cannot have confirmed it
    try:
        overwriting.choose_fields(batch, request.user, number, [key], on=True, seen=seen, is_confirmed=True)
    except (overwriting.CustomerMoved, Difference.DoesNotExist):
        messages.warning(request, moved_words(number))
    else:
        messages.success(request, gettext("Chosen. It is replaced once you overwrite what was chosen."))


def _context(batch: Batch, row: StagedRow, sides: Comparison, key: str) -> dict[str, object]:
    view = RowView(row, batch, row.match)
    known = known_text(row.match, key) if row.match else ""
    return {
        "section": "imports",
        "batch": batch,
        "crumbs": [(gettext("Imports"), reverse("importing:list")), (batch.file_name, _review(batch))],
        "row": view,
        "header": header_of(key),
        "now": value_words(key, known),
        "new": value_words(key, sides.values[key]),
        "is_partner": key == "spouse_national_number",
        "was_decided": row.matched_by == DECISION,
        "seen": sides.seen(batch.office_id).hex(),
    }


def _review(batch: Batch) -> str:
    return reverse("importing:review", args=[batch.pk])
