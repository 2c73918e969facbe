"""Every kind of step in a review, undone, leaves nothing of itself behind: rows, counts, proposals, known customers."""

import pytest

from accounton.importing import couples, repeated
from accounton.importing.deciding import decide
from accounton.importing.handing_out import handed_out
from accounton.importing.invariants import broken
from accounton.importing.left_out import bring_back
from accounton.importing.models import Batch, Decision, Reason, Verdict
from accounton.importing.near import look
from accounton.importing.pieces import at_once
from accounton.importing.proposals import counts, open_proposals
from accounton.importing.repairing import Accept, AllowWithoutEmail, Replace, edit
from accounton.importing.returning import take_back
from accounton.importing.sealed_rows import opened
from accounton.importing.setting import SetColumn
from accounton.importing.undoing_changes import undo
from tests.importing.conftest import person
from tests.importing.test_near import NEARS
from tests.importing.test_repairing import row, state
from tests.importing.test_returning import Downloaded

pytestmark = pytest.mark.database
TWIN, KNOWN, FIRST, AGAIN, NO_EMAIL, BOTH, GERMAN, FIRM, MOBILE, ASIDE = range(2, 12)


@pytest.fixture
def batch(staged, known, admin) -> Batch:
    known(**NEARS["birth"][0], client_code="K1")
    known(first_name="Piet", client_code="K2", email="piet@x.example")
    batch = staged(
        person(1, **{"last_name": "Bekend", **NEARS["birth"][1]}),
        person(1000, last_name="Bekend", first_name="Piet", client_code="K2", email="ander@x.example"),
        person(3, client_code="A"),
        person(4, client_code="A", city="Gent"),
        person(5, email=""),
        person(6, first_name="Jan", last_name="Peeters en An Claes"),
        person(7, language="duits"),
        person(8, last_name="Bakkerij NV"),
        person(9, mobile="0478 12 34 56"),
        person(10, last_name="Garage BV"),
    )
    look(batch)
    decide(batch, admin, _proposal(batch, Reason.FIRM, ASIDE), Verdict.LEFT_OUT, batch.revision)
    return batch


def _proposal(batch: Batch, reason: Reason, number: int) -> int:
    return open_proposals(batch, (reason,)).get(row=number).pk


def everything(batch: Batch) -> tuple[object, ...]:
    columns = ("number", "differs", "proposed", "empties", "chosen", "lacks_dossier")
    return (
        state(batch),
        counts(batch),
        set(batch.only_here.values_list("customer_id", flat=True)),
        set(batch.differences.values_list(*columns)),
        set(repeated.repeated_rows(batch).values_list("number", flat=True)),
        set(Decision.objects.filter(revoked_at=None).values_list("pk", flat=True)),
    )


def decided(reason: Reason, number: int, verdict: Verdict):
    return lambda batch, user: decide(batch, user, _proposal(batch, reason, number), verdict, batch.revision)


def edited(number: int, **cells: str):
    return lambda batch, user: edit(batch, user, {number: (batch.revision, cells)})


def done(work):
    return lambda batch, user: at_once(batch, user, work())


def kept(number: int):
    return lambda batch, user: repeated.keep(batch, user, AGAIN, number, batch.revision)


def combined(number: int):
    return lambda batch, user: repeated.combine(batch, user, AGAIN, number, batch.revision)


def split(batch, user):
    names = couples.proposed_names(opened(row(batch, BOTH)).values)
    return couples.split(batch, user, _proposal(batch, Reason.TWO_PEOPLE, BOTH), names, batch.revision)


def returned(batch, user):
    book = Downloaded(handed_out(batch, user, "errors"))
    for number in range(2, book.page.max_row + 1):
        book.cell(number, "Language").value = "french"
        book.cell(number, "Email").value = f"nieuw{number}@x.example"
    return take_back(batch, user, book.saved()).change


STEPS = {
    "a cell": edited(GERMAN, language="dutch"),
    "a cell that makes somebody known": edited(GERMAN, language="dutch", client_code="K1"),
    "a cell by which somebody was like another": edited(TWIN, national_number=""),
    "a cell that makes a row repeat another": edited(MOBILE, mobile="", client_code="A"),
    "accepted": done(lambda: Accept("mobile.country_code_missing")),
    "replaced": done(lambda: Replace("language.unknown", "language", "duits", "french")),
    "set": done(lambda: SetColumn("clear", "client_code", {})),
    "without e-mail": done(AllowWithoutEmail),
    "near: new": decided(Reason.BIRTH, TWIN, Verdict.NEW),
    "near: same": decided(Reason.BIRTH, TWIN, Verdict.SAME),
    "near: left out": decided(Reason.BIRTH, TWIN, Verdict.LEFT_OUT),
    "a company: left out": decided(Reason.FIRM, FIRM, Verdict.LEFT_OUT),
    "a company: a person": decided(Reason.FIRM, FIRM, Verdict.NEW),
    "the first kept": kept(FIRST),
    "the second kept": kept(AGAIN),
    "combined in the first": combined(FIRST),
    "combined in the second": combined(AGAIN),
    "two people: no": lambda batch, user: couples.apart(batch, user, _proposal(batch, Reason.TWO_PEOPLE, BOTH)),
    "two people: split": split,
    "brought back": lambda batch, user: bring_back(batch, user, [ASIDE]),
    "corrected in a workbook": returned,
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_a_step_that_is_undone_leaves_nothing_behind(batch, admin, step):
    before = everything(batch)
    change = step(batch, admin)
    assert everything(batch) != before
    assert list(broken()) == []
    undo(batch, admin, change)
    assert everything(batch) == before
    assert list(broken()) == []


def test_all_steps_one_after_the_other_are_undone_in_the_other_order(batch, admin):
    names = (
        *("a cell", "accepted", "without e-mail", "near: same", "a company: left out"),
        *("combined in the second", "two people: split", "brought back"),
    )
    seen, changes = [], []
    for name in names:
        seen.append(everything(batch))
        changes.append(STEPS[name](batch, admin))
    for change, before in zip(reversed(changes), reversed(seen), strict=True):
        undo(batch, admin, change)
        assert everything(batch) == before
