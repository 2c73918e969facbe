"""The choices about known customers: fields of double ones, decisions about those only here."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST
from django_htmx.http import reselect, retarget

from accounton.importing import departing, overwriting, posted
from accounton.importing.bulk_views import carry_out
from accounton.importing.models import Action, Batch, Bucket, Departure, Difference, WhyGone
from accounton.importing.pages import after_choice, saving
from accounton.importing.review import Review
from accounton.offices.access import StaffRequest, admin_only


@require_POST
@admin_only
def choose_double(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Save which fields of one row are overwritten, or whether its customer gets a dossier."""
    batch = get_object_or_404(Batch, pk=batch_id)
    number, moved = posted.number(request.POST, "number"), False
    with saving(request):
        try:
            _choose_of_row(request, batch, number)
        except (overwriting.CustomerMoved, Difference.DoesNotExist):
            messages.warning(request, moved_words(number))
            moved = True
        except overwriting.OtherNumberKnown:
            words = gettext("Row %(number)s has another national number than is known: that is decided by itself.")
            messages.warning(request, words % {"number": number})
            moved = True
    response = after_choice(request, batch, "importing/review.html")
    # The page takes its row out of the answer; a warning comes with the whole review.
    return retarget(reselect(response, "#review"), "#review") if moved else response


def moved_words(number: int) -> str:
    """Say that a row is not as it was shown."""
    return gettext("Row %(number)s or its customer changed meanwhile. Look at it as it is now.") % {"number": number}


def _choose_of_row(request: StaffRequest, batch: Batch, number: int) -> None:
    """Save the one box that was ticked or not (`what`), or without scripts all boxes of the row together."""
    post, user, what = request.POST, request.user, request.POST.get("what", "")
    joined, seen, is_all = post.get("keys", ""), post.get("seen", ""), post.get("all") == "1"
    if what == "dossier":
        overwriting.choose_dossier(batch, user, number, on=post.get("dossier") == "1")
    elif what in ("field", "all"):
        on = is_all if what == "all" else joined in post.getlist("field")
        overwriting.choose_fields(batch, user, number, joined.split(","), on=on, seen=seen)
    elif what == "row":
        # The box for all counts where it was moved, else those of the fields.
        moved_all = is_all != (post.get("all_was") == "1")
        ticked = ([joined] if is_all else []) if moved_all else post.getlist("field")
        keys = ",".join(ticked).split(",")
        overwriting.choose_row(batch, user, number, keys, dossier=post.get("dossier") == "1", seen=seen)


@require_POST
@admin_only
def choose_doubles(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Save a choice for all rows: a column to overwrite or to empty, all that is proposed, or a dossier for all."""
    batch = get_object_or_404(Batch, pk=batch_id)
    what, _sep, rest = request.POST.get("choice", "").partition(":")
    key, _sep, on = rest.rpartition(":")
    with saving(request):
        if what in ("column", "empty") and key in overwriting.NAMES:
            choose = overwriting.choose_column if what == "column" else overwriting.empty_column
            choose(batch, request.user, key, on=on == "1")
        elif what == "proposed":
            overwriting.choose_proposed(batch, request.user, on=on == "1")
        elif what == "dossiers":
            overwriting.choose_dossiers(batch, request.user, on=on == "1")
    return after_choice(request, batch, "importing/review.html")


@require_POST
@admin_only
def depart(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Decide about customers who are only here: those that are ticked, all that the search finds, or archive one."""
    batch = get_object_or_404(Batch, pk=batch_id)
    action, reason = request.POST.get("action", ""), request.POST.get("reason", "")
    if "archive" in request.POST:  # the button of one row, with the reason that is chosen for all
        action = Action.ARCHIVE.value
        work = departing.Depart(action, reason, posted.numbers(request.POST, "archive"))
    elif request.POST.get("whom") == "all":
        query = Review(batch, request.GET.dict()).query
        work = departing.Depart(action, reason, query=query)
    else:
        work = departing.Depart(action, reason, posted.numbers(request.POST, "customer"))
    if action not in Action.values or reason not in ("", *WhyGone.values) or not work.count(batch):
        messages.warning(request, gettext("Tick customers and choose what to do. Nothing was changed."))
        return redirect(_only_here(request, batch))
    return carry_out(request, batch, work, _only_here(request, batch))


@require_POST
@admin_only
def restore(request: StaffRequest, batch_id: int, departure_id: int) -> HttpResponse:
    """Take a decision about a customer back."""
    batch = get_object_or_404(Batch, pk=batch_id)
    decision = get_object_or_404(departing.in_force(batch).select_related("customer", "batch"), pk=departure_id)
    _restore(request, decision)
    return redirect(_only_here(request, batch))


def _restore(request: StaffRequest, decision: Departure) -> None:
    name = {"name": decision.customer.name}
    if departing.restore_one(decision, request.user):
        messages.success(request, gettext("%(name)s is as before.") % name)
    else:
        messages.warning(request, gettext("Somebody touched %(name)s since; nothing was changed.") % name)


def _only_here(request: HttpRequest, batch: Batch) -> str:
    query = request.GET.copy()
    query["bucket"] = Bucket.ONLY_IN_PLATFORM.value
    return f"{reverse('importing:review', args=[batch.pk])}?{query.urlencode()}"
