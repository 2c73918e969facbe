"""The pages where couples are merged, near matches decided, and repeated rows settled."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from accounton.importing import couples as merging
from accounton.importing import repeated as repeating
from accounton.importing import twice
from accounton.importing.all_couples import MergeAll, SplitAll
from accounton.importing.beside import couples_beside, near_beside, repeated_beside
from accounton.importing.bulk_views import carry_out
from accounton.importing.deciding import NotOffered, StandsAlready, decide, revoke, undo_remembered
from accounton.importing.jobs import look_again, look_anew, wake_to_look
from accounton.importing.lengths import LONG
from accounton.importing.looking import was_given_up
from accounton.importing.models import (
    AGAIN,
    COUPLES,
    LOOKALIKE,
    ON_TWO_ROWS,
    Batch,
    Change,
    Decision,
    Proposal,
    Reason,
    StagedRow,
    State,
    Verdict,
)  # fmt: skip
from accounton.importing.pages import saving
from accounton.importing.posted import number
from accounton.importing.proposals import counts, open_proposals
from accounton.importing.remembering import decisions
from accounton.importing.wording import change_words
from accounton.offices.access import StaffRequest, admin_only
from accounton.offices.reveal_guard import refusal
from accounton.offices.reveals import Seen
from accounton.rows.cells import tidy
from accounton.rows.couples import TwoPeople

PAGE = 20
NUMBER, SPOUSE_NUMBER = "national_number", "spouse_national_number"
NAMES = ("first_name", "last_name", "partner_first_name", "partner_last_name")


@require_GET
@admin_only
def couples(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Show couples on two rows, and rows that name two people."""
    batch = get_object_or_404(Batch, pk=batch_id)
    page: Page[Any] = Paginator(open_proposals(batch, COUPLES), PAGE).get_page(request.GET.get("page"))
    page.object_list = couples_beside(batch, list(page))
    return render(request, "importing/couples.html", _context(batch, "couples") | {"page": page})


@require_POST
@admin_only
def settle_couple(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Merge one couple, split one row, or say that they are no couple."""
    batch = get_object_or_404(Batch, pk=batch_id)
    proposal, seen, action = _proposal(request, batch), number(request.POST, "revision"), request.POST.get("action")
    with _settling(request):
        if action == "apart":
            change = merging.apart(batch, request.user, proposal)
        elif action == "split":
            names = TwoPeople(**{key: tidy(request.POST.get(key, ""))[:100] for key in NAMES})  # type: ignore[arg-type]
            change = merging.split(batch, request.user, proposal, names, seen)
        else:
            change = merging.merge(batch, request.user, proposal, number(request.POST, "main"), seen)
        _say(request, change)
    return redirect("importing:couples", batch.pk)


@require_POST
@admin_only
def settle_couples(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Merge all couples of one kind, or split all rows of two people."""
    batch = get_object_or_404(Batch, pk=batch_id)
    reason = request.POST.get("reason", "")
    page = "importing:review" if request.POST.get("back") == "review" else "importing:couples"
    back = reverse(page, args=[batch.pk])
    if reason == Reason.TWO_PEOPLE:
        return carry_out(request, batch, SplitAll(), back)
    return carry_out(request, batch, MergeAll(reason), back) if reason in ON_TWO_ROWS else redirect(back)


@require_GET
@admin_only
def near(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Show rows that look like somebody who is there, side by side."""
    return _near_page(request, get_object_or_404(Batch, pk=batch_id))


@require_POST
@admin_only
def reveal_near(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Show the national numbers of one near match in plain, once, and write down who looked."""
    batch = get_object_or_404(Batch, pk=batch_id)
    beside = open_proposals(batch, LOOKALIKE).filter(Q(customer__isnull=False) | Q(other__isnull=False))
    asked = get_object_or_404(beside, pk=number(request.POST, "proposal"))
    query = request.GET.urlencode()
    back = reverse("importing:near", args=[batch.pk]) + (f"?{query}" if query else "") + f"#near-{asked.pk}"
    return refusal(request, _seen(batch, asked), back) or _near_page(request, batch, asked.pk)


def _seen(batch: Batch, asked: Proposal) -> Seen:
    """Return whose numbers a near match shows: of its row, and of the other row or the customer."""
    details = {"batch": batch.pk, "row": asked.row}
    if asked.other is not None:
        return Seen(f"batch:{batch.pk}", NUMBER, {**details, "other": asked.other}, numbers=2)
    column = SPOUSE_NUMBER if asked.reason == Reason.PARTNER else NUMBER
    return Seen(f"customer:{asked.customer_id}", column, details, numbers=2)


def _near_page(request: StaffRequest, batch: Batch, revealed: int = 0) -> HttpResponse:
    page: Page[Any] = Paginator(open_proposals(batch, LOOKALIKE), PAGE).get_page(request.GET.get("page"))
    page.object_list = near_beside(batch, list(page), revealed)
    remembered = Decision.objects.filter(settled__batch=batch).distinct().count()
    about = {"page": page, "remembered": remembered, "given_up": was_given_up(batch)}
    return render(request, "importing/near.html", _context(batch, "near") | about)


@require_POST
@admin_only
def settle_near(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Decide one near match: of a row beside a customer, or beside another row."""
    batch = get_object_or_404(Batch, pk=batch_id)
    proposal, verdict = _proposal(request, batch), request.POST.get("verdict", "")
    with _settling(request):
        if verdict in Verdict.values:
            _say(request, _decide(request, batch, proposal, Verdict(verdict)))
    return redirect("importing:near", batch.pk)


def _decide(request: StaffRequest, batch: Batch, proposal: int, verdict: Verdict) -> Change:
    seen, kept = number(request.POST, "revision"), number(request.POST, "kept")
    if Proposal.objects.filter(pk=proposal, reason__in=AGAIN).exists():
        return twice.decide(batch, request.user, proposal, verdict, kept=kept, seen=seen)
    return decide(batch, request.user, proposal, verdict, seen)


@require_POST
@admin_only
def look(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Look for near matches once more: at once in a short list, in the background otherwise."""
    batch = get_object_or_404(Batch, pk=batch_id)
    if batch.rows_read <= LONG:
        look_again(batch.office_id, batch.pk)
    else:
        wake_to_look(batch)
        messages.info(request, gettext("Near matches are being looked for. Reload this page in a moment."))
    return redirect("importing:near", batch.pk)


@require_GET
@admin_only
def repeated(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Show the customers who stand in the list twice."""
    batch = get_object_or_404(Batch, pk=batch_id)
    page: Page[Any] = Paginator(repeating.repeated_rows(batch).select_related("content"), PAGE).get_page(
        request.GET.get("page")
    )
    page.object_list = repeated_beside(batch, list(page))
    return render(request, "importing/near_repeated.html", _context(batch, "repeated") | {"page": page})


@require_POST
@admin_only
def settle_repeated(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Keep one of two rows, or combine them; for one pair or for all."""
    batch = get_object_or_404(Batch, pk=batch_id)
    row, kept, seen = (number(request.POST, name) for name in ("row", "kept", "revision"))
    actions = {
        "keep": lambda: repeating.keep(batch, request.user, row, kept, seen),
        "combine": lambda: repeating.combine(batch, request.user, row, kept, seen),
    }
    for_all = {"keep_all": repeating.KeepFirst, "combine_all": repeating.CombineAll}
    asked = request.POST.get("action", "")
    if asked in for_all:
        return carry_out(request, batch, for_all[asked](), reverse("importing:repeated", args=[batch.pk]))
    action = actions.get(asked)
    with _settling(request):
        if action:
            _say(request, action())
    return redirect("importing:repeated", batch.pk)


@require_GET
@admin_only
def decided(request: StaffRequest) -> HttpResponse:
    """List what the office decided about near matches and couples, with who and when."""
    page = Paginator(decisions(), PAGE * 5).get_page(request.GET.get("page"))
    crumbs = [(gettext("Imports"), reverse("importing:list"))]
    return render(request, "importing/near_decisions.html", {"section": "imports", "page": page, "crumbs": crumbs})


@require_POST
@admin_only
def revoke_decision(request: StaffRequest) -> HttpResponse:
    """Forget a decision: it is asked again."""
    try:
        decision = revoke(request.user, number(request.POST, "decision"))
    except Decision.DoesNotExist:
        raise Http404 from None
    for batch in undo_remembered(request.user, decision):
        look_anew(batch)
    messages.success(request, gettext("Forgotten: about %(name)s you are asked again.") % {"name": decision.name})
    return redirect("importing:decisions")


@contextmanager
def _settling(request: StaffRequest) -> Iterator[None]:
    """Say it where something was settled already, or cannot be."""
    try:
        with saving(request):
            yield
    except (Proposal.DoesNotExist, StagedRow.DoesNotExist, NotOffered):
        messages.warning(request, gettext("This was settled meanwhile. Nothing of yours was saved."))
    except StandsAlready as error:
        words = gettext(
            "This customer stands in row %(number)s of the list too, and two rows cannot both be them. Leave this row "
            "out, or correct row %(number)s first. Nothing was decided."
        )
        messages.warning(request, words % {"number": error.number})
    except merging.CannotMerge as error:
        words = gettext("Row %(number)s names somebody else as partner: correct it first. Nothing was merged.")
        messages.warning(request, words % {"number": error.number})


def _say(request: StaffRequest, change: Change | None) -> None:
    if change is not None:
        messages.success(request, change_words(change))


def _proposal(request: StaffRequest, batch: Batch) -> int:
    """Give the id of the proposal that the form names; 404 for one that is not of this review."""
    return get_object_or_404(Proposal, pk=number(request.POST, "proposal"), batch=batch).pk


def _context(batch: Batch, current: str) -> dict[str, Any]:
    found = counts(batch)
    review = reverse("importing:review", args=[batch.pk])
    pages = (
        ("couples", gettext("Couples"), sum(found.get(reason, 0) for reason in COUPLES)),
        ("near", gettext("Near matches"), sum(found.get(reason, 0) for reason in LOOKALIKE)),
        ("repeated", gettext("Twice in the list"), repeating.repeated_rows(batch).count()),
    )
    return {
        "section": "imports",
        "batch": batch,
        "is_open": batch.state == State.REVIEW,
        "found": found,
        "crumbs": [(gettext("Imports"), reverse("importing:list")), (batch.file_name, review)],
        "tabs": [
            {"text": text, "count": count, "current": key == current,
             "url": reverse(f"importing:{key}", args=[batch.pk])}
            for key, text, count in pages
        ],
    }  # fmt: skip


def all_words(reason: str, count: int) -> str:
    """Say what the button does that settles all of one kind at once."""
    words = {
        Reason.COUPLE: ngettext("Merge %(count)s couple", "Merge all %(count)s couples", count),
        Reason.LINKED: ngettext("Merge %(count)s linked couple", "Merge all %(count)s linked couples", count),
        Reason.HOUSEHOLD: ngettext(
            "Merge %(count)s household", "Merge all %(count)s households", count
        ),
        Reason.TWO_PEOPLE: ngettext("Split %(count)s row", "Split all %(count)s rows", count),
    }  # fmt: skip
    return words[Reason(reason)] % {"count": count}
