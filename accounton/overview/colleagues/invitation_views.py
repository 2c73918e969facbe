"""Inviting colleagues, again too, and withdrawing an invitation."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounton.customers.handing_over import counts_of
from accounton.customers.handing_over import hand_over as hand_customers_over
from accounton.offices.access import StaffRequest, admin_only
from accounton.offices.audit import record
from accounton.offices.colleagues import inviting
from accounton.offices.colleagues.accounts import subject_of
from accounton.offices.colleagues.admins import NoLongerAdmin
from accounton.offices.models import User
from accounton.offices.sign_in.letters import absolute
from accounton.offices.sign_in.links import FIRST_LINK_DAYS, reset_path
from accounton.offices.sign_in.mails import can_mail
from accounton.overview.colleagues.forms import InviteForm
from accounton.overview.colleagues.replies import REFUSED, found, page, refusing, to_colleague


@require_http_methods(["GET", "HEAD", "POST"])
@admin_only
def invite(request: StaffRequest) -> HttpResponse:
    """Invite one colleague, or several at once."""
    several = "several" in request.GET
    initial = {"role": User.Role.ACCOUNTANT, "language": get_language()}
    form = InviteForm(request.POST or None, several=several, initial=initial)
    if request.method == "POST" and form.is_valid() and (made := _invited(request, form)):
        if not can_mail():
            return links_page(request, [(user, reset_path(user)) for user in made], is_first=True)
        words = ngettext(
            "The invitation is on its way to %(addresses)s. The link in it works for %(days)s days.",
            "The invitations are on their way to %(addresses)s. The links in them work for %(days)s days.",
            len(made),
        )
        addresses = ", ".join(user.email for user in made)
        messages.success(request, words % {"addresses": addresses, "days": FIRST_LINK_DAYS})
        return redirect("settings:colleagues")
    status = REFUSED if form.errors else 200
    return page(request, "colleagues/invite.html", status, form=form, several=several, can_mail=can_mail())


@require_POST
@admin_only
def invite_again(request: StaffRequest, user_id: int) -> HttpResponse:
    """Send the invitation once more; without a mail server show its link."""
    user = found(request, user_id)
    with refusing(request):
        inviting.invite_again(user, request.user)
        if not can_mail():
            return links_page(request, [(user, reset_path(user))], is_first=True)
        words = gettext("The invitation is on its way to %(address)s again.")
        messages.success(request, words % {"address": user.email})
    return to_colleague(user)


@require_POST
@admin_only
def withdraw(request: StaffRequest, user_id: int) -> HttpResponse:
    """Take an invitation back; customers of whom the invited colleague was responsible have nobody then."""
    user = found(request, user_id)
    with refusing(request):
        _withdraw(user, request.user)
        words = gettext("The invitation of %(address)s is withdrawn: its link works no more.")
        messages.success(request, words % {"address": user.email})
        return redirect("settings:colleagues")
    return to_colleague(user)


def links_page(request: StaffRequest, links: Sequence[tuple[User, str]], *, is_first: bool) -> HttpResponse:
    """Show links to choose a password, this once: there is no mail server to send them by."""
    for user, _path in links:
        record(request.user, "colleague.link_shown", subject_of(user))
    shown = [(user, absolute(path)) for user, path in links]
    return page(request, "colleagues/links.html", links=shown, is_first=is_first, days=FIRST_LINK_DAYS)


def _invited(request: StaffRequest, form: InviteForm) -> list[User]:
    role, language = User.Role(form.cleaned_data["role"]), form.cleaned_data["language"]
    try:
        return inviting.invite(form.wanted, role, language, request.user)
    except inviting.Taken as taken:
        form.refuse(taken)
    except NoLongerAdmin as error:
        raise PermissionDenied from error
    return []


@transaction.atomic
def _withdraw(user: User, by: User) -> None:
    if counts_of([user]):
        hand_customers_over(user, None, by)
    inviting.withdraw(user, by)
