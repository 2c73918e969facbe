"""Writing entries. They are chained right after the transaction that they belong to is committed (chain.py)."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from accounton.offices.audit.chain import NO_OFFICE, all_entries, chain_after_commit
from accounton.offices.audit.hashes import own_hash
from accounton.offices.models import AuditEntry, User
from accounton.offices.scoping import active_office_id

_IDENTIFIER = re.compile(r"[\w.:/-]{0,100}", re.ASCII)
# As long as a national number; a hash in hexadecimal may hold as many digits in a row.
_LONG_NUMBER = re.compile(r"(?<![0-9a-f])\d{11}(?![0-9a-f])", re.IGNORECASE)

_SEPARATORS = re.compile(r"[./-]")


class NotAnIdentifier(ValueError):
    """Something was about to be recorded that could be personal: only ids, keys, counts and yes or no are."""


def record(user: User | None, action: str, subject: str, **details: Any) -> AuditEntry:
    """Write down that `user` did `action` on `subject` ("customer:12"). Raises NotAnIdentifier.

    `details` are ids, keys, counts, yes or no, and lists of these: never what somebody is called or typed.
    """
    return _write(active_office_id(), user, action, [subject], details)[0]


def record_all(user: User | None, action: str, subjects: Iterable[str], **details: Any) -> None:
    """Write down that `user` did the same on each of `subjects`, as record() does for one."""
    _write(active_office_id(), user, action, subjects, details)


def record_without_office(action: str, subject: str, **details: Any) -> AuditEntry:
    """Write down what concerns no office, such as a try with an address that nobody has: never with the address."""
    return _write(NO_OFFICE, None, action, [subject], details)[0]


def _write(
    office_id: int, user: User | None, action: str, subjects: Iterable[str], details: Mapping[str, Any]
) -> list[AuditEntry]:
    for value in (action, *details.values()):
        _check(value)
    now, user_id = timezone.now(), user.pk if user else None
    entries = []
    for subject in subjects:
        _check(subject)
        own = own_hash((office_id, now, user_id, action, subject, dict(details)))
        entry = AuditEntry(office_id=office_id, at=now, action=action, subject=subject, details=dict(details))
        entry.user_id, entry.own_hash = user_id, own
        entries.append(entry)
    if entries:
        # Not through the fence: entries without an office pass here too, and the office was asked for above.
        all_entries().bulk_create(entries)
        chain_after_commit(office_id)
    return entries


def _check(value: object) -> None:
    if isinstance(value, (list, tuple)):
        for each in value:
            _check(each)
    elif isinstance(value, str):
        if not _IDENTIFIER.fullmatch(value) or _LONG_NUMBER.search(_SEPARATORS.sub("", value)):
            raise NotAnIdentifier("a text that is no identifier")
    elif not isinstance(value, (bool, int, type(None))):
        raise NotAnIdentifier(f"a {type(value).__name__}")
