"""Starting Django for a command, and bringing a database up to date."""

import os
from pathlib import Path


def start_django() -> None:
    """Load the settings and the models. Cheap to call twice."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "accounton.site.settings")
    import django

    django.setup()


NOT_UP_TO_DATE = "The database is not up to date: run accounton demo (or migrate) first."


def is_up_to_date() -> bool:
    """Say whether every migration was run. Django must have started."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def is_behind(error: Exception) -> bool:
    """Say whether a command failed because its database is not up to date."""
    from django.db import OperationalError, ProgrammingError

    try:
        return isinstance(error, OperationalError | ProgrammingError) and not is_up_to_date()
    except OperationalError:  # there is no database at all
        return False


def bring_up_to_date() -> None:
    """Migrate, make the cache table, compile the catalogues and gather static files. Changes nothing when all is done.

    One process does this before web and worker start: switching a new SQLite file to WAL from several at once fails.
    """
    from django.conf import settings
    from django.core.management import call_command

    from accounton.site.catalogues import compile_missing

    Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True, mode=0o700)
    compile_missing()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
