"""Work on many rows as the pages see it: started, looked at, stopped, and told about when it has ended."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounton.importing import bulk_actions
from accounton.importing.bulk_words import done_words, ended_words
from accounton.importing.jobs import wake
from accounton.importing.models import Batch, Change, End
from accounton.importing.pages import saving
from accounton.importing.pieces import Work, at_once
from accounton.importing.returning import TakeBack
from accounton.importing.undoing_changes import Undo
from accounton.offices.access import StaffRequest, admin_only


def in_background(request: StaffRequest, batch: Batch, work: Work, back: str) -> HttpResponse | None:
    """Start a work in the background and give the way to its progress; None where it is small enough to do at once.

    `back` is the page to come back to. Raises ReviewClosed, and what speaks against the work.
    """
    if work.is_small(batch):
        return None
    bulk_actions.start(batch, request.user, work, back)
    wake(batch)
    progress = reverse("importing:review", args=[batch.pk])
    return HttpResponseClientRedirect(progress) if getattr(request, "htmx", False) else redirect(progress)


def carry_out(request: StaffRequest, batch: Batch, work: Work, back: str) -> HttpResponse:
    """Do a work, at once or in the background, and say what it did on the page to come back to."""
    with saving(request):
        if away := in_background(request, batch, work, back):
            return away
        change = at_once(batch, request.user, work)
        if not _stands_there(batch, back, type(work).__name__, change):
            say(request, work, change)
    return redirect(back)


def say(request: StaffRequest, work: Work, change: Change | None) -> None:
    """Say what a work did."""
    for level, words in done_words(type(work).__name__, work.said, change):
        messages.add_message(request, level, words)


def tell(request: StaffRequest, batch: Batch) -> str | None:
    """Say how work ended that this user asked for, once; gives the page it was asked on, None where there was none."""
    back = None
    for action in batch.bulk_actions.exclude(end="").filter(asked_by=request.user).select_related("change"):
        is_done = action.end == End.DONE
        if not (is_done and _stands_there(batch, action.back, action.work, action.change)):
            for level, words in ended_words(action):
                messages.add_message(request, level, words)
        back = action.back
        action.delete()
    return back


def _stands_there(batch: Batch, back: str, work: str, change: Change | None) -> bool:
    """Whether the page to come back to says by itself what was done: a review names its last change."""
    is_review = back.partition("?")[0] == reverse("importing:review", args=[batch.pk])
    return is_review and change is not None and work not in (TakeBack.__name__, Undo.__name__)


@require_POST
@admin_only
def stop(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Stop a work after the step that runs now."""
    batch = get_object_or_404(Batch, pk=batch_id)
    bulk_actions.stop(batch)
    return redirect(tell(request, batch) or reverse("importing:review", args=[batch.pk]))
