"""What must always hold in the database: each check gives a line for whatever does not."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, models
from django.db.models import Count, Exists, F, OuterRef, Q

from accounton.customers.models import Customer
from accounton.customers.numbers import COLUMNS, take
from accounton.dossiers.models import Dossier
from accounton.importing.applying import open_rows
from accounton.importing.bases import opened_overwritten
from accounton.importing.finishing import is_finished
from accounton.importing.models import (
    Action,
    Aside,
    Batch,
    Bucket,
    BulkAction,
    Departure,
    OnlyHere,
    Outcome,
    Overwritten,
    Part,
    StagedContent,
    StagedRow,
    State,
    Upload,
    made_of_row,
)
from accounton.importing.plain_numbers import in_plain
from accounton.importing.sealed_rows import opened
from accounton.importing.two_numbers import two_numbers
from accounton.offices.keys import sealer
from accounton.offices.scoping import OfficeOwned
from accounton.sealing import CannotOpen

UNDO = (State.UNDOING, State.UNDONE)
READY = (State.REVIEW, State.APPLYING, State.CHANGING, State.DONE, State.UNDOING, State.UNDONE)


def broken() -> Iterator[str]:
    """Yield a line for each invariant that does not hold for the active office; nothing when all is well."""
    yield from _rows_accounted_for()
    yield from two_numbers()
    yield from _merged_rows_belong()
    yield from _added_rows_complete()
    yield from _undone_accounted_for()
    yield from _dossiers_complete()
    yield from _files_gone()
    yield from _actions_hold_their_batch()
    yield from _one_office_throughout()
    yield from _nobody_left_behind()
    yield from _sealed_values_open()
    yield from in_plain()


def broken_database() -> Iterator[str]:
    """Yield a line for each fault of the database as a whole."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        found = [line for (line,) in cursor.fetchall() if line != "ok"]
        cursor.execute("PRAGMA foreign_key_check")
        found += [f"{table} row {row} points to a row of {parent} that is gone" for table, row, parent, _ in cursor]
    yield from found


def _rows_accounted_for() -> Iterator[str]:
    for batch in Batch.objects.filter(state__in=READY).annotate(staged=Count("rows")):
        if batch.staged != batch.rows_read:
            yield f"batch {batch.pk}: {batch.rows_read} rows were read but {batch.staged} are there"


def _merged_rows_belong() -> Iterator[str]:
    """A merged row names the row of the same list that it became part of; no other row does."""
    merged = Q(bucket=Aside.MERGED)
    main = StagedRow.objects.filter(batch=OuterRef("batch"), number=OuterRef("merged_into"))
    standing = main.exclude(bucket=Aside.MERGED)
    strays = StagedRow.objects.filter((merged & ~Exists(standing)) | (~merged & Q(merged_into__isnull=False)))
    for row in strays[:20]:
        yield f"batch {row.batch_id} row {row.number}: said to be merged into a row that does not hold it"
    for row in StagedRow.objects.exclude(bucket__in=[*Bucket.values, *Aside.values])[:20]:
        yield f"batch {row.batch_id} row {row.number}: stands in no bucket"


def _added_rows_complete() -> Iterator[str]:
    dossier = Dossier.objects.filter(
        customer__import_row=OuterRef("pk"), task_flow=OuterRef("batch__task_flow"),
        assessment_year=OuterRef("batch__assessment_year"),
    )  # fmt: skip
    taken_out = Departure.objects.filter(
        customer__import_row=OuterRef("pk"), action=Action.TAKE_OUT, restored_at=None,
        batch__task_flow=OuterRef("batch__task_flow"), batch__assessment_year=OuterRef("batch__assessment_year"),
    )  # fmt: skip
    halves = StagedRow.objects.filter(made_of_row()).exclude(Exists(dossier)).exclude(Exists(taken_out))
    for row in halves[:20]:
        yield f"batch {row.batch_id} row {row.number}: a customer without the dossier it was added with"
    for batch in Batch.objects.filter(state=State.DONE):
        left = 0 if is_finished(batch) else open_rows(batch).count()
        if left:
            yield f"batch {batch.pk}: said to be done, but {left} rows are not added"


def _undone_accounted_for() -> Iterator[str]:
    there, kept = made_of_row(), Q(undone__part=Part.CUSTOMER, undone__outcome=Outcome.KEPT)
    undone = StagedRow.objects.filter(batch__state=State.UNDONE)
    for row in undone.filter(there).exclude(kept)[:20]:
        yield f"batch {row.batch_id} row {row.number}: its customer is still here, and no undo says why"
    gone = Q(undone__part=Part.CUSTOMER, undone__outcome=Outcome.TAKEN_BACK, batch__state__in=UNDO)
    for row in StagedRow.objects.filter(gone, there)[:20]:
        yield f"batch {row.batch_id} row {row.number}: said to be taken back, but its customer is still here"
    for batch in Batch.objects.filter(state=State.UNDONE, overwritten__undone_at=None, overwritten__isnull=False):
        yield f"batch {batch.pk}: said to be undone, but a change to a known customer is not"


def _dossiers_complete() -> Iterator[str]:
    for dossier in Dossier.objects.filter(questionnaire=None)[:20]:
        yield f"dossier {dossier.pk}: has no questionnaire"


def _files_gone() -> Iterator[str]:
    for upload in Upload.objects.exclude(batch__state__in=[State.WAITING, State.READING, State.MAPPING]):
        yield f"batch {upload.batch_id}: its file is still kept after reading"


def _actions_hold_their_batch() -> Iterator[str]:
    held = Q(state=State.CHANGING)
    running = Exists(BulkAction.objects.filter(batch=OuterRef("pk"), end=""))
    for batch in Batch.objects.filter((held & ~running) | (~held & running)):
        yield f"batch {batch.pk}: said to be {batch.state}, which does not fit what is being done to its rows"
    for action in BulkAction.objects.exclude(end="").exclude(sealed=None):
        yield f"batch {action.batch_id}: what was asked is still kept after it was done"


def _one_office_throughout() -> Iterator[str]:
    for model in apps.get_models():
        if not issubclass(model, OfficeOwned):
            continue
        for field in model._meta.fields:
            related = field.related_model
            if isinstance(field, models.ForeignKey) and isinstance(related, type) and _has_office(related):
                crossed = model._base_manager.exclude(**{f"{field.name}__office_id": F("office_id")})
                # One that is gone stands in no office: an entry of the audit outlives the colleague that it names.
                strays = crossed.filter(**{f"{field.name}__office_id__isnull": False}).count()
                if strays:
                    yield f"{strays} rows of {model._meta.db_table} point to another office by {field.name}"


def _nobody_left_behind() -> Iterator[str]:
    """Where the database itself does not look whether a parent is there, this does."""
    for model in (StagedContent, OnlyHere):
        for field in model._meta.fields:
            if isinstance(field, models.ForeignKey) and not getattr(field, "db_constraint", True):
                parents = field.related_model._base_manager.filter(pk=OuterRef(field.attname))
                if orphans := model.objects.filter(~Exists(parents)).count():
                    yield f"{orphans} rows of {model._meta.db_table} point to a {field.name} that is gone"


def _has_office(model: type[models.Model]) -> bool:
    return any(field.name == "office" for field in model._meta.fields)


def _sealed_values_open() -> Iterator[str]:
    with_number = ~Q(national_number_sealed=None) | ~Q(spouse_national_number_sealed=None)
    for customer in Customer.objects.filter(with_number).iterator():
        for column in COLUMNS:
            try:
                number = take(customer, column)
            except CannotOpen:
                yield f"customer {customer.pk}: {column} cannot be opened"
                continue
            kept = getattr(customer, f"{column}_hash")
            if number and bytes(kept or b"") != sealer().hash(number, customer.office_id):
                yield f"customer {customer.pk}: {column} and its hash do not belong together"
    for row in StagedRow.objects.order_by("id").prefetch_related("content").iterator(chunk_size=2000):
        try:
            opened(row)
        except (CannotOpen, StagedContent.DoesNotExist):
            yield f"batch {row.batch_id} row {row.number}: its values cannot be opened"
    for each in Overwritten.objects.order_by("id").iterator():
        try:
            opened_overwritten(each)
        except CannotOpen:
            yield f"batch {each.batch_id}: what was known of customer {each.customer_id} before cannot be opened"
