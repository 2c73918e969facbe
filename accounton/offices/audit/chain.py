"""Chaining entries: a short transaction of its own after the one that wrote them, and a sweep for what was left.

So a long import holds no lock that others wait for, and two of them can neither deadlock nor fork a chain: the row of
the chain's head is all that chaining locks, and nothing else locks that (decision 037).
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounton.offices.audit.hashes import chain_hash, head_hash, start_hash
from accounton.offices.models import AuditEntry, AuditHead

log = logging.getLogger(__name__)
NO_OFFICE = 0
"""The chain of what concerns no office."""
AT_ONCE = 5_000
SOON_MS = 250
"""So long a request waits for SQLite's one write lock in order to chain; then the sweep does it."""


class _Chaining(partial[None]):
    """What runs after a commit; known by its class, so that one transaction chains an office once."""


def all_entries() -> "QuerySet[AuditEntry]":
    """Return the entries of every office and of none: chaining and checking pass the fence."""
    return QuerySet(AuditEntry)


def chain_after_commit(chain: int) -> None:
    """Have the entries of a chain linked once the transaction is committed, once for however many there are."""
    waiting = (each[1] for each in connection.run_on_commit)
    if not any(isinstance(each, _Chaining) and each.args == (chain,) for each in waiting):
        transaction.on_commit(_Chaining(_chain_soon, chain))


def chain_all() -> int:
    """Link what waits in every chain; return how many entries were linked."""
    found = 0
    for chain in waiting_chains():
        while linked := chain_entries(chain):
            found += linked
    return found


def waiting_chains() -> list[int]:
    """Return the chains in which entries wait to be linked."""
    waiting = all_entries().filter(position=None).order_by("office_id")
    return list(waiting.values_list("office_id", flat=True).distinct())


def chain_entries(chain: int) -> int:
    """Link the next entries of a chain, in the order of their ids; return how many, 0 where another process does."""
    with transaction.atomic():
        head = _locked_head(chain)
        if head is None:
            return 0
        waiting = all_entries().filter(office_id=chain, position=None).order_by("pk")
        links = []
        for entry_id, own in waiting.values_list("pk", "own_hash")[:AT_ONCE]:
            head.position += 1
            head.chain_hash = chain_hash(bytes(head.chain_hash), head.position, entry_id, bytes(own))
            links.append((head.position, head.chain_hash, entry_id))
        if links:
            _write(links)
            head.head_hash = head_hash(chain, head.position, bytes(head.chain_hash))
            head.at = timezone.now()
            head.save()
    return len(links)


def log_heads(since: timedelta) -> None:
    """Write the ends of the chains that grew to the log: a copy outside the database shows it when it is set back."""
    for head in AuditHead.objects.filter(at__gte=timezone.now() - since).order_by("chain"):
        log.info("audit of office %s: %s entries, head %s", head.chain, head.position, bytes(head.head_hash).hex())


def _chain_soon(chain: int) -> None:
    try:
        with _little_patience():
            chain_entries(chain)
    except DatabaseError as error:
        # What was done is committed; the sweep links it within a minute.
        log.info("audit entries wait to be chained: %s", type(error).__name__)


def _locked_head(chain: int) -> AuditHead | None:
    """Lock the head of a chain, made where there is none yet. Return None where another process has it locked."""
    heads = AuditHead.objects.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
    head = heads.filter(chain=chain).first()
    if head is not None or AuditHead.objects.filter(chain=chain).exists():
        return head
    last = start_hash(chain)
    made: AuditHead
    made, is_new = AuditHead.objects.get_or_create(
        chain=chain, defaults={"chain_hash": last, "head_hash": head_hash(chain, 0, last)}
    )
    if is_new and chain != NO_OFFICE:
        from accounton.offices.audit.records import record_without_office  # noqa: PLC0415 - it asks for chaining

        # So that doctor misses a chain that is gone as a whole.
        record_without_office("audit.begun", f"office:{chain}")
    return made if is_new else None


def _write(links: list[tuple[int, bytes, int]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE offices_auditentry SET position = %s, chain_hash = %s WHERE id = %s AND position IS NULL", links
        )


@contextmanager
def _little_patience() -> Iterator[None]:
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {SOON_MS}")
    try:
        yield
    finally:
        patience = int(float(connection.settings_dict["OPTIONS"].get("timeout", 5)) * 1000)
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {patience}")
