"""Matching rows once more, just before they are added, with what changed since they were staged."""

from collections.abc import Sequence

from django.db.models import Q

from accounton.customers.keys import existing_keys
from accounton.importing.claims import Claims, ask, claims_about, contested, refusals, without
from accounton.importing.models import Batch, StagedRow
from accounton.importing.outdated_matches import claiming, match_again
from accounton.importing.rematching import SAID_AT_MOST, Candidate
from accounton.rows.matching import NEW, NUMBER, Match


def still_new(batch: Batch, rows: Sequence[Candidate], others: Sequence[Q]) -> list[Candidate]:
    """Give the rows that are as the reviewer saw them and still nobody's; the others are moved and noted.

    `others` are the customers of anybody but this batch's own rows (made_elsewhere): those were told apart when the
    file was read.

    A row changed after the revision that the reviewer saw is deselected; a row that is known by now goes to its bucket.
    """
    seen = batch.result["revision"]
    changed = existing_keys(kinds=others, changed_since=batch.created_at)
    refused = refusals(claims_about(batch, {row.number for row in rows}, ())) if changed else ()
    new = []
    claims = Claims({}, set())
    for row in rows:
        match = without(refused, row.number, changed.match(row.keys)) if changed else NEW
        if match == NEW and row.revision <= seen:
            new.append(row)
            continue
        _leave_out(batch, row, match)
        if match.matched_by != NUMBER:
            claims.note(row.number, match)
    _match_one_to_one(batch, claims)
    return new


def _match_one_to_one(batch: Batch, claims: Claims) -> None:
    """Ask about rows that are somebody by now, but not for certain, or not they alone."""
    ask(batch, ((row, customer) for row, found in claims.candidates.items() for customer in found))
    if several := contested(batch, claims.weakly) if claims.weakly else ():
        match_again(batch, claiming(batch, several))


def _leave_out(batch: Batch, row: Candidate, match: Match) -> None:
    problems = ",".join(filter(None, [row.problems, match.problem]))
    StagedRow.objects.filter(pk=row.id).update(
        bucket=match.bucket, match=match.customer_id, matched_by=match.matched_by, problems=problems, selected=False
    )
    if len(batch.result["moved"]) < SAID_AT_MOST:
        batch.result["moved"].append(row.number)
