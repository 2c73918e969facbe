"""Workbooks of a review handed out: small ones at once, large ones made in the background and kept sealed for a day."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

from django.utils import timezone, translation

from accounton.importing.error_workbook import write_errors
from accounton.importing.models import Batch, Bucket, MadeWorkbook, WorkbookKind
from accounton.importing.review_workbook import write_review
from accounton.offices.audit import record
from accounton.offices.keys import sealer
from accounton.offices.models import User

KEPT = timedelta(days=1)
ATTEMPTS = 3
CONTEXT = b"workbook:%d"
Passed = Callable[[int], None]
"""Hears how many rows were written until now."""
WRITERS: dict[str, Callable[[BytesIO, Batch, Passed], None]] = {
    WorkbookKind.ERRORS: write_errors,
    WorkbookKind.REVIEW: write_review,
}


class Stopped(Exception):
    """Nobody wants the workbook any more that is being made."""


def rows_of(batch: Batch, kind: str) -> int:
    """Give how many rows a workbook will have."""
    rows = batch.rows.filter(bucket=Bucket.INVALID) if kind == WorkbookKind.ERRORS else batch.rows.all()
    return rows.count()


def written(batch: Batch, kind: str, passed: Passed = lambda _done: None) -> bytes:
    """Give a workbook (.xlsx) of a review in the language that is active."""
    target = BytesIO()
    WRITERS[kind](target, batch, passed)
    return target.getvalue()


def handed_out(batch: Batch, user: User | None, kind: str) -> bytes:
    """Give a workbook at once, and record who got it."""
    content = written(batch, kind)
    note(batch, user, kind)
    return content


def note(batch: Batch, user: User | None, kind: str) -> None:
    """Record who got a workbook."""
    record(user, f"import.{kind}_downloaded", f"batch:{batch.pk}", rows=rows_of(batch, kind))


def version_of(batch: Batch) -> str:
    """Give what changes whenever a review does."""
    return f"{batch.revision} {batch.touched_at.isoformat()}"


def ask(batch: Batch, user: User, kind: str, language: str) -> tuple[MadeWorkbook, bool]:
    """Give the workbook that was asked for, and whether it must be made yet: once for each state of the review."""
    wanted = {"version": version_of(batch), "language": language}
    mine = MadeWorkbook.objects.filter(batch=batch, kind=kind, asked_by=user)
    mine.exclude(**wanted).delete()
    mine.filter(sealed=None, attempts__gt=ATTEMPTS).delete()
    # Not created outright: of two clicks that come at once the second finds what the first asked for.
    made: tuple[MadeWorkbook, bool] = mine.defer("sealed").get_or_create(
        batch=batch, kind=kind, asked_by=user, defaults={**wanted, "rows": rows_of(batch, kind)}
    )
    return made


def is_ready(made: MadeWorkbook) -> bool:
    """Say whether a workbook can be fetched."""
    return bool(MadeWorkbook.objects.filter(pk=made.pk, sealed__isnull=False).exists())


def is_given_up(made: MadeWorkbook) -> bool:
    """Say whether making it broke off too often."""
    return made.attempts > ATTEMPTS


def make(made: MadeWorkbook) -> None:
    """Make a workbook and keep it sealed. Raises Stopped where nobody wants it any more."""
    still_wanted = MadeWorkbook.objects.filter(pk=made.pk)

    def passed(done: int) -> None:
        if not still_wanted.update(done=done, touched_at=timezone.now()):
            raise Stopped

    with translation.override(made.language):
        content = written(made.batch, made.kind, passed)
    sealed = sealer().seal(content, CONTEXT % made.office_id)
    if not still_wanted.update(sealed=sealed, done=made.rows, touched_at=timezone.now()):
        raise Stopped


def content_of(made: MadeWorkbook) -> bytes:
    """Give a workbook that was made."""
    sealed = MadeWorkbook.objects.values_list("sealed", flat=True).get(pk=made.pk)
    return sealer().open(bytes(sealed), CONTEXT % made.office_id)


def wipe_old() -> None:
    """Wipe the workbooks of the active office that were made a day ago."""
    MadeWorkbook.objects.filter(asked_at__lt=timezone.now() - KEPT).delete()
