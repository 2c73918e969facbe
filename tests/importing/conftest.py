from io import BytesIO

import openpyxl
import pytest
from django.utils import timezone

from accounton.customers.models import Customer
from accounton.importing.applying import claim, continue_applying
from accounton.importing.models import Batch
from accounton.importing.staging import stage
from accounton.rows.columns import COLUMNS

KEYS = [column.key for column in COLUMNS]


def workbook(*people, headers=None) -> bytes:
    """A list as openpyxl writes it: one dict of texts by column key a row."""
    book = openpyxl.Workbook()
    book.active.title = "customers"
    book.active.append(headers or [column.headers["en"] for column in COLUMNS])
    for person in people:
        book.active.append([person.get(key) or None for key in KEYS])
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def person(number: int, **values) -> dict[str, str]:
    """A valid customer without a national number; `values` adds or replaces."""
    return {"first_name": f"Noor{number}", "last_name": "Declercq", "email": f"noor{number}@x.example",
            "language": "dutch", **values}  # fmt: skip


@pytest.fixture
def staged(office):
    """Stage people as a new batch, ready to be added: near matches count as looked for, unless `looked` says not."""

    def staged(*people, looked=True, **fields) -> Batch:
        usual = {"file_name": "lijst.xlsx", "assessment_year": 2026, "questionnaire": "personenbelasting"}
        batch = Batch.objects.create(**{**usual, **fields})
        stage(batch, workbook(*people))
        if looked:
            batch.near_at = timezone.now()
            batch.save()
        return batch

    return staged


@pytest.fixture
def known(staged):
    """Bring a person in as a customer with a dossier."""

    def known(**values) -> Customer:
        batch = staged(person(1000, **{"last_name": "Bekend", **values}))
        claim(batch, None, batch.revision)
        continue_applying(batch)
        return Customer.objects.get(import_row__in=batch.rows.values("pk"))

    return known
