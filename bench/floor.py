"""The floor of the whole import: read with python-calamine, then raw bulk inserts of the same rows into three tables.

`python -m bench.floor FILE`: nothing is checked, matched, encrypted or staged.
"""

import sys

from python_calamine import CalamineWorkbook

from accounton.site.startup import start_django


def main(path: str) -> None:
    start_django()
    from django.db import connection, transaction
    from django.utils import timezone

    from accounton.customers.models import Customer
    from accounton.dossiers.models import Dossier
    from accounton.importing.adding import CUSTOMER_COLUMNS
    from accounton.importing.bulk import insert
    from accounton.offices.models import Office
    from accounton.questionnaires.models import Questionnaire

    office = Office.objects.get(slug="demo").pk
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    rows = sheet.iter_rows()
    keys = next(rows)
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    first = 10_000_000

    def customers():
        for number, row in enumerate(rows):
            value = dict(zip(keys, map(str, row), strict=False)).get
            yield (
                *(value("Firstname"), value("Lastname"), value("Email"), value("Mobile Number"), value("Street")),
                *(value("House Number"), value("Box"), value("Postal Code"), value("City"), value("Country")[:2]),
                *(value("Client Code"), "", "", office, value("Language")[:10], value("Labels"), None, False),
                *(value("Lastname"), value("Lastname"), first + number, value("Registration Number").encode(), None),
                *(value("Spouse Registration Number").encode(), None, "", "", "", "", now, now),
            )

    with transaction.atomic():
        insert(Customer, CUSTOMER_COLUMNS, customers())
        ids = _new(connection, first)
        insert(
            Dossier,
            ("office_id", "customer_id", "task_flow", "assessment_year", "status", "created_at"),
            ((office, pk, "personenbelasting", 2026, "not_sent", now) for pk in ids),
        )
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT d.id FROM dossiers_dossier d JOIN customers_customer c ON c.id = d.customer_id "
                "WHERE c.import_row >= %s", [first]
            )  # fmt: skip
            dossiers = [pk for (pk,) in cursor.fetchall()]
        insert(
            Questionnaire,
            ("office_id", "dossier_id", "definition", "language", "created_at"),
            ((office, pk, "personenbelasting", "dutch", now) for pk in dossiers),
        )


def _new(connection, first: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM customers_customer WHERE import_row >= %s", [first])
        return [pk for (pk,) in cursor.fetchall()]


if __name__ == "__main__":
    main(sys.argv[1])
