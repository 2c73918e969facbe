"""Starting Django for a command, and bringing a database up to date."""

import os
import sys
from pathlib import Path

NOT_UP_TO_DATE = "The database is not up to date: run accounton migrate first (on your own machine, accounton demo)."


class CannotStart(Exception):
    """Accounton does not start like this. The text is for the administrator: what is wrong, and what to do."""


def start_django(*, migrated: bool = True) -> None:
    """Load the settings and the models, and see that the encryption keys are those of the database.

    Raises CannotStart. Where the database may not be migrated yet, the keys are looked at once it is.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "accounton.site.settings")
    import django

    django.setup()
    if migrated:
        from accounton.site.key_check import check_keys

        check_keys()


def start_web() -> None:
    """Start as a web process does: what speaks against it is said in one line, and the process ends."""
    try:
        start_django()
    except CannotStart as reason:
        sys.stderr.write(f"{reason}\n")
        sys.stderr.flush()
        os._exit(2)  # SystemExit would be logged by the server with a traceback


def bring_up_to_date() -> None:
    """Migrate, make the cache table, compile the catalogues and gather static files. Changes nothing when all is done.

    Raises CannotStart where the database does not fit this version, or the encryption keys are not its own.

    One process does this before web and worker start: switching a new SQLite file to WAL from several at once fails.
    """
    from django.conf import settings
    from django.core.management import call_command

    from accounton.site import key_check, upgrades
    from accounton.site.catalogues import compile_missing

    Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True, mode=0o700)
    compile_missing()
    key_check.check_keys_before_migrating()
    upgrades.migrate()
    key_check.check_keys()
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
