"""All that is recorded, in one place: each action with its kind and its sentence on the page of the log.

A sentence may name who did it (who), on what (subject), and how many (count). A test holds that every action in the
code stands here.
"""

from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What an action is about: the choices of a filter."""

    SIGN_IN = "sign_in", _("Signing in")
    NUMBERS = "numbers", _("National numbers")
    CUSTOMERS = "customers", _("Customers")
    IMPORTS = "imports", _("Imports")
    DOWNLOADS = "downloads", _("Downloads")
    COLLEAGUES = "colleagues", _("Colleagues")
    SETTINGS = "settings", _("Settings")


class Action(NamedTuple):
    kind: Kind
    sentence: str | Promise


ACTIONS: dict[str, Action] = {
    "signed_in": Action(Kind.SIGN_IN, _("%(who)s signed in")),
    "signed_out": Action(Kind.SIGN_IN, _("%(who)s signed out")),
    "password.wrong": Action(Kind.SIGN_IN, _("A wrong password was given for %(subject)s")),
    "password.refused": Action(Kind.SIGN_IN, _("Too many wrong passwords for %(subject)s: the next tries had to wait")),
    "code.wrong": Action(Kind.SIGN_IN, _("A wrong code of the second factor was given for %(subject)s")),
    "code.refused": Action(Kind.SIGN_IN, _("Too many wrong codes for %(subject)s: the next tries had to wait")),
    "password_reset.wrong": Action(Kind.SIGN_IN, _("A new password was asked for: %(subject)s")),
    "password_reset.refused": Action(Kind.SIGN_IN, _("A new password was asked for too often: %(subject)s")),
    "password_reset.mailed": Action(Kind.SIGN_IN, _("A link to choose a new password was mailed to %(subject)s")),
    "password.first": Action(Kind.SIGN_IN, _("%(who)s chose the first password")),
    "password.reset": Action(Kind.SIGN_IN, _("%(who)s chose a new password by the link in a mail")),
    "password.changed": Action(Kind.SIGN_IN, _("%(who)s changed the password")),
    "second_factor.added": Action(Kind.SIGN_IN, _("%(who)s added a second factor")),
    "second_factor.removed": Action(Kind.SIGN_IN, _("%(who)s removed a second factor")),
    "recovery_codes.made": Action(Kind.SIGN_IN, _("%(who)s made new recovery codes")),
    "sessions.ended": Action(Kind.SIGN_IN, _("%(who)s signed out everywhere else")),
    "session.ended": Action(Kind.SIGN_IN, _("%(who)s ended a session on another device")),
    "account.changed": Action(Kind.SIGN_IN, _("%(who)s changed the own account")),
    "number.revealed": Action(Kind.NUMBERS, _("%(who)s looked at the national number of %(subject)s")),
    "reveals.stopped": Action(Kind.NUMBERS, _("%(subject)s reached the limit of national numbers for one day")),
    "reveals.lifted": Action(Kind.NUMBERS, _("%(who)s allowed %(subject)s to see more national numbers")),
    "customer.added": Action(Kind.CUSTOMERS, _("%(who)s added %(subject)s by hand")),
    "customer.edited": Action(Kind.CUSTOMERS, _("%(who)s changed %(subject)s")),
    "customer.archived": Action(Kind.CUSTOMERS, _("%(who)s archived %(subject)s")),
    "customer.brought_back": Action(Kind.CUSTOMERS, _("%(who)s brought %(subject)s back from the archive")),
    "file.taken_out": Action(Kind.CUSTOMERS, _("%(who)s took %(subject)s out of the task flow")),
    "file.put_back": Action(Kind.CUSTOMERS, _("%(who)s put %(subject)s back into the task flow")),
    "customers.handed_over": Action(Kind.CUSTOMERS, _("%(who)s handed customers of %(subject)s over: %(count)s")),
    "customers.handed_back": Action(Kind.CUSTOMERS, _("%(who)s gave customers back to %(subject)s: %(count)s")),
    "import.uploaded": Action(Kind.IMPORTS, _("%(who)s uploaded %(subject)s")),
    "import.discarded": Action(Kind.IMPORTS, _("%(who)s threw away %(subject)s")),
    "import.added": Action(Kind.IMPORTS, _("%(who)s added customers of %(subject)s: %(count)s")),
    "import.undone": Action(Kind.IMPORTS, _("%(who)s undid %(subject)s")),
    "import.finished": Action(Kind.IMPORTS, _("%(who)s ended the review of %(subject)s; rows left out: %(count)s")),
    "import.reopened": Action(Kind.IMPORTS, _("%(who)s opened the review of %(subject)s again")),
    "import.errors_downloaded": Action(
        Kind.DOWNLOADS, _("%(who)s downloaded what is wrong in %(subject)s; rows: %(count)s")
    ),
    "import.review_downloaded": Action(
        Kind.DOWNLOADS, _("%(who)s downloaded the review of %(subject)s; rows: %(count)s")
    ),
    "audit.downloaded": Action(Kind.DOWNLOADS, _("%(who)s downloaded the log; entries: %(count)s")),
    "colleague.invited": Action(Kind.COLLEAGUES, _("%(who)s invited %(subject)s")),
    "colleague.invited_again": Action(Kind.COLLEAGUES, _("%(who)s invited %(subject)s again")),
    "colleague.invitation_withdrawn": Action(Kind.COLLEAGUES, _("%(who)s withdrew the invitation of %(subject)s")),
    "colleague.role_changed": Action(Kind.COLLEAGUES, _("%(who)s changed the role of %(subject)s")),
    "colleague.closed": Action(Kind.COLLEAGUES, _("%(who)s deactivated %(subject)s")),
    "colleague.reopened": Action(Kind.COLLEAGUES, _("%(who)s activated %(subject)s again")),
    "colleague.signed_out": Action(Kind.COLLEAGUES, _("%(who)s ended the sessions of %(subject)s")),
    "colleague.second_factor_reset": Action(Kind.COLLEAGUES, _("%(who)s removed the second factors of %(subject)s")),
    "colleague.password_link": Action(Kind.COLLEAGUES, _("%(who)s had a link for a new password made for %(subject)s")),
    "colleague.link_shown": Action(
        Kind.COLLEAGUES, _("%(who)s was shown the link of %(subject)s, for want of a mail server")
    ),
    "office.created": Action(Kind.SETTINGS, _("%(subject)s was created")),
    "office.changed": Action(Kind.SETTINGS, _("%(who)s changed the settings of the office")),
    "rules.added": Action(Kind.SETTINGS, _("%(who)s added %(subject)s")),
    "rules.changed": Action(Kind.SETTINGS, _("%(who)s changed %(subject)s")),
    "rules.moved": Action(Kind.SETTINGS, _("%(who)s moved %(subject)s")),
    "rules.deleted": Action(Kind.SETTINGS, _("%(who)s deleted %(subject)s")),
    "rules.rest": Action(Kind.SETTINGS, _("%(who)s chose the questionnaire of customers whom no rule fits")),
    "audit.begun": Action(Kind.SETTINGS, _("The log of %(subject)s was begun")),
    "audit.taken_away": Action(Kind.SETTINGS, _("The log of %(subject)s was taken away")),
}


def actions_of(kind: str) -> list[str]:
    """Return the names of the actions of a kind."""
    return [name for name, action in ACTIONS.items() if action.kind == kind]
