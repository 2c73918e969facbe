"""The words of an undo: the three lists, what is in them, and why something stays."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from accounton.importing.taking_back import Verdict
from accounton.importing.wording import headers_of

CANNOT = {
    "nothing": _("Nothing was added or changed by this import, so there is nothing to undo."),
    "busy": _("This import is being read or added. Wait until that is done, then undo it."),
    "undone": _("This import was undone already, or is being undone."),
}
TITLES = {
    "taken_back": _("Taken back"),
    "kept": _("Kept, because somebody touched it since"),
    "impossible": _("Not possible"),
}
PARTS = {
    "customer": _("New customers, with their file and questionnaire"),
    "change": _("Changes to known customers: the old values"),
    "file": _("Files that known customers got"),
    "decision": _("Decisions about customers only in Accounton"),
}
SINGLE_PARTS = {
    "customer": _("New customer"),
    "change": _("Change"),
    "file": _("New file"),
    "decision": _("Decision"),
}
REASONS = {
    "changed": _("changed since"),
    "archived": _("archived since"),
    "overwritten": _("overwritten by a later import; undo that one first"),
    "more": _("something else was kept with this customer since"),
    "file_gone": _("the file was taken away since"),
    "file_moved": _("the questionnaire was sent or answered since"),
    "other_file": _("has a file of another year too"),
    "deadline": _("the deadline was changed since"),
    "questionnaire": _("has another questionnaire since"),
    "taken": _("another customer has this value by now"),
    "colleague_gone": _("that colleague is not here any more"),
    "customer_gone": _("the customer is not here any more"),
    "sealed": _("the old values cannot be opened: the key they were encrypted with is missing"),
}


def cannot_words(code: str) -> str:
    """Say why an import cannot be undone."""
    return str(CANNOT[code])


def title_of(name: str) -> str:
    """Give the title of one of the three lists."""
    return str(TITLES[name])


def part_words(part: str) -> str:
    """Say what kind of things these are."""
    return str(PARTS[part])


def part_word(part: str) -> str:
    """Say what kind of thing this is."""
    return str(SINGLE_PARTS[part])


def why(verdict: Verdict) -> str:
    """Say why one thing stays: the columns it is about, and the reasons."""
    return reasons_words(verdict.keys, verdict.reasons)


def reasons_words(keys: Iterable[str], codes: Iterable[str]) -> str:
    """Say why something stays: the columns that it is about, by key, and the reasons, by code."""
    columns = headers_of(keys)
    reasons = "; ".join(str(REASONS[code]) for code in codes)
    return f"{columns}: {reasons}" if columns else reasons
