"""The whole review as a workbook: every row of the file, with what became of it and who did that.

National numbers stand in it as on the screen: masked (screening).
"""

from collections.abc import Callable, Iterable, Iterator
from io import BytesIO

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounton.customers.models import Customer
from accounton.importing.cells import MATCHED_BY, RowView, known_text
from accounton.importing.finishing import state_words
from accounton.importing.in_chunks import CHUNK, in_chunks
from accounton.importing.layout import layout
from accounton.importing.models import Aside, Batch, Bucket, ChangeKind, RowBefore, StagedRow
from accounton.importing.outcomes import became, moment_words, overwritten_by_row, place_words
from accounton.importing.screening import on_screen, shown
from accounton.importing.sides import staff_names
from accounton.importing.tallying import ADDED, tally
from accounton.importing.wording import header_of, reason, said
from accounton.rows.columns import BY_KEY
from accounton.rows.couples import SPOUSE
from accounton.spreadsheets.writing import CellSpec, ColumnSpec, SheetSpec, write_workbook

REMARKS = ("problem", "notice")
LONGEST_SHEET_NAME = 31
HERE_COLUMNS = ("last_name", "first_name", "email", "mobile", "national_number", "client_code", *SPOUSE)


def write_review(target: BytesIO, batch: Batch, passed: Callable[[int], None] = lambda _done: None) -> None:
    """Write a review as a workbook (.xlsx) in the language that is active.

    `passed` hears how many rows were written until now.
    """
    write_workbook(target, [_rows_sheet(batch, passed), _here_sheet(batch), _about(batch)])


def _rows_sheet(batch: Batch, passed: Callable[[int], None]) -> SheetSpec:
    columns = layout(batch)
    first = [
        ColumnSpec(header_of("row"), 8),
        ColumnSpec(_("What it is"), 28),
        ColumnSpec(_("What became of it"), 34),
        ColumnSpec(_("Customer"), 24),
        ColumnSpec(header_of("matched_by"), 18),
        ColumnSpec(_("Problems and remarks"), 60),
        ColumnSpec(_("What was put right"), 40),
        ColumnSpec(_("Done in the review"), 40),
    ]
    own = [ColumnSpec(column.header, BY_KEY[column.key].width) for column in columns]
    keys = [column.key for column in columns]
    # What stands beside the columns of a list comes from merging or splitting its rows, or from somebody who typed it.
    if batch.changes.filter(undone_at=None).exists():
        own += [_column(key) for key in SPOUSE]
        keys += SPOUSE
    return SheetSpec(_("Rows"), [*first, *own], _rows(batch, keys, passed), filtered=True)


def _rows(batch: Batch, keys: list[str], passed: Callable[[int], None]) -> Iterator[list[str | CellSpec]]:
    count, staff = 0, staff_names()
    for rows in in_chunks(batch.rows.all()):
        known = Customer.objects.in_bulk({row.match_id for row in rows if row.match_id})
        made = Customer.objects.filter(import_row__in=[row.pk for row in rows]) if batch.added else ()
        made_at = {customer.import_row: customer.created_at for customer in made}
        done, overwritten = _done(rows), overwritten_by_row(rows)
        for row in rows:
            view = RowView(row, batch, known.get(row.match_id))
            outcome = became(view, overwritten.get(row.pk), made_at.get(row.pk), staff)
            yield _row(view, outcome, done.get(row.pk, []), keys)
        passed(count := count + len(rows))


def _done(rows: Iterable[StagedRow]) -> dict[int, list[str]]:
    """Say by row what was done to it in the review, by whom and when."""
    found: dict[int, list[str]] = {}
    changes = RowBefore.objects.filter(row__in=[row.pk for row in rows], change__undone_at=None).order_by("change")
    asked = changes.values_list("row_id", "change__kind", "change__made_by__name", "change__made_at")
    for row_id, kind, name, moment in asked:
        found.setdefault(row_id, []).append(f"{ChangeKind(kind).label}, {name or '—'}, {moment_words(moment)}")
    return found


def _row(view: RowView, outcome: str, done: list[str], keys: list[str]) -> list[str | CellSpec]:
    remarks = [
        reason(each) if each.kind == "problem" else said(on_screen(each))
        for each in view.findings
        if each.kind in REMARKS
    ]
    repairs = [f"{header_of(each.column)}: {each.before} → {each.after}" for each in view.repairs]
    return [
        str(view.row.number),
        place_words(view.row),
        outcome,
        str(view.known or ""),
        str(MATCHED_BY.get(view.row.matched_by, "")),
        _lines(remarks),
        _lines(repairs),
        _lines(done),
        *(view.plain_text(key) for key in keys),
    ]


def _lines(texts: list[str]) -> str | CellSpec:
    return CellSpec("\n".join(texts), wrap=True) if len(texts) > 1 else "".join(texts)


def _here_sheet(batch: Batch) -> SheetSpec:
    columns = [_column(key) for key in HERE_COLUMNS]
    title = str(Bucket.ONLY_IN_PLATFORM.label)[:LONGEST_SHEET_NAME]
    return SheetSpec(title, columns, _all_here(batch), filtered=True)


def _column(key: str) -> ColumnSpec:
    return ColumnSpec(header_of(key), BY_KEY[key.removeprefix("spouse_")].width)


def _all_here(batch: Batch) -> Iterator[list[str]]:
    ids = list(batch.only_here.order_by("customer__search", "id").values_list("customer", flat=True))
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        found = Customer.objects.in_bulk(some)
        yield from ([_here(found[pk], key) for key in HERE_COLUMNS] for pk in some if pk in found)


def _here(customer: Customer, key: str) -> str:
    text = known_text(customer, key)
    return shown(key, text) if text else ""


def _about(batch: Batch) -> SheetSpec:
    """Say which file this was, and how its rows add up."""
    counts = tally(batch).buckets
    buckets = (Bucket.ONLY_IN_IMPORT, Bucket.DOUBLE, Bucket.INVALID)
    facts = [
        (pgettext("uploaded", "File"), batch.file_name),
        (_("Size in bytes"), str(batch.file_size)),
        ("SHA-256", batch.file_sha256),
        (_("Uploaded by"), str(batch.created_by or "—")),
        (_("Uploaded on"), moment_words(batch.created_at)),
        (_("Assessment year"), str(batch.assessment_year)),
        (_("State"), state_words(batch)),
        (_("Added"), str(counts[ADDED])),
        *((str(bucket.label), str(counts[bucket])) for bucket in buckets),
        *((str(aside.label), str(counts[aside])) for aside in Aside if counts[aside]),
        (_("Empty rows"), str(batch.rows_empty)),
        (str(Bucket.ONLY_IN_PLATFORM.label), str(counts[Bucket.ONLY_IN_PLATFORM])),
    ]
    return SheetSpec(_("About this import"), [ColumnSpec(_("What"), 32), ColumnSpec(_("Value"), 70)], facts)
