"""Tags for what templates cannot reckon themselves."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.translation import gettext

register = template.Library()

BAR = 1000
GAP = 2


@register.inclusion_tag("parts/status_bar.html")
def status_bar(segments: Iterable[dict[str, Any]], label: str) -> dict[str, Any]:
    """Draw the bar of statuses.

    Takes segments as dicts with `key`, `word`, `count`, `url` and optionally `current`, in the order to draw them.
    """
    drawn = [dict(segment) for segment in segments]
    total = sum(segment["count"] for segment in drawn)
    start = 0.0
    for segment in drawn:
        share = BAR * segment["count"] / total if total else 0.0
        segment["x"] = f"{start:.1f}"
        segment["width"] = f"{max(share - GAP, 1):.1f}" if share else ""
        start += share
    return {"segments": drawn, "label": label}


@register.simple_tag
def translated(text: str) -> str:
    """Give a text of the pure rooms, which mark their words but cannot translate them, in the reader's language."""
    return gettext(text)
