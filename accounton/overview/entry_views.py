"""The form pages: adding a customer by hand, and changing one."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from accounton.customers import numbers
from accounton.customers.models import Customer
from accounton.importing.check_settings import rules_of
from accounton.importing.forms import this_year
from accounton.offices.access import StaffRequest, accountant_only
from accounton.overview import entering
from accounton.overview.adding import KnownAlready, add
from accounton.overview.editing import ChangedMeanwhile, change, dossier_of, present_values
from accounton.overview.entry import Checked, check, customer_behind, match
from accounton.overview.forms import CustomerForm, header_of, initial_values
from accounton.overview.person import Fact
from accounton.questionnaires.choosing import BY_RULES
from accounton.questionnaires.definition import available, load
from accounton.questionnaires.models import Questionnaire
from accounton.rows.matching import Match

NOT_SAVED = 422


@require_http_methods(["GET", "HEAD", "POST"])
@accountant_only
def new(request: StaffRequest) -> HttpResponse:
    """Add one customer by hand, through the checks of an import."""
    if request.method != "POST":
        form = CustomerForm(office=request.office)
        entering.focus(form, "first_name")
        return _page(request, form)
    form = CustomerForm(request.POST, office=request.office)
    checked, accepted = _checked(request, form)
    questionnaire = request.POST.get("questionnaire", "")
    if accepted or not _may_save(form, checked, questionnaire):
        known = None if accepted else match(checked, request.office)
        return _page(request, form, checked, known, status=200 if accepted else NOT_SAVED)
    try:
        added = add(
            checked,
            office=request.office,
            user=request.user,
            questionnaire=questionnaire,
            assessment_year=this_year(),
        )
    except KnownAlready as error:
        return _page(request, form, checked, error.match, status=NOT_SAVED)
    name = {"name": added.name}
    messages.success(request, gettext("%(name)s was added. The questionnaire is ready; nothing was sent yet.") % name)
    if questionnaire == BY_RULES:
        _say_which(request, added)
    _say_what_was_put_right(request, checked)
    return redirect("customers:customer", added.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@accountant_only
def edit(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Change a customer, through the same checks; whoever saw an older state overwrites nothing."""
    customer = get_object_or_404(Customer.objects.select_related("responsible"), pk=customer_id)
    dossier = dossier_of(customer, this_year())
    present = present_values(customer, dossier)
    if request.method != "POST":
        return _page(request, _form_of(request, customer, present))
    form = CustomerForm(request.POST, office=request.office, customer=customer)
    checked, accepted = _checked(request, form, kept=_kept_numbers(request, present))
    if dossier is None:
        checked.values.pop("deadline", None)
    if accepted or not _may_save(form, checked):
        return _page(request, form, checked, status=200 if accepted else NOT_SAVED)
    return _save(request, form, checked, customer)


def revealed_in_form(request: StaffRequest, customer: Customer, shown: Fact) -> HttpResponse:
    """Show a number that is revealed in the form: in its place, or without scripts on the form as it was saved."""
    if getattr(request, "htmx", False):
        return render(request, "parts/reveal.html", {"key": shown.number, "number": shown.value})
    form = _form_of(request, customer, present_values(customer, dossier_of(customer, this_year())))
    return _page(request, form, revealed=shown)


def _form_of(request: StaffRequest, customer: Customer, present: dict[str, str]) -> CustomerForm:
    # Doubts that were there before are not asked about again.
    doubts = entering.notices_mark(check(present, rules_of(request.office)))
    initial = initial_values(present, customer) | {"seen_notices": doubts}
    return CustomerForm(office=request.office, customer=customer, initial=initial)


def _save(request: StaffRequest, form: CustomerForm, checked: Checked, customer: Customer) -> HttpResponse:
    try:
        changed = change(
            customer.pk,
            checked,
            office=request.office,
            user=request.user,
            seen=_moment(request.POST.get("seen", "")),
            assessment_year=this_year(),
        )
    except KnownAlready as error:
        return _page(request, form, checked, error.match, status=NOT_SAVED)
    except ChangedMeanwhile as error:
        # Shown beside what stands there now, so that pressing the button again is a decision.
        form.put({"seen": error.customer.updated_at.isoformat()})
        return _page(request, form, checked, now=error.customer, status=409)
    messages.success(request, gettext("%(name)s was saved.") % {"name": changed.name})
    _say_what_was_put_right(request, checked)
    return redirect("customers:customer", changed.pk)


def _checked(request: StaffRequest, form: CustomerForm, kept: dict[str, str] | None = None) -> tuple[Checked, bool]:
    rules = rules_of(request.office)
    checked = check(form.typed() | (kept or {}), rules, optional=form.optional)
    accepted = request.POST.get("use", "")
    if entering.accept_suggestion(form, checked, accepted):
        entering.focus(form, accepted)
        return check(form.typed() | (kept or {}), rules, optional=form.optional), True
    return checked, False


def _kept_numbers(request: StaffRequest, present: dict[str, str]) -> dict[str, str]:
    """Give the national numbers that stay: their field was left empty and is not to be cleared."""
    return {
        column: present[column]
        for column in numbers.COLUMNS
        if not request.POST.get(column, "").strip() and not request.POST.get(f"clear_{column}")
    }


def _may_save(form: CustomerForm, checked: Checked, questionnaire: str | None = None) -> bool:
    if questionnaire is not None and questionnaire not in (BY_RULES, *(each.key for each in available())):
        form.add_error("questionnaire", gettext("Choose a questionnaire."))
        return False
    return checked.is_valid and not entering.must_be_seen(checked, form.data.get("seen_notices", ""))


def _page(
    request: StaffRequest,
    form: CustomerForm,
    checked: Checked | None = None,
    found: Match | None = None,
    *,
    now: Customer | None = None,
    revealed: Fact | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"section": "customers", "form": form, "customer": form.customer}
    if revealed is not None:
        context |= {"revealed": revealed.number, "number": revealed.value}
    if checked is not None:
        said = entering.tell(form, checked)
        is_known = found is not None and found.bucket != "only_in_import" and (found.customer_id or found.problem)
        context |= {
            "said": said,
            "not_saved": status != 200,
            "problems": [(header_of(p.column), p.column) for p in checked.problems],
            "known": entering.known_in_words(found, customer_behind(found, checked, request.office))
            if found is not None and is_known
            else None,
            "meanwhile": entering.differences(now, checked, this_year()) if now else None,
        }
    context["sides"] = form.sides(context.get("said", {}))
    template = "overview/edit.html" if form.customer else "overview/new.html"
    return render(request, template, context, status=status)


def _say_what_was_put_right(request: StaffRequest, checked: Checked) -> None:
    if repairs := entering.repairs_in_words(checked):
        messages.info(request, " · ".join(repairs))


def _say_which(request: StaffRequest, customer: Customer) -> None:
    [key] = Questionnaire.objects.filter(dossier__customer=customer).values_list("definition", flat=True)
    title = load(key).title(get_language() or "nl")
    messages.info(request, gettext("By your office's rules the questionnaire is “%(title)s”.") % {"title": title})


def _moment(text: str) -> datetime:
    # What is no moment was never seen: it differs from every state there is.
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return datetime(1, 1, 1, tzinfo=UTC)
