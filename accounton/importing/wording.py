"""The words of a review: headers, and findings as sentences in the reader's language."""

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounton.rows.columns import BY_KEY
from accounton.rows.findings import Finding
from accounton.rows.messages import describe

OTHER_HEADERS = {
    "row": _("Row"),
    "name": _("Name"),
    "return": _("Return"),
    "questionnaire": _("Questionnaire"),
    "matched_by": _("Recognised by"),
    "dossier": _("File"),
}


def header_of(key: str) -> str:
    """Give the header of a column in the reader's language."""
    if key in OTHER_HEADERS:
        return str(OTHER_HEADERS[key])
    return BY_KEY[key].headers[get_language() or "nl"]


def sentence(finding: Finding) -> str:
    """Give a finding as the sentence that says what is wrong and what to do."""
    return describe(finding, gettext)


def reason(problem: Finding) -> str:
    """Give a problem as the reason of its row; where the sentence could be about any column, with the column's name."""
    names_no_column = problem.code.endswith((".too_long", ".date")) or problem.code.startswith("cell.")
    return f"{header_of(problem.column)}: {sentence(problem)}" if names_no_column else sentence(problem)


def said(finding: Finding) -> str:
    """Give what a cell says of a finding: a sentence, or what became what."""
    if finding.kind == "repair":
        return gettext("Put right: %(before)s → %(after)s") % {"before": finding.before, "after": finding.after}
    if finding.kind == "suggestion":
        return gettext("Did you mean %(after)s?") % {"after": finding.after}
    return sentence(finding)
