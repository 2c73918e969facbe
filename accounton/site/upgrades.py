"""Whether a database fits this version of Accounton, and bringing it up to date (decision 025)."""

from collections.abc import Iterable
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model

from accounton.site import schema
from accounton.site.startup import NOT_UP_TO_DATE, CannotStart

NEWER = (
    "The database was brought up to date by a later version of Accounton ({names} is not known here): "
    "start that version, or restore a backup from before it."
)
DOES_NOT_FIT = (
    "The tables of the database do not fit this version of Accounton, although its migrations are marked as run "
    "({first}): restore a backup of a version from 0.1.0 on, or begin anew ({anew}) and import the lists again; "
    "accounton doctor names each difference."
)
CANNOT_COMPARE = (
    "The tables of the database cannot be compared with what this version of Accounton needs ({reason}): "
    "grant its account the right to make temporary tables (GRANT TEMPORARY ON DATABASE … TO …)."
)
FAILED = (
    "The database could not be brought up to date ({reason}). Migrations that ended before stay, the one that failed "
    "left nothing behind. Restore the backup from before, or mend what it names and run accounton migrate again."
)
UNREACHABLE = "The database cannot be used: {reason}"


def refuse_outdated() -> None:
    """Raise CannotStart unless exactly the migrations of this version were run."""
    executor = MigrationExecutor(connection)
    _refuse_newer(executor.loader)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CannotStart(NOT_UP_TO_DATE)


def refuse_unfit() -> None:
    """Raise CannotStart unless the database is up to date and its tables fit the models."""
    refuse_outdated()
    _refuse_differences()


def migrate() -> None:
    """Run the migrations that are not run yet. Raise CannotStart, before anything is changed, where they cannot fit.

    What was run so far must have left the tables that it should have: an update must not begin on tables where it
    cannot end.
    """
    loader = MigrationLoader(connection)
    _refuse_newer(loader)
    done = [key for key in loader.applied_migrations if key in loader.graph.nodes]
    state = loader.graph.make_state(nodes=done, at_end=True, real_apps=loader.unmigrated_apps)
    _refuse_differences(state.apps.get_models())
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except (DatabaseError, InconsistentMigrationHistory) as error:
        raise CannotStart(FAILED.format(reason=_first_line(error))) from error
    _refuse_differences()


def explanation(error: Exception) -> str:
    """Return the sentence for a command that failed because of its database; "" where the database is not to blame."""
    if not isinstance(error, DatabaseError):
        return ""
    try:
        refuse_unfit()
    except CannotStart as reason:
        return str(reason)
    except OperationalError as unreachable:
        if connection.vendor == "sqlite" and not Path(settings.DATABASES["default"]["NAME"]).parent.exists():
            return NOT_UP_TO_DATE  # a fresh server: accounton migrate makes the folder
        return UNREACHABLE.format(reason=_first_line(unreachable))
    return ""


def _refuse_newer(loader: MigrationLoader) -> None:
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("accounton.")}
    unknown = [f"{app}.{name}" for app, name in loader.applied_migrations if app in ours]
    unknown = sorted(set(unknown) - {f"{app}.{name}" for app, name in loader.disk_migrations})
    if unknown:
        raise CannotStart(NEWER.format(names=", ".join(unknown)))


def _refuse_differences(wanted: Iterable[type[Model]] | None = None) -> None:
    try:
        harmful = [each for each in schema.differences(wanted) if each.is_harmful]
    except schema.CannotCompare as error:
        raise CannotStart(CANNOT_COMPARE.format(reason=error)) from error
    if harmful:
        raise CannotStart(DOES_NOT_FIT.format(first=harmful[0], anew=_anew()))


def _anew() -> str:
    if connection.vendor == "sqlite":
        return f"move {settings.DATABASES['default']['NAME']} away"
    return "another database in ACCOUNTON_DATABASE_URL"


def _first_line(error: Exception) -> str:
    # PostgreSQL says in the first line what is wrong, and only in the others with which values.
    return str(error).strip().split("\n")[0]
