"""With another key nobody is recognised: such a start is refused, whoever starts, and a lost key is never made anew."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.apps import apps
from django.db import models

from accounton.importing.demo.sample import known_rows
from accounton.rows.columns import COLUMNS
from accounton.rows.template import write_list
from accounton.sealing import generate_key
from accounton.site.cli import COMMANDS
from tests.faults.conftest import Installation
from tests.site.upgrading.old_installation import KEYS, OldInstallation

pytestmark = pytest.mark.database
RIGHT, WRONG = generate_key(), generate_key()
INTO = ("--office", "demo", "--questionnaire", "personenbelasting")
# What a command cannot do without; a new one that takes arguments gets its own here.
ARGUMENTS = {
    "import": ("LIST", *INTO),
    "undo": ("1",),
    "report": ("1", "r.xlsx"),
    "serve": ("--port", "1"),
    "office": ("list",),
    "colleague": ("link", "els@demo.example"),
}
NEED_NO_KEYS = {"check": ("LIST",), "template": ("t.xlsx",)}


class KeyedInstallation(Installation):
    """An installation whose keys come from the environment."""

    def set_up(self) -> None:
        self.use(RIGHT)
        super().set_up()

    def use(self, *keys: str) -> None:
        self.env["ACCOUNTON_ENCRYPTION_KEYS"] = ",".join(keys)


@pytest.fixture(scope="module")
def forty(tmp_path_factory) -> str:
    """A list of forty customers."""
    path = tmp_path_factory.mktemp("lists") / "veertig.xlsx"
    write_list(path, [[row.get(column.key, "") for column in COLUMNS] for row in known_rows()])
    return str(path)


@pytest.fixture(scope="module")
def with_forty(tmp_path_factory, forty) -> KeyedInstallation:
    """An office that has the forty of the list."""
    installation = KeyedInstallation(tmp_path_factory.mktemp("keys"))
    done = installation.run("import", forty, *INTO, "--yes", "--json")
    assert json.loads(done.stdout)["imported"] == 40, done.stderr
    return installation


@pytest.fixture
def keyed(with_forty) -> KeyedInstallation:
    with_forty.use(RIGHT)
    return with_forty


def assert_refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    for word in words:
        assert word in done.stderr
    assert RIGHT not in done.stderr
    assert WRONG not in done.stderr


def customers(installation: Installation) -> int:
    count = "from accounton.site.startup import start_django; start_django()\nfrom django.db import connection\n"
    count += "c = connection.cursor(); c.execute('SELECT count(*) FROM customers_customer'); print(c.fetchone()[0])"
    return int(installation.python(count))


def test_an_import_of_forty_known_customers_with_a_wrong_key_adds_nobody_and_says_so(keyed, forty):
    keyed.use(WRONG)
    assert_refused(
        keyed.run("import", forty, *INTO, "--yes", "--json"), "not the one of this database", "a second time"
    )
    keyed.use(RIGHT)
    again = json.loads(keyed.run("import", forty, *INTO, "--yes", "--json").stdout)
    assert (again["double"], again["only_in_import"], again["imported"]) == (40, 0, 0)
    assert customers(keyed) == 40


@pytest.mark.parametrize("command", sorted(COMMANDS.keys() - NEED_NO_KEYS.keys()))
def test_every_command_that_opens_the_database_refuses_a_wrong_key(keyed, forty, command):
    keyed.use(WRONG)
    given = [forty if word == "LIST" else word for word in ARGUMENTS.get(command, ())]
    done = keyed.run(command, *given)
    assert "required" not in done.stderr, f"say in ARGUMENTS what accounton {command} cannot do without"
    assert_refused(done, "not the one of this database")


@pytest.mark.parametrize("command", sorted(NEED_NO_KEYS))
def test_what_needs_no_database_needs_no_keys(keyed, forty, tmp_path, command):
    keyed.use("no key")
    given = [{"LIST": forty, "t.xlsx": str(tmp_path / "t.xlsx")}[word] for word in NEED_NO_KEYS[command]]
    assert keyed.run(command, *given).returncode in (0, 1)


def test_a_web_process_that_is_started_by_itself_refuses_a_wrong_key(keyed):
    from accounton.site.commands.serve import web_command

    keyed.use(WRONG)
    command = web_command("127.0.0.1", 0)
    done = subprocess.run(command, env=keyed.env, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode != 0
    assert "not the one of this database" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("A" * 43 + "=", "not random"),
        (RIGHT[:20], "bytes where 32 are needed"),
        ("een sleutel!", "is not base64"),
        (" , ", "no encryption key is given"),
        (f"{RIGHT},{RIGHT}", "given twice"),
        (f"{RIGHT},{WRONG}", "in the wrong order"),
    ],
)
def test_keys_that_cannot_be_right_are_refused(keyed, keys, said):
    keyed.use(keys)
    assert_refused(keyed.run("imports"), said, "ACCOUNTON_ENCRYPTION_KEYS")


def test_a_new_key_goes_in_front_and_no_key_that_is_needed_can_be_left_out(tmp_path, forty):
    installation, newer = KeyedInstallation(tmp_path), generate_key()
    assert installation.run("import", forty, *INTO, "--yes").returncode == 0
    installation.use(newer, RIGHT)
    done = json.loads(installation.run("import", forty, *INTO, "--dry-run", "--json").stdout)
    assert done["double"] == 40  # and now rows are sealed with the newer key
    for keys in ((RIGHT,), (newer,)):
        installation.use(*keys)
        assert_refused(installation.run("imports"), "is missing")
    installation.use(RIGHT, newer)
    assert_refused(installation.run("imports"), "in the wrong order")
    installation.use(newer, RIGHT)
    assert installation.run("doctor").returncode == 0


def test_a_new_key_that_nothing_was_sealed_with_can_be_left_out_again(keyed):
    keyed.use(generate_key(), RIGHT)
    assert keyed.run("imports").returncode == 0
    keyed.use(RIGHT)
    assert keyed.run("imports").returncode == 0
    assert (
        keyed.python(
            "from accounton.site.startup import start_django; start_django()\n"
            "from accounton.offices.models import EncryptionKey; print(EncryptionKey.objects.count())"
        ).strip()
        == "1"
    )


def test_two_processes_with_different_keys_start_at_once_and_one_is_refused(tmp_path):
    installation = KeyedInstallation(tmp_path)
    ends = []
    with ThreadPoolExecutor(4) as pool:
        for key in (RIGHT, WRONG, RIGHT, WRONG):
            env = {**installation.env, "ACCOUNTON_ENCRYPTION_KEYS": key}
            code = "from accounton.site.cli import main; print(main(['imports']))"
            command = [sys.executable, "-c", code]
            ends.append(pool.submit(subprocess.run, command, env=env, capture_output=True, text=True, check=True))
    by_key = [end.result().stdout.strip() for end in ends]
    assert by_key in (["0", "2", "0", "2"], ["2", "0", "2", "0"])


def test_a_lost_key_is_never_made_anew_beside_a_database(tmp_path, forty):
    installation = Installation(tmp_path)
    assert installation.run("import", forty, *INTO, "--yes").returncode == 0
    kept, away = tmp_path / "data" / "encryption_keys", tmp_path / "away"
    kept.rename(away)
    for command in (("import", forty, *INTO, "--yes"), ("demo",), ("doctor",)):
        assert_refused(installation.run(*command), "are gone", str(kept))
        assert not kept.exists()
    kept.write_text("")
    assert_refused(installation.run("imports"), "cannot be used", str(kept))
    away.rename(kept)
    kept.write_text(f"\ufeff{kept.read_text()}", "utf-8")  # as Notepad saves it
    # The other secret only signs: sessions and jobs, which are found again without it.
    (tmp_path / "data" / "secret_key").unlink()
    again = json.loads(installation.run("import", forty, *INTO, "--yes", "--json").stdout)
    assert (again["double"], again["imported"]) == (40, 0)


def test_a_key_is_made_where_nothing_is_in_the_database_yet(tmp_path):
    kept = tmp_path / "data" / "encryption_keys"
    installation = OldInstallation(tmp_path)
    for name in KEYS:
        installation.env.pop(name)
    assert_refused(installation.run("migrate"), "are gone")
    assert not kept.exists()
    installation.env["ACCOUNTON_DATABASE_URL"] = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    assert installation.run("migrate").returncode == 0
    assert kept.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ((WRONG,), "not the one of this database"),
        ((KEYS["ACCOUNTON_ENCRYPTION_KEYS"], WRONG), "in the wrong order"),
    ],
)
def test_an_older_database_gets_to_know_its_key_only_once_that_opened_a_value(tmp_path, keys, said):
    old = OldInstallation(tmp_path)
    old.env["ACCOUNTON_ENCRYPTION_KEYS"] = ",".join(keys)
    assert_refused(old.run("migrate"), said)
    old.env |= KEYS
    assert old.run("migrate").returncode == 0
    old.env["ACCOUNTON_ENCRYPTION_KEYS"] = ",".join(keys)
    assert_refused(old.run("imports"), said)


def test_an_older_database_takes_a_new_key_in_front_of_the_one_that_opens_it(tmp_path):
    old = OldInstallation(tmp_path)
    old.env["ACCOUNTON_ENCRYPTION_KEYS"] = f"{WRONG},{KEYS['ACCOUNTON_ENCRYPTION_KEYS']}"
    assert old.run("migrate").returncode == 0
    assert old.run("doctor").returncode == 0
    old.env["ACCOUNTON_ENCRYPTION_KEYS"] = WRONG
    assert_refused(old.run("imports"), "is missing")


def test_every_column_of_bytes_is_known_as_sealed_or_as_a_hash():
    from accounton.site.sealed_places import SEALED

    hashes = {"national_number_hash", "spouse_national_number_hash", "number_hash", "spouse_hash", "seen", "person",
              "other", "check_value", "key", "own_hash", "chain_hash", "head_hash"}  # fmt: skip
    sealed = {(place.model, place.name) for place in SEALED if hasattr(place, "name")}
    found = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.BinaryField) and field.name not in hashes
    }
    assert found == sealed, "name a new sealed column in accounton/site/sealed_places.py"
