"""What came of work on many rows, in words."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.contrib.messages import ERROR, INFO, SUCCESS, WARNING
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounton.customers.models import Customer
from accounton.importing.departing import NAMED_AT_MOST
from accounton.importing.models import BulkAction, Change, End
from accounton.importing.return_wording import returned_words
from accounton.importing.returning import taken_back
from accounton.importing.wording import change_words

TITLES = {
    "Accept": gettext_lazy("Suggestions are being accepted"),
    "AllowWithoutEmail": gettext_lazy("Rows without an e-mail address are being let in"),
    "CombineAll": gettext_lazy("Rows that stand there twice are being combined"),
    "Depart": gettext_lazy("What you decided about customers only in Accounton is being done"),
    "KeepFirst": gettext_lazy("Rows that stand there again are being left out"),
    "MergeAll": gettext_lazy("Couples are being merged"),
    "Replace": gettext_lazy("A value is being replaced"),
    "SetColumn": gettext_lazy("A column is being changed"),
    "SplitAll": gettext_lazy("Rows that name two people are being split"),
    "TakeBack": gettext_lazy("The corrected list is being taken back"),
    "Undo": gettext_lazy("A change is being undone"),
}
Said = Iterator[tuple[int, str]]
"""Levels and sentences."""


def title_of(work: str) -> str:
    """Say what is being done; `work` is the name of its class."""
    return str(TITLES[work])


def ended_words(action: BulkAction) -> Said:
    """Say how work in the background ended."""
    if action.end == End.DONE:
        yield from done_words(action.work, action.said, action.change)
    elif action.end == End.UNUSABLE:
        message, params = action.said["problem"]["message"], action.said["problem"]["params"]
        yield ERROR, _(message) % params
    else:
        level, sentence = WARNING, _("Stopped.")
        if action.end == End.GIVEN_UP:
            level, sentence = (
                ERROR,
                _("This broke off several times and was given up; tell whoever looks after this server."),
            )
        yield level, f"{sentence} {_so_far(action)}"


def done_words(work: str, said: Mapping[str, Any], change: Change | None) -> Said:
    """Say what a work did; `work` is the name of its class."""
    if work == "TakeBack":
        yield from returned_words(taken_back(said, change))
    elif work == "Depart":
        yield from _departed_words(said)
    elif change is None:
        yield INFO, _nothing(work)
    elif work == "Undo":
        yield SUCCESS, _("Undone: %(what)s") % {"what": change_words(change)}
    else:
        yield SUCCESS, change_words(change)


def _nothing(work: str) -> str:
    if work in ("MergeAll", "SplitAll", "KeepFirst", "CombineAll"):
        return _("There is nothing here that can be done at once: look at them one by one.")
    return _("Nothing was changed: no row has this value any more.")


def _departed_words(said: Mapping[str, Any]) -> Said:
    done, stay = said.get("done", 0), said.get("stay", ())
    words = ngettext("Saved for %(count)s customer.", "Saved for %(count)s customers.", done)
    yield SUCCESS, words % {"count": intcomma(done)}
    if stay:
        names = [each.name for each in Customer.objects.filter(pk__in=stay).order_by("id")]
        named = ", ".join(names[:NAMED_AT_MOST]) + (", …" if len(stay) > NAMED_AT_MOST else "")
        words = _("Of these the questionnaire was sent or answered already, so their file stays: %(names)s.")
        yield WARNING, words % {"names": named}


def _so_far(action: BulkAction) -> str:
    if action.work == "Depart":
        return " ".join(words for _level, words in _departed_words(action.said))
    if action.change is None:
        return _("Nothing was changed.")
    if action.work == "Undo":
        return _("Some rows are as they were, others not yet: undo it once more.")
    return _("Done so far, and to be undone like any other change: %(what)s") % {"what": change_words(action.change)}
