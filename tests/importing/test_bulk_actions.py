"""Work on many rows: done in the background it comes to what it comes to at once; stopped, broken off, told about."""

import pytest

from accounton.importing import bulk_actions, jobs, pieces, returning
from accounton.importing.all_couples import MergeAll, SplitAll
from accounton.importing.choosing import ReviewClosed
from accounton.importing.departing import Depart
from accounton.importing.handing_out import handed_out
from accounton.importing.invariants import broken
from accounton.importing.lengths import LONG
from accounton.importing.models import Batch, BulkAction, Change, Departure, Reason, State
from accounton.importing.near import look
from accounton.importing.pieces import Work, at_once
from accounton.importing.proposals import counts
from accounton.importing.repairing import Accept, AllowWithoutEmail, Replace, edit
from accounton.importing.repeated import CombineAll, KeepFirst
from accounton.importing.returning import TakeBack
from accounton.importing.setting import SetColumn
from accounton.importing.undoing_changes import CannotUndo, Undo
from tests.importing.conftest import person
from tests.importing.test_couples import couple
from tests.importing.test_repairing import state
from tests.importing.test_returning import Downloaded

pytestmark = pytest.mark.database
MOBILE = "mobile.country_code_missing"
UNKNOWN = "language.unknown"
NUMBERS = [("00010100105", "00010100204"), ("00010100303", "00010100402"), ("00010100501", "00010100697")]


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch):
    monkeypatch.setattr(pieces, "PIECE", 2)


@pytest.fixture
def client(client_as, admin):
    return client_as(admin)


def in_background(batch: Batch, user, work: Work) -> BulkAction:
    action = bulk_actions.start(batch, user, work, "/imports/")
    assert batch.state == State.CHANGING
    jobs.work_on(batch.office_id, batch.pk)
    batch.refresh_from_db()
    action.refresh_from_db()
    return action


def couples() -> list[dict[str, str]]:
    found = []
    for place, (one, other) in enumerate(NUMBERS):
        found.append(person(2 * place, national_number=one, spouse_national_number=other))
        found.append(person(2 * place + 1, national_number=other))
    return found


def mobiles() -> list[dict[str, str]]:
    return [person(n, mobile=f"0478 12 34 5{n}", city="Gent" if n % 2 else "") for n in range(5)]


CASES = {
    "accept": (mobiles(), lambda: Accept(MOBILE)),
    "replace": ([person(n, language="duits") for n in range(5)],
                lambda: Replace(UNKNOWN, "language", "duits", "french")),
    "without_email": ([person(n, email="") for n in range(5)], AllowWithoutEmail),
    "set": ([person(n, labels="a") for n in range(5)], lambda: SetColumn("add_labels", "labels", {}, "b")),
    "set_name": ([person(n) for n in range(5)], lambda: SetColumn("replace", "last_name", {}, "Maes", "Declercq")),
    "same_code": ([person(n, client_code=f"K{n}") for n in range(5)], lambda: SetColumn("clear", "client_code", {})),
    "repeated": ([person(n, client_code=code) for n, code in enumerate("ACBDB")],
                 lambda: SetColumn("replace", "client_code", {}, "A", "B")),
    "merge": (couples(), MergeAll),
    "split": ([person(n, first_name="Jan", last_name=f"Peeters en An Claes{n}") for n in range(3)], SplitAll),
    "keep": ([person(n, client_code="AB"[n % 2]) for n in range(6)], KeepFirst),
    "combine": ([person(n, client_code="AB"[n % 2], city="x" * n) for n in range(6)], CombineAll),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_in_the_background_it_comes_to_the_same_as_at_once_and_is_undone_as_one(staged, admin, case, monkeypatch):
    people, work = CASES[case]
    one, other = staged(*people), staged(*people)
    for batch in (one, other):
        look(batch)
    before = state(other)
    monkeypatch.setattr(pieces, "PIECE", 1000)
    change = at_once(one, admin, work())
    monkeypatch.setattr(pieces, "PIECE", 2)
    action = in_background(other, admin, work())
    assert (action.end, action.sealed) == ("done", None)
    assert state(other) == state(one) != before
    assert counts(other) == counts(one)
    assert (action.change.kind, action.change.rows, action.change.column) == (change.kind, change.rows, change.column)
    assert action.change.made_by == admin
    assert list(broken()) == []
    undone = in_background(other, admin, Undo(action.change.pk))
    assert undone.end == "done"
    assert state(other) == before
    assert Change.objects.get(pk=action.change_id).undone_by == admin
    assert list(broken()) == []


def test_a_corrected_workbook_is_taken_back_in_pieces(staged, admin):
    batch = staged(*(person(n, email="an@@x") for n in range(1, 7)))
    downloaded = Downloaded(handed_out(batch, admin, "errors"))
    edit(batch, admin, {3: (batch.revision, {"email": "noor@x.example"})})
    for number in range(2, 7):
        downloaded.cell(number, "Email").value = f"noor{number}@x.example" if number < 6 else "an@@"
    downloaded.page.cell(7, 1).value = "person"
    action = in_background(batch, admin, TakeBack(downloaded.saved()))
    taken = returning.taken_back(action.said, action.change)
    assert (taken.valid, taken.invalid, taken.same, taken.changed) == (3, 1, 1, [3])
    assert action.rows == 5


def test_a_workbook_that_cannot_be_used_is_said_and_changes_nothing(client, staged, admin):
    batch = staged(*mobiles())
    before = state(batch)
    action = in_background(batch, admin, TakeBack(b"PK\3\4 no workbook"))
    assert (action.end, batch.state) == ("unusable", State.REVIEW)
    assert state(batch) == before
    assert "beschadigd" in client.get(f"/imports/{batch.pk}/").content.decode()


def test_customers_only_here_are_decided_about_in_pieces(known, staged, admin):
    for n in range(5):
        known(client_code=f"K{n}", first_name=f"Ander{'abcde'[n]}")
    batch = staged(person(1))
    action = in_background(batch, admin, Depart("archive", "left", query="ander"))
    assert action.said == {"done": 5, "stay": []}
    assert Departure.objects.count() == 5
    again = in_background(batch, admin, Depart("nothing", "keep"))
    assert again.said["done"] == 5
    assert Departure.objects.filter(restored_at=None, action="nothing").count() == 5


def test_while_it_runs_the_review_is_nobody_elses(client, staged, admin, accountant):
    batch = staged(*mobiles())
    shown = batch.revision
    bulk_actions.start(batch, accountant, Accept(MOBILE), "/imports/")
    with pytest.raises(ReviewClosed):
        edit(batch, admin, {2: (shown, {"city": "Aalst"})})
    with pytest.raises(ReviewClosed):
        bulk_actions.start(batch, admin, AllowWithoutEmail(), "/imports/")
    page = client.get(f"/imports/{batch.pk}/").content.decode()
    assert "0 van 5 bekeken" in page
    assert str(accountant) in page
    answer = client.post(f"/imports/{batch.pk}/without-email/", follow=True).content.decode()
    assert "worden veel rijen van deze import gewijzigd" in answer


def test_whoever_asked_is_told_once_on_the_page_asked_from(client, staged, admin, monkeypatch):
    monkeypatch.setattr(pieces, "LONG", 2)
    batch = staged(*mobiles())
    asked = client.post(f"/imports/{batch.pk}/accept/?bucket=invalid", {"code": MOBILE})
    assert asked.url == f"/imports/{batch.pk}/"
    jobs.work_on(batch.office_id, batch.pk)
    answer = client.get(f"/imports/{batch.pk}/progress/")
    assert answer["HX-Redirect"] == f"/imports/{batch.pk}/?bucket=invalid"
    page = client.get(answer["HX-Redirect"]).content.decode()
    assert "Suggesties aanvaard: Mobiel nummer, 5 rijen" in page
    assert not BulkAction.objects.exists()


def test_scripts_are_sent_to_the_progress(client, staged, monkeypatch):
    monkeypatch.setattr(pieces, "LONG", 2)
    batch = staged(*mobiles())
    asked = client.post(f"/imports/{batch.pk}/accept/", {"code": MOBILE}, headers={"HX-Request": "true"})
    assert asked["HX-Redirect"] == f"/imports/{batch.pk}/"


def test_what_was_done_until_it_is_stopped_stays_and_is_undone(client, staged, admin, monkeypatch):
    batch = staged(*mobiles())
    before = state(batch)
    bulk_actions.start(batch, admin, Accept(MOBILE), "/imports/")
    stop_after_the_first_piece(monkeypatch, batch, lambda: client.post(f"/imports/{batch.pk}/changing/stop/"))
    jobs.work_on(batch.office_id, batch.pk)
    batch.refresh_from_db()
    assert batch.state == State.REVIEW
    [change] = Change.objects.all()
    assert change.rows == 2
    at_once(batch, admin, Undo(change.pk))
    assert state(batch) == before
    assert list(broken()) == []


def stop_after_the_first_piece(monkeypatch, batch, stop) -> None:
    step = bulk_actions._step

    def then_stopped(*args):
        more = step(*args)
        stop()
        return more

    monkeypatch.setattr(bulk_actions, "_step", then_stopped)


def test_an_undo_is_not_stopped_half_way(staged, admin):
    batch = staged(*mobiles())
    change = at_once(batch, admin, Accept(MOBILE))
    bulk_actions.start(batch, admin, Undo(change.pk), "/imports/")
    assert not bulk_actions.stop(batch)
    assert batch.state == State.CHANGING


def test_what_was_changed_since_is_not_undone_and_nothing_begun(staged, admin):
    batch = staged(*mobiles())
    change = at_once(batch, admin, Accept(MOBILE))
    edit(batch, admin, {2: (batch.revision, {"mobile": "+32478999999"})})
    with pytest.raises(CannotUndo):
        bulk_actions.start(batch, admin, Undo(change.pk), "/imports/")
    batch.refresh_from_db()
    assert batch.state == State.REVIEW
    assert not BulkAction.objects.exists()


class Fatal(Accept):
    def piece(self, batch: Batch, change: Change, some) -> None:
        if change.pk:
            raise MemoryError
        super().piece(batch, change, some)


def test_what_breaks_off_again_and_again_is_given_up_and_the_review_given_back(client, staged, admin, monkeypatch):
    monkeypatch.setitem(bulk_actions.WORKS, "Accept", Fatal)
    batch = staged(*mobiles())
    bulk_actions.start(batch, admin, Accept(MOBILE), "/imports/")
    for _ in range(4):  # the first one got on
        with pytest.raises(MemoryError):
            jobs.work_on(batch.office_id, batch.pk)
    jobs.work_on(batch.office_id, batch.pk)
    batch.refresh_from_db()
    assert (batch.state, BulkAction.objects.get().end) == (State.REVIEW, "given_up")
    page = client.get(f"/imports/{batch.pk}/").content.decode()
    assert "opgegeven" in page
    assert "Suggesties aanvaard" in page
    assert list(broken()) == []


def test_a_done_import_is_done_again_after_a_decision_about_many(known, staged, admin):
    known(first_name="Ander")
    batch = staged(person(1))
    Batch.objects.filter(pk=batch.pk).update(state=State.DONE)
    batch.rows.all().delete()
    in_background(batch, admin, Depart("archive", "left"))
    assert batch.state == State.DONE


def test_nothing_personal_stands_open_while_it_waits(staged, admin):
    batch = staged(*mobiles())
    action = bulk_actions.start(
        batch, admin, Replace("x", "national_number", "85073003328", "an@x.example"), "/imports/"
    )
    assert b"85073003328" not in bytes(action.sealed)
    assert b"an@x" not in bytes(action.sealed)


def test_few_rows_are_done_while_somebody_waits(client, staged):
    assert LONG >= 1000
    batch = staged(*couple())
    client.post(f"/imports/{batch.pk}/couples/all/", {"reason": Reason.COUPLE})
    assert not BulkAction.objects.exists()
    assert Change.objects.get().rows == 2


def test_what_nobody_comes_back_for_is_forgotten(staged, admin):
    batch = staged(*mobiles())
    in_background(batch, admin, Accept(MOBILE))
    BulkAction.objects.update(asked_at="2026-01-01T00:00Z")
    bulk_actions.wipe_old()
    assert not BulkAction.objects.exists()
