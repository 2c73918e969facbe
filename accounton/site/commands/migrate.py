"""accounton migrate: brings the database up to date, and gathers what the web pages need."""

import argparse
import sys

from accounton.site.startup import bring_up_to_date, start_django


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = __doc__


def run(options: argparse.Namespace) -> int:
    """Migrate. Changes nothing when all is done. Raises CannotStart where the database does not fit this version."""
    start_django(migrated=False)
    bring_up_to_date()
    sys.stdout.write("The database is up to date.\n")
    return 0
