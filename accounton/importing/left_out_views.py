"""The page of the rows that were left out of a review, and bringing them back."""

from typing import NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounton.importing import left_out as leaving_out
from accounton.importing import posted
from accounton.importing.jobs import look_anew
from accounton.importing.left_out import SHOWN, LeftOut, LeftOutRow
from accounton.importing.models import Batch, Change, ChangeKind, StagedRow
from accounton.importing.outcomes import moment_words, place_words
from accounton.importing.pages import saving
from accounton.importing.screening import shown
from accounton.importing.wording import change_words
from accounton.offices.access import StaffRequest, admin_only
from accounton.rows.adminpulse_people import COMPANY


class _Line(NamedTuple):
    """A row as the page shows it."""

    number: int
    first_name: str
    last_name: str
    client_code: str
    what: str
    why: str

    @property
    def name(self) -> str:
        """First and last name together."""
        return f"{self.first_name} {self.last_name}".strip()


@require_GET
@admin_only
def left_out(request: StaffRequest, batch_id: int) -> HttpResponse:
    """List the rows that were left out, with what they are and why."""
    batch = get_object_or_404(Batch, pk=batch_id)
    if batch.state not in SHOWN:
        return redirect("importing:review", batch.pk)
    found = LeftOut(batch, request.GET.get("q", ""), request.GET.get("page", "1"))
    crumbs = [
        (gettext("Imports"), reverse("importing:list")),
        (batch.file_name, reverse("importing:review", args=[batch.pk])),
    ]
    context = {"section": "imports", "batch": batch, "found": found, "crumbs": crumbs}
    context["lines"] = [_line(each) for each in found.page]
    return render(request, "importing/left_out.html", context)


@require_POST
@admin_only
def bring_back(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Bring one row back, or those that are ticked."""
    batch = get_object_or_404(Batch, pk=batch_id)
    numbers = posted.numbers(request.POST, "only" if "only" in request.POST else "row")
    if numbers:
        with saving(request):
            change = leaving_out.bring_back(batch, request.user, numbers)
            _say(request, change)
            if change is not None:
                look_anew(batch)  # whether the rows that came back are like somebody who is here
    else:
        messages.warning(request, gettext("Tick the rows to bring back. Nothing was changed."))
    query = request.GET.urlencode()
    return redirect(reverse("importing:left_out", args=[batch.pk]) + (f"?{query}" if query else ""))


def _say(request: StaffRequest, change: Change | None) -> None:
    if change is None:
        messages.info(request, gettext("These rows were brought back already."))
        return
    counts: dict[str, int] = {}
    for row in StagedRow.objects.filter(before__change=change).order_by("bucket"):
        place = place_words(row)
        counts[place] = counts.get(place, 0) + 1
    where = ", ".join(f"{place} ({count})" for place, count in counts.items())
    messages.success(request, gettext("%(what)s. Now: %(where)s.") % {"what": change_words(change), "where": where})


def _line(each: LeftOutRow) -> _Line:
    what, why = _reasons(each)
    first, last, code = (
        shown(key, each.content.values.get(key, "")) for key in ("first_name", "last_name", "client_code")
    )
    return _Line(each.row.number, first, last, code, what, why)


def _reasons(each: LeftOutRow) -> tuple[str, str]:
    """Say what a row is, and why it was left out."""
    if each.finding is not None:
        if each.finding.code.endswith(COMPANY):
            return gettext("Company"), gettext("Companies are not imported")
        return each.finding.detail or "—", gettext("Not a customer in AdminPulse")
    change = each.change
    what = str(each.near.get_reason_display()) if each.near else "—"
    if change is None:
        return what, "—"
    if change.kind == ChangeKind.LEFT_OUT:
        what = gettext("Twice in the list")
    if change.made_by is None:
        return what, gettext("Left out as your office decided before")
    by = {"name": str(change.made_by), "moment": moment_words(change.made_at)}
    return what, gettext("Left out by %(name)s on %(moment)s") % by
