"""accounton office: makes an office with its first admin, and lists the offices.

create SLUG makes both and prints a link by which the admin chooses a password; where there is a mail server it is
mailed too. list names the offices. A lost link: accounton colleague link EMAIL.
"""

import argparse
import json
import sys
from typing import Any

from accounton.site.startup import start_django

LANGUAGES = ("nl", "fr", "en")
COLUMNS = ("slug", "name", "colleagues", "admins", "customers", "made")
NO_OFFICE = "There is no office yet: accounton office create SLUG --name NAME --admin EMAIL\n"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = __doc__
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    create = actions.add_parser("create", help="make an office and its first admin")
    create.add_argument("slug", metavar="SLUG", help="the office's short name, such as kantoor-gent")
    create.add_argument("--name", required=True, help="as pages and mails show it")
    create.add_argument("--admin", required=True, metavar="EMAIL", help="with which the admin signs in")
    create.add_argument("--language", choices=LANGUAGES, default="nl", help="of the admin's mail and first pages")
    listed = actions.add_parser("list", help="list the offices")
    for action in (create, listed):
        action.add_argument("--json", action="store_true", help="print one object")


def run(options: argparse.Namespace) -> int:
    """Do it. Gives 0, or 2 where the office cannot be made as given; nothing was written then."""
    start_django(migrated=False)
    from accounton.offices.first_start.making import CannotMake
    from accounton.site.key_check import check_keys
    from accounton.site.upgrades import refuse_outdated

    refuse_outdated()
    check_keys()
    if options.action == "list":
        return _list(options)
    try:
        return _create(options)
    except CannotMake as reason:
        sys.stderr.write(f"{reason}\n")
        return 2


def _create(options: argparse.Namespace) -> int:
    from accounton.offices.first_start.making import make_office
    from accounton.offices.sign_in.links import FIRST_LINK_DAYS

    made = make_office(options.slug, options.name, options.admin, options.language)
    if options.json:
        said: dict[str, Any] = {"office": made.office.slug, "name": made.office.name, "admin": made.admin.email}
        said |= {"link": made.link, "link_days": FIRST_LINK_DAYS, "mailed": made.is_mailed}
        sys.stdout.write(json.dumps(said) + "\n")
        return 0
    sys.stdout.write(
        f"Made: office {made.office.slug} ({made.office.name}), with {made.admin.email} as its admin.\n"
        f"Give the admin this link to choose a password. It works once, for {FIRST_LINK_DAYS} days, and whoever has "
        f"it can sign in:\n\n  {made.link}\n\n"
    )
    sys.stdout.write(
        "It is mailed too, by the worker.\n" if made.is_mailed else "There is no mail server: hand it over.\n"
    )
    return 0


def _list(options: argparse.Namespace) -> int:
    from accounton.offices.models import Office

    offices = [_counted(office) for office in Office.objects.order_by("slug")]
    if options.json:
        sys.stdout.write(json.dumps({"offices": offices}) + "\n")
    elif not offices:
        sys.stdout.write(NO_OFFICE)
    else:
        rows = [COLUMNS, *([str(office[column]) for column in COLUMNS] for office in offices)]
        widths = [max(len(row[at]) for row in rows) for at in range(len(COLUMNS))]
        lines = ("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) for row in rows)
        sys.stdout.writelines(f"{line.rstrip()}\n" for line in lines)
    return 0


def _counted(office: Any) -> dict[str, Any]:
    from accounton.customers.models import Customer
    from accounton.offices.colleagues.admins import admins_of
    from accounton.offices.models import User
    from accounton.offices.scoping import acting_for

    with acting_for(office.pk):
        customers = Customer.objects.filter(archived_at=None).count()
    return {
        "slug": office.slug,
        "name": office.name,
        "colleagues": User.objects.filter(office=office, is_active=True).count(),
        "admins": admins_of(office).count(),
        "customers": customers,
        "made": f"{office.created_at:%Y-%m-%d}",
    }
