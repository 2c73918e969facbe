"""accounton check FILE: reads and checks a list as the import does, without a database and without writing anything."""

import argparse
import datetime
import sys
from contextlib import ExitStack
from pathlib import Path

from accounton.belgium.numbers_in_text import masked_name
from accounton.rows.opening import Opened
from accounton.rows.wording import LANGUAGES
from accounton.site.commands import matching, progress
from accounton.site.commands.opening import opened_ahead
from accounton.spreadsheets.problems import UnusableFile


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="print one object")
    parser.add_argument("--language", choices=LANGUAGES, help="of the messages; default: that of LC_ALL or LANG")
    matching.configure(parser)


def run(options: argparse.Namespace) -> int:
    """Check the file. Gives 0 (all well), 1 (some rows are invalid) or 2 (the file cannot be used)."""
    with ExitStack() as stack:
        return _run(options, opened_ahead(stack, options))


def _run(options: argparse.Namespace, file: Path | Opened) -> int:
    # Loaded only now, while the file is being opened.
    from accounton.rows.intake import Inspection
    from accounton.rows.mapping_wishes import Wishes
    from accounton.rows.report import Report
    from accounton.rows.rules import Rules
    from accounton.rows.wording import gettext_in, language_of_environment

    gettext = gettext_in(options.language or language_of_environment())
    rules = Rules(today=datetime.datetime.now().astimezone().date())
    try:
        with Inspection(file, rules, wishes=Wishes.from_message(matching.wishes(options))) as inspection:
            report = Report(masked_name(str(options.file)), inspection.head, gettext)
            for block in inspection:
                report.add(block)
                progress.show(report.rows + inspection.empty_rows, inspection.head.rows_expected)
            report.finish(inspection)
            progress.clear()
            # Said before the child is waited for: giving back its memory takes it a moment.
            sys.stdout.write(report.as_json() if options.json else report.as_text())
            sys.stdout.flush()
    except UnusableFile as error:
        progress.clear()
        sys.stderr.write(f"{masked_name(str(options.file))}: {error.text(gettext)}\n")
        return 2
    return 1 if report.invalid else 0
