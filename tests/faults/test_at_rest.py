"""After a full run no national number stands anywhere on disk, in a log or in what the commands print."""

import json
from pathlib import Path

import openpyxl
import pytest

from accounton.belgium.national_numbers import check_digits, formatted
from accounton.importing.demo.people import people
from accounton.rows.columns import COLUMNS, KEYS
from accounton.rows.misplaced import MISPLACED, NUMBERS

UPLOAD = """
from accounton.site.startup import start_django
start_django()
from django.core.management import call_command
call_command("collectstatic", verbosity=0, interactive=False)
from django.test import Client
from django.conf import settings
settings.ALLOWED_HOSTS = ["testserver"]
from accounton.offices.models import User
user = User.objects.get()
client = Client()
client.force_login(user)
with open(LIST, "rb") as file:
    answer = client.post("/imports/new/", {"file": file})
assert answer.status_code == 302, answer.status_code
client.get(answer.url + "?bucket=invalid")
client.post(answer.url + "choose/", {"questionnaire": "personenbelasting"})
"""


def everything_in(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".xlsx"}


def test_no_national_number_at_rest(installation, long_list):
    first = installation.run("import", str(long_list), "--office", "demo", "--questionnaire", "personenbelasting")
    assert first.returncode == 0, first.stderr
    printed = installation.python(f"LIST = {str(long_list)!r}\n{UPLOAD}") + first.stdout + first.stderr
    assert installation.run("worker", "--once").returncode == 0
    kept = everything_in(installation.folder)
    assert any("accounton.sqlite3" in name for name in kept)
    assert sum(map(len, kept.values())) > 1_000_000
    numbers = set()
    for _, person in zip(range(3000), people(3), strict=False):
        numbers |= {person.values["national_number"], person.values["spouse_national_number"]} - {""}
    assert len(numbers) > 3000
    found = [
        (name, number)
        for name, content in {**kept, "printed": printed.encode()}.items()
        for number in sorted(numbers)[::20]
        if number.encode() in content or formatted(number).encode() in content
    ]
    assert found == []


PAGES = """
import json
from accounton.site.startup import start_django
start_django()
from django.core.management import call_command
call_command("collectstatic", verbosity=0, interactive=False)
from django.test import Client
from django.conf import settings
settings.ALLOWED_HOSTS = ["testserver"]
from accounton.offices.models import User
from accounton.offices.scoping import acting_for
from accounton.importing.models import Batch
user = User.objects.get()
client = Client()
client.force_login(user)
with acting_for(user.office_id):
    batch = Batch.objects.order_by("pk").last()
    if batch:
        at = f"/imports/{batch.pk}/"
    if batch and batch.state == "mapping":
        print(client.get(f"{at}columns/").content.decode())
    said = STEP(client, batch, at if batch else "")
    batch = Batch.objects.order_by("pk").last()
    at = f"/imports/{batch.pk}/"
    for address in (f"{at}?bucket=invalid", f"{at}changes/", "/imports/", "/customers/"):
        print(client.get(address).content.decode())
    print(said, batch.state)
"""
STEPS = {
    "uploaded": """
def STEP(client, batch, at):
    with open(LIST, "rb") as file:
        return client.post("/imports/new/", {"file": file}).status_code
""",
    "matched": """
def STEP(client, batch, at):
    from accounton.importing.mapping_layouts import opened_layout
    if batch.state != "mapping":
        return "matched at once"
    targets = {f"column-{each['place']}": each["target"] for each in opened_layout(batch)["columns"]}
    return client.post(f"{at}columns/", {**targets, "revision": batch.revision}).status_code
""",
    "edited": """
def STEP(client, batch, at):
    row = batch.rows.order_by("number").last()
    cells = [{"row": row.number, "revision": row.revision, "key": "city", "text": f"Gent {TYPED}"}]
    answer = client.post(f"{at}edit/?bucket=invalid", {"cells": json.dumps(cells)})
    print(answer.content.decode())
    back = client.post(f"{at}bulk/?bucket=invalid", {"action": "add_labels", "labels": TYPED})
    return answer.status_code
""",
    "accepted": """
def STEP(client, batch, at):
    answer = client.post(f"{at}accept/?bucket=invalid", {"code": "national_number.misplaced"})
    print(answer.content.decode())
    return batch.changes.latest("pk").kind
""",
    "taken back": """
def STEP(client, batch, at):
    return client.post(f"{at}changes/{batch.changes.latest('pk').pk}/undo/").status_code
""",
    "accepted again": """
def STEP(client, batch, at):
    client.post(f"{at}accept/?bucket=invalid", {"code": "national_number.misplaced"})
    return batch.rows.filter(bucket="only_in_import").count()
""",
    "added": """
def STEP(client, batch, at):
    client.post(f"{at}choose/", {"questionnaire": "personenbelasting"})
    batch.refresh_from_db()
    client.post(f"{at}add/", {"revision": batch.revision, "seen": batch.revision, "for_all": batch.for_all})
    from accounton.customers.models import Customer
    return Customer.objects.count()
""",
    "undone": """
def STEP(client, batch, at):
    return client.post(f"{at}undo/").status_code
""",
}


GOOD = {
    "first_name": "Els", "last_name": "Goed", "email": "els@x.be", "language": "dutch", "deadline": "2026-10-16",
    "enterprise_number": "0403019261", "spouse_enterprise_number": "0428759497", "responsible": "els@demo.example",
}  # fmt: skip


def made_numbers(count: int, born: str = "8507") -> list[str]:
    nines = [f"{born}{day + 10}{day + 100:03d}" for day in range(count)]
    return [nine + check_digits(nine, from_2000=False) for nine in nines]


@pytest.fixture
def planted(tmp_path) -> tuple[Path, list[str]]:
    """A list with another national number in each column, in a header, in the name of a sheet and in its own."""
    others = [column for column in COLUMNS if column.key not in NUMBERS]
    numbers = made_numbers(len(others)) + made_numbers(4, born="7203")
    *in_rows, in_ignored, in_header, in_sheet, in_name = numbers
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = f"{in_sheet} klanten"
    sheet.append([*(column.headers["nl"] for column in COLUMNS), f"Opm. {formatted(in_header)}"])
    for at, (column, number) in enumerate(zip(others, in_rows, strict=True)):
        person = {"first_name": "Jan", "last_name": f"Nummer{at}", "email": f"p{at}@x.be", "language": "dutch"}
        person[column.key] = number if at % 2 else f"{person.get(column.key, '')} {formatted(number)}".strip()
        sheet.append([*(person.get(key) for key in KEYS), in_ignored])
    sheet.append([GOOD.get(key) for key in KEYS])
    path = tmp_path / f"{formatted(in_name)} lijst.xlsx"
    book.save(path)
    return path, numbers


def found_in(numbers: list[str], kept: dict[str, bytes]) -> list[tuple[str, str]]:
    return [
        (Path(name).name, number)
        for name, content in kept.items()
        for number in numbers
        if number.encode() in content or formatted(number).encode() in content
    ]


def test_no_number_in_the_wrong_column_at_rest_or_on_a_page(installation, planted):
    path, numbers = planted
    [typed] = made_numbers(1, born="6611")
    given = f"LIST, TYPED = {str(path)!r}, {typed!r}\n"
    outcomes = {}
    for name, step in STEPS.items():
        printed = installation.python(given + step + PAGES)
        outcomes[name] = printed.rstrip().rpartition("\n")[2]
        kept = {**everything_in(installation.folder), "printed": printed.encode()}
        assert any("accounton.sqlite3" in each for each in kept)
        assert found_in([*numbers, typed], kept) == [], name
    assert outcomes["accepted"] == "accept review"
    # All but an address with a number in it, and whoever got a second number typed.
    assert int(outcomes["accepted again"].split()[0]) >= len(KEYS) - len(NUMBERS) - 6
    assert int(outcomes["added"].split()[0]) == int(outcomes["accepted again"].split()[0])


def test_the_commands_print_none_either(installation, planted):
    path, numbers = planted
    runs = [
        installation.run("check", str(path), "--json"),
        installation.run("check", str(path)),
        installation.run("import", str(path), "--office", "demo", "--questionnaire", "personenbelasting"),
        installation.run("imports"),
        installation.run("doctor"),
    ]
    assert [run.returncode for run in runs] == [1, 1, 1, 0, 0], [run.stderr for run in runs]
    said = json.loads(runs[0].stdout)
    wrong = [problem for problem in said["problems"] if problem["code"] == MISPLACED]
    assert {problem["column"] for problem in wrong} == set(KEYS) - NUMBERS
    assert next(each["suggestion"] for each in wrong if each["column"] == "box") == ""
    printed = "".join(run.stdout + run.stderr for run in runs).encode()
    assert found_in(numbers, {**everything_in(installation.folder), "printed": printed}) == []
