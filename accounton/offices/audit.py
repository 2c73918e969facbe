"""The record of what must be traceable."""

from typing import Any

from accounton.offices.models import AuditEntry, User


def record(user: User | None, action: str, subject: str, **details: Any) -> AuditEntry:
    """Write down that `user` did `action` on `subject` ("customer:12"); details never hold personal data."""
    entry: AuditEntry = AuditEntry.objects.create(user=user, action=action, subject=subject, details=details)
    return entry
