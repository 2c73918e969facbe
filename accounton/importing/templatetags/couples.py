"""Tags of the pages for couples and near matches."""

from typing import Any

from django import template

from accounton.importing.couples_pages import all_words
from accounton.importing.models import COUPLES
from accounton.importing.review import Review
from accounton.importing.settling import NEAR_ONES

register = template.Library()


@register.simple_tag
def settle_all(found: dict[str, int], reason: str) -> str:
    """Give the words of the button for all of one kind; "" where there are none."""
    return all_words(reason, found[reason]) if found.get(reason) else ""


@register.inclusion_tag("importing/couples_notice.html")
def couples_notice(review: Review) -> dict[str, Any]:
    """Draw what there is to settle about couples, near matches and repeated rows; nothing where there is none."""
    batch = review.batch
    found, repeated = review.to_settle.found, review.to_settle.repeated
    couples, near = sum(found.get(reason, 0) for reason in COUPLES), found.get(NEAR_ONES, 0)
    return {"batch": batch, "found": found, "couples": couples, "near": near, "repeated": repeated}
