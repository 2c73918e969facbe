"""An installation as the version before 0.1.0 left it, on SQLite or PostgreSQL."""

import sqlite3
from pathlib import Path

from tests.faults.conftest import Installation

OLD = Path(__file__).with_name("version_07dc052.sql")
KEYS = {
    "ACCOUNTON_SECRET_KEY": "upgrade-test-pK2mVt8bYqXw4LrZ7nHc3JdFs9GaEu6TyRoQiBkMvNxW1",
    "ACCOUNTON_ENCRYPTION_KEYS": "b6ssgXu9dLZ0rHY7f1YcWmQ3kPj8TzVnE5xRa2NoUiM=",
}
# On PostgreSQL: runs the migrations that the old database had run, and puts its rows in by the models of that time.
COPY = """
from accounton.site.startup import start_django
start_django(migrated=False)
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
connections.databases["old"] = {
    **connections.databases["default"], "ENGINE": "django.db.backends.sqlite3", "NAME": OLD, "OPTIONS": {},
}
executor = MigrationExecutor(connection)
run = [key for key in MigrationRecorder(connections["old"]).applied_migrations() if key in executor.loader.graph.nodes]
state = executor.migrate(run)
with transaction.atomic():
    for model in state.apps.get_models():
        model._base_manager.bulk_create(model._base_manager.using("old").all())
with connection.cursor() as cursor:
    from django.core.management.color import no_style
    for statement in connection.ops.sequence_reset_sql(no_style(), state.apps.get_models()):
        cursor.execute(statement)
call_command("createcachetable", verbosity=0)
"""


class OldInstallation(Installation):
    """Holds the data of version_07dc052.sql."""

    def set_up(self) -> None:
        """Put the old database where the commands look for it."""
        self.env |= KEYS
        (self.folder / "data").mkdir()
        path = self.folder / "data" / "accounton.sqlite3"
        if "ACCOUNTON_DATABASE_URL" in self.env:
            path = self.folder / "old.sqlite3"
        connection = sqlite3.connect(path)
        connection.executescript(OLD.read_text())
        connection.close()
        if "ACCOUNTON_DATABASE_URL" in self.env:
            self.python(f"OLD = {str(path)!r}\n{COPY}")

    def in_django(self, code: str) -> str:
        """Run code with the office acted for, and a browser `client` that its admin is logged in to."""
        start = """
from accounton.site.startup import start_django
start_django()
from django.conf import settings
settings.ALLOWED_HOSTS = ["testserver"]
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
from django.test import Client
from accounton.offices.models import Office, User
from accounton.offices.scoping import acting_for
from accounton.customers.models import Customer
from accounton.importing.models import Batch
acting = acting_for(Office.objects.get().pk)
acting.__enter__()
client = Client(headers={"accept-language": "nl"})
client.force_login(User.objects.get())
"""
        return self.python(start + code)
