"""What somebody searched for, and did not find."""

from django import template

from accounton.belgium.number_masks import is_search_for_number

register = template.Library()


@register.filter
def asks_for_number(searched: str | None) -> bool:
    """Return whether a search is for a national number, or for the mask that its address has since."""
    return is_search_for_number(searched or "")
