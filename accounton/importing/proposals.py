"""What there is to decide about the rows of a review: couples, near matches. Kept true while rows change."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounton.importing.bulk import insert
from accounton.importing.models import (
    HOLDING,
    Aside,
    Batch,
    Change,
    Decision,
    Proposal,
    Reason,
    StagedRow,
    State,
    made_of_row,
)
from accounton.offices.models import User
from accounton.rows.findings import Finding
from accounton.rows.repeats import PARTNER

COLUMNS = ("office_id", "batch_id", "reason", "row", "other", "customer_id", "change_id", "decision_id")
AT_ONCE = 400
UNSETTLED = Q(decision=None) & (Q(change=None) | Q(change__undone_at__isnull=False))


def open_proposals(batch: Batch, reasons: Sequence[str]) -> QuerySet[Proposal]:
    """Give what is still to be decided, in the order of the file: its rows are neither added nor put aside."""
    aside = Q(bucket__in=Aside.values)
    # While nobody was added, that is not asked of every row.
    is_gone = aside | made_of_row() if batch.added or batch.state == State.APPLYING else aside
    gone = StagedRow.objects.filter(is_gone, batch=batch)
    found: QuerySet[Proposal] = Proposal.objects.filter(UNSETTLED, batch=batch, reason__in=reasons)
    # Asked for one by one: for either of two numbers SQLite would pass over all rows of the batch.
    for name in ("row", "other"):
        found = found.filter(~Exists(gone.filter(number=OuterRef(name))))
    return found.order_by("row", "id")


def held_rows(batch: Batch) -> QuerySet[Proposal, int | None]:
    """Give the sheet rows about which there is something to decide before they are added: of a couple both."""
    held = open_proposals(batch, HOLDING).order_by()
    others = held.filter(other__isnull=False)
    return held.values_list("row", flat=True).union(others.values_list("other", flat=True))


def counts(batch: Batch) -> dict[str, int]:
    """Give how many proposals of each reason are open."""
    found = open_proposals(batch, Reason.values).order_by().values_list("reason").annotate(Count("id"))
    return dict(found)


def note_couples(batch: Batch, couples: Iterable[tuple[int, int]]) -> None:
    """Write down couples on two rows: the row that names the partner, and the partner's. Each couple once."""
    noted: dict[frozenset[int], tuple[int, int]] = {}
    for row, partner in couples:
        noted.setdefault(frozenset((row, partner)), (row, partner))
    write_down(batch, ((Reason.COUPLE, row, partner, None, None) for row, partner in noted.values()))


def note_linked(batch: Batch, couples: Iterable[tuple[int, int]]) -> None:
    """Write down couples whom the file itself names as such: the row of the main declarant, and the partner's."""
    write_down(batch, ((Reason.LINKED, row, partner, None, None) for row, partner in couples))


def write_down(batch: Batch, found: Iterable[tuple[str, int, int | None, int | None, int | None]]) -> None:
    """Insert proposals: reason, row, other row, customer, and the remembered decision that settles it."""
    with transaction.atomic():
        insert(
            Proposal,
            COLUMNS,
            (
                (batch.office_id, batch.pk, str(reason), row, other, customer, None, decision)
                for reason, row, other, customer, decision in found
            ),
        )


def renew_couples(batch: Batch, findings: Mapping[int, Sequence[Finding]]) -> None:
    """Bring the couples of rows up to what is found about them now, by sheet row."""
    wanted = {
        (int(finding.detail), number)
        for number, found in findings.items()
        for finding in found
        if finding.code == PARTNER
    }
    couples = Proposal.objects.filter(batch=batch, reason=Reason.COUPLE)
    known: set[tuple[int, int | None]] = set()
    gone = []
    numbers = sorted(findings)
    for start in range(0, len(numbers), AT_ONCE):
        some = numbers[start : start + AT_ONCE]
        for proposal in couples.filter(Q(other__in=some) | Q(row__in=some)):
            pair = (proposal.row, proposal.other)
            if proposal.other in findings and pair not in wanted:
                gone.append(proposal.pk)
            else:
                known |= {pair, (proposal.other or 0, proposal.row)}
    for start in range(0, len(gone), AT_ONCE):
        couples.filter(pk__in=gone[start : start + AT_ONCE]).delete()
    if new := wanted - known:
        note_couples(batch, sorted(new))


def settle(change: Change, proposals: Iterable[int]) -> None:
    """Say that a change settles these proposals, by id."""
    ids = sorted(proposals)
    for start in range(0, len(ids), AT_ONCE):
        Proposal.objects.filter(pk__in=ids[start : start + AT_ONCE]).update(change=change)


def forget(change: Change, user: User | None) -> None:
    """Revoke what was decided by a change that is undone."""
    Decision.objects.filter(change=change, revoked_at=None).update(revoked_at=timezone.now(), revoked_by=user)
