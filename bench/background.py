"""Times what the worker does about a review of FILE: `python -m bench.background FILE` prints name, seconds, longest
step in seconds (so long nobody else writes on SQLite), rows, and the peak of memory in MiB until then."""

import itertools
import resource
import sys
import time
from pathlib import Path

from accounton.site.startup import start_django


def main(path: str) -> None:
    start_django()
    from accounton.importing import applying
    from accounton.importing.models import Batch
    from accounton.importing.near import look
    from accounton.importing.repairing import Accept
    from accounton.importing.setting import SetColumn
    from accounton.importing.staging import stage
    from accounton.importing.undoing import claim_undo, continue_undoing
    from accounton.importing.undoing_changes import Undo
    from accounton.offices.models import Office
    from accounton.offices.scoping import acting_for

    with acting_for(Office.objects.get(slug="demo").pk):
        batch = Batch.objects.create(file_name="bench.xlsx", assessment_year=2026, questionnaire="personenbelasting")
        stage(batch, Path(path))
        started = time.perf_counter()
        look(batch)
        report("near matches looked for", time.perf_counter() - started, 0, batch.rows_read)
        accepted = timed("all suggestions accepted", batch, Accept("mobile.country_code_missing"))
        timed("that undone", batch, Undo(accepted))
        language = timed("language of all selected rows", batch, SetColumn("language", "language", {}, "french"))
        timed("that undone", batch, Undo(language))
        codes = timed("client codes of all selected rows cleared", batch, SetColumn("clear", "client_code", {}))
        timed("that undone", batch, Undo(codes))
        started = time.perf_counter()
        applying.claim(batch, None, batch.revision, with_undecided=True)
        applying.continue_applying(batch)
        report("all added", time.perf_counter() - started, 0, batch.result["added"])
        started = time.perf_counter()
        claim_undo(batch, None)
        continue_undoing(batch)
        report("the import undone", time.perf_counter() - started, 0, batch.undo["done"])


def timed(name: str, batch, work) -> int:
    """Do a work as the worker does, report it, and give the change it made."""
    from accounton.importing import bulk_actions
    from accounton.importing.jobs import work_on

    steps = [time.perf_counter()]
    step = bulk_actions._step

    def noted(*args) -> bool:
        more = step(*args)
        steps.append(time.perf_counter())
        return more

    bulk_actions._step = noted
    try:
        action = bulk_actions.start(batch, None, work, "/")
        started = time.perf_counter()
        work_on(batch.office_id, batch.pk)
    finally:
        bulk_actions._step = step
    batch.refresh_from_db()
    action.refresh_from_db()
    longest = max(after - before for before, after in itertools.pairwise(steps))
    report(name, time.perf_counter() - started, longest, action.done)
    return action.change_id


def report(name: str, seconds: float, longest: float, rows: int) -> None:
    """Print one line."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(f"{name}\t{seconds:.1f}\t{longest:.2f}\t{rows:,}\t{peak}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
