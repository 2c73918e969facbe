"""accounton doctor: checks every invariant; 0 when all hold, 1 with a line for each that does not."""

import argparse
import json
import sys

from accounton.site.startup import start_django


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one object")


def run(options: argparse.Namespace) -> int:
    """Check the database and every office. Gives the exit code."""
    start_django(migrated=False)
    from accounton.site.key_check import check_keys
    from accounton.site.upgrades import refuse_outdated

    refuse_outdated()
    check_keys()
    broken, is_unfit = _unfit()
    # Every other check would stumble over tables that do not fit.
    broken += ["nothing else was checked: that needs tables that fit the models"] if is_unfit else _broken()
    if options.json:
        sys.stdout.write(json.dumps({"healthy": not broken, "broken": broken}) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in broken or ["All invariants hold."])
    return 1 if broken else 0


def _unfit() -> tuple[list[str], bool]:
    from accounton.site.schema import CannotCompare, differences

    try:
        found = differences()
    except CannotCompare as error:
        return [f"the tables cannot be compared with the models: {error}"], False
    return [str(each) for each in found], any(each.is_harmful for each in found)


def _broken() -> list[str]:
    from accounton.importing.invariants import broken, broken_database
    from accounton.offices.audit import checks
    from accounton.offices.models import Office
    from accounton.offices.scoping import acting_for

    found = [*broken_database(), *checks.faults()]
    for office in Office.objects.order_by("id"):
        with acting_for(office.id):
            found += [f"{office.slug}: {line}" for line in broken()]
    return found
