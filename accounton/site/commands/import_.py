"""accounton import FILE: reads, checks, matches and adds the new customers of a list, as the web pages do."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accounton.site.startup import start_django

if TYPE_CHECKING:
    from accounton.offices.models import Office


class UnusableCommand(Exception):
    """The command cannot be carried out as given; the text is the line for the user."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--office", required=True, help="the office's short name, such as demo")
    parser.add_argument("--questionnaire", required=True, help="such as personenbelasting")
    parser.add_argument("--language", choices=("dutch", "french", "english"), help="for all, whatever the column says")
    parser.add_argument("--year", type=int, help="assessment year; default: the current one")
    parser.add_argument("--dry-run", action="store_true", help="read, check and match, but add nobody")
    parser.add_argument("--json", action="store_true", help="print one object")


def run(options: argparse.Namespace) -> int:
    """Carry the import out. Gives 0 (all well), 1 (some rows are invalid) or 2 (unusable; nothing was written)."""
    start_django()
    from accounton.offices.scoping import acting_for
    from accounton.spreadsheets.problems import UnusableFile

    try:
        office = _office(options)
        with acting_for(office.id):
            counts = _imported(options, office)
    except (UnusableCommand, UnusableFile) as error:
        text = error.text() if isinstance(error, UnusableFile) else str(error)
        sys.stderr.write(f"{text}\n")
        return 2
    _report(options, counts)
    return 1 if counts["invalid"] else 0


def _office(options: argparse.Namespace) -> "Office":
    from accounton.offices.models import Office
    from accounton.questionnaires.definition import available

    keys = [definition.key for definition in available()]
    if options.questionnaire not in keys:
        raise UnusableCommand(f"There is no questionnaire {options.questionnaire!r}; there is: {', '.join(keys)}.")
    if not options.file.is_file():
        raise UnusableCommand(f"There is no file {options.file}.")
    try:
        return Office.objects.get(slug=options.office)
    except Office.DoesNotExist:
        raise UnusableCommand(f"There is no office {options.office!r}.") from None


def _imported(options: argparse.Namespace, office: "Office") -> dict[str, Any]:
    from accounton.importing.applying import CannotApply, claim, continue_applying
    from accounton.importing.forms import this_year
    from accounton.importing.models import Batch
    from accounton.importing.review import Review
    from accounton.importing.staging import stage
    from accounton.spreadsheets.problems import UnusableFile

    batch = Batch.objects.create(
        file_name=options.file.name[-255:],
        assessment_year=options.year or this_year(),
        questionnaire=options.questionnaire,
        language=options.language or "",
        file_size=options.file.stat().st_size,
    )
    try:
        stage(batch, options.file)
    except UnusableFile:
        batch.delete()
        raise
    counts: dict[str, Any] = {"batch": batch.pk, **Review(batch, {}).counts, "imported": 0, "dry_run": options.dry_run}
    if not options.dry_run:
        try:
            claim(batch, None, batch.revision)
            counts["imported"] = continue_applying(batch).result["added"]
        except CannotApply:
            counts["imported"] = 0
    return counts


def _report(options: argparse.Namespace, counts: dict[str, Any]) -> None:
    if options.json:
        sys.stdout.write(json.dumps(counts) + "\n")
        return
    words = {"only_in_import": "only in import", "only_in_platform": "only in Accounton"}
    for key in ("only_in_import", "only_in_platform", "double", "invalid", "imported"):
        sys.stdout.write(f"{words.get(key, key):>18}  {counts[key]:>8,}\n")
