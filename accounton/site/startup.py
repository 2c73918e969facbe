"""Starting Django for a command, and bringing a database up to date."""

import os
from pathlib import Path


class CannotStart(Exception):
    """Accounton does not start like this. The text is for the administrator: what is wrong, and what to do."""


def start_django() -> None:
    """Load the settings and the models. Cheap to call twice."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "accounton.site.settings")
    import django

    django.setup()


def bring_up_to_date() -> None:
    """Migrate, make the cache table, compile the catalogues and gather static files. Changes nothing when all is done.

    Raises CannotStart where the database does not fit this version.

    One process does this before web and worker start: switching a new SQLite file to WAL from several at once fails.
    """
    from django.conf import settings
    from django.core.management import call_command

    from accounton.site import upgrades
    from accounton.site.catalogues import compile_missing

    Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True, mode=0o700)
    compile_missing()
    upgrades.migrate()
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
