"""The record of what must be traceable."""

from collections.abc import Iterable
from typing import Any

from accounton.offices.models import AuditEntry, User


def record(user: User | None, action: str, subject: str, **details: Any) -> AuditEntry:
    """Write down that `user` did `action` on `subject` ("customer:12"); details never hold personal data."""
    entry: AuditEntry = AuditEntry.objects.create(user=user, action=action, subject=subject, details=details)
    return entry


def record_all(user: User | None, action: str, subjects: Iterable[str], **details: Any) -> None:
    """Write down that `user` did the same on each of `subjects`, as record() does for one."""
    AuditEntry.objects.bulk_create(
        AuditEntry(user=user, action=action, subject=subject, details=details) for subject in subjects
    )
