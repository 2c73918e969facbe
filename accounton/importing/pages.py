"""What the views of an import hand to their templates."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django_htmx.http import reswap, trigger_client_event

from accounton.importing.announcing import counts_words, saved_words
from accounton.importing.braking import Doubt
from accounton.importing.cells import RowView
from accounton.importing.changing import ChangedMeanwhile
from accounton.importing.choosing import ReviewClosed
from accounton.importing.finishing import finished_words, is_finished
from accounton.importing.forms import ChoicesForm
from accounton.importing.models import Aside, Batch, Bucket, Change, State
from accounton.importing.review import Review
from accounton.importing.undoing_changes import CannotUndo
from accounton.importing.wording import elsewhere, header_of, questionnaire_choices, questionnaire_title, values_choices
from accounton.offices.access import StaffRequest
from accounton.offices.models import Office
from accounton.questionnaires.choosing import BY_RULES
from accounton.questionnaires.office_rules import has_rules
from accounton.rows.messages import title_of

EXPLANATIONS = {
    Bucket.ONLY_IN_IMPORT: _("These customers are new. Those you tick are added; nothing is sent yet."),
    Bucket.ONLY_IN_PLATFORM: _(
        "These customers have a file in this task flow and year, but are not in your list. Nothing happens to them; "
        "archive whoever is no longer a customer."
    ),
    Bucket.DOUBLE: _(
        "These customers are here already. Nothing happens to them unless you tick fields. An empty cell overwrites "
        "nothing; an address changes as a whole, and labels are added."
    ),
    Bucket.INVALID: _(
        "These rows cannot be added. The reason stands beside each; correct it here: click a cell, or go to it and "
        "press Enter."
    ),
}
WIDEST = 30
"""More columns than the table ever has."""
CANNOT_APPLY = {
    "no_questionnaire": _("Choose a questionnaire first. Nothing was added."),
    "other_choices": _(
        "Somebody else chose another language or questionnaire for all since you saw this. Look once more; nothing was "
        "added."
    ),
    "other_rules": _("The rules for the questionnaire changed since you saw them. Look once more; nothing was added."),
    "nothing_selected": _("Nothing is selected, or all of it was added already. Nothing was added."),
    "undecided": _(
        "Whoever is selected waits for a decision: a couple, or somebody who looks like somebody who is here. Decide "
        "first, or add them too. Nothing was added."
    ),
    "still_looking": _(
        "Whether anybody in the list looks like somebody who is here is still being looked for. Wait a moment, or add "
        "them without waiting. Nothing was added."
    ),
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
    """Say it where a choice came too late: the batch is being added or was added. Raises Http404 where it is gone."""
    try:
        yield
    except Batch.DoesNotExist as error:
        raise Http404 from error
    except ReviewClosed as error:
        if error.state == State.CHANGING:
            words = gettext("Many rows of this import are being changed just now; wait for that. Nothing was changed.")
        else:
            words = gettext("This import is being added or was added; nothing was changed.")
        messages.warning(request, words)
    except ChangedMeanwhile as error:
        messages.warning(request, _meanwhile_words(error.number))
    except CannotUndo as error:
        messages.warning(request, _cannot_undo_words(error.rows))


def _meanwhile_words(number: int) -> str:
    words = gettext(
        "Somebody else changed row %(number)s meanwhile. Nothing of yours was saved: look at it as it is now."
    )
    return words % {"number": number}


def _cannot_undo_words(rows: Sequence[int]) -> str:
    if not rows:
        return gettext("This was undone already.")
    some = ", ".join(map(str, rows[:5])) + (", …" if len(rows) > 5 else "")
    return gettext("Rows %(rows)s were changed or added since: undo what came later first. Nothing was undone.") % {
        "rows": some
    }


def after_choice(request: StaffRequest, batch: Batch, template: str) -> HttpResponse:
    """Show the review as it is after a choice, and say that it was saved; without scripts by way of a redirect.

    Where a warning stands on it, that is what is said: then it was not saved, or not all of it.
    """
    if not getattr(request, "htmx", False):
        query = request.GET.urlencode()
        return redirect(reverse("importing:review", args=[batch.pk]) + (f"?{query}" if query else ""))
    warnings = [str(each) for each in messages.get_messages(request) if each.level >= messages.WARNING]
    context = review_context(request, batch)
    response = render(request, template, context)
    text = " ".join(warnings) or saved_words(context["review"])
    return trigger_client_event(response, "announce", {"text": text})


def brake_context(batch: Batch) -> dict[str, Any]:
    """Give what is shown of a list that may be the wrong one."""
    review = Review(batch, {})
    return {"section": "imports", "batch": batch, "review": review, "doubt": Doubt(batch.doubt).label}


def edited_answer(
    request: StaffRequest, batch: Batch, number: int, change: Change | None, shown: Mapping[int, int]
) -> HttpResponse:
    """Give one row as it is after its cells were changed, and say how it stands.

    With it come the rows that were changed since they were shown; `shown` has their revisions by sheet row.
    """
    review = Review(batch, request.GET.dict())
    if change:
        review.last_change = change  # known already: one question less
    newer = Q(number__in=shown, revision__gt=min(shown.values(), default=0))
    rows = batch.rows.select_related("content").filter(newer | Q(number=number)).order_by("number")
    views = review.views_of([row for row in rows if row.number == number or row.revision > shown[row.number]])
    view = next((view for view in views if view.row.number == number), None)
    if view is None:
        raise Http404
    context = {
        "batch": batch, "review": review, "views": views, "tabs": _tabs(review), "why_not": _why_not(review),
    }  # fmt: skip
    context |= {"change": change, "number": number, "width": WIDEST, "selecting": review.is_editable}
    response = reswap(render(request, "importing/_edited.html", context), "outerHTML")
    return trigger_client_event(response, "announce", {"text": _stands_words(view, review)})


def _stands_words(view: RowView, review: Review) -> str:
    """Say how a row stands after its cells were changed; where it went to another tab, how many stand in both."""
    number, problem = view.row.number, next(iter(view.reasons), "")
    if view.customer_id or view.row.bucket in Aside.values:  # then it could not be changed any more
        return _meanwhile_words(number)
    text = gettext("Row %(number)s: %(problem)s") if problem else gettext("Row %(number)s is saved and in order.")
    words = text % {"number": number, "problem": problem}
    if view.row.bucket == review.bucket:
        return words
    return f"{words} {counts_words(review, Bucket(review.bucket), Bucket(view.row.bucket))}"


def _cards(review: Review) -> list[dict[str, Any]]:
    """Give a card for each problem of the invalid rows, with how many of its rows have a suggestion."""
    if review.bucket != Bucket.INVALID:
        return []
    likely, is_cut = review.suggested if review.is_open else ({}, False)
    return [
        {
            "code": code,
            "title": title_of(code, gettext),
            "count": count,
            "suggested": likely.get(code, 0),
            "is_cut": is_cut,
            "elsewhere": elsewhere(review.batch, code),
        }
        # The one that is shown comes first: only the first few have room for their action.
        for code, count in sorted(review.problems, key=lambda problem: problem[0] != review.code)
    ]


def review_context(request: StaffRequest, batch: Batch) -> dict[str, Any]:
    """Give all that the review page shows."""
    batch.office = request.office  # known already: one question less
    review = Review(batch, request.GET.dict())
    reader = get_language() or "nl"
    return {
        "section": "imports",
        "batch": batch,
        "review": review,
        "tabs": _tabs(review),
        "explanation": _explanation(review),
        "choices": ChoicesForm(
            initial={"language": batch.language, "questionnaire": batch.questionnaire},
            office=request.office,
            reader=reader,
            by_rules=can_go_by_rules(review),
        ),
        "cards": _cards(review),
        "edit_choices": _edit_choices(review, request.office) if review.is_editable else {},
        "why_not": _why_not(review),
        "is_finished": is_finished(batch),
        "sort_headers": {key: header_of(key) for key in ("row", "name")},
    }


def _explanation(review: Review) -> str:
    if review.bucket == Bucket.INVALID and not review.is_open:
        return gettext("These rows were not added. The reason stands beside each.")
    if review.added_only:
        return gettext("These customers were added from this list.")
    if review.bucket == Bucket.ONLY_IN_IMPORT and is_finished(review.batch):
        return ""  # they stay out: that stands at the head of the page
    return str(EXPLANATIONS[Bucket(review.bucket)])


def can_go_by_rules(review: Review) -> bool:
    """Whether that the rules decide can be chosen: there are any, or it is chosen already."""
    if review.batch.questionnaire == BY_RULES:
        return True
    return review.bucket in (Bucket.ONLY_IN_IMPORT, Bucket.DOUBLE) and has_rules()


def _edit_choices(review: Review, office: Office) -> dict[str, list[tuple[str, str]]]:
    """Give what can be chosen in a cell instead of typed."""
    choose = ("", gettext("Choose…"))
    choices = {key: [choose, *values_choices(key, office)] for key in ("language", "responsible")}
    if review.bucket == Bucket.ONLY_IN_IMPORT:
        choices["questionnaire"] = questionnaire_choices(review.batch)
    return choices


def given_words(review: Review) -> list[tuple[str, str, int]]:
    """Give key, title and number of rows to be added for each questionnaire."""
    return [(key, questionnaire_title(key), count.selected) for key, count in review.given.items()]


def _tabs(review: Review) -> list[dict[str, Any]]:
    url = reverse("importing:review", args=[review.batch.pk])
    return [_tab(review, bucket, url) for bucket in Bucket]


def _tab(review: Review, bucket: Bucket, url: str) -> dict[str, Any]:
    return {
        "text": bucket.label,
        "url": f"{url}?bucket={bucket.value}",
        "count": review.counts[bucket],
        "current": review.bucket == bucket,
        "is_problem": bucket == Bucket.INVALID,
    }


def _why_not(review: Review) -> str:
    if review.bucket == Bucket.DOUBLE:
        return ""  # it has a button of its own
    if not review.is_open:
        return _closed_words(review.batch)
    if not review.batch.questionnaire:
        return gettext("First choose a questionnaire.")
    if review.all_were_added:
        return gettext("All new customers were added. What is invalid can still be repaired.")
    if not review.selected:
        return gettext("First select at least one customer.")
    return ""


def _closed_words(batch: Batch) -> str:
    if batch.state == State.UNDONE:
        return gettext("This import was undone.")
    if is_finished(batch):
        return finished_words(batch)
    return gettext("All customers of this import were added.")
