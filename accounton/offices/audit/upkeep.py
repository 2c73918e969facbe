"""What keeps the audit in order after migrations and from time to time."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django_q.models import Schedule

from accounton.offices.audit import chain, triggers
from accounton.offices.models import AuditEntry, AuditHead

HOURLY = "write the ends of the audit to the log"


def after_migrating(**_signal: Any) -> None:
    """Make the triggers, and chain the entries of a version before there were chains."""
    if _is_up_to_date():
        triggers.restore()
        chain.chain_all()


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
