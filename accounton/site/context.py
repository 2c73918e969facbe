"""What every page's frame shows: the office, the person, and the count beside the menu."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounton.customers.models import Customer


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give `platform_name`, and for a logged-in colleague `office` and `menu`."""
    values: dict[str, Any] = {"platform_name": settings.PLATFORM_NAME}
    office = getattr(request, "office", None)
    if office is not None:
        count = Customer.objects.filter(archived_at=None).count
        values |= {"office": office, "menu": {"customers": count}}
    return values
