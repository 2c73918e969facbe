"""What the pages of colleagues answer: the frame of each page, and why something cannot be done."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext

from accounton.customers.handing_over import CannotReceive, HandedBack, NothingToHandOver
from accounton.offices.access import StaffRequest
from accounton.offices.colleagues.admins import LastAdmin, NoLongerAdmin, OwnAccount
from accounton.offices.colleagues.inviting import NotInvited
from accounton.offices.models import User

REFUSED = 422


def found(request: StaffRequest, user_id: int) -> User:
    """Return a colleague of the office. Raises Http404."""
    user: User = get_object_or_404(User.objects.select_related("office"), pk=user_id, office=request.office)
    return user


def page(request: StaffRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """Return a page of the settings, with the tab of colleagues in front."""
    return render(request, template, {"section": "settings", "tab": "colleagues", **context}, status=status)


def to_colleague(user: User) -> HttpResponse:
    """Return the way to the page of a colleague."""
    return redirect("settings:colleague", user.pk)


@contextmanager
def refusing(request: StaffRequest) -> Iterator[None]:
    """Say why something was not done. Raises PermissionDenied where the admin has become none meanwhile."""
    try:
        yield
    except NoLongerAdmin as error:
        raise PermissionDenied from error
    except LastAdmin:
        messages.error(
            request, gettext("This is the only admin who can sign in. Make another colleague an admin first.")
        )
    except OwnAccount:
        messages.error(request, gettext("This is your own account: another admin has to do that."))
    except NotInvited:
        messages.error(request, gettext("There is no invitation any more: a password was chosen meanwhile."))
    except CannotReceive:
        messages.error(request, gettext("That colleague cannot take customers over. Choose another."))
    except NothingToHandOver:
        messages.info(request, gettext("There were no customers to hand over."))
    except HandedBack:
        messages.info(request, gettext("That was undone already."))
