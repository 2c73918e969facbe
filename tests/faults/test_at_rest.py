"""After a full run no national number stands anywhere on disk, in a log or in what the commands print."""

from pathlib import Path

from accounton.belgium.national_numbers import formatted
from accounton.importing.demo.people import people

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
