"""What an admin does to the account of a colleague."""

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST

from accounton.customers.handing_over import counts_of, hand_over
from accounton.customers.models import HandOver
from accounton.offices.access import StaffRequest, admin_only
from accounton.offices.audit import record
from accounton.offices.colleagues import accounts
from accounton.offices.colleagues.admins import OwnAccount
from accounton.offices.colleagues.inviting import is_invited
from accounton.offices.models import StaffMail, User
from accounton.offices.reveal_guard import sign_in_again
from accounton.offices.sign_in.links import reset_path
from accounton.offices.sign_in.mails import can_mail, send_later
from accounton.overview.colleagues.customer_views import say_handed_over
from accounton.overview.colleagues.forms import HandOverForm, RoleForm
from accounton.overview.colleagues.invitation_views import links_page
from accounton.overview.colleagues.replies import REFUSED, found, page, refusing, to_colleague


@require_POST
@admin_only
def role(request: StaffRequest, user_id: int) -> HttpResponse:
    """Give a colleague another role."""
    user = found(request, user_id)
    form = RoleForm(request.POST, is_own=user == request.user and user.is_admin)
    if not form.is_valid():
        return page(request, "colleagues/role.html", REFUSED, colleague=user, role_form=form)
    wanted = User.Role(form.cleaned_data["role"])
    with refusing(request):
        if accounts.change_role(user, wanted, request.user):
            words = gettext("The role of %(name)s is “%(role)s” from now on.")
            messages.success(request, words % {"name": user, "role": wanted.label})
    return to_colleague(user)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_only
def close(request: StaffRequest, user_id: int) -> HttpResponse:
    """Close an account, and hand its customers over at once."""
    user = found(request, user_id)
    if user == request.user or not user.is_active or is_invited(user):
        return to_colleague(user)
    form = HandOverForm(request.POST or None, giver=user, may_keep=True)
    if request.method != "POST" or not form.is_valid():
        customers = counts_of([user]).get(user.pk, 0)
        status = REFUSED if form.errors else 200
        return page(request, "colleagues/close.html", status, colleague=user, form=form, customers=customers)
    with refusing(request):
        made = _close(user, form, request.user)
        words = gettext("The account of %(name)s is closed: signed out everywhere, and nobody can sign in with it.")
        messages.success(request, words % {"name": user})
        if made:
            say_handed_over(request, made)
    return to_colleague(user)


@require_POST
@admin_only
def reopen(request: StaffRequest, user_id: int) -> HttpResponse:
    """Open a closed account again."""
    user = found(request, user_id)
    with refusing(request):
        if accounts.reopen(user, request.user):
            words = gettext("The account of %(name)s is open again, with the same password and role.")
            messages.success(request, words % {"name": user})
    return to_colleague(user)


@require_POST
@admin_only
def sign_out(request: StaffRequest, user_id: int) -> HttpResponse:
    """Sign a colleague out everywhere."""
    user = found(request, user_id)
    with refusing(request):
        accounts.end_sessions(user, request.user)
        messages.success(request, gettext("%(name)s is signed out everywhere.") % {"name": user})
    return to_colleague(user)


@require_POST
@admin_only
def password(request: StaffRequest, user_id: int) -> HttpResponse:
    """Mail a colleague a link to choose a new password; without a mail server show it once."""
    user = found(request, user_id)
    if not user.is_active or is_invited(user):
        return to_colleague(user)
    record(request.user, "colleague.password_link", accounts.subject_of(user), shown=not can_mail())
    if not can_mail():
        return links_page(request, [(user, reset_path(user))], is_first=False)
    send_later(StaffMail.Kind.RESET_BY_ADMIN, user.language or get_language() or "", user=user)
    words = gettext("A link to choose a new password is on its way to %(address)s. It works for one hour.")
    messages.success(request, words % {"address": user.email})
    return to_colleague(user)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_only
def second_factor(request: StaffRequest, user_id: int) -> HttpResponse:
    """Ask whether a colleague's second factor goes, and take it away; who asks it must have shown who they are."""
    user = found(request, user_id)
    if user == request.user:
        with refusing(request):
            raise OwnAccount
        return to_colleague(user)
    if not did_recently_reauthenticate(request):
        return sign_in_again(request, reverse("settings:colleague_second_factor", args=[user.pk]))
    if request.method != "POST":
        return page(request, "colleagues/second_factor.html", colleague=user, can_mail=can_mail())
    with refusing(request):
        if accounts.reset_second_factor(user, request.user):
            words = gettext(
                "The two-step sign-in of %(name)s is off: the password alone is enough until it is set up again."
            )
            messages.success(request, words % {"name": user})
        else:
            messages.info(request, gettext("%(name)s has no two-step sign-in.") % {"name": user})
    return to_colleague(user)


@transaction.atomic
def _close(user: User, form: HandOverForm, by: User) -> HandOver | None:
    accounts.close(user, by)
    return hand_over(user, form.chosen_receiver, by) if form.is_chosen and counts_of([user]) else None
