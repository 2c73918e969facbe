"""What keeps the audit in order after migrations and from time to time."""

from datetime import timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django_q.models import Schedule

from accounton.offices.audit import chain, triggers
from accounton.offices.audit.records import record_without_office
from accounton.offices.models import AuditEntry, AuditHead, Office

HOURLY = "write the ends of the audit to the log"


class OfficeIsThere(Exception):
    """The entries of an office are kept for as long as it is there."""


def after_migrating(**_signal: Any) -> None:
    """Make the triggers, and chain the entries of a version before there were chains."""
    if _is_up_to_date():
        triggers.restore()
        chain.chain_all()


def take_away(office_id: int) -> int:
    """Delete the entries of an office that is gone, once their term is over; return how many. Raises OfficeIsThere.

    That, and how many they were, is recorded where it concerns no office.
    """
    if Office.objects.filter(pk=office_id).exists():
        raise OfficeIsThere(office_id)
    with transaction.atomic():
        with triggers.lifted():
            deleted = chain.all_entries().filter(office_id=office_id)._raw_delete(using=DEFAULT_DB_ALIAS)
            AuditHead.objects.filter(chain=office_id).delete()
        record_without_office("audit.taken_away", f"office:{office_id}", entries=deleted)
    return int(deleted)


def log_heads() -> None:
    """Write the ends of the chains that grew within an hour to the log."""
    chain.log_heads(timedelta(hours=1))


def log_heads_every_hour() -> None:
    """Have the queue write the ends of the chains to the log."""
    wanted = {
        "func": "accounton.offices.audit.upkeep.log_heads",
        "schedule_type": Schedule.HOURLY,
        "repeats": -1,
        "kwargs": "{'q_options': {'save': False}}",
    }
    if not Schedule.objects.filter(name=HOURLY, **wanted).exists():
        Schedule.objects.update_or_create(name=HOURLY, defaults=wanted)


def _is_up_to_date() -> bool:
    """Return whether the tables are those of the models: migrations can also end at an earlier one."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        if not {AuditEntry._meta.db_table, AuditHead._meta.db_table} <= there:
            return False
        found = connection.introspection.get_table_description(cursor, AuditEntry._meta.db_table)
    return {field.column for field in AuditEntry._meta.fields} <= {column.name for column in found}
