"""What the views of an import hand to their templates."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django_htmx.http import trigger_client_event

from accounton.importing.choosing import ReviewClosed
from accounton.importing.forms import ChoicesForm
from accounton.importing.models import Batch, Bucket
from accounton.importing.review import Review
from accounton.importing.wording import header_of
from accounton.offices.access import StaffRequest
from accounton.questionnaires.definition import available
from accounton.rows.messages import title_of

EXPLANATIONS = {
    Bucket.ONLY_IN_IMPORT: _("These customers are new. Those you tick are added; nothing is sent yet."),
    Bucket.ONLY_IN_PLATFORM: _(
        "These customers have a file in this task flow and year, but are not in your list. Nothing happens to them; "
        "archive whoever is no longer a customer."
    ),
    Bucket.DOUBLE: _("These customers are here already. Nothing changes for them."),
    Bucket.INVALID: _("These rows cannot be added. The reason stands beside each; correct it in your list."),
}
CANNOT_APPLY = {
    "no_questionnaire": _("Choose a questionnaire first. Nothing was added."),
    "nothing_selected": _("Nothing is selected, or all of it was added already. Nothing was added."),
    "already_adding": _("These customers are being added, or were added already. Nobody is added twice."),
}


def cannot_apply_words(code: str) -> str:
    """Say why nothing was added."""
    return str(CANNOT_APPLY[code])


def batch_words(batch: Batch) -> str:
    """Say why the file of a batch could not be used."""
    message = batch.problem["message"]
    words: str = gettext(message) % batch.problem["params"]
    return words


@contextmanager
def saving(request: StaffRequest) -> Iterator[None]:
    """Say it where a choice came too late: the batch is being added or was added."""
    try:
        yield
    except ReviewClosed:
        messages.warning(request, gettext("This import is being added or was added; nothing was changed."))


def after_choice(request: StaffRequest, batch: Batch, template: str) -> HttpResponse:
    """Show the review as it is after a choice, and say that it was saved; without scripts by way of a redirect."""
    if not getattr(request, "htmx", False):
        query = request.GET.urlencode()
        return redirect(reverse("importing:review", args=[batch.pk]) + (f"?{query}" if query else ""))
    response = render(request, template, review_context(request, batch))
    moment = timezone.localtime().strftime("%H:%M:%S")
    text = gettext("Saved at %(time)s") % {"time": moment}
    return trigger_client_event(response, "announce", {"text": text})


def review_context(request: StaffRequest, batch: Batch) -> dict[str, Any]:
    """Give all that the review page shows."""
    review = Review(batch, request.GET.dict())
    reader = get_language() or "nl"
    url = reverse("importing:review", args=[batch.pk])
    return {
        "section": "imports",
        "batch": batch,
        "review": review,
        "tabs": [_tab(review, bucket, url) for bucket in Bucket],
        "explanation": EXPLANATIONS[Bucket(review.bucket)],
        "choices": ChoicesForm(
            initial={"language": batch.language, "questionnaire": batch.questionnaire},
            office=request.office,
            reader=reader,
        ),
        "questionnaire_title": {d.key: d.title(reader) for d in available()}.get(batch.questionnaire, ""),
        "cards": [{"code": code, "title": title_of(code, gettext), "count": count} for code, count in review.problems]
        if review.bucket == Bucket.INVALID
        else [],
        "why_not": _why_not(review),
        "sort_headers": {key: header_of(key) for key in ("row", "name")},
    }


def _tab(review: Review, bucket: Bucket, url: str) -> dict[str, Any]:
    return {
        "text": bucket.label,
        "url": f"{url}?bucket={bucket.value}",
        "count": review.counts[bucket],
        "current": review.bucket == bucket,
        "is_problem": bucket == Bucket.INVALID,
    }


def _why_not(review: Review) -> str:
    if not review.is_open:
        return gettext("All customers of this import were added.")
    if not review.batch.questionnaire:
        return gettext("First choose a questionnaire.")
    if not review.selected:
        return gettext("First select at least one customer.")
    return ""
