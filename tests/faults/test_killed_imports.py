"""An import killed at random moments, ten times: nothing is broken, and the next one completes."""

import json
import os
import random
import signal
import subprocess
import time

IMPORT = ("--office", "demo", "--questionnaire", "personenbelasting", "--json")
COUNTS = """
from accounton.site.startup import start_django
start_django()
from django.db import connection
with connection.cursor() as cursor:
    for table in ("customers_customer", "dossiers_dossier", "questionnaires_questionnaire"):
        cursor.execute(f"SELECT count(*) FROM {table}")
        print(cursor.fetchone()[0])
"""


def test_an_import_killed_ten_times_leaves_nothing_broken_and_the_next_completes(installation, long_list):
    started = time.monotonic()
    assert installation.run("import", str(long_list), *IMPORT, "--dry-run").returncode == 0
    length = time.monotonic() - started
    chance = random.Random(20261124)
    killed = 0
    for _ in range(30):
        began = time.monotonic()
        process = installation.start("import", str(long_list), *IMPORT)
        try:
            process.communicate(timeout=length * chance.uniform(0.2, 1.1))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            killed += 1
        else:
            length = min(length, time.monotonic() - began)  # the machine was busy when it was measured
        doctor = installation.run("doctor")
        assert doctor.returncode == 0, doctor.stdout
        if killed == 10:
            break
    assert killed == 10
    last = installation.run("import", str(long_list), *IMPORT)
    assert last.returncode == 0, last.stderr
    counts = json.loads(last.stdout)
    assert counts["only_in_import"] + counts["double"] == 3000
    assert counts["imported"] == counts["only_in_import"]
    assert installation.python(COUNTS).split() == ["3000", "3000", "3000"]
    assert installation.run("worker", "--once").returncode == 0
    assert installation.run("doctor").returncode == 0
    assert installation.python(COUNTS).split() == ["3000", "3000", "3000"]
