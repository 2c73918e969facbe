"""accounton undo BATCH: takes an import back, or says what that would do."""

import argparse
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from accounton.rows.wording import language_of_environment
from accounton.site.startup import start_django

if TYPE_CHECKING:
    from accounton.importing.models import Batch
    from accounton.importing.undo_plan import Plan
    from accounton.offices.models import Office


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("batch", type=int, metavar="BATCH", help="the number that accounton imports gives")
    parser.add_argument("--office", help="the office's short name; needed only to be certain of it")
    parser.add_argument("--dry-run", action="store_true", help="say what would be taken back, but do nothing")
    parser.add_argument("--json", action="store_true", help="print one object")


def run(options: argparse.Namespace) -> int:
    """Undo an import. Gives 0 (all was taken back), 1 (something was kept) or 2 (nothing could be done)."""
    start_django()
    from django.utils import translation

    from accounton.importing.undo_plan import outcome, plan
    from accounton.importing.undo_words import cannot_words
    from accounton.importing.undoing import CannotTakeBack, claim_undo, continue_undoing, why_not
    from accounton.offices.scoping import acting_for

    with translation.override(language_of_environment()):
        office, batch = _found(options)
        if office is None or batch is None:
            words = {"number": options.batch}
            sys.stderr.write(translation.gettext("There is no import %(number)s.") % words + "\n")
            return 2
        with acting_for(office.pk):
            try:
                if options.dry_run:
                    if code := why_not(batch):
                        raise CannotTakeBack(code)
                    lists = plan(batch)
                else:
                    claim_undo(batch, None)
                    lists = outcome(continue_undoing(batch))
            except CannotTakeBack as error:
                sys.stderr.write(f"{cannot_words(error.code)}\n")
                return 2
            said = [json.dumps(_as_json(batch, lists, options.dry_run))] if options.json else list(_report(lists))
    sys.stdout.writelines(f"{line}\n" for line in said)
    return 1 if lists.kept.total or lists.impossible.total else 0


def _found(options: argparse.Namespace) -> "tuple[Office | None, Batch | None]":
    from accounton.importing.models import Batch
    from accounton.offices.models import Office
    from accounton.offices.scoping import acting_for

    for office in Office.objects.order_by("id"):
        if options.office in (None, office.slug):
            with acting_for(office.pk):
                batch = Batch.objects.filter(pk=options.batch).first()
                if batch is not None:
                    return office, batch
    return None, None


def _as_json(batch: "Batch", lists: "Plan", dry_run: bool) -> dict[str, Any]:
    def stayed(name: str) -> list[dict[str, Any]]:
        first = getattr(lists, name).first
        return [{"row": v.number, "part": v.part, "reasons": v.reasons, "columns": v.keys} for v in first]

    counts = {name: listed.counts for name, listed in lists._asdict().items()}
    return {"batch": batch.pk, **counts, "why_kept": stayed("kept"), "why_impossible": stayed("impossible"),
            "dry_run": dry_run}  # fmt: skip


def _report(lists: "Plan") -> Iterator[str]:
    from accounton.importing.undo_words import part_words, title_of, why

    for name, listed in lists._asdict().items():
        yield f"{listed.total:>9,}  {title_of(name)}"
        if name == "taken_back":
            for part, count in listed.counts.items():
                if count:
                    yield f"{count:>11,}  {part_words(part)}"
            continue
        for verdict in listed.first:
            yield f"{verdict.number:>11}  {why(verdict)}"
