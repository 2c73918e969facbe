"""From a file to a review: the checked blocks of the child are matched and written down as staged rows."""

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounton.customers.keys import COLUMNS, everybody
from accounton.importing.braking import doubt_about
from accounton.importing.bulk import insert, learn
from accounton.importing.check_settings import rules_of
from accounton.importing.claims import Claims, settle_claims
from accounton.importing.comparing import compare
from accounton.importing.lengths import LONG
from accounton.importing.mapping_layouts import back_to_layout, keep_layout, wishes_of
from accounton.importing.models import (
    Aside,
    Batch,
    Difference,
    OnlyHere,
    Proposal,
    StagedContent,
    StagedRow,
    State,
    Upload,
)
from accounton.importing.noting_here import note_only_here
from accounton.importing.proposals import note_couples, note_linked
from accounton.importing.sealed_rows import add_findings
from accounton.importing.uncollected import uncollected
from accounton.importing.unread import interrupted
from accounton.offices.keys import sealer
from accounton.rows.findings import Finding
from accounton.rows.intake import LEFT_OUT, Block, Intake
from accounton.rows.looks import Looks
from accounton.rows.matching import NUMBER, ExistingKeys, Match, RowKeys
from accounton.rows.opening import Opened
from accounton.rows.reading import ColumnsUnsure
from accounton.rows.repeats import REPEATED
from accounton.spreadsheets.limits import Limits
from accounton.spreadsheets.problems import UnusableFile
from accounton.spreadsheets.weight import is_light

log = logging.getLogger(__name__)
# Some databases take no more than 999 values in one statement.
LATE_AT_ONCE = 500
UPLOAD_CONTEXT = b"upload:%d"
CERTAIN = ("", NUMBER)
FOUND_BY = ("office_id", "batch_id", "bucket", "number", "match_id")
STAGED_COLUMNS = (
    *("office_id", "batch_id", "number", "bucket", "selected", "revision", "search", "email", "name_key"),
    *("client_code", "language", "is_joint", "traits", "problems", "repaired", "number_hash", "spouse_hash"),
    *("match_id", "matched_by"),
)


class Looker(Protocol):
    """Who looks for near matches while rows are written down, as in `near`."""

    def take_customers(self, some: Sequence[tuple[Any, ...]]) -> None: ...
    def take(self, rows: Looks) -> None: ...
    def take_rows(self, rows: QuerySet[StagedRow]) -> None: ...
    def all_taken(self) -> None: ...
    def write_down(self) -> None: ...


class Nobody:
    """Nobody looks: it is done afterwards, or not at all."""

    def take_customers(self, some: Sequence[tuple[Any, ...]]) -> None: ...
    def take(self, rows: Looks) -> None: ...
    def take_rows(self, rows: QuerySet[StagedRow]) -> None: ...
    def all_taken(self) -> None: ...
    def write_down(self) -> None: ...


NOBODY = Nobody()


def limits() -> Limits:
    """Give the limits for uploads, as the settings have them."""
    return Limits(bytes=settings.MAX_UPLOAD_BYTES, **settings.LIST_LIMITS)


def keep_upload(batch: Batch, content: bytes) -> None:
    """Seal the file of a batch until it is read, and note its size and digest."""
    batch.file_size = len(content)
    batch.file_sha256 = hashlib.sha256(content).hexdigest()
    batch.save()
    Upload.objects.create(
        batch=batch, is_light=is_light(content), sealed=sealer().seal(content, UPLOAD_CONTEXT % batch.office_id)
    )


def content_of(upload: Upload) -> bytes:
    """Return the file that waits to be read."""
    return sealer().open(bytes(upload.sealed), UPLOAD_CONTEXT % upload.office_id)


def read_upload(batch: Batch, looker: Looker = NOBODY, renew: Callable[[], None] = lambda: None) -> None:
    """Stage the sealed file of a batch; afterwards the file is gone, whatever came of it.

    Only where somebody must match the columns first it is kept, sealed as before. `renew` as for `stage`.
    """
    upload = Upload.objects.filter(batch=batch).first()
    if upload is None:
        fail(batch, interrupted())
        return
    try:
        stage(batch, content_of(upload), looker=looker, renew=renew)
        brake(batch)
    except UnusableFile as error:
        renew()
        if upload.layout is None:
            fail(batch, error)
        else:  # another sheet or header row was tried: the file waits on
            _clear(batch, keep_upload=True)
            back_to_layout(batch, error)
    except ColumnsUnsure as unsure:
        keep_layout(batch, unsure.layout)


def brake(batch: Batch) -> None:
    """Note why a list that was just read may be the wrong one, so that it is asked about first."""
    batch.doubt = doubt_about(batch) or ""
    batch.save(update_fields=["doubt", "touched_at"])


def fail(batch: Batch, error: UnusableFile) -> None:
    """End a batch whose file cannot be used: nothing of it stays but the reason."""
    log.info("batch %s failed: %s", batch.pk, error.code)
    with transaction.atomic():
        _clear(batch)
        batch.state = State.FAILED
        batch.problem = error.as_message()
        batch.save()


@uncollected()
def stage(
    batch: Batch,
    file: Path | bytes | Opened,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
    looker: Looker = NOBODY,
    renew: Callable[[], None] = lambda: None,
) -> None:
    """Read, check and match a file and write its rows down; the batch is then ready for review.

    `progress` hears after each block how many rows were read, and of how many; `looker` sees customers and rows as
    they come by; `renew` is called in each transaction, and raises where another process reads the file by now.
    Raises UnusableFile; what was written until then is cleared by `fail` or by deleting the batch. Raises ColumnsUnsure
    before anything is written, where the batch wishes that somebody be asked (`mapping`).
    """
    renew()
    _clear(batch, keep_upload=True)
    batch.state = State.READING
    batch.save()
    with _intake(batch, file, looks=looker is not NOBODY) as intake:
        existing = ExistingKeys(_known(looker))  # while the child takes the sheet in
        _note_head(batch, intake)
        claims = Claims({}, set())
        for block in intake:
            with transaction.atomic():
                renew()
                _write(batch, block, existing, looker, claims)
            progress(batch.rows_read, batch.rows_expected)
        _settle(batch, intake, claims, looker, renew)
    if batch.rows_read > LONG:
        learn(StagedRow, FOUND_BY)
    renew()
    compare(batch, batch.rows.all(), fresh=True)
    _finish(batch, renew)


def _settle(batch: Batch, intake: Intake, claims: Claims, looker: Looker, renew: Callable[[], None]) -> None:
    """Write down what can be said of rows only once all of them were read."""
    with transaction.atomic():
        renew()
        gone = settle_claims(batch, claims)
    _take_again(batch, gone, looker)
    looker.all_taken()
    renew()
    batch.rows_empty = intake.empty_rows
    batch.notices = [*batch.notices, *intake.notices]
    _note_late(batch, intake.late)
    note_couples(batch, intake.couples)
    note_linked(batch, intake.linked)


def _intake(batch: Batch, file: Path | bytes | Opened, *, looks: bool) -> Intake:
    keys, wishes, rules = settings.ENCRYPTION_KEYS, wishes_of(batch), rules_of(batch.office)
    return Intake(file, rules, limits(), keys=keys, office_id=batch.office_id, looks=looks, wishes=wishes)


def _known(looker: Looker) -> Iterator[tuple[Any, ...]]:
    """Give the keys of all customers; whoever looks sees them come by."""
    for some in everybody():
        looker.take_customers(some)
        for customer in some:
            yield customer[: len(COLUMNS)]


def _note_head(batch: Batch, intake: Intake) -> None:
    head = intake.head
    batch.sheet, batch.columns, batch.notices = head.sheet, head.columns, head.notices
    batch.rows_expected, batch.rows_read, batch.near_at, batch.near_attempts = head.rows_expected, 0, None, 0
    batch.save()


def _write(batch: Batch, block: Block, existing: ExistingKeys, looker: Looker, claims: Claims) -> None:
    if not block.numbers:  # only empty rows
        return
    new: set[int] = set()
    rows = _put_aside(batch, block) if block.held == LEFT_OUT else _staged(batch, block, existing, new, claims)
    insert(StagedRow, STAGED_COLUMNS, rows)
    if block.looks:
        looker.take(block.looks.only(new))
    # Held ones are few at once, and rows that stand below them are there already.
    these = {"number__in": block.numbers} if block.held else {"number__gte": block.numbers[0]}
    office_id, written = batch.office_id, batch.rows.filter(**these).order_by("number")
    ids = list(written.values_list("id", flat=True))
    contents = ((office_id, row_id, sealed) for row_id, sealed in zip(ids, block.sealed, strict=True))
    insert(StagedContent, ("office_id", "row_id", "sealed"), contents)
    batch.rows_read += len(block.numbers)
    batch.save(update_fields=["rows_read", "touched_at"])


def _staged(
    batch: Batch, block: Block, existing: ExistingKeys, new: set[int], claims: Claims
) -> Iterator[tuple[Any, ...]]:
    """Give a block's rows as they are staged; the numbers of those who are nobody who is here are put into `new`."""
    office_id, batch_id, match = batch.office_id, batch.pk, existing.match
    for row in block.rows():
        number, search, email, name_key, code, language, joint, traits, problems, repaired, own, spouse, _ = row
        found: Match = match(RowKeys(not problems, own, spouse, code, email, name_key))
        if found.problem:
            problems = f"{problems},{found.problem}" if problems else found.problem
        if REPEATED not in problems:
            if found.customer_id is None:
                new.add(number)
            if found.candidates or found.matched_by not in CERTAIN:
                claims.note(number, found)
        yield (
            *(office_id, batch_id, number, found.bucket, True, 0, search, email, name_key),
            *(code, language, joint, traits, problems, repaired, own, spouse, found.customer_id, found.matched_by),
        )


def _take_again(batch: Batch, gone: list[int], looker: Looker) -> None:
    """Have rows looked at that are nobody for certain: these may look like others who are here, too."""
    for start in range(0, len(gone), LATE_AT_ONCE):
        looker.take_rows(batch.rows.filter(number__in=gone[start : start + LATE_AT_ONCE]))


def _put_aside(batch: Batch, block: Block) -> Iterator[tuple[Any, ...]]:
    """Give rows that were left out while reading: they are nobody, and nobody finds them by their numbers."""
    aside = (batch.office_id, batch.pk)
    for number, search, email, name_key, code, language, joint, traits, _problems, repaired, *_ in block.rows():
        yield (
            *(*aside, number, Aside.LEFT_OUT, False, 0, search, email, name_key),
            *(code, language, joint, traits, "", repaired, None, None, None, ""),
        )


def _note_late(batch: Batch, late: list[tuple[int, Finding]]) -> None:
    """Add what was found about a row only after it had been written, such as a partner who follows on a later row."""
    by_number: dict[int, list[Finding]] = {}
    for number, finding in late:
        by_number.setdefault(number, []).append(finding)
    numbers = sorted(by_number)
    for start in range(0, len(numbers), LATE_AT_ONCE):
        with transaction.atomic():
            for row in batch.rows.filter(number__in=numbers[start : start + LATE_AT_ONCE]).select_related("content"):
                add_findings(row, by_number[row.number])


def _finish(batch: Batch, renew: Callable[[], None]) -> None:
    note_only_here(batch)
    with transaction.atomic():
        renew()
        Upload.objects.filter(batch=batch).delete()
        batch.state, batch.attempts, batch.doubt, batch.problem = State.REVIEW, 0, "", {}
        batch.save()


def _clear(batch: Batch, *, keep_upload: bool = False) -> None:
    # Raw deletes: a hundred thousand rows must not be loaded to be thrown away, and nothing hangs on them yet.
    contents = StagedContent.objects.filter(row__batch=batch)
    contents._raw_delete(contents.db)
    for model in (Difference, StagedRow, OnlyHere, Proposal):
        rows = model.objects.filter(batch=batch)
        rows._raw_delete(rows.db)
    if not keep_upload:
        Upload.objects.filter(batch=batch).delete()
