"""The pages of undoing an import: what it would do, confirming it, what it did; and stopping an add."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from accounton.importing import applying, undo_plan, undoing
from accounton.importing.jobs import wake
from accounton.importing.lengths import LONG
from accounton.importing.models import Batch, State
from accounton.importing.undo_words import cannot_words
from accounton.offices.access import StaffRequest, admin_only


@require_http_methods(["GET", "POST"])
@admin_only
def undo(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Show what undoing an import would take back and what not, and do it: at once when it is little."""
    batch = get_object_or_404(Batch, pk=batch_id)
    if request.method == "POST":
        try:
            count = undoing.claim_undo(batch, request.user)
        except undoing.CannotTakeBack as error:
            messages.warning(request, cannot_words(error.code))
            return redirect("importing:undo", batch.pk)
        if count > LONG:
            wake(batch)
        else:
            undoing.continue_undoing(batch)
        return redirect("importing:undo", batch.pk)
    if batch.state == State.UNDOING:
        return render(request, "importing/progress_page.html", {"section": "imports", "batch": batch})
    return render(request, "importing/undo_import.html", _page(batch))


@require_POST
@admin_only
def cancel(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Stop an add after the step that runs now; what was added stays."""
    batch = get_object_or_404(Batch, pk=batch_id)
    if applying.cancel(batch):
        if batch.result["done"]:
            messages.success(request, gettext("Adding was stopped. What was added stays; you can undo it."))
        else:
            messages.success(request, gettext("Adding was stopped. Nothing was added."))
    return redirect("importing:result", batch.pk)


def _page(batch: Batch) -> dict[str, Any]:
    can = batch.state in (State.REVIEW, State.DONE)
    done = batch.state == State.UNDONE
    lists = undo_plan.outcome(batch) if done else undo_plan.plan(batch) if can else undo_plan.empty_plan()
    return {
        "section": "imports",
        "batch": batch,
        "lists": lists,
        "done": done,
        "is_nothing": not (lists.taken_back.total or lists.kept.total or lists.impossible.total),
    }
