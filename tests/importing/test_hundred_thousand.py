"""A review of 100,000 rows is opened, filtered and edited, with few questions each and the right counts."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounton.importing.models import Batch, Bucket
from accounton.importing.staging import stage

pytestmark = pytest.mark.database
ROWS, WRONG = 100_000, 1_000
MOST_QUERIES = 12
ASKS_NOTHING = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def listed() -> bytes:
    """The list as CSV: every hundredth row has an unknown language, one has a name of its own."""
    lines = ["Voornaam;Achternaam;E-mail;Taal;Klantcode"]
    for number in range(ROWS):
        language = "klingon" if number % (ROWS // WRONG) == 0 else "nl"
        lines.append(f"Noor{number};{'Zeldzaam' if number == 77_777 else 'Maes'};n{number}@x.be;{language};K{number}")
    return "\n".join(lines).encode()


def test_it_is_opened_filtered_and_edited(client_as, admin, office):
    client = client_as(admin)
    batch = Batch.objects.create(file_name="lang.csv", assessment_year=2026, questionnaire="personenbelasting")
    stage(batch, listed())
    url = f"/imports/{batch.pk}/"

    def page(query: str) -> str:
        client.get(f"{url}?{query}")  # what is counted once for all is not counted here
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(f"{url}?{query}")
        assert answer.status_code == 200
        asked = [each["sql"] for each in queries if not each["sql"].startswith(ASKS_NOTHING)]
        assert len(asked) <= MOST_QUERIES, asked
        return answer.content.decode()

    assert "99.000" in page("bucket=only_in_import")
    assert "n99999@x.be" in page("bucket=only_in_import&page=1980&sort=row")
    found = page("bucket=only_in_import&q=zeldzaam")
    assert "Zeldzaam" in found
    assert "Maes" not in found
    assert "n0@x.be" in page("bucket=invalid&code=language.unknown")

    cells = json.dumps([{"row": 2, "revision": batch.rows.get(number=2).revision, "key": "language", "text": "frans"}])
    answer = client.post(f"{url}edit/?bucket=invalid", {"cells": cells}, headers={"hx-request": "true"})
    assert "in orde" in answer.content.decode()
    assert batch.rows.get(number=2).bucket == Bucket.ONLY_IN_IMPORT
    assert batch.rows.filter(bucket=Bucket.INVALID).count() == WRONG - 1
    assert "999" in page("bucket=invalid")
