"""What the views of an import hand to their templates."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

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
    return gettext(batch.problem["message"]) % batch.problem["params"]


def back(request: StaffRequest, batch: Batch) -> HttpResponse:
    """Send the reader back to the view of the review that he came from."""
    query = QueryDict(request.POST.get("query", "")[:1000])
    kept = {key: query[key] for key in ("bucket", "q", "sort", "page", "code", "repaired") if query.get(key)}
    url = reverse("importing:review", args=[batch.pk])
    return redirect(f"{url}?{urlencode(kept)}" if kept else url)


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
        "cards": [
            {"code": code, "title": title_of(code, gettext), "count": count} for code, count in review.problems
        ]
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
