"""accounton colleague: what the host does for an office whose only admin cannot get in.

reset-second-factor EMAIL takes away the second factors and ends the sessions; make-admin EMAIL makes a colleague an
admin; link EMAIL prints a link to choose a password, which works once.
"""

import argparse
import sys
from typing import TYPE_CHECKING

from accounton.site.startup import start_django

if TYPE_CHECKING:
    from accounton.offices.models import User

ACTIONS = ("reset-second-factor", "make-admin", "link")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = __doc__
    parser.add_argument("action", choices=ACTIONS, help="what to do")
    parser.add_argument("email", help="with which the colleague signs in")


def run(options: argparse.Namespace) -> int:
    """Do it; 2 where there is no such open account."""
    start_django()
    from accounton.offices.models import User
    from accounton.offices.scoping import acting_for

    user = User.objects.filter(email=options.email.lower(), is_active=True, office__isnull=False).first()
    if user is None or user.office_id is None:
        sys.stderr.write("No open account of an office has this e-mail address.\n")
        return 2
    with acting_for(user.office_id):
        sys.stdout.write(f"{_done(options.action, user)}\n")
    return 0


def _done(action: str, user: "User") -> str:
    from accounton.offices.audit import record
    from accounton.offices.colleagues import accounts
    from accounton.offices.models import User
    from accounton.offices.sign_in.letters import absolute
    from accounton.offices.sign_in.links import reset_path

    if action == "reset-second-factor":
        was_on = accounts.reset_second_factor(user, None)
        return "Second factors taken away, sessions ended." if was_on else "There was no second factor."
    if action == "make-admin":
        return "Made an admin." if accounts.change_role(user, User.Role.ADMIN, None) else "Was an admin already."
    record(None, "colleague.password_link", accounts.subject_of(user), shown=True)
    return absolute(reset_path(user))
