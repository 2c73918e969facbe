"""Filters for dates and moments on the pages about customers."""

from datetime import date, datetime

from django import template

from accounton.overview import formats

register = template.Library()


@register.filter
def day(value: date | None) -> str:
    """Give a date as people here write it, "" for none."""
    return formats.day(value)


@register.filter
def moment(value: datetime) -> str:
    """Give a moment with its day and time."""
    return formats.moment(value)
