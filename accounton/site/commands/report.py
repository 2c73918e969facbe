"""accounton report BATCH OUT.xlsx: writes down what became of every row of an import."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from accounton.rows.template import CANNOT_WRITE
from accounton.rows.wording import language_of_environment
from accounton.site.startup import start_django

if TYPE_CHECKING:
    from accounton.importing.models import Batch
    from accounton.offices.models import Office


class UnusableCommand(Exception):
    """The command cannot be carried out as given; the text is the line for the user."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("batch", type=int, metavar="BATCH", help="the number of the import, as import says it")
    parser.add_argument("out", type=Path, metavar="OUT.xlsx")
    parser.add_argument("--office", help="the office's short name; default: whichever has this import")


def run(options: argparse.Namespace) -> int:
    """Write the report. Gives 0 (all well), 1 (some rows are invalid) or 2 (no such import, or no way to write)."""
    start_django()
    from django.utils import translation

    from accounton.offices.scoping import acting_for

    with translation.override(language_of_environment()):
        try:
            office, batch = _found(options)
            with acting_for(office.pk):
                return _write(batch, options.out)
        except UnusableCommand as error:
            sys.stderr.write(f"{error}\n")
            return 2


def _write(batch: "Batch", out: Path) -> int:
    from django.utils.translation import gettext as _

    from accounton.importing.handing_out import handed_out
    from accounton.importing.models import Bucket

    try:
        out.write_bytes(handed_out(batch, None, "review"))
    except OSError as error:
        raise UnusableCommand(f"{out}: {_(CANNOT_WRITE)} ({error.strerror})") from None
    return 1 if batch.rows.filter(bucket=Bucket.INVALID).exists() else 0


def _found(options: argparse.Namespace) -> "tuple[Office, Batch]":
    """Find the import in the office named, or in any."""
    from django.utils.translation import gettext as _

    from accounton.importing.models import Batch, State
    from accounton.offices.models import Office
    from accounton.offices.scoping import acting_for

    offices = Office.objects.filter(slug=options.office) if options.office else Office.objects.order_by("id")
    if options.office and not offices.exists():
        raise UnusableCommand(_("There is no office %(name)s.") % {"name": options.office})
    for office in offices:
        with acting_for(office.pk):
            batch = Batch.objects.filter(pk=options.batch).first()
        if batch is not None:
            if batch.state not in (State.REVIEW, State.DONE, State.UNDONE):
                raise UnusableCommand(_("Import %(number)s is not ready: it has no rows yet.") % {"number": batch.pk})
            return office, batch
    raise UnusableCommand(_("There is no import %(number)s.") % {"number": options.batch})
