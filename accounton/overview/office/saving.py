"""Saving the settings of an office."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounton.offices.audit import record
from accounton.offices.colleagues.admins import NoLongerAdmin, admins_of
from accounton.offices.models import Office, User
from accounton.offices.turns import take_turn
from accounton.overview.office.languages import Uses, uses_of

FIELDS = ("name", "street", "postal_code", "city", "telephone", "languages", "list_language", "idle_minutes")


class ChangedMeanwhile(Exception):
    """A colleague saved these settings since the page was shown."""


class LanguagesInUse(Exception):
    """Languages that were taken out are still used: `uses` says how much, by language."""

    def __init__(self, uses: Mapping[str, Uses]) -> None:
        super().__init__("languages in use")
        self.uses = uses


def version_of(office: Office) -> str:
    """Return a mark of the settings as they are now, which a page sends back."""
    values = json.dumps([getattr(office, name) for name in FIELDS])
    return hashlib.sha256(values.encode()).hexdigest()[:16]


def save_office(office: Office, values: Mapping[str, Any], seen: str, by: User) -> list[str]:
    """Save the settings and record which; return the names of those that changed.

    Raises ChangedMeanwhile unless they are as `seen`, LanguagesInUse and NoLongerAdmin; nothing is saved then.
    """
    with transaction.atomic():
        now = take_turn(office.pk)
        if not admins_of(now).filter(pk=by.pk).exists():
            raise NoLongerAdmin
        if version_of(now) != seen:
            raise ChangedMeanwhile
        changed = [name for name in FIELDS if getattr(now, name) != values[name]]
        gone = [each for each in now.languages if each not in values["languages"]]
        if uses := {each: found for each in gone if any(found := uses_of(each))}:
            raise LanguagesInUse(uses)
        if changed:
            Office.objects.filter(pk=now.pk).update(**{name: values[name] for name in changed})
            record(by, "office.changed", f"office:{now.pk}", fields=changed)
    return changed
