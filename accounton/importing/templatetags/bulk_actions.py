"""Tags of the page that shows how far work on many rows is."""

from dataclasses import dataclass

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from accounton.importing.bulk_actions import WORKS, running
from accounton.importing.bulk_words import title_of
from accounton.importing.models import Batch
from accounton.importing.timing import left_words

register = template.Library()


@dataclass(frozen=True)
class Running:
    """How far a work is: what it does, who asked for it, how many of how many were looked at, how long it takes yet."""

    title: str
    by: str
    done: int
    rows: int
    left: str
    can_stop: bool


@register.simple_tag
def running_action(batch: Batch) -> Running | None:
    """Give how far the work on a batch is, None where it has ended meanwhile."""
    action = running(batch)
    if action is None:
        return None
    left = left_words(action.done, action.rows, action.asked_at, timezone.now())
    asked = {
        "name": str(action.asked_by or ""),
        "time": date_format(timezone.localtime(action.asked_at), "TIME_FORMAT"),
    }
    by = gettext("Asked for by %(name)s at %(time)s.") % asked if action.asked_by else ""
    return Running(title_of(action.work), by, action.done, action.rows, left, WORKS[action.work].can_stop)
