"""Handing the customers of a colleague over, and undoing that."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from accounton.customers import handing_over
from accounton.customers.models import HandOver
from accounton.offices.access import StaffRequest, admin_only
from accounton.offices.models import User
from accounton.overview.colleagues.forms import HandOverForm
from accounton.overview.colleagues.replies import REFUSED, found, page, refusing, to_colleague


@require_POST
@admin_only
def hand_over(request: StaffRequest, user_id: int) -> HttpResponse:
    """Hand all customers of a colleague over."""
    user = found(request, user_id)
    form = HandOverForm(request.POST, giver=user)
    if not form.is_valid():
        return page(request, "colleagues/hand_over.html", REFUSED, colleague=user, form=form)
    with refusing(request):
        say_handed_over(request, handing_over.hand_over(user, form.chosen_receiver, request.user))
    return to_colleague(user)


@require_POST
@admin_only
def hand_back(request: StaffRequest, hand_over_id: int) -> HttpResponse:
    """Undo a hand-over."""
    made = get_object_or_404(HandOver.objects.select_related("giver"), pk=hand_over_id, giver__isnull=False)
    giver: User = made.giver
    with refusing(request):
        back = handing_over.hand_back(made, request.user)
        words = ngettext(
            "%(count)s customer is %(name)s’s again.", "%(count)s customers are %(name)s’s again.", back
        ) % {"count": back, "name": giver}
        if left := made.customers - back:
            words += " " + ngettext(
                "%(count)s had been given to somebody else since and stays there.",
                "%(count)s had been given to somebody else since and stay there.",
                left,
            ) % {"count": left}
        messages.success(request, words)
    return to_colleague(giver)


def say_handed_over(request: StaffRequest, made: HandOver) -> None:
    """Say how many customers went to whom; the message can take it back."""
    said = {"count": made.customers, "name": made.receiver or ""}
    if made.receiver:
        words = ngettext(
            "%(count)s customer went to %(name)s.", "%(count)s customers went to %(name)s.", made.customers
        )
    else:
        words = ngettext(
            "%(count)s customer has nobody responsible now.",
            "%(count)s customers have nobody responsible now.",
            made.customers,
        )
    # The button belongs to the empty form that parts/messages.html carries: undoing is a POST as well.
    button = format_html(
        '{} <button class="link-button" type="submit" form="undo" formaction="{}">{}</button>',
        words % said,
        reverse("settings:hand_back", args=[made.pk]),
        gettext("Undo"),
    )
    messages.success(request, button)
