"""What the overview hands to its template."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.translation import get_language, gettext, npgettext

from accounton.customers.models import Customer
from accounton.dossiers.deadlines import ShownDeadline, deadline_of
from accounton.dossiers.models import Dossier, Status
from accounton.importing.forms import this_year
from accounton.offices.models import Office
from accounton.overview.chips import CHOOSABLE, chips
from accounton.overview.filters import SORTS, Filters
from accounton.overview.forms import header_of
from accounton.overview.listing import Listing
from accounton.questionnaires.definition import available


class Row:
    """A dossier as one line of the overview."""

    def __init__(self, dossier: Dossier, titles: Mapping[str, str]) -> None:
        self.dossier, self.customer = dossier, dossier.customer
        self.deadline: ShownDeadline = deadline_of(dossier)
        questionnaire = getattr(dossier, "questionnaire", None)
        key = questionnaire.definition if questionnaire else ""
        self.questionnaire = titles.get(key, key)


def overview_context(params: Mapping[str, str], office: Office) -> dict[str, Any]:
    """Give all that the overview shows for an address."""
    filters = Filters.of(params, this_year())
    listing = Listing(filters)
    url = reverse("customers:overview")
    chosen = params.get("choose", "") if params.get("choose") in CHOOSABLE else ""
    shown_chips = chips(filters, office, chosen)
    titles = {definition.key: definition.title(get_language() or "nl") for definition in available()}
    return {
        "section": "customers",
        "filters": filters,
        "subtitle": _subtitle(listing),
        "segments": [_segment(listing, status, url) for status in Status],
        "chips": shown_chips,
        "chosen": next((chip for chip in shown_chips if chip.key == chosen and not chip.is_on), None),
        "kept": parse_qsl(filters.but(q="").query()),
        "columns": [_column(filters, key, url) for key in SORTS],
        "page": listing.page,
        "rows": [Row(dossier, titles) for dossier in listing.page.object_list],
        "is_empty": not listing.total and not filters.is_filtered and not Customer.objects.exists(),
        "clear_query": filters.cleared().query(),
    }


def _subtitle(listing: Listing) -> str:
    count = sum(listing.counts.values())
    dossiers = npgettext("dossier", "%(count)s file", "%(count)s files", count) % {"count": intcomma(count)}
    year = gettext("assessment year %(year)s") % {"year": listing.filters.year}
    return f"{dossiers} · {year}"


def _segment(listing: Listing, status: Status, url: str) -> dict[str, Any]:
    is_current = listing.filters.status == status
    query = listing.filters.but(status="" if is_current else status.value).query()
    return {
        "key": status.value,
        "word": status.label,
        "count": listing.counts[status],
        "url": f"{url}?{query}" if query else url,
        "current": is_current,
    }


def _column(filters: Filters, key: str, url: str) -> dict[str, Any]:
    headers = {
        "name": gettext("Name"),
        "joint": gettext("Return"),
        "status": gettext("Status"),
        "language": header_of("language"),
        "questionnaire": gettext("Questionnaire"),
        "responsible": gettext("Responsible"),
        "deadline": gettext("Deadline"),
        "code": header_of("client_code"),
    }
    is_current = filters.sort_key == key
    wanted = f"-{key}" if is_current and not filters.is_descending else key
    query = filters.but(sort=wanted).query()
    return {
        "key": key,
        "text": headers[key],
        "url": f"{url}?{query}" if query else url,
        "direction": ("descending" if filters.is_descending else "ascending") if is_current else "",
    }
