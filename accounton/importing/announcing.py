"""What is said to eyes and ears once something was saved: that it was, and how the review stands then."""

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from accounton.importing.models import Bucket
from accounton.importing.review import Review


def saved_words(review: Review) -> str:
    """Say when a choice was saved, and what there is of that which it changed."""
    saved = gettext("Saved at %(time)s") % {"time": timezone.localtime().strftime("%H:%M:%S")}
    return f"{saved}. {_stands(review)}"


def _stands(review: Review) -> str:
    if review.bucket == Bucket.ONLY_IN_IMPORT:
        counts = {"selected": intcomma(review.selected), "all": intcomma(review.counts[Bucket.ONLY_IN_IMPORT])}
        return gettext("%(selected)s of %(all)s selected") % counts
    if review.bucket == Bucket.DOUBLE:
        return _overwritten(review)
    return counts_words(review, Bucket.ONLY_IN_IMPORT, Bucket(review.bucket))


def _overwritten(review: Review) -> str:
    chosen = review.doubles.chosen
    customers = ngettext("%(shown)s customer", "%(shown)s customers", chosen.customers)
    fields = ngettext(
        "Overwrite %(shown)s field of %(customers)s", "Overwrite %(shown)s fields of %(customers)s", chosen.fields
    ) % {"shown": intcomma(chosen.fields), "customers": customers % {"shown": intcomma(chosen.customers)}}
    files = ngettext("Make %(shown)s file", "Make %(shown)s files", chosen.dossiers)
    return " · ".join([fields, files % {"shown": intcomma(chosen.dossiers)}] if chosen.dossiers else [fields])


def counts_words(review: Review, *buckets: Bucket) -> str:
    """Say how many rows stand in some of the tabs: "Invalid customers: 37."."""
    said = gettext("%(what)s: %(about)s")
    return " ".join(said % {"what": each.label, "about": intcomma(review.counts[each])} + "." for each in buckets)
