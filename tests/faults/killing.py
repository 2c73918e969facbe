"""Run in an installation of its own: long work in a child process that dies at its N-th write."""

import json
import os
import signal
from itertools import count
from typing import Any

from accounton.site.startup import start_django

WRITES = ("INSERT", "UPDATE", "DELETE")
OLD, NEW = "+32470123000", "+32495551000"


def kill_at_every_write(what: str) -> None:
    """Print, as JSON, how often a child was killed, what the doctor found, and what was not as it should be."""
    start_django()
    from accounton.offices.models import Office
    from accounton.offices.scoping import acting_for

    killed, broken, wrong = 0, [], []
    with acting_for(Office.objects.get().pk):
        for nth in count(1):
            batch_id = prepared(what)
            died = in_child(batch_id, nth)
            broken += doctor()
            in_child(batch_id, 0)
            broken += doctor()
            wrong += [f"{what} {nth}: {line}" for line in check(what, batch_id)]
            killed += died
            clear()
            if not died:
                break
    print(json.dumps({"killed": killed, "broken": broken, "wrong": wrong}))


def prepared(what: str) -> int:
    """Make a batch with work that waits, as a worker would take it up."""
    if what == "read":
        return prepared_upload()
    return prepared_import(what) if what in ("apply", "undo") else prepared_review(what)


def prepared_upload() -> int:
    """Keep a list as it waits to be read."""
    from accounton.importing.models import Batch
    from accounton.importing.staging import keep_upload
    from tests.importing.conftest import person, workbook

    batch = Batch.objects.create(file_name="l.xlsx", assessment_year=2026)
    keep_upload(batch, workbook(*[person(n) for n in range(4)], person(9, email="geen adres")))
    return int(batch.pk)


def prepared_review(what: str) -> int:
    """Stage a list about which something was asked that is done in the background."""
    from accounton.importing import bulk_actions, handing_out, pieces
    from accounton.importing.all_couples import MergeAll
    from accounton.importing.models import Batch
    from accounton.importing.repairing import Accept
    from accounton.importing.staging import stage
    from accounton.importing.undoing_changes import Undo
    from accounton.offices.models import User
    from tests.importing.conftest import workbook
    from tests.importing.test_bulk_actions import MOBILE, couples, mobiles

    pieces.PIECE = 2
    batch = Batch.objects.create(file_name="l.xlsx", assessment_year=2026, questionnaire="personenbelasting")
    stage(batch, workbook(*(couples() if what == "merge" else mobiles())))
    user = User.objects.get()
    if what == "workbook":
        handing_out.ask(batch, user, "review", "nl")
    elif what == "merge":
        bulk_actions.start(batch, user, MergeAll(), "/")
    elif what == "change":
        bulk_actions.start(batch, user, Accept(MOBILE), "/")
    else:
        change = pieces.at_once(batch, user, Accept(MOBILE))
        bulk_actions.start(batch, user, Undo(change.pk), "/")
    return int(batch.pk)


def prepared_import(what: str) -> int:
    """Stage a list of new and known customers, some to be overwritten; claimed, so that a worker would take it up."""
    from accounton.importing import applying, halves, undoing
    from accounton.importing.models import Batch
    from accounton.importing.overwriting import choose_dossiers, choose_proposed
    from accounton.importing.staging import stage
    from tests.importing.conftest import person, workbook

    applying.FIRST_STEP_ROWS, applying.STEP_ROWS, applying.KNOWN_STEP_ROWS, undoing.AT_ONCE = 2, 2, 2, 2
    halves.FEWEST = 1

    def staged(year: int, *people: dict[str, str]) -> Batch:
        batch = Batch.objects.create(file_name="l.xlsx", assessment_year=year, questionnaire="personenbelasting")
        stage(batch, workbook(*people))
        return batch

    first = staged(2026, *[person(n, client_code=f"K{n}", mobile=OLD) for n in range(3)])
    applying.claim(first, None, first.revision, with_undecided=True)
    applying.continue_applying(first)
    known = [person(n, client_code=f"K{n}", mobile=NEW) for n in range(3)]
    batch = staged(2027, *known, *[person(n) for n in range(10, 13)])
    choose_proposed(batch, None, on=True)
    choose_dossiers(batch, None, on=True)
    applying.claim(batch, None, batch.revision, with_undecided=True)
    if what == "undo":
        applying.continue_applying(batch)
        undoing.claim_undo(batch, None)
    return int(batch.pk)


def work(batch_id: int) -> None:
    """Do as the worker does, half a minute after another one was killed."""
    from django.utils import timezone

    from accounton.importing.expired import take_up_all_expired
    from accounton.importing.jobs import look_again, make_workbook, work_on
    from accounton.importing.leases import EXPIRES
    from accounton.importing.models import Batch, Lease, MadeWorkbook
    from accounton.offices.models import Office

    office_id = Office.objects.get().pk
    Lease.objects.update(renewed_at=timezone.now() - 2 * EXPIRES)
    taken_up = take_up_all_expired()
    if made := MadeWorkbook.objects.filter(batch=batch_id).first():
        make_workbook(office_id, made.pk)
    elif taken_up and Batch.objects.filter(pk=batch_id, state="review").exists():
        look_again(office_id, batch_id)
    else:
        work_on(office_id, batch_id)


def in_child(batch_id: int, nth: int) -> bool:
    """Work in a child that is killed at its N-th write or commit (never for 0). Gives whether it was killed."""
    from django.db import connections
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.signals import connection_created

    from accounton.importing import bulk

    connections.close_all()
    child = os.fork()
    if child == 0:
        written = count(1)

        def about_to_write() -> None:
            if next(written) == nth:
                os.kill(os.getpid(), signal.SIGKILL)

        def counted(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if sql.lstrip().upper().startswith(WRITES):
                about_to_write()
            return execute(sql, params, many, context)

        def counted_commit(wrapper: BaseDatabaseWrapper, commit: Any = BaseDatabaseWrapper._commit) -> None:
            about_to_write()
            commit(wrapper)

        def counted_all(connection: BaseDatabaseWrapper, **_rest: Any) -> None:
            connection.execute_wrappers.append(counted)

        def counted_copy(*given: Any, copy: Any = bulk._copy) -> None:
            # COPY goes past the wrapper: on PostgreSQL most rows are written by it.
            about_to_write()
            copy(*given)

        BaseDatabaseWrapper._commit, bulk._copy = counted_commit, counted_copy  # type: ignore[method-assign]
        # A thread has a connection of its own: what it writes counts as well.
        connection_created.connect(counted_all, weak=False)

        code = 1
        try:
            work(batch_id)
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == 0, status
    return False


def doctor() -> list[str]:
    """Give what the doctor finds."""
    from accounton.importing.invariants import broken, broken_database

    return [*broken_database(), *broken()]


def check(what: str, batch_id: int) -> list[str]:
    """Say what is not as the work leaves it."""
    if what == "read":
        return check_read(batch_id)
    return check_import(what, batch_id) if what in ("apply", "undo") else check_review(what, batch_id)


def check_read(batch_id: int) -> list[str]:
    """Say what is not as a reading leaves it."""
    from accounton.importing.models import Batch, Lease, Upload

    batch = Batch.objects.get(pk=batch_id)
    found = (
        batch.state, batch.rows_read, batch.rows.count(), batch.rows.filter(bucket="invalid").count(),
        batch.near_at is not None, Upload.objects.count(), Lease.objects.count(),
    )  # fmt: skip
    wanted = ("review", 5, 5, 1, True, 0, 0)
    return [] if found == wanted else [f"{found} instead of {wanted}"]


def check_review(what: str, batch_id: int) -> list[str]:
    """Say what is not as something asked about a review leaves it."""
    from accounton.importing.handing_out import content_of
    from accounton.importing.models import Batch, BulkAction, Change, MadeWorkbook, RowBefore

    batch = Batch.objects.get(pk=batch_id)
    if what == "workbook":
        made = MadeWorkbook.objects.get()
        return [] if made.done == made.rows and content_of(made).startswith(b"PK") else [f"{made.done} of {made.rows}"]
    found = (
        batch.state, batch.rows.filter(bucket="invalid").count(), batch.rows.filter(bucket="merged").count(),
        [change.rows for change in Change.objects.all()], Change.objects.filter(undone_at=None).count(),
        RowBefore.objects.count(), [action.end for action in BulkAction.objects.all()],
    )  # fmt: skip
    wanted = {
        "change": ("review", 0, 0, [5], 1, 5, ["done"]),
        "merge": ("review", 0, 3, [6], 1, 6, ["done"]),
        "back": ("review", 5, 0, [5], 0, 5, ["done"]),
    }[what]
    return [] if found == wanted else [f"{found} instead of {wanted}"]


def check_import(what: str, batch_id: int) -> list[str]:
    """Say what is not as an import, or its undo, leaves it."""
    from accounton.customers.models import Customer
    from accounton.dossiers.models import Dossier
    from accounton.importing.models import Batch

    batch = Batch.objects.get(pk=batch_id)
    found = (
        batch.state, Customer.objects.count(), Customer.objects.filter(mobile=NEW).count(),
        Dossier.objects.filter(assessment_year=2027).count(), Dossier.objects.count(), batch.added, batch.changed,
    )  # fmt: skip
    wanted = ("done", 6, 3, 6, 9, 3, 3) if what == "apply" else ("undone", 3, 0, 0, 3, 0, 0)
    return [] if found == wanted else [f"{found} instead of {wanted}"]


def clear() -> None:
    """Remove everything, so that the next round starts as the first one did."""
    from accounton.customers.models import Customer
    from accounton.importing.models import Batch

    Batch.objects.all().delete()
    Customer.objects.all().delete()
