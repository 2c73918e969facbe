"""accounton imports: lists what each import added, changed and left out, by whom, from which file."""

import argparse
import json
import sys
from typing import TYPE_CHECKING

from accounton.rows.wording import language_of_environment
from accounton.site.startup import start_django

if TYPE_CHECKING:
    from accounton.importing.history import Import


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--office", help="only this office, by its short name, such as demo")
    parser.add_argument("--json", action="store_true", help="print one object")


def run(options: argparse.Namespace) -> int:
    """Print the imports of one office or of all, the newest first. Gives 0, or 2 where there is no such office."""
    start_django()
    from django.utils import translation

    from accounton.importing.history import account, imports
    from accounton.offices.models import Office
    from accounton.offices.scoping import acting_for

    offices = Office.objects.order_by("id")
    if options.office:
        offices = offices.filter(slug=options.office)
    with translation.override(language_of_environment()):
        if options.office and not offices:
            text = translation.gettext("There is no office %(name)s.") % {"name": options.office}
            sys.stderr.write(f"{text}\n")
            return 2
        found = []
        for office in offices:
            with acting_for(office.id):
                found += [account(batch) for batch in imports()]
        lines = [json.dumps({"imports": [each.as_json() for each in found]})] if options.json else map(_line, found)
        sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


def _line(each: "Import") -> str:
    from django.utils.translation import gettext as _

    batch = each.batch
    counts = _("%(added)s added, %(changed)s changed, %(left_out)s left out") % {
        "added": each.added, "changed": each.changed, "left_out": each.left_out,
    }  # fmt: skip
    parts = [batch.office.slug, f"{batch.created_at:%Y-%m-%d %H:%M}", each.state, counts]
    return f"{batch.pk:>6}  " + " · ".join([*parts, each.by or "—", batch.file_name, batch.file_sha256[:12]])
