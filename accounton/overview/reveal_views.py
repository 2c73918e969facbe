"""The page of who looked at whose national number, and lifting the limit of a colleague."""

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounton.importing.posted import number
from accounton.offices import reveals as limits
from accounton.offices.access import StaffRequest, admin_only
from accounton.offices.colleagues.admins import other_admins
from accounton.offices.models import User
from accounton.offices.reveal_guard import sign_in_again
from accounton.overview.reveals import Reveals


@require_GET
@admin_only
def reveals(request: StaffRequest) -> HttpResponse:
    """List whose national number was shown to whom, and who reached the limit."""
    shown = Reveals(request.GET.dict(), request.office)
    own_is_for = other_admins(request.office, request.user)
    context = {"section": "reveals", "shown": shown, "page": shown.page, "own_is_for": own_is_for}
    context |= {"per_hour": settings.REVEALS_PER_HOUR, "per_day": settings.REVEALS_PER_DAY}
    return render(request, "overview/reveals.html", context)


@require_POST
@admin_only
def lift(request: StaffRequest) -> HttpResponse:
    """Let a colleague see numbers again; the only admin of an office lifts their own limit after signing in again."""
    colleague = get_object_or_404(User, pk=number(request.POST, "colleague"), office=request.office)
    back = reverse("customers:reveals")
    if _must_confirm(request, colleague):
        messages.info(request, gettext("Before you allow yourself more numbers, show that it is you."))
        return sign_in_again(request, back)
    try:
        if limits.lift(colleague, request.user):
            words = gettext("%(name)s can see national numbers again: %(count)s more today.")
            messages.success(request, words % {"name": colleague, "count": settings.REVEALS_PER_DAY})
        else:
            messages.info(request, gettext("%(name)s is not at the limit.") % {"name": colleague})
    except limits.OthersLift:
        names = ", ".join(map(str, other_admins(request.office, colleague)))
        messages.error(request, gettext("Your own limit is lifted by another admin: %(names)s.") % {"names": names})
    return redirect(back)


def _must_confirm(request: StaffRequest, colleague: User) -> bool:
    """Say whether an admin is about to lift their own limit, as the only admin there is, without having confirmed."""
    is_own = colleague == request.user and limits.is_stopped(colleague)
    return is_own and not other_admins(request.office, colleague) and not did_recently_reauthenticate(request)
