"""accounton demo: migrates, and makes the demo office where it is not there yet."""

import argparse
import sys

from accounton.site.startup import bring_up_to_date, start_django


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = __doc__


def run(options: argparse.Namespace) -> int:
    """Bring the database up to date and make the demo office. Refuses (2) where this is not somebody's own machine."""
    start_django(migrated=False)
    from django.conf import settings

    bring_up_to_date()
    if not settings.LOCAL:
        sys.stderr.write("The demo office is for one's own machine only; the database was brought up to date.\n")
        return 2
    from accounton.importing.demo.office import LOGIN, PASSWORD, make_demo_office

    made = make_demo_office()
    sys.stdout.write(f"Demo office {'made' if made else 'is there'}: log in as {LOGIN} with {PASSWORD}\n")
    return 0
