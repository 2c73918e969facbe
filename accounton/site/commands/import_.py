"""accounton import FILE: reads, checks, matches and adds the new customers of a list, as the web pages do."""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accounton.belgium.numbers_in_text import masked_name
from accounton.rows.opening import Opened
from accounton.rows.wording import language_of_environment
from accounton.site import environment
from accounton.site.commands import matching, progress
from accounton.site.commands.opening import opened_ahead
from accounton.site.startup import start_django
from accounton.spreadsheets.limits import Limits
from accounton.spreadsheets.problems import UnusableFile

if TYPE_CHECKING:
    from accounton.importing.models import Batch
    from accounton.offices.models import Office

MOST_ROWS = 50
WRONG_LIST = 3
"""The exit code where a list may be the wrong one."""


class UnusableCommand(Exception):
    """The command cannot be carried out as given; the text is the line for the user."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--office", required=True, help="the office's short name, such as demo")
    parser.add_argument(
        "--questionnaire", metavar="KEY", help="such as personenbelasting; default: by the rules of the office"
    )
    parser.add_argument("--language", choices=("dutch", "french", "english"), help="for all, whatever the column says")
    parser.add_argument("--year", type=int, help="assessment year; default: the current one")
    parser.add_argument("--dry-run", action="store_true", help="read, check and match, but add nobody")
    parser.add_argument(
        "--yes",
        action="store_true",
        help="ask nothing: go on with a list that fits the office badly, and add also who looks like a customer",
    )
    parser.add_argument("--json", action="store_true", help="print one object")
    matching.configure(parser)


def run(options: argparse.Namespace) -> int:
    """Carry the import out.

    Gives 0 (all well), 1 (some rows are invalid, or wait for somebody to decide about them), 2 (unusable; nothing was
    written) or 3 (it may be the wrong list; nobody was added, it waits as a review).
    """
    with ExitStack() as stack:
        limits = Limits(bytes=environment.max_upload_bytes(), **environment.list_limits())
        file = opened_ahead(stack, options, limits)
        start_django()
        return _run(options, file)


def _run(options: argparse.Namespace, file: Path | Opened) -> int:
    from django.utils import translation

    from accounton.offices.scoping import acting_for

    with translation.override(language_of_environment()):
        try:
            office = _office(options)
            with acting_for(office.id):
                options.default_language = options.default_language or office.list_language
                batch, counts = _imported(options, file)
                doubt = _doubt(batch)
                progress.clear()
                sys.stdout.write(
                    json.dumps(counts) + "\n" if options.json else "\n".join(_report(batch, counts)) + "\n"
                )
        except (UnusableCommand, UnusableFile) as error:
            progress.clear()
            text = error.text(translation.gettext) if isinstance(error, UnusableFile) else str(error)
            sys.stderr.write(f"{text}\n")
            return 2
        if doubt:
            sys.stderr.write(f"{doubt}\n")
            return WRONG_LIST
    return 1 if counts["invalid"] or counts.get("undecided") else 0


def _office(options: argparse.Namespace) -> "Office":
    from django.utils.translation import gettext as _

    from accounton.offices.models import Office
    from accounton.questionnaires.definition import available

    keys = [definition.key for definition in available()]
    if options.questionnaire is not None and options.questionnaire not in keys:
        names = {"name": options.questionnaire, "others": ", ".join(keys)}
        raise UnusableCommand(_("There is no questionnaire %(name)s. There is: %(others)s.") % names)
    if not options.file.is_file():
        raise UnusableCommand(_("There is no file %(name)s.") % {"name": masked_name(str(options.file))})
    try:
        return Office.objects.get(slug=options.office)
    except Office.DoesNotExist:
        raise UnusableCommand(_("There is no office %(name)s.") % {"name": options.office}) from None


def _imported(options: argparse.Namespace, file: Path | Opened) -> "tuple[Batch, dict[str, Any]]":
    from accounton.importing.leases import leased
    from accounton.importing.linked import join_linked
    from accounton.importing.models import Bucket
    from accounton.importing.near import looking
    from accounton.importing.remembering import decisions
    from accounton.importing.review import Review
    from accounton.importing.staging import NOBODY, brake, stage
    from accounton.spreadsheets.weight import is_light

    batch = _new_batch(options)
    # Who looks like a customer is added too with --yes: then nobody asks, unless something was decided before.
    asks = not options.yes or decisions().exists()
    look = looking(batch, long=not is_light(options.file)) if asks else nullcontext(NOBODY)
    with leased(batch) as hold, look as looker:
        try:
            stage(batch, file, progress.show, looker, hold.renew)
        except UnusableFile:
            batch.delete()
            raise
        join_linked(batch)
        if not options.yes:
            brake(batch)
        looker.write_down()
    # What stands in none of the four buckets (left out by an earlier decision) is named only where there is any.
    buckets = {key: count for key, count in Review(batch, {}).counts.items() if count or key in Bucket.values}
    counts: dict[str, Any] = {"batch": batch.pk, **buckets, "imported": 0, "dry_run": options.dry_run}
    if remembered := [column["header"] for column in batch.columns if column["by"] in ("user", "office")]:
        counts["remembered"] = remembered
    _add(batch, counts, options)
    return batch, counts


def _new_batch(options: argparse.Namespace) -> "Batch":
    """Make a batch of what was asked for. Raises UnusableCommand where nothing says who gets which questionnaire."""
    from django.utils.translation import gettext as _

    from accounton.importing.forms import this_year
    from accounton.importing.models import Batch
    from accounton.offices.audit import record
    from accounton.questionnaires.choosing import BY_RULES
    from accounton.questionnaires.office_rules import has_rules

    if options.questionnaire is None and not has_rules():
        raise UnusableCommand(_("This office has no rules: say with --questionnaire which one everybody gets."))
    batch: Batch = Batch.objects.create(
        file_name=masked_name(options.file.name)[-255:],
        assessment_year=options.year or this_year(),
        questionnaire=options.questionnaire or BY_RULES,
        language=options.language or "",
        file_size=options.file.stat().st_size,
        file_sha256=_digest(options.file),
        mapping={**matching.wishes(options), "fixed": {"language": options.language} if options.language else {}},
    )
    record(None, "import.uploaded", f"batch:{batch.pk}")
    return batch


def _add(batch: "Batch", counts: dict[str, Any], options: argparse.Namespace) -> None:
    """Add the new ones, and note in the counts what was added, what waits for a decision, and why nothing was added."""
    from accounton.importing.applying import CannotApply, claim, continue_applying, count_undecided

    if undecided := 0 if options.yes else count_undecided(batch):
        counts["undecided"] = undecided
    if batch.doubt:
        counts["doubt"] = batch.doubt
    elif not options.dry_run and counts["only_in_import"] > undecided:
        try:
            claim(batch, None, batch.revision, with_undecided=options.yes)
            counts["imported"] = continue_applying(batch).result["added"]
        except CannotApply as error:
            raise UnusableCommand(str(error)) from error


def _doubt(batch: "Batch") -> str:
    """Say that a list may be the wrong one, and what to do; "" where nothing speaks against it."""
    from django.utils.translation import gettext as _

    from accounton.importing.braking import Doubt

    if not batch.doubt:
        return ""
    words = _("Is this the right list? Nobody was added. With --yes it is added all the same.")
    return f"{Doubt(batch.doubt).label} {words}"


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _report(batch: "Batch", counts: dict[str, Any]) -> Iterator[str]:
    from django.utils.translation import gettext as _

    from accounton.importing.cells import RowView
    from accounton.importing.mapping_pages import target_name
    from accounton.importing.models import Bucket
    from accounton.importing.wording import sentence
    from accounton.rows.messages import describe_code

    for column in batch.columns:
        if column["by"] in ("user", "office"):
            names = {"header": column["header"], "target": target_name(column["target"])}
            yield _("Remembered from an earlier list: the column '%(header)s' is %(target)s.") % names
    for notice in batch.notices:
        words = describe_code(notice["code"], notice["detail"], _)
        yield f"{notice['cell']:<8} {words}" if notice["cell"] else words
    letters = {key: column["letter"] for column in batch.columns for key in column["keys"]}
    invalid = batch.rows.filter(bucket=Bucket.INVALID).order_by("number")
    for row in invalid[:MOST_ROWS]:
        for finding in RowView(row, batch).findings:
            if finding.kind == "problem":
                yield f"{letters.get(finding.column, '')}{row.number:<7} {sentence(finding, in_list=True)}"
    if counts["invalid"] > MOST_ROWS:
        yield _("… and %(count)s more; accounton check names them all.") % {"count": counts["invalid"] - MOST_ROWS}
    for bucket in Bucket:
        yield f"{counts[bucket]:>9,}  {bucket.label}"
    if counts.get("undecided"):
        words = _("Wait for a decision in the review (couples, near matches), or are added too with --yes")
        yield f"{counts['undecided']:>9,}  {words}"
    yield f"{counts['imported']:>9,}  {_('Added')}"
