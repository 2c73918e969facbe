"""Couples whom a workbook known as a whole links as partners: joint returns from the start, as one change with undo."""

from accounton.importing.all_couples import MergeAll
from accounton.importing.choosing import ReviewClosed
from accounton.importing.in_chunks import in_chunks
from accounton.importing.models import Batch, Bucket, Change, Proposal, Reason, StagedRow
from accounton.importing.pieces import step_by_step
from accounton.importing.proposals import open_proposals
from accounton.importing.remembering import decided_before, person_key, remembered
from accounton.importing.sealed_rows import opened


def join_linked(batch: Batch) -> Change | None:
    """Merge the couples of a list that was just read; those whom the office once left as two stay two.

    Couples of whom somebody names another partner stay open. Gives the change, None where there is nothing to merge.
    """
    linked = open_proposals(batch, (Reason.LINKED,)).filter(change=None)
    if not linked.exists():
        return None
    _leave_apart(batch, list(linked))
    try:
        return step_by_step(batch, batch.created_by, MergeAll(Reason.LINKED.value, first_time=True))
    except ReviewClosed:  # being added by now: they stay proposed
        return None


def _leave_apart(batch: Batch, proposals: list[Proposal]) -> None:
    known = {key: decision for key, decision in remembered().items() if key[1] is not None}
    if not known:
        return
    numbers = {number for each in proposals for number in (each.row, each.other)}
    persons: dict[int | None, bytes] = {}
    for rows in in_chunks(batch.rows.filter(bucket__in=Bucket.values)):
        persons.update((row.number, _key(row)) for row in rows if row.number in numbers)
    for each in proposals:
        person, other = persons.get(each.row), persons.get(each.other)
        if person is not None and other is not None:
            each.decision = decided_before(known, each.reason, person, other)
    Proposal.objects.bulk_update([each for each in proposals if each.decision], ["decision"], batch_size=400)


def _key(row: StagedRow) -> bytes:
    return person_key(opened(row).values, row.office_id)
