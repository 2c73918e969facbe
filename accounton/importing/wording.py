"""The words of a review: headers, and findings as sentences in the reader's language."""

from collections.abc import Iterable

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounton.customers.models import Language
from accounton.importing.models import Batch, Bucket, Change, ChangeKind
from accounton.offices.models import Office, User
from accounton.questionnaires.choosing import BY_RULES
from accounton.questionnaires.definition import LANGUAGES, available
from accounton.rows.columns import BY_KEY
from accounton.rows.couples import SPOUSE
from accounton.rows.findings import Finding
from accounton.rows.groups import group_of
from accounton.rows.matching import IS_SPOUSE
from accounton.rows.messages import describe
from accounton.rows.misplaced import MISPLACED, NUMBERS
from accounton.rows.repeats import REPEATED

OTHER_HEADERS = {
    "row": _("Row"),
    "name": _("Name"),
    "return": _("Return"),
    "questionnaire": _("Questionnaire"),
    "matched_by": _("Recognised by"),
    "dossier": _("File"),
    "address": _("Address"),
    "spouse_first_name": _("First name of the partner"),
    "spouse_last_name": _("Last name of the partner"),
    "spouse_email": _("E-mail of the partner"),
    "spouse_mobile": _("Mobile number of the partner"),
}
ON_SCREEN = {
    "language.missing": _("Enter the language: Dutch, French or English."),
    "language.unknown": _("Choose Dutch, French or English."),
}
"""Where a list must say dutch, french or english, what is chosen on a screen has the names of the reader's language."""
SET_WORDS = {
    (ChangeKind.EDIT, "clear"): _("Cell emptied"),
    (ChangeKind.SET, "clear"): _("Column emptied"),
    (ChangeKind.SET, "add_labels"): _("Labels added"),
    (ChangeKind.SET, "remove_labels"): _("Labels removed"),
    (ChangeKind.SET, "replace"): ChangeKind.REPLACE.label,
}


ELSEWHERE = {
    REPEATED: ("importing:repeated", _("Twice in the list")),
    IS_SPOUSE: ("importing:near", _("Near matches")),
    MISPLACED: ("importing:review", ""),
}
"""Problems that no value mends in all rows: a page of their own decides them, or the rows themselves ("")."""


def elsewhere(batch: Batch, code: str) -> dict[str, str]:
    """Give address and title of the page where a problem is decided, nothing where a value mends it."""
    if code not in ELSEWHERE:
        return {}
    name, title = ELSEWHERE[code]
    query = f"?bucket={Bucket.INVALID.value}&code={code}" if code == MISPLACED else ""
    return {"url": reverse(name, args=[batch.pk]) + query, "title": str(title)}


def header_of(key: str) -> str:
    """Give the header of a column in the reader's language."""
    if key in OTHER_HEADERS:
        return str(OTHER_HEADERS[key])
    return BY_KEY[key].headers[get_language() or "nl"]


def headers_of(keys: Iterable[str]) -> str:
    """Give the headers of columns in one line; columns that belong together have one."""
    return ", ".join(dict.fromkeys(header_of(group_of(key)) for key in keys))


def change_words(change: Change) -> str:
    """Say what was done in a review, to how many rows: "Suggestions accepted: Mobile Number, 214 rows"."""
    rows = (
        gettext("row %(number)s") % {"number": change.first_row}
        if change.rows == 1
        else ngettext("%(count)s row", "%(count)s rows", change.rows) % {"count": intcomma(change.rows)}
    )
    what, about = str(change.get_kind_display()), _about(change)
    if change.kind in (ChangeKind.SET, ChangeKind.EDIT) and change.code:
        action, _sep, value = change.code.partition(":")
        what = str(SET_WORDS.get((ChangeKind(change.kind), action), what))
        about = ([] if change.column == "labels" else about) + _value(change.column, action, value)
    return gettext("%(what)s: %(about)s") % {"what": what, "about": ", ".join([*about, rows])}


def _about(change: Change) -> list[str]:
    return [header_of(change.column)] if change.column in BY_KEY or change.column in OTHER_HEADERS else []


def _value(column: str, action: str, value: str) -> list[str]:
    """Give the value of a change in words, none where it has none to be said."""
    if action == "questionnaire":
        return [questionnaire_title(value)] if value else []
    words = str(Language(value).label) if column == "language" and value in Language.values else value
    return [words] if words else []


def questionnaire_title(key: str) -> str:
    """Give the title of a questionnaire in the reader's language; its key where there is no such one any more."""
    reader = get_language() or "nl"
    return next((each.title(reader) for each in available() if each.key == key), key)


def questionnaire_choices(batch: Batch) -> list[tuple[str, str]]:
    """Give what can be chosen for a row, as (key, title): "" for what goes for all rows of the batch."""
    by_rules = batch.questionnaire == BY_RULES
    for_all = gettext("By your office's rules") if by_rules else gettext("The one chosen for all")
    return [("", for_all), *((each.key, questionnaire_title(each.key)) for each in available())]


def questionnaire_of(text: str) -> str | None:
    """Give the key of a questionnaire for its key or for its title in any language, None where there is none."""
    wanted = text.strip().casefold()
    for each in available():
        if wanted in (each.key, *(each.title(language).casefold() for language in LANGUAGES)):
            return each.key
    return None


def masked_words() -> str:
    """Say that a mask was entered in the place of a national number."""
    return gettext("Enter all 11 digits: with stars (***) this is no number, but what the screen shows of one.")


def misplaced_words() -> str:
    """Say that a national number was entered where something else belongs."""
    return gettext("A registration number is kept in its own column only. Leave it out here.")


def over_words(count: int) -> str:
    """Say that pasted values found no cell on the page."""
    return ngettext(
        "%(count)s pasted value found no place on this page and was not put in; what fitted is saved.",
        "%(count)s pasted values found no place on this page and were not put in; what fitted is saved.",
        count,
    ) % {"count": intcomma(count)}


def masks_words(count: int) -> str:
    """Say that masks were put in the place of numbers, and that the numbers stay."""
    return ngettext(
        "%(count)s value was a national number with stars (***), as the screen shows it, and was not put in: what "
        "stood there stays. Type or paste the whole number.",
        "%(count)s values were national numbers with stars (***), as the screen shows them, and were not put in: what "
        "stood there stays. Type or paste the whole numbers.",
        count,
    ) % {"count": intcomma(count)}


def values_choices(key: str, office: Office) -> list[tuple[str, str]]:
    """Give what can be chosen for a column, as (value, words); none where anything can be typed."""
    if key == "language":
        return [(code, str(label)) for code, label in Language.choices if code in office.languages]
    if key == "responsible":
        return [(user.email, str(user)) for user in User.objects.filter(office=office, is_active=True)]
    return [(choice, choice) for choice in BY_KEY[key].choices] if key in BY_KEY else []


def sentence(finding: Finding, *, in_list: bool = False) -> str:
    """Give a finding as the sentence that says what is wrong and what to do: on the screen, or in the list itself."""
    if in_list:
        return describe(finding, gettext)
    if finding.code in ON_SCREEN:
        return str(ON_SCREEN[finding.code])
    if finding.code == "language.not_enabled":
        finding = finding._replace(detail=", ".join(str(Language(each).label) for each in finding.detail.split(", ")))
    return describe(finding, gettext)


def reason(problem: Finding, *, in_list: bool = False) -> str:
    """Give a problem as the reason of its row; where the sentence could be about any column, with the column's name."""
    names_no_column = problem.code.endswith((".too_long", ".date")) or problem.code.startswith(("cell.", MISPLACED))
    words = sentence(problem, in_list=in_list)
    # What is said of a partner's e-mail address is said of the customer's own in the same words.
    return f"{header_of(problem.column)}: {words}" if names_no_column or problem.column in SPOUSE else words


def _about_misplaced(suggestion: Finding) -> str:
    if suggestion.column in NUMBERS:
        return gettext("The number of this row stands in another column, and can move here.")
    return gettext("The number can move out of this cell into its own column.")


def said(finding: Finding, *, in_list: bool = False) -> str:
    """Give what a cell says of a finding: a sentence, or what became what."""
    if finding.kind == "repair":
        return gettext("Put right: %(before)s → %(after)s") % {"before": finding.before, "after": finding.after}
    if finding.kind == "suggestion" and finding.code == MISPLACED:
        return _about_misplaced(finding)
    if finding.kind == "suggestion":
        return gettext("Did you mean %(after)s?") % {"after": finding.after}
    return sentence(finding, in_list=in_list)
