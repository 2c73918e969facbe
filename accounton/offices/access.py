"""Who may open a page: each view of an office carries one of these, and a test looks for it on every route."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounton.offices.models import Office, User

View = Callable[..., HttpResponse]
ALLOWED: dict[str, Callable[[User], bool]] = {
    "staff": lambda user: user.office_id is not None,
    "accountant": lambda user: user.office_id is not None and user.may_change,
    "admin": lambda user: user.office_id is not None and user.is_admin,
}


class StaffRequest(HttpRequest):
    """A request by a logged-in colleague of an office."""

    user: User
    office: Office


def staff_only(view: View) -> View:
    """Open for every colleague of an office; others are sent to the login page (or refused, without an office)."""
    return _guarded(view, "staff")


def accountant_only(view: View) -> View:
    """Open for colleagues who may change things: admins and accountants; others are refused (403)."""
    return _guarded(view, "accountant")


def admin_only(view: View) -> View:
    """Open for the admins of an office; others are refused (403)."""
    return _guarded(view, "admin")


def may_open(user: User | AnonymousUser, policy: str) -> bool:
    """Return whether somebody who may be signed in may open the pages of a policy."""
    return isinstance(user, User) and ALLOWED[policy](user)


def _guarded(view: View, policy: str) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = cast(User, request.user)
        if not ALLOWED[policy](user):
            raise PermissionDenied
        request.office = user.office  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    protected: View = login_required(guarded)
    protected.policy = policy  # type: ignore[attr-defined]
    return protected
