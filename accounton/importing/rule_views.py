"""The pages on which an office says which customers get which questionnaire."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounton.importing import posted
from accounton.importing.models import Batch
from accounton.importing.pages import given_words
from accounton.importing.review import Review
from accounton.importing.rule_form import RestForm, RuleForm
from accounton.importing.rule_words import never_reached, rule_words
from accounton.offices.access import StaffRequest, admin_only
from accounton.questionnaires import office_rules
from accounton.questionnaires.models import QuestionnaireRule

REFUSED = 422


@require_http_methods(["GET", "POST"])
@admin_only
def rules(request: StaffRequest) -> HttpResponse:
    """List the rules in their order, and add one."""
    form = RuleForm(request.POST or None, office=request.office)
    if request.method == "POST" and form.is_valid():
        office_rules.add_rule(request.user, form.rule)
        messages.success(request, gettext("The rule was added."))
        return _to_rules(request)
    return _page(request, form)


@require_http_methods(["GET", "POST"])
@admin_only
def change(request: StaffRequest, rule_id: int) -> HttpResponse:
    """Change one rule."""
    row = get_object_or_404(QuestionnaireRule, pk=rule_id)
    form = RuleForm(request.POST or None, office=request.office, rule=row.rule)
    if request.method == "POST" and form.is_valid():
        office_rules.change_rule(row, request.user, form.rule)
        messages.success(request, gettext("The rule was changed."))
        return _to_rules(request)
    status = REFUSED if form.errors else 200
    context = {"section": "imports", "form": form, "words": rule_words(row.rule), "back_url": _url(request)}
    return render(request, "importing/rule.html", context, status=status)


@require_POST
@admin_only
def move(request: StaffRequest, rule_id: int) -> HttpResponse:
    """Let a rule go before or behind its neighbour."""
    row = get_object_or_404(QuestionnaireRule, pk=rule_id)
    office_rules.move_rule(row, request.user, up=request.POST.get("direction") == "up")
    return _to_rules(request)


@require_POST
@admin_only
def delete(request: StaffRequest, rule_id: int) -> HttpResponse:
    """Delete a rule."""
    row = get_object_or_404(QuestionnaireRule, pk=rule_id)
    words = rule_words(row.rule)
    office_rules.delete_rule(row, request.user)
    messages.success(request, gettext("Deleted: %(rule)s") % {"rule": words})
    return _to_rules(request)


@require_GET
@admin_only
def given(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Say of a long list who gets which questionnaire: as a line of the review, or without scripts as a page."""
    batch = get_object_or_404(Batch, pk=batch_id)
    batch.office = request.office  # known already: one question less
    review = Review(batch, request.GET.dict())
    crumbs = [
        (gettext("Imports"), reverse("importing:list")),
        (batch.file_name, reverse("importing:review", args=[batch.pk])),
    ]
    context = {
        "section": "imports",
        "batch": batch,
        "shown": given_words(review),
        "gets": review.gets,
        "crumbs": crumbs,
    }
    return render(
        request, "importing/_which.html" if getattr(request, "htmx", False) else "importing/given.html", context
    )


@require_POST
@admin_only
def rest(request: StaffRequest) -> HttpResponse:
    """Say which questionnaire everybody gets whom no rule fits."""
    form = RestForm(request.POST)
    if form.is_valid():
        office_rules.choose_rest(request.user, form.cleaned_data["questionnaire"])
        messages.success(request, gettext("Saved."))
    return _to_rules(request)


def _page(request: StaffRequest, form: RuleForm) -> HttpResponse:
    rows = list(office_rules.rows())
    found = office_rules.rules_of(request.office)
    shadows = never_reached(rows)
    lines = [{"row": row, "words": rule_words(row.rule), "shadow": shadows.get(row.pk, "")} for row in rows]
    context: dict[str, Any] = {
        "section": "imports", "lines": lines, "form": form, "batch": _batch(request),
        "rest": RestForm(initial={"questionnaire": found.rest}),
    }  # fmt: skip
    return render(request, "importing/rules.html", context, status=REFUSED if form.errors else 200)


def _batch(request: HttpRequest) -> Batch | None:
    """Give the review from which somebody came."""
    batch: Batch | None = Batch.objects.filter(pk=posted.number(request.GET, "batch")).first()
    return batch


def _url(request: HttpRequest) -> str:
    query = request.GET.urlencode()
    return reverse("importing:rules") + (f"?{query}" if query else "")


def _to_rules(request: HttpRequest) -> HttpResponse:
    return redirect(_url(request))
