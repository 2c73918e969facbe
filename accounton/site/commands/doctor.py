"""accounton doctor: checks every invariant; 0 when all hold, 1 with a line for each that does not."""

import argparse
import json
import sys

from accounton.site.startup import NOT_UP_TO_DATE, is_up_to_date, start_django


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one object")


def run(options: argparse.Namespace) -> int:
    """Check the database and every office. Gives the exit code."""
    start_django()
    if not is_up_to_date():
        sys.stderr.write(f"{NOT_UP_TO_DATE}\n")
        return 2
    broken = _broken()
    if options.json:
        sys.stdout.write(json.dumps({"healthy": not broken, "broken": broken}) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in broken or ["All invariants hold."])
    return 1 if broken else 0


def _broken() -> list[str]:
    from accounton.importing.invariants import broken, broken_database
    from accounton.offices.models import Office
    from accounton.offices.scoping import acting_for

    found = list(broken_database())
    for office in Office.objects.order_by("id"):
        with acting_for(office.id):
            found += [f"{office.slug}: {line}" for line in broken()]
    return found
