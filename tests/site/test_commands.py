"""The commands that use a database, run as programs."""

import json
from pathlib import Path

import openpyxl
import pytest

from tests.browser.workbooks import PEOPLE, WRONG, by_openpyxl
from tests.faults.conftest import Installation

LISTS = Path(__file__).parents[1] / "lists"
ARGUMENTS = ("--office", "demo", "--questionnaire", "personenbelasting")


@pytest.fixture(scope="module")
def installation(tmp_path_factory) -> Installation:
    return Installation(tmp_path_factory.mktemp("commands"))


@pytest.fixture
def people(tmp_path):
    return str(by_openpyxl(tmp_path / "klanten.xlsx", [*PEOPLE, WRONG]))


def test_import_tells_the_buckets_and_adds_the_new_ones(installation, people):
    dry = installation.run("import", people, *ARGUMENTS, "--dry-run", "--json")
    assert dry.returncode == 1
    counts = json.loads(dry.stdout)
    assert counts == {"batch": counts["batch"], "only_in_import": 3, "only_in_platform": 0, "double": 0, "invalid": 1,
                      "imported": 0, "dry_run": True}  # fmt: skip
    real = json.loads(installation.run("import", people, *ARGUMENTS, "--json").stdout)
    assert (real["imported"], real["dry_run"]) == (3, False)
    again = installation.run("import", people, *ARGUMENTS, "--json")
    assert again.returncode == 1
    assert json.loads(again.stdout)["double"] == 3
    doctor = installation.run("doctor", "--json")
    assert (doctor.returncode, json.loads(doctor.stdout)) == (0, {"healthy": True, "broken": []})


@pytest.mark.parametrize(
    "name",
    ["octopus_export.xlsx", "xlwt_met_titel.xls", "pyxlsbwriter.xlsb", "odfpy_clients.ods", "excel_windows.csv",
     "identificatie.tsv"],
)  # fmt: skip
def test_each_format_is_checked_and_imported(installation, name):
    path = str(LISTS / name)
    said = json.loads(installation.run("check", path, "--json").stdout)
    counts = json.loads(installation.run("import", path, *ARGUMENTS, "--dry-run", "--json").stdout)
    assert said["valid"] == counts["only_in_import"] + counts["double"] > 0
    assert said["invalid"] == counts["invalid"]


def test_without_a_questionnaire_the_rules_of_the_office_choose_it(installation, tmp_path):
    python = installation.python
    start = "from accounton.site.startup import start_django; start_django()\n"
    start += "from accounton.offices.scoping import acting_for; from accounton.offices.models import Office\n"
    start += "from accounton.questionnaires.models import Questionnaire, QuestionnaireRule\n"
    start += "office = acting_for(Office.objects.get(slug='demo').pk); office.__enter__()\n"
    rule = "position=1, language='french', questionnaire='personenbelasting_kort'"
    python(f"{start}QuestionnaireRule.objects.create({rule})")
    new = {"last_name": "Nieuw", "national_number": "", "client_code": ""}
    louis, noor = ({**each, **new, "email": f"nieuw{n}@x.example"} for n, each in enumerate(PEOPLE[1:]))
    people = str(by_openpyxl(tmp_path / "gemengd.xlsx", [louis, noor]))
    done = installation.run("import", people, "--office", "demo", "--json")
    assert (done.returncode, json.loads(done.stdout)["imported"]) == (0, 2)
    found = python(
        f"{start}print(*Questionnaire.objects.filter(dossier__customer__last_name='Nieuw').order_by('language')"
        ".values_list('language', 'definition'))\nQuestionnaireRule.objects.all().delete()"
    )
    assert found.split("\n")[0] == "('english', 'personenbelasting') ('french', 'personenbelasting_kort')"


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--office", "nergens", "--questionnaire", "personenbelasting"), "nergens"),
        (("--office", "demo", "--questionnaire", "andere"), "andere"),
        (("--office", "demo"), "questionnaire"),
    ],
)
def test_a_command_that_cannot_be_carried_out_says_so_in_one_line(installation, people, arguments, word):
    done = installation.run("import", people, *arguments)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert word in done.stderr
    assert done.stdout == ""


def test_a_file_that_cannot_be_used_writes_nothing(installation, tmp_path):
    path = tmp_path / "brief.xlsx"
    path.write_bytes(b"%PDF-1.7")
    done = installation.run("import", str(path), *ARGUMENTS, "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1
    count = "from accounton.site.startup import start_django; start_django()\n"
    count += "from django.db import connection; c = connection.cursor()\n"
    count += (
        "c.execute(\"SELECT count(*) FROM importing_batch WHERE file_name = 'brief.xlsx'\"); print(c.fetchone()[0])"
    )
    assert installation.python(count).strip() == "0"


@pytest.mark.parametrize(
    "command",
    [
        ("doctor",),
        ("imports", "--json"),
        ("undo", "1"),
        ("report", "1", "r.xlsx"),
        ("import", "klanten.xlsx", *ARGUMENTS),
    ],
)
def test_a_command_says_when_the_database_is_not_up_to_date(tmp_path, people, command):
    import os
    import subprocess

    from tests.faults.conftest import ACCOUNTON

    env = {**os.environ, "ACCOUNTON_DATA_DIR": str(tmp_path / "nieuw")}
    env.pop("ACCOUNTON_DATABASE_URL", None)
    (tmp_path / "nieuw").mkdir()
    done = subprocess.run([ACCOUNTON, *command], env=env, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1
    assert "not up to date" in done.stderr


def test_production_refuses_to_start_without_its_secrets(tmp_path):
    import os
    import subprocess

    from tests.faults.conftest import ACCOUNTON

    kept = {key: value for key, value in os.environ.items() if not key.startswith("ACCOUNTON_")}
    env = {**kept, "ACCOUNTON_DATA_DIR": str(tmp_path), "ACCOUNTON_BASE_URL": "https://accounton.example"}
    done = subprocess.run([ACCOUNTON, "doctor"], env=env, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "ACCOUNTON_SECRET_KEY" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_import_is_listed_undone_and_cannot_be_undone_again(tmp_path, people):
    installation = Installation(tmp_path)
    done = json.loads(installation.run("import", people, *ARGUMENTS, "--json").stdout)
    [listed] = json.loads(installation.run("imports", "--office", "demo", "--json").stdout)["imports"]
    # The invalid one still waits to be repaired.
    assert (listed["batch"], listed["state"], listed["added"], listed["left_out"]) == (done["batch"], "review", 3, 0)
    assert len(listed["sha256"]) == 64
    assert "klanten.xlsx" in installation.run("imports").stdout
    dry = json.loads(installation.run("undo", str(done["batch"]), "--dry-run", "--json").stdout)
    assert (dry["taken_back"]["customer"], dry["why_kept"], dry["dry_run"]) == (3, [], True)
    real = installation.run("undo", str(done["batch"]), "--office", "demo", "--json")
    assert (real.returncode, json.loads(real.stdout)["taken_back"]["customer"]) == (0, 3)
    for again in ((), ("--dry-run",)):
        refused = installation.run("undo", str(done["batch"]), *again)
        assert (refused.returncode, refused.stdout, len(refused.stderr.splitlines())) == (2, "", 1)
    assert installation.run("undo", "999999", "--json").returncode == 2
    assert installation.run("imports", "--office", "nobody").returncode == 2
    assert installation.run("doctor").returncode == 0


def test_report_writes_down_what_became_of_every_row(installation, people, tmp_path):
    out = tmp_path / "verslag.xlsx"
    counts = json.loads(installation.run("import", people, *ARGUMENTS, "--dry-run", "--json").stdout)
    done = installation.run("report", str(counts["batch"]), str(out), "--office", "demo")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    assert openpyxl.load_workbook(out).worksheets[0].max_row == 5
    out.unlink()
    assert installation.run("report", str(counts["batch"]), str(out)).returncode == 1
    assert out.exists()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("999999", "x.xlsx"), "999"),
        (("1", "x.xlsx", "--office", "nergens"), "nergens"),
        (("een", "x.xlsx"), "een"),
    ],
)
def test_a_report_that_cannot_be_made_says_so_in_one_line_and_writes_nothing(installation, tmp_path, arguments, word):
    done = installation.run("report", arguments[0], str(tmp_path / arguments[1]), *arguments[2:])
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1
    assert word in done.stderr
    assert not (tmp_path / "x.xlsx").exists()


def _people(path, first: int, count: int, **more: str):
    people = [
        {"first_name": f"Noor{n}", "last_name": "Peeters", "email": f"noor{n}@x.example", "language": "dutch", **more}
        for n in range(first, first + count)
    ]
    return str(by_openpyxl(path, people))


def test_a_list_that_may_be_the_wrong_one_adds_nobody_unless_told_so(tmp_path):
    installation = Installation(tmp_path)
    ours, others = _people(tmp_path / "ons.xlsx", 0, 25), _people(tmp_path / "anders.xlsx", 100, 25)
    assert installation.run("import", ours, *ARGUMENTS, "--json").returncode == 0
    for more in ((), ("--dry-run",)):
        refused = installation.run("import", others, *ARGUMENTS, "--json", *more)
        counts = json.loads(refused.stdout)
        assert (refused.returncode, counts["imported"], counts["doubt"]) == (3, 0, "leaves_most")
        assert len(refused.stderr.strip().splitlines()) == 1
        assert "--yes" in refused.stderr
    [waiting, *_] = json.loads(installation.run("imports", "--json").stdout)["imports"]
    assert (waiting["state"], waiting["added"]) == ("review", 0)
    done = installation.run("import", others, *ARGUMENTS, "--json", "--yes")
    assert (done.returncode, json.loads(done.stdout)["imported"]) == (0, 25)
    assert installation.run("doctor").returncode == 0


def test_who_looks_like_a_customer_waits_in_the_review_unless_told_so(tmp_path):
    installation = Installation(tmp_path)
    installation.run("import", _people(tmp_path / "ons.xlsx", 1, 1), *ARGUMENTS)
    near = _people(tmp_path / "bijna.xlsx", 1, 2, first_name="Bo")
    left = installation.run("import", near, *ARGUMENTS, "--json")
    counts = json.loads(left.stdout)
    assert (left.returncode, counts["imported"], counts["undecided"]) == (1, 1, 1)
    assert "--yes" in installation.run("import", near, *ARGUMENTS).stdout
    done = installation.run("import", near, *ARGUMENTS, "--json", "--yes")
    assert (done.returncode, json.loads(done.stdout)["imported"]) == (0, 1)
    assert "undecided" not in json.loads(done.stdout)


def test_what_is_taken_from_memory_is_named(installation, tmp_path):
    start = "from accounton.site.startup import start_django; start_django()\n"
    start += "from accounton.offices.scoping import acting_for; from accounton.offices.models import Office\n"
    start += "from accounton.importing.models import LearntColumn\n"
    start += "office = acting_for(Office.objects.get(slug='demo').pk); office.__enter__()\n"
    installation.python(f"{start}LearntColumn.objects.create(key='bijnaam', header='Bijnaam', target='last_name')")
    book = openpyxl.Workbook()
    for row in (["Voornaam", "Bijnaam", "E-mail", "Taal"], ["Ona", "Onthouden", "ona@x.example", "dutch"]):
        book.active.append(row)
    book.save(tmp_path / "onthouden.xlsx")
    asked = ("import", str(tmp_path / "onthouden.xlsx"), *ARGUMENTS, "--dry-run")
    lines = installation.run(*asked).stdout.splitlines()
    assert [line for line in lines if "Bijnaam" in line] == [lines[0]]
    assert json.loads(installation.run(*asked, "--json").stdout)["remembered"] == ["Bijnaam"]
    installation.python(f"{start}LearntColumn.objects.all().delete()")


def test_what_was_guessed_and_left_out_is_named(installation, tmp_path):
    book = openpyxl.Workbook()
    book.create_sheet("Oud").append(["Niets"])
    for row in (["Lijst"], ["Wie", "Mail", "T", "Opm"], ["Peeters Emma", "e@x.example", "N", "x"],
                ["Claes An", "a@x.example", "F", "y"]):  # fmt: skip
        book.active.append(row)
    book.save(tmp_path / "eigen.xlsx")
    asked = (str(tmp_path / "eigen.xlsx"), *ARGUMENTS, "--dry-run")
    lines = installation.run("import", *asked).stdout.splitlines()
    checked = installation.run("check", asked[0]).stdout.splitlines()
    assert [line.split()[0] for line in lines[:4]] == ["A2", "C2", "D2", "These"]
    for line in lines[:4]:
        assert any(line.partition("  ")[2].strip() in each for each in checked)
    assert "guessed" in lines[0]
    assert "guessed" not in installation.run("import", *asked, "--map", "Wie=last_first", "--map", "T=language").stdout


@pytest.mark.parametrize("headers", [["Voornaam", "Achternaam", "E-mail"], ["Prénom", "Nom", "Courriel"]])
def test_one_language_for_a_list_without_a_column_for_it(installation, tmp_path, headers):
    book = openpyxl.Workbook()
    for row in (headers, ["Zoé", "Zondertaal", f"{headers[2]}@x.example"]):
        book.active.append(row)
    book.save(tmp_path / "zonder.xlsx")
    asked = ("import", str(tmp_path / "zonder.xlsx"), *ARGUMENTS, "--dry-run", "--json")
    assert installation.run(*asked).returncode == 2
    done = installation.run(*asked, "--language", "dutch")
    assert (done.returncode, json.loads(done.stdout)["only_in_import"]) == (0, 1)


def test_the_help_of_import_says_what_yes_does(installation):
    assert "--yes" in installation.run("import", "--help").stdout


def test_a_couple_on_two_rows_waits_in_the_review_unless_told_so(tmp_path):
    installation = Installation(tmp_path)
    numbers = ("85073003328", "93051822361")
    couple = [
        {"first_name": name, "last_name": "Maes", "email": f"{name}@x.example", "language": "dutch",
         "national_number": own, "spouse_national_number": other}
        for name, own, other in (("jan", *numbers), ("an", *reversed(numbers)), ("bo", "", ""))
    ]  # fmt: skip
    people = str(by_openpyxl(tmp_path / "koppel.xlsx", couple))
    left = installation.run("import", people, *ARGUMENTS, "--json")
    counts = json.loads(left.stdout)
    assert (left.returncode, counts["imported"], counts["undecided"]) == (1, 1, 2)
    done = installation.run("import", people, *ARGUMENTS, "--json", "--yes")
    assert json.loads(done.stdout)["imported"] == 2


def test_father_and_son_of_one_name_and_mailbox_wait_in_the_review_and_are_never_merged(tmp_path):
    installation = Installation(tmp_path)
    jan = {"first_name": "Jan", "last_name": "Peeters", "email": "familie.peeters@x.example", "language": "dutch"}
    here = str(by_openpyxl(tmp_path / "hier.xlsx", [jan]))
    assert installation.run("import", here, *ARGUMENTS).returncode == 0
    numbers = ("55020312383", "87061200153")
    both = str(by_openpyxl(tmp_path / "beide.xlsx", [{**jan, "national_number": each} for each in numbers]))
    left = installation.run("import", both, *ARGUMENTS, "--json")
    counts = json.loads(left.stdout)
    assert (left.returncode, counts["double"], counts["imported"], counts["undecided"]) == (1, 0, 0, 2)
    done = json.loads(installation.run("import", both, *ARGUMENTS, "--json", "--yes").stdout)
    assert (done["double"], done["imported"]) == (0, 2)
    assert installation.run("doctor").returncode == 0


def test_who_stands_in_the_list_twice_perhaps_waits_in_the_review_unless_told_so(tmp_path):
    installation = Installation(tmp_path)
    numbers = (("lies", "85073003328"), ("lise", "85073003427"), ("bo", ""))
    twice = [
        {"first_name": name, "last_name": "Maes", "email": f"{name}@x.example", "language": "dutch",
         "national_number": number}
        for name, number in numbers
    ]  # fmt: skip
    people = str(by_openpyxl(tmp_path / "tweemaal.xlsx", twice))
    left = installation.run("import", people, *ARGUMENTS, "--json")
    counts = json.loads(left.stdout)
    assert (left.returncode, counts["imported"], counts["undecided"]) == (1, 1, 2)
    done = installation.run("import", people, *ARGUMENTS, "--json", "--yes")
    assert (done.returncode, json.loads(done.stdout)["imported"]) == (0, 2)
    assert installation.run("doctor").returncode == 0
