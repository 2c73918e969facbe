"""Whatever takes long killed at every N-th write to the database until N is not reached; the doctor looks after each.

On SQLite, and where ACCOUNTON_DATABASE_URL says so on PostgreSQL.
"""

import json

import pytest

pytestmark = pytest.mark.database


@pytest.mark.parametrize("what", ["read", "apply", "undo", "change", "back", "merge", "workbook"])
def test_killed_at_every_write_it_is_finished_at_the_next_start(installation, what):
    said = installation.python(f"from tests.faults.killing import kill_at_every_write; kill_at_every_write({what!r})")
    found = json.loads(said.splitlines()[-1])
    assert found["broken"] == []
    assert found["wrong"] == []
    # Each step writes several times; a workbook says how far it is, and is kept. A round without a kill ended it.
    assert found["killed"] >= (3 if what == "workbook" else 10), found
