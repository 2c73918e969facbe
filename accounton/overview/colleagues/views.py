"""The list of colleagues, and the page of one of them."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounton.customers.handing_over import hand_overs_of
from accounton.offices.access import StaffRequest, admin_only
from accounton.offices.colleagues.admins import admins_of
from accounton.offices.sign_in.mails import can_mail
from accounton.overview.colleagues.forms import HandOverForm, RoleForm
from accounton.overview.colleagues.listing import colleague_of, colleagues_of
from accounton.overview.colleagues.replies import found, page

HAND_OVERS = 20


@require_GET
@admin_only
def colleagues(request: StaffRequest) -> HttpResponse:
    """List the colleagues of the office."""
    return page(request, "colleagues/list.html", colleagues=colleagues_of(request.office), can_mail=can_mail())


@require_GET
@admin_only
def colleague(request: StaffRequest, user_id: int) -> HttpResponse:
    """Show one colleague, and what an admin can do about the account."""
    user = found(request, user_id)
    return page(
        request,
        "colleagues/colleague.html",
        shown=colleague_of(user),
        colleague=user,
        is_own=user == request.user,
        is_only_admin=list(admins_of(request.office)[:2]) == [user],
        role_form=RoleForm(initial={"role": user.role}, is_own=user == request.user and user.is_admin),
        hand_over_form=HandOverForm(giver=user),
        hand_overs=hand_overs_of(user)[:HAND_OVERS],
        can_mail=can_mail(),
    )
