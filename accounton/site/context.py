"""What every page's frame shows: the office, the person, and the count beside the menu."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounton.customers.models import Customer
from accounton.offices.limits.networks import is_this_machine
from accounton.offices.sessions import person_of, seconds_left


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give what every page shows; for a logged-in colleague also `office` and `menu` (None for a part of a page).

    With `person` and `session_seconds` the scripts of a page know whose it is, and until when.
    """
    values: dict[str, Any] = {
        "platform_name": settings.PLATFORM_NAME,
        "demo_mailbox": settings.DEMO_MAILBOX and is_this_machine(request),
    }
    if person := person_of(getattr(request, "user", None)):
        values |= {"person": person, "session_seconds": seconds_left(request.session)}
    office = getattr(request, "office", None)
    if office is not None:
        count = Customer.objects.filter(archived_at=None).count
        values |= {"office": office, "menu": None if _is_part(request) else {"customers": count}}
    return values


def _is_part(request: HttpRequest) -> bool:
    """Whether a script takes only a part of the page: nobody sees the menu then, and nothing is counted for it."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request
