"""A real installation in a folder of its own, used through its command line as an administrator would."""

import os
import subprocess
import sys
import uuid
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from accounton.rows.columns import COLUMNS

ACCOUNTON = str(Path(sys.executable).with_name("accounton"))
SET_UP = """
from accounton.site.startup import start_django
start_django(migrated=False)
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
from accounton.offices.models import Office, User
office = Office.objects.create(name="Demo", slug="demo")
User.objects.create_user("els@demo.example", "x", office, name="Els", role="admin")
"""


class Installation:
    """Runs commands against one data folder."""

    accounton = ACCOUNTON

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = {key: value for key, value in os.environ.items() if not key.startswith("ACCOUNTON_")}
        self.env = {**kept, "ACCOUNTON_DATA_DIR": str(folder / "data"), "TMPDIR": str(folder / "tmp")}
        if address := os.environ.get("ACCOUNTON_DATABASE_URL"):
            self.env["ACCOUNTON_DATABASE_URL"] = database_of_its_own(address)
        (folder / "tmp").mkdir()
        self.set_up()

    def set_up(self) -> None:
        """Make an empty office in a new database."""
        self.python(SET_UP)

    def python(self, code: str) -> str:
        done = subprocess.run([sys.executable, "-c", code], env=self.env, check=True, capture_output=True, text=True)
        return done.stdout

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [ACCOUNTON, *arguments],
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([ACCOUNTON, *arguments], env=self.env, check=False, capture_output=True, text=True)


def database_of_its_own(address: str) -> str:
    """Make an empty database beside the one at a PostgreSQL address; gives its address, and others as they are."""
    if not address.startswith("postgres"):
        return address
    import psycopg

    name = f"faults_{uuid.uuid4().hex}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=f"/{name}"))


@pytest.fixture
def installation(tmp_path) -> Installation:
    return Installation(tmp_path)


@pytest.fixture
def long_list(tmp_path) -> Path:
    """A list of 3,000 made-up customers."""
    from itertools import islice

    import xlsxwriter

    from accounton.importing.demo.people import people

    path = tmp_path / "lang.xlsx"
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("customers")
    sheet.write_row(0, 0, [column.headers["nl"] for column in COLUMNS])
    for row, person in enumerate(islice(people(3), 3000), 1):
        for place, column in enumerate(COLUMNS):
            if value := person.values.get(column.key):
                sheet.write_string(row, place, value)
    book.close()
    return path
