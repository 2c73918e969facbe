"""Who may open a page: each view of an office carries one of these, and a test looks for it on every route."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounton.offices.models import Office, User

View = Callable[..., HttpResponse]


class StaffRequest(HttpRequest):
    """A request by a logged-in colleague of an office."""

    user: User
    office: Office


def staff_only(view: View) -> View:
    """Open for every colleague of an office; others are sent to the login page (or refused, without an office)."""
    return _guarded(view, "staff", lambda user: user.office_id is not None)


def admin_only(view: View) -> View:
    """Open for the admins of an office; accountants are refused (403)."""
    return _guarded(view, "admin", lambda user: user.office_id is not None and user.is_admin)


def _guarded(view: View, policy: str, allowed: Callable[[User], bool]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = cast(User, request.user)
        if not allowed(user):
            raise PermissionDenied
        request.office = user.office  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    protected: View = login_required(guarded)
    protected.policy = policy  # type: ignore[attr-defined]
    return protected
