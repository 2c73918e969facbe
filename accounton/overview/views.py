"""The pages that show customers: the overview and one customer; archiving, bringing back, revealing a number."""

from itertools import chain
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounton.customers import numbers
from accounton.customers.models import Customer
from accounton.importing.forms import this_year
from accounton.offices.access import StaffRequest, accountant_only, staff_only
from accounton.offices.reveal_guard import refusal
from accounton.offices.reveals import Seen
from accounton.overview import person
from accounton.overview.editing import set_archived
from accounton.overview.entry_views import revealed_in_form
from accounton.overview.pages import overview_context


@require_GET
@staff_only
def overview(request: StaffRequest) -> HttpResponse:
    """Show the dossiers of a year with their customers, filtered, sorted and paged by the address."""
    return render(request, "overview/overview.html", overview_context(request.GET.dict(), request.office))


@require_GET
@staff_only
def customer(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Show all that is known of one customer; national numbers masked."""
    return render(request, "overview/customer.html", _person(_found(customer_id)))


@require_POST
@accountant_only
def reveal(request: StaffRequest, customer_id: int, column: str) -> HttpResponse:
    """Show one national number in plain, once, and write down who looked; `in` may be the page that changes him."""
    shown = _found(customer_id)
    if column not in numbers.COLUMNS or getattr(shown, f"{column}_hash") is None:
        raise Http404
    in_form = request.GET.get("in") == "form"
    back = reverse("customers:edit" if in_form else "customers:customer", args=[shown.pk])
    if refused := refusal(request, Seen(f"customer:{shown.pk}", column), back, in_form=in_form):
        return refused
    fact = person.number_fact(shown, column, column)
    if in_form:
        return revealed_in_form(request, shown, fact)
    if request.headers.get("HX-Request") == "true":
        return render(request, "overview/_number.html", {"customer": shown, "fact": fact})
    return render(request, "overview/customer.html", _person(shown, column))


@require_POST
@accountant_only
def archive(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Take a customer out of the overview; the message can take it back."""
    archived = _found(customer_id)
    set_archived(archived, request.user, archived=True)
    # The button belongs to the empty form that parts/messages.html carries: undoing is a POST as well.
    undo = format_html(
        '{} <button class="link-button" type="submit" form="undo" formaction="{}">{}</button>',
        gettext("%(name)s is archived.") % {"name": archived.name},
        reverse("customers:bring_back", args=[archived.pk]),
        gettext("Undo"),
    )
    messages.success(request, undo)
    return _back(request, reverse("customers:overview"))


@require_POST
@accountant_only
def bring_back(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Put an archived customer back into the overview."""
    brought_back = _found(customer_id)
    if set_archived(brought_back, request.user, archived=False):
        messages.success(request, gettext("%(name)s is back in the overview.") % {"name": brought_back.name})
    return _back(request, reverse("customers:customer", args=[brought_back.pk]))


def _found(customer_id: int) -> Customer:
    found: Customer = get_object_or_404(Customer.objects.select_related("responsible"), pk=customer_id)
    return found


def _person(shown: Customer, revealed: str = "") -> dict[str, Any]:
    dossiers = person.dossier_views(shown)
    of_this_year = (view for view in dossiers if view.dossier.assessment_year == this_year())
    return {
        "section": "customers",
        "customer": shown,
        "facts": person.facts(shown, revealed),
        "partner": person.partner_facts(shown, revealed) if shown.is_joint else [],
        "dossiers": dossiers,
        "present": next(chain(of_this_year, dossiers), None),
        "history": person.history(shown),
    }


def _back(request: StaffRequest, otherwise: str) -> HttpResponseRedirect:
    wanted = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure())
    return redirect(wanted if is_ours and wanted.startswith("/") else otherwise)
