"""`accounton check` and `accounton template` as programs of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from accounton.rows.wording import gettext_in
from accounton.site.catalogues import compile_missing
from accounton.spreadsheets.problems import UnusableFile
from tests.rows.books import HEADERS, by_openpyxl, row_of
from tests.rows.people import TIDY, person

WRONG = person(mobile="0478 12 34 56", email="mailto:an@x.be", national_number="85.07.30-033.29", client_code="K2")
REPEATED = person(client_code="K3", email="bo@gmial.com")


@pytest.fixture(scope="module", autouse=True)
def catalogues() -> None:
    compile_missing()
    gettext_in.cache_clear()


def accounton(*arguments: str | Path, language: str = "C") -> subprocess.CompletedProcess[str]:
    """Run the command in a language, and where a database or Django's settings would be found missing."""
    return subprocess.run(
        [sys.executable, "-m", "accounton.site.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "LC_ALL": language, "PYTHONIOENCODING": "utf-8"},
        cwd=Path(__file__).parents[2],
        check=False,
    )


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A list with a valid row, an invalid one, an empty one and a repeated one."""
    path = tmp_path / "lijst.xlsx"
    rows = [[*HEADERS, "Opmerking"], *map(row_of, (TIDY, WRONG, {}, REPEATED))]
    path.write_bytes(by_openpyxl(rows))
    return path


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "goed.xlsx"
    path.write_bytes(by_openpyxl([HEADERS, row_of(TIDY)]))
    return path


def test_json_says_it_all(mixed: Path) -> None:
    done = accounton("check", mixed, "--json")
    said = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (1, "")
    assert {key: said[key] for key in ("file", "sheet", "rows", "valid", "invalid", "empty")} == {
        "file": str(mixed),
        "sheet": "Blad1",
        "rows": 3,
        "valid": 1,
        "invalid": 2,
        "empty": 1,
    }
    assert said["columns"][0] == {"header": "person", "keys": ["type"], "by": "header"}
    assert said["columns"][-1] == {"header": "Opmerking", "keys": [], "by": "none"}
    assert len(said["columns"]) == 22
    assert said["notices"] == []


def test_json_problems(mixed: Path) -> None:
    said = json.loads(accounton("check", mixed, "--json").stdout)
    keys = ("row", "column", "cell", "code", "severity", "suggestion")
    assert [tuple(problem[key] for key in keys) for problem in said["problems"]] == [
        (1, None, "V1", "column.unknown", "notice", None),
        (3, "mobile", "E3", "mobile.country_code_missing", "error", "+32478123456"),
        (3, "national_number", "F3", "national_number.invalid", "error", None),
        (5, "email", "D5", "email.misspelt", "notice", "bo@gmail.com"),
        (5, "national_number", "F5", "row.repeated", "error", None),
    ]
    assert all(problem["message"] for problem in said["problems"])
    assert said["repairs"] == [
        {
            "row": 3,
            "column": "email",
            "cell": "D3",
            "code": "cell.notation",
            "before": "mailto:an@x.be",
            "after": "an@x.be",
        }
    ]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "nl_BE.UTF-8",
            ["Vul het gsm-nummer in met de landcode (+32).", "Rijen: 3, geldig: 1, ongeldig: 2", "in rij 2"],
        ),
        ("fr_BE.UTF-8", ["Indiquez le numéro de GSM avec l'indicatif du pays (+32).", "Lignes : 3", "à la ligne 2"]),
        ("de_DE.UTF-8", ["Enter mobile number with country code (+32).", "Rows: 3, valid: 1, invalid: 2", "in row 2"]),
    ],
)
def test_a_table_for_people_in_their_language(mixed: Path, language: str, words: list[str]) -> None:
    done = accounton("check", mixed, language=language)
    assert done.returncode == 1
    assert [word for word in words if word not in done.stdout] == []
    assert "E3" in done.stdout
    assert "+32478123456" in done.stdout


def test_the_language_can_be_given(mixed: Path) -> None:
    said = json.loads(accounton("check", mixed, "--json", "--language", "fr", language="nl_BE").stdout)
    assert said["problems"][1]["message"] == "Indiquez le numéro de GSM avec l'indicatif du pays (+32)."


def test_all_well(good: Path) -> None:
    done = accounton("check", good)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Rows: 1, valid: 1, invalid: 0" in done.stdout


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_an_unusable_file_is_one_line_and_exit_2(tmp_path: Path, language: str, options: list[str]) -> None:
    path = tmp_path / "lijst.xlsx"
    path.write_bytes(b"")
    done = accounton("check", path, *options, language=f"{language}_BE")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{path}: {UnusableFile('file.empty').text(gettext_in(language))}\n"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    done = accounton("check", tmp_path / "nergens.xlsx")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "nergens.xlsx" in done.stderr


def test_missing_columns_are_said_once(tmp_path: Path) -> None:
    path = tmp_path / "lijst.xlsx"
    path.write_bytes(by_openpyxl([["Voornaam", "E-mail"], *[["Jan", "jan@x.be"]] * 30]))
    done = accounton("check", path, language="nl_BE")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "Achternaam, Taal" in done.stderr


@pytest.mark.parametrize("arguments", [["check"], ["unknown"], [], ["check", "a.xlsx", "--language", "de"]])
def test_a_wrong_command_is_one_line_and_exit_2(arguments: list[str]) -> None:
    done = accounton(*arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_template(tmp_path: Path, language: str) -> None:
    path = tmp_path / "template.xlsx"
    done = accounton("template", path, "--language", language)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (
        openpyxl.load_workbook(path)["customers"]["B1"].value
        == {"nl": "Voornaam", "fr": "Prénom", "en": "Firstname"}[language]
    )
    assert accounton("check", path, language=f"{language}_BE").returncode == 0


def test_template_that_cannot_be_written(tmp_path: Path) -> None:
    done = accounton("template", tmp_path / "nergens" / "template.xlsx", language="nl_BE")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_neither_loads_django(good: Path, tmp_path: Path) -> None:
    program = (
        "import sys; from accounton.site.cli import main; main(sys.argv[1:]);"
        "sys.exit(any(name.partition('.')[0] == 'django' for name in sys.modules))"
    )
    for arguments in (["check", str(good)], ["template", str(tmp_path / "t.xlsx")]):
        assert (
            subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, check=False).returncode
            == 0
        )


def test_whoever_stops_reading_sees_no_error(mixed: Path) -> None:
    command: list[Any] = [sys.executable, "-m", "accounton.site.cli", "check", mixed]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=Path(__file__).parents[2])
    assert process.stdout is not None
    process.stdout.close()
    _, error = process.communicate()
    assert error == b""


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A list with its own headers on the second sheet, under a title."""
    book = openpyxl.Workbook()
    book.active.append(["Inhoud", "Klanten"])
    page = book.create_sheet("Klanten")
    for row in (["Lijst 2026"], ["Wie", "RRN", "Mail", "T"], ["Peeters Emma", "85073003328", "e@x.be", "N"],
                ["Claes An", "93051822361", "a@x.be", "F"]):  # fmt: skip
        page.append(row)
    path = tmp_path / "eigen.xlsx"
    book.save(path)
    return path


def test_a_foreign_list_is_read_by_what_it_is(foreign: Path) -> None:
    done = accounton("check", foreign, "--json", "--sheet", "Klanten")
    said = json.loads(done.stdout)
    assert (done.returncode, said["sheet"], said["valid"]) == (0, "Klanten", 2)
    assert said["columns"] == [
        {"header": "Wie", "keys": ["last_name", "first_name"], "by": "values"},
        {"header": "RRN", "keys": ["national_number"], "by": "header"},
        {"header": "Mail", "keys": ["email"], "by": "header"},
        {"header": "T", "keys": ["language"], "by": "values"},
    ]
    assert [problem["cell"] for problem in said["problems"] if problem["code"] == "column.guessed"] == ["A2", "D2"]


def test_what_was_guessed_wrong_can_be_named(foreign: Path) -> None:
    asked = (
        "--sheet",
        "Klanten",
        "--header-row",
        "2",
        "--map",
        "RRN=spouse_national_number",
        "--map",
        " t = language ",
    )
    said = json.loads(accounton("check", foreign, "--json", *asked).stdout)
    assert said["columns"][1] == {"header": "RRN", "keys": ["spouse_national_number"], "by": "header"}
    assert [problem["cell"] for problem in said["problems"] if problem["code"] == "column.guessed"] == ["A2"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--sheet", "Klanten", "--map", "Mail=none"), "Email"),
        (("--sheet", "Klant"), "Klant"),
        (("--sheet", "Klanten", "--map", "Mail=post"), "Mail=post"),
        (("--sheet", "Klanten", "--header-row", "900"), "900"),
        (("--header-row", "-1"), "-1"),
        (("--sheet", "Klanten", "--map", "Klantnr.=client_code"), "'Klantnr.'"),
        (("--sheet", "Klanten", "--map", "Klantnr.=client_code"), "Wie, RRN, Mail, T."),
        (("--sheet", "Klanten", "--map", "B=client_code"), "'B'"),
        (("--sheet", "Klanten", "--header-row", "0", "--map", "E=email"), "A, B, C, D."),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(foreign: Path, asked: tuple[str, ...], said: str) -> None:
    done = accounton("check", foreign, *asked)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("row", [("--header-row", "0"), ()])
def test_in_a_list_without_headers_a_letter_names_the_column(tmp_path: Path, row: tuple[str, ...]) -> None:
    path = tmp_path / "zonder.csv"
    path.write_text("Peeters Emma;85073003328;e@x.be;N\nClaes An;93051822361;a@x.be;F\n")
    asked = (*row, "--map", "b=spouse_national_number", "--map", "D=language")
    said = json.loads(accounton("check", path, "--json", *asked).stdout)
    assert said["columns"][1] == {"header": "", "keys": ["spouse_national_number"], "by": "header"}
    assert [problem["cell"] for problem in said["problems"] if problem["code"] == "column.guessed"] == ["A1", "C1"]


def test_a_column_that_was_named_is_not_called_guessed_nor_another_repeated(foreign: Path) -> None:
    said = json.loads(accounton("check", foreign, "--json", "--sheet", "Klanten", "--map", "T=email",
                                "--map", "Wie=language", "--map", "RRN=last_first").stdout)  # fmt: skip
    assert [(each["cell"], each["code"]) for each in said["problems"] if each["code"].startswith("column.")] == [
        ("C2", "column.taken")
    ]
