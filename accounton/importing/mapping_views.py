"""The pages on which columns are matched, and where what was learnt can be seen and forgotten."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh, trigger_client_event

from accounton.importing import mapping, posted
from accounton.importing.mapping_pages import chosen_from, columns_context, mapping_context, target_name
from accounton.importing.models import Batch, State
from accounton.offices.access import StaffRequest, admin_only


@require_http_methods(["GET", "POST"])
@admin_only
def columns(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Show which column is what, and read the file on once that is right."""
    batch = get_object_or_404(Batch, pk=batch_id)
    if batch.state != State.MAPPING:
        if getattr(request, "htmx", False):  # a page that asked what is missing, and has gone on meanwhile
            return HttpResponse(status=204)
        if not batch.columns:
            return redirect("importing:review", batch.pk)
        return render(request, "importing/mapping_done.html", columns_context(batch))
    if request.method == "GET":
        return render(request, "importing/mapping.html", mapping_context(batch, request.office))
    data = request.POST.dict()
    try:
        revision = _keep(request, batch)
        mapping.go_on(batch, request.user, revision, chosen_from(data), str(data.get("language", "")))
    except mapping.NotMatched:
        return render(request, "importing/mapping.html", mapping_context(batch, request.office, data), status=422)
    except mapping.MatchedMeanwhile:
        _say_meanwhile(request)
    return redirect("importing:review", batch.pk)


@require_POST
@admin_only
def keep(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Keep each choice at once, so that a reload or another header row loses none; the page looks what is missing."""
    try:
        _keep(request, get_object_or_404(Batch, pk=batch_id))
    except mapping.MatchedMeanwhile:
        # Nothing is said: the page may itself have gone on before this choice came in, and is then no longer there.
        return HttpResponseClientRefresh()
    return trigger_client_event(HttpResponse(status=204), "columns-kept")


@require_POST
@admin_only
def look_again(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Look at another sheet of the file, or take another row for its headers."""
    batch = get_object_or_404(Batch, pk=batch_id)
    row = posted.number(request.POST, "header_row")
    try:
        wanted = None if row == posted.NOBODY else row
        mapping.look_again(batch, _keep(request, batch), request.POST.get("sheet", ""), wanted)
    except mapping.MatchedMeanwhile:
        _say_meanwhile(request)
    return redirect("importing:review", batch.pk)


@require_http_methods(["GET", "POST"])
@admin_only
def learnt(request: StaffRequest) -> HttpResponse:
    """List which headers were learnt, and forget one of them or all."""
    known = mapping.learnt_columns(request.user)
    if request.method == "POST":
        wanted = request.POST.get("forget", "")
        one = None if wanted == "all" else get_object_or_404(known, pk=posted.as_number(wanted)).pk
        mapping.forget(request.user, one)
        messages.success(request, gettext("Forgotten. The next list is looked at anew."))
        return redirect("importing:learnt")
    entries = [{"learnt": each, "target": target_name(each.target)} for each in known.order_by("header", "id")]
    return render(request, "importing/mapping_learnt.html", {"section": "imports", "entries": entries})


def _keep(request: StaffRequest, batch: Batch) -> int:
    """Keep what is chosen on the page, and give the revision that it shows."""
    revision = posted.number(request.POST, "revision")
    mapping.keep(batch, revision, chosen_from(request.POST.dict()), request.POST.get("language"))
    return revision


def _say_meanwhile(request: StaffRequest) -> None:
    text = gettext("Somebody else has worked on these columns meanwhile. This is how they stand now.")
    messages.warning(request, text)
