"""Times pages of a review of FILE: `python -m bench.pages FILE` prints name, median ms, worst ms, queries."""

import itertools
import json
import statistics
import sys
import time
from pathlib import Path

from accounton.site.startup import start_django

ROUNDS = 7
TRANSACTION = ("BEGIN", "BEGIN IMMEDIATE", "COMMIT")
"""Not counted as queries: they ask nothing."""
PAGES = {
    "only in import, first page": "bucket=only_in_import",
    "only in import, last page": "bucket=only_in_import&page=100000",
    "only in import, by name": "bucket=only_in_import&sort=-name",
    "only in import, by e-mail": "bucket=only_in_import&sort=email",
    "only in import, by language": "bucket=only_in_import&sort=language",
    "only in import, search": "bucket=only_in_import&q=peeters",
    "only in import, search without a hit": "bucket=only_in_import&q=zzzz",
    "only in import, repaired": "bucket=only_in_import&repaired=1",
    "only in platform": "bucket=only_in_platform",
    "only in platform, search": "bucket=only_in_platform&q=peeters",
    "double": "bucket=double",
    "invalid": "bucket=invalid",
    "invalid, one problem": "bucket=invalid&code=mobile.country_code_missing",
}


def main(path: str) -> None:
    start_django()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from accounton.importing.models import Batch
    from accounton.importing.near import look
    from accounton.importing.staging import stage
    from accounton.offices.models import Office, User
    from accounton.offices.scoping import acting_for

    settings.ALLOWED_HOSTS = ["testserver"]
    office = Office.objects.get(slug="demo")
    client = Client()
    client.force_login(User.objects.get(email="beheerder@demo.example"))
    with acting_for(office.pk):
        batch = Batch.objects.create(file_name="bench.xlsx", assessment_year=2026)
        stage(batch, Path(path))
        look(batch)
        number = batch.rows.filter(bucket="only_in_import").order_by("-number").values_list("number", flat=True)[0]
    url = f"/imports/{batch.pk}/"
    calls = calls_of(client, url, number)
    for name, call in calls.items():
        times = []
        for _ in range(ROUNDS):
            with CaptureQueriesContext(connection) as queries:
                started = time.perf_counter()
                response = call()
                times.append((time.perf_counter() - started) * 1000)
            if response.status_code != 200:
                sys.exit(f"{name}: {response.status_code}")
        asked = [query for query in queries if query["sql"] not in TRANSACTION]
        print(f"{name}\t{statistics.median(times):.0f}\t{max(times):.0f}\t{len(asked)}")


def calls_of(client, url: str, number: int):
    """Give what is timed, by name: pages, and choices and changes that are saved."""
    calls = {name: (lambda query=query: client.get(f"{url}?{query}")) for name, query in PAGES.items()}
    others = {"near matches": "near", "couples": "couples", "wrong values": "values/mobile.country_code_missing",
              "left out": "left-out", "changes": "changes"}  # fmt: skip
    calls |= {name: (lambda path=path: client.get(f"{url}{path}/")) for name, path in others.items()}
    htmx = {"HX-Request": "true"}
    calls["one row deselected and counted"] = lambda: client.post(
        f"{url}select/", {"row": number, "selected": "0"}, headers=htmx
    )
    calls["questionnaire chosen"] = lambda: client.post(
        f"{url}choose/", {"questionnaire": "personenbelasting"}, headers=htmx
    )
    edits = itertools.count()

    def edit(key: str, text: str):
        cell = {"row": number, "revision": 10**9, "key": key, "text": text % next(edits)}
        return client.post(f"{url}edit/?bucket=invalid", {"cells": json.dumps([cell])}, headers=htmx)

    calls["one cell changed and checked again"] = lambda: edit("city", "Aalst %d")
    calls["one e-mail address changed, checked and matched again"] = lambda: edit("email", "jan%d@x.example")
    calls["all deselected"] = lambda: client.post(f"{url}select/", {"choice": "none"}, headers=htmx)
    calls["overview of customers"] = lambda: client.get("/customers/")
    calls["overview of customers, search"] = lambda: client.get("/customers/?q=peeters")
    return calls


if __name__ == "__main__":
    main(sys.argv[1])
