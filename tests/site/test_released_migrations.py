"""A migration that was released never changes: databases out there were made with it."""

import ast
import hashlib
import importlib
import shutil

import pytest

from tools import migrations as released_list
from tools.migrations import LIST, ROOT, faults, release

FIRST = "accounton/customers/migrations/0001_initial.py"


@pytest.fixture
def tree(tmp_path):
    """The migrations of this tree and their list, to be changed at will."""
    for path in [*released_list.migrations(), LIST.as_posix()]:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    return tmp_path


def test_each_migration_stands_in_the_tree_as_it_was_released():
    assert faults() == []


def test_a_released_migration_that_is_rewritten_in_place_is_named(tree):
    path = tree / FIRST
    path.write_text(path.read_text().replace("max_length=100", "max_length=120", 1))
    [fault] = faults(tree)
    assert fault.startswith(f"{FIRST}: has changed since it was released.")
    assert release(tree) == []
    assert len(faults(tree)) == 1, "releasing anew must not make the fault good"


def test_a_released_migration_that_is_gone_is_named(tree):
    (tree / FIRST).unlink()
    [fault] = faults(tree)
    assert fault.startswith(f"{FIRST}: was released and is gone.")


def test_a_new_migration_is_refused_until_it_is_released(tree):
    new = tree / "accounton/customers/migrations/0099_more.py"
    new.write_text("# a migration\n")
    [fault] = faults(tree)
    assert fault.startswith("accounton/customers/migrations/0099_more.py: is not in the list")
    assert "make release-migrations" in fault
    assert release(tree) == ["accounton/customers/migrations/0099_more.py"]
    assert faults(tree) == []
    new.write_text("# another migration\n")
    assert len(faults(tree)) == 1


def test_a_second_line_for_a_migration_does_not_make_its_change_good(tree):
    path = tree / FIRST
    path.write_text(f"{path.read_text()}# more\n")
    with (tree / LIST).open("a") as lines:
        lines.write(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {FIRST}\n")
    assert [fault.split(": ")[1].split()[0] for fault in faults(tree)] == ["stands", "has"]


def test_what_released_migrations_take_from_rooms_stays_there_under_its_name():
    for path in released_list.migrations():
        for node in ast.walk(ast.parse((ROOT / path).read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("accounton."):
                room = importlib.import_module(node.module)
                assert [alias.name for alias in node.names if not hasattr(room, alias.name)] == [], path


def test_the_mask_that_a_released_migration_takes_masks_a_name():
    migration = importlib.import_module("accounton.importing.migrations.0003_mask_names")
    assert migration.masked_name("Lijst 85.07.30-033.28.xlsx") == "Lijst 85.07.30-***.**.xlsx"
