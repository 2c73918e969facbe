"""Whether the audit is as it was written: each fault of a chain in one line, read in a stream."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Min, OuterRef, Subquery
from django.utils import timezone

from accounton.offices.audit.chain import NO_OFFICE, all_entries
from accounton.offices.audit.hashes import chain_hash, head_hash, is_own_hash, start_hash
from accounton.offices.models import AuditHead, Office

MOST = 20
"""So many faults of a chain are named; the others are counted."""
LATE = timedelta(minutes=10)
_COLUMNS = ("position", "pk", "at", "user_id", "action", "subject", "details", "own_hash", "chain_hash")


def faults() -> Iterator[str]:
    """Yield a line for each fault in the audit of all offices, those that are gone included."""
    heads = {head.chain: head for head in AuditHead.objects.all()}
    names = dict(Office.objects.values_list("pk", "slug"))
    chains = set(all_entries().order_by().values_list("office_id", flat=True).distinct()) | set(heads) | _begun()
    if chains - {NO_OFFICE}:
        chains.add(NO_OFFICE)
    for chain in sorted(chains):
        name = "no office" if chain == NO_OFFICE else names.get(chain, f"office {chain}, which is gone")
        for number, line in enumerate(_faults_of(chain, heads.get(chain))):
            if number == MOST:
                yield f"audit of {name}: more faults than these {MOST}"
                break
            yield f"audit of {name}: {line}"


def _begun() -> set[int]:
    """Return the offices whose chain was begun, as the chain of no office says, except those taken away since."""
    said = all_entries().filter(office_id=NO_OFFICE, action__in=("audit.begun", "audit.taken_away")).order_by("pk")
    last = dict(said.values_list("subject", "action"))
    return {int(subject.partition(":")[2]) for subject, action in last.items() if action == "audit.begun"}


def _faults_of(chain: int, head: AuditHead | None) -> Iterator[str]:
    if head is not None:
        yield from _links(chain, head)
        yield from _behind(chain)
    elif linked := all_entries().filter(office_id=chain, position__isnull=False).count():
        yield f"the end of the chain is gone: whether there were more than these {linked} entries, nothing says"
    elif not all_entries().filter(office_id=chain).exists() and (chain == NO_OFFICE or chain in _begun()):
        yield "the chain is gone"
    yield from _waiting(chain)


def _links(chain: int, head: AuditHead) -> Iterator[str]:
    """Follow a chain up to its head as it was when this began: what is linked meanwhile comes after it."""
    position, last = 0, start_hash(chain)
    linked = all_entries().filter(office_id=chain, position__lte=head.position).order_by("position")
    for here, pk, at, user_id, action, subject, details, own, link in linked.values_list(*_COLUMNS).iterator(5_000):
        own_bytes, link_bytes = bytes(own), bytes(link or b"")
        if not is_own_hash(own_bytes, (chain, at, user_id, action, subject, details)):
            yield f"entry {pk} ({action}) was changed after it was written, or not written by Accounton"
        if here != position + 1:
            yield f"{_gone(position + 1, here - 1)}, before entry {pk}"
        elif link_bytes != chain_hash(last, here, pk, own_bytes):
            yield f"entry {pk} does not follow on the one before it: put in, moved, or another one taken out"
        position, last = here, link_bytes
    if position != head.position:
        yield f"{_gone(position + 1, head.position)}, at its end"
    elif last != bytes(head.chain_hash):
        yield f"the end of the chain is not entry {position} as it was"
    if bytes(head.head_hash) != head_hash(chain, head.position, bytes(head.chain_hash)):
        yield "the end of the chain was not written by Accounton: entries may have been cut off"


def _behind(chain: int) -> Iterator[str]:
    # In one question with the head: what is linked meanwhile moves both.
    end = Subquery(AuditHead.objects.filter(chain=OuterRef("office_id")).values("position"))
    behind = (
        all_entries().filter(office_id=chain, position__isnull=False).annotate(end=end).filter(position__gt=F("end"))
    )
    if count := behind.count():
        yield f"{count} entries stand behind the end of the chain: it was set back, or they were put in"


def _waiting(chain: int) -> Iterator[str]:
    waiting = all_entries().filter(office_id=chain, position=None)
    forged = 0
    for pk, at, user_id, action, subject, details, own in waiting.values_list(
        "pk", "at", "user_id", "action", "subject", "details", "own_hash"
    ).iterator(5_000):
        if not is_own_hash(bytes(own), (chain, at, user_id, action, subject, details)):
            forged += 1
            yield f"entry {pk} ({action}) was changed after it was written, or not written by Accounton"
    found: dict[str, Any] = waiting.aggregate(count=Count("pk"), since=Min("at"))
    since: datetime | None = found["since"]
    if since is not None and since < timezone.now() - LATE:
        yield f"{found['count']} entries wait to be chained since {since:%Y-%m-%d %H:%M} UTC: does the worker run?"


def _gone(first: int, last: int) -> str:
    return f"{last - first + 1} entries of the chain are gone ({first} to {last})"
