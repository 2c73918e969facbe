"""The language of a list that does not say it: as the office has it, on the page and on the command line."""

import json

import pytest

from accounton.importing.models import State
from accounton.offices.models import Office
from accounton.site import cli
from tests.importing.test_mapping import book, shown, uploaded

HEADERS = ["Voornaam", "Naam", "E-mail"]
ROWS = [["Emma", "Claes", "e@telenet.example"], ["Jo", "Wit", "jo@wit.example"]]


@pytest.fixture
def client(client_as, admin):
    return client_as(admin)


@pytest.fixture
def french(office) -> Office:
    Office.objects.filter(pk=office.pk).update(list_language="french")
    office.refresh_from_db()
    return office


def codes(batch):
    return [notice["code"] for notice in batch.notices]


def test_without_one_the_office_is_asked(client):
    assert uploaded(client, [HEADERS, *ROWS]).state == State.MAPPING


def test_with_one_nobody_is_asked_and_it_is_said(client, french):
    batch = uploaded(client, [HEADERS, *ROWS])
    assert (batch.state, codes(batch)) == (State.REVIEW, ["language.all_french"])
    assert set(batch.rows.values_list("language", flat=True)) == {"french"}
    assert "voor Franstalig gehouden" in client.get(f"/imports/{batch.pk}/").content.decode()


def test_a_column_goes_first(client, french):
    batch = uploaded(client, [[*HEADERS, "Taal"], [*ROWS[0], "N"], [*ROWS[1], "N"]])
    assert codes(batch) == []
    assert set(batch.rows.values_list("language", flat=True)) == {"dutch"}


def test_where_columns_are_matched_it_is_proposed(client, french):
    batch = uploaded(client, [HEADERS, *ROWS], {"show_columns": "on"})
    assert shown(client, batch).context["language"] == "french"


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "lijst.xlsx"
    file.write_bytes(book([HEADERS, *ROWS]))
    return str(file)


def test_check_takes_it_as_an_option(path, capsys):
    assert cli.main(["check", path]) == 2
    capsys.readouterr()
    assert cli.main(["check", path, "--default-language", "dutch", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["valid"] == 2


@pytest.mark.parametrize(("given", "language"), [((), "french"), (("--default-language", "dutch"), "dutch")])
def test_import_takes_the_offices_own_unless_told_otherwise(french, path, capsys, given, language):
    options = ("--office", "gent", "--questionnaire", "personenbelasting", "--dry-run", "--json")
    assert cli.main(["import", path, *options, *given]) == 0
    from accounton.importing.models import StagedRow

    assert set(StagedRow.objects.values_list("language", flat=True)) == {language}
