"""Making customers, dossiers and questionnaires of staged rows: one step, inside one transaction."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count

from accounton.customers.models import Customer
from accounton.customers.numbers import context
from accounton.customers.saving import SEARCHED
from accounton.dossiers.models import Dossier, Status
from accounton.importing.bulk import insert
from accounton.importing.models import Batch
from accounton.importing.questionnaires import which_at_add
from accounton.importing.rematching import Candidate
from accounton.importing.sealed_rows import opened_values
from accounton.offices.keys import sealer
from accounton.offices.models import User
from accounton.questionnaires.models import Questionnaire
from accounton.rows.couples import SPOUSE
from accounton.rows.names import search_text

PLAIN = (
    *("first_name", "last_name", "email", "mobile", "street", "house_number", "box", "postal_code", "city"),
    *("country", "client_code", "enterprise_number", "spouse_enterprise_number"),
)
CUSTOMER_COLUMNS = (
    *PLAIN,
    *("office_id", "language", "labels", "responsible_id", "is_joint", "name_key", "search", "import_row"),
    *("national_number_sealed", "national_number_hash"),
    *("spouse_national_number_sealed", "spouse_national_number_hash"),
    *(*SPOUSE, "created_at", "updated_at"),
)

DEADLINES_AT_ONCE = 900
"""Some databases take no more than 999 values in one statement."""


class Opened(NamedTuple):
    """Rows opened and sealed anew for customers: what goes into CUSTOMER_COLUMNS but the moment, by row; deadlines."""

    customers: dict[int, tuple[Any, ...]]
    deadlines: dict[int, date]


def opened_for(
    office_id: int, language: str, rows: Sequence[Candidate], sealed: deque[bytes], colleagues: Mapping[str, int]
) -> Opened:
    """Make rows ready to go in. `language` is for all of them, "" for what each row says.

    `sealed` is what each row holds, taken out of it: it is much at once. `colleagues` has the ids of the office's
    staff by e-mail address. Asks the database nothing, so that another thread can do it. Raises CannotOpen.
    """
    seal = sealer().seal
    own, spouse = context(office_id, "national_number"), context(office_id, "spouse_national_number")
    found = Opened({}, {})
    for row in rows:
        values = opened_values(sealed.popleft(), office_id)
        value = values.get
        if deadline := value("deadline"):
            found.deadlines[row.id] = date.fromisoformat(deadline)
        number, spouse_number = value("national_number"), value("spouse_national_number")
        found.customers[row.id] = (
            *[value(key, "") for key in PLAIN],
            *(office_id, language or values["language"], _packed(value("labels", ""))),
            *(colleagues.get(value("responsible", "").lower()), row.is_joint, row.name_key),
            *(_search(row, values), row.id),
            *(seal(number.encode(), own) if number else None, row.number_hash),
            *(seal(spouse_number.encode(), spouse) if spouse_number else None, row.spouse_hash),
            *[value(key, "") for key in SPOUSE],
        )
    return found


def _search(row: Candidate, values: Mapping[str, str]) -> str:
    """Return what a customer is searched by; rows of a review that was opened before release 0.1.0 lack the mobile."""
    if values.get("mobile", "") in row.search:
        return row.search
    return search_text(*(values.get(key, "") for key in SEARCHED))


def add(
    batch: Batch,
    rows: Sequence[Candidate],
    opened: Opened,
    moment: datetime,
    meanwhile: Callable[[], None] = lambda: None,
) -> dict[str, int]:
    """Add a customer, a dossier and a questionnaire for each of the rows, inside a transaction; all bear the moment.

    `meanwhile` is called once it is the database that works. What was made ready of the rows is taken out of `opened`:
    it is much at once. Gives how many got each questionnaire, where not all get the same.
    """
    _add_customers(rows, opened, moment)
    meanwhile()
    _add_dossiers(batch, rows, opened, moment)
    return _count(batch, rows, moment) if batch.adds[-1].get("differ") else {}


def _add_customers(rows: Sequence[Candidate], opened: Opened, moment: datetime) -> None:
    taken, now = opened.customers.pop, connection.ops.adapt_datetimefield_value(moment)
    insert(Customer, CUSTOMER_COLUMNS, ((*taken(row.id), now, now) for row in rows))


def _add_dossiers(batch: Batch, rows: Sequence[Candidate], opened: Opened, moment: datetime) -> None:
    """Add a dossier and a questionnaire for each customer that was made of the rows at that moment."""
    now = connection.ops.adapt_datetimefield_value(moment)
    chosen = {row.id for row in rows}
    deadlines = {row: day for row, day in opened.deadlines.items() if row in chosen}
    with connection.cursor() as cursor:
        for statement, parameters in _statements(batch, now, *_ids(rows)):
            cursor.execute(statement, parameters)
    _set_deadlines(batch, deadlines)


def colleagues_of(batch: Batch) -> dict[str, int]:
    """Give the ids of the office's staff by e-mail address."""
    return dict(User.objects.filter(office_id=batch.office_id).values_list("email", "id"))


def _ids(rows: Sequence[Candidate]) -> tuple[int, int]:
    """Give the lowest and the highest id. Rows that were held back while reading have higher ones than those below."""
    ids = [row.id for row in rows]
    return min(ids), max(ids)


def _set_deadlines(batch: Batch, deadlines: dict[int, date]) -> None:
    """Set the deadlines of rows (by id): many rows of a list have the same few days."""
    dossiers = Dossier.objects.filter(task_flow=batch.task_flow, assessment_year=batch.assessment_year)
    by_day: dict[date, list[int]] = {}
    for row, day in deadlines.items():
        by_day.setdefault(day, []).append(row)
    for day, rows in by_day.items():
        for start in range(0, len(rows), DEADLINES_AT_ONCE):
            made = Customer.objects.filter(import_row__in=rows[start : start + DEADLINES_AT_ONCE])
            # Their ids are asked for first: PostgreSQL goes through all dossiers for those of a subquery.
            dossiers.filter(customer_id__in=list(made.values_list("pk", flat=True))).update(deadline=day)


def _packed(labels: str) -> str:
    """Put checked labels ("Gent,zelfstandig") into the form in which LabelsField stores them."""
    return f",{labels}," if labels else ""


def _statements(batch: Batch, now: Any, first: int, last: int) -> Iterator[tuple[str, list[Any]]]:
    customers, dossiers = Customer._meta.db_table, Dossier._meta.db_table
    questionnaires = Questionnaire._meta.db_table
    # The moment tells this step's customers from those of rows in between that were added earlier.
    ours = "c.office_id = %s AND c.import_row BETWEEN %s AND %s AND c.created_at = %s"
    step: list[Any] = [batch.office_id, first, last, now]
    yield (
        f"INSERT INTO {dossiers} (office_id, customer_id, task_flow, assessment_year, status, created_at) "  # noqa: S608
        f"SELECT c.office_id, c.id, %s, %s, %s, %s FROM {customers} c WHERE {ours} ORDER BY c.id",
        [batch.task_flow, batch.assessment_year, Status.NOT_SENT.value, now, *step],
    )
    definition, rows, own = _definitions(batch, first, last)
    yield (
        f"INSERT INTO {questionnaires} (office_id, dossier_id, definition, language, created_at) "  # noqa: S608
        f"SELECT d.office_id, d.id, {definition}, c.language, %s "
        f"FROM {dossiers} d JOIN {customers} c ON c.id = d.customer_id {rows} "
        f"WHERE {ours} AND d.task_flow = %s AND d.assessment_year = %s ORDER BY d.id",
        [*([] if rows else [batch.questionnaire]), now, *own, *step, batch.task_flow, batch.assessment_year],
    )


def _definitions(batch: Batch, first: int, last: int) -> tuple[str, str, tuple[Any, ...]]:
    """Give in SQL which questionnaire each customer gets: the expression, what it is joined with, its parameters."""
    if not batch.adds[-1].get("differ"):
        return "%s", "", ()
    rows = batch.rows.filter(pk__range=(first, last)).annotate(which=which_at_add(batch).expression)
    statement, parameters = rows.values("pk", "which").query.sql_with_params()
    return "s.which", f"JOIN ({statement}) s ON s.pk = c.import_row", parameters


def _count(batch: Batch, rows: Sequence[Candidate], moment: datetime) -> dict[str, int]:
    """Give how many of the customers that were made of rows, at that moment, have each questionnaire."""
    added = Questionnaire.objects.filter(
        dossier__task_flow=batch.task_flow, dossier__assessment_year=batch.assessment_year,
        dossier__customer__import_row__range=_ids(rows), dossier__created_at=moment,
    )  # fmt: skip
    return dict(added.order_by().values_list("definition").annotate(Count("id")))
