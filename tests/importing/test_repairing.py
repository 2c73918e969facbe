"""Repairing in a review: afterwards all is as if the corrected list had come in, and undo brings everything back."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounton.importing.changing import ChangedMeanwhile
from accounton.importing.choosing import choose_rows
from accounton.importing.models import Batch, Bucket, StagedRow
from accounton.importing.pieces import at_once
from accounton.importing.repairing import Accept, AllowWithoutEmail, Replace, edit
from accounton.importing.sealed_rows import opened
from accounton.importing.setting import SetColumn
from accounton.importing.undoing_changes import CannotUndo, undo
from accounton.importing.wrong_values import wrong_values
from tests.importing.conftest import person

pytestmark = pytest.mark.database


def state(batch: Batch) -> list[tuple[object, ...]]:
    """Everything that staging says of the rows."""
    return [
        (row.number, row.bucket, row.match_id, row.matched_by, set(row.problems.split(",")), row.search, row.is_joint,
         row.number_hash, row.language, opened(row).values, {f.code for f in opened(row).findings})
        for row in batch.rows.order_by("number")
    ]  # fmt: skip


def row(batch: Batch, number: int) -> StagedRow:
    return batch.rows.get(number=number)


def test_a_corrected_cell_moves_its_row_to_the_new_ones(staged, admin):
    batch = staged(person(1), person(2, email="an@@x"))
    assert row(batch, 3).bucket == Bucket.INVALID
    change = edit(batch, admin, {3: (0, {"email": "an@x.example"})})
    assert row(batch, 3).bucket == Bucket.ONLY_IN_IMPORT
    assert row(batch, 3).email == "an@x.example"
    undo(batch, admin, change)
    assert row(batch, 3).bucket == Bucket.INVALID
    assert opened(row(batch, 3)).values["email"] == "an@@x"


def test_another_wrong_text_is_checked_like_the_first(staged, admin):
    batch = staged(person(1, language="duits"))
    edit(batch, admin, {2: (0, {"language": "Klingon"})})
    [problem] = [f for f in opened(row(batch, 2)).findings if f.kind == "problem"]
    assert (problem.code, problem.before) == ("language.unknown", "Klingon")


def test_a_repair_of_another_cell_is_still_shown_after_an_edit(staged, admin):
    batch = staged(person(1, mobile="0032 478 12 34 56", email="wrong"))
    edit(batch, admin, {2: (0, {"email": "right@x.example"})})
    assert [f.column for f in opened(row(batch, 2)).findings if f.kind == "repair"] == ["mobile"]


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(staged, admin):
    batch = staged(person(1, email="wrong"))
    edit(batch, admin, {2: (0, {"email": "first@x.example"})})
    with pytest.raises(ChangedMeanwhile):
        edit(batch, admin, {2: (0, {"email": "second@x.example"})})
    assert row(batch, 2).email == "first@x.example"


def test_a_repeated_row_becomes_new_when_the_first_one_gets_another_number(staged, admin):
    batch = staged(person(1, national_number="85073003328"), person(2, national_number="85073003328"))
    assert row(batch, 3).problems == "row.repeated"
    edit(batch, admin, {2: (0, {"national_number": "93051822361"})})
    assert row(batch, 3).bucket == Bucket.ONLY_IN_IMPORT


def test_editing_a_row_into_another_makes_the_later_one_repeated(staged, admin):
    batch = staged(person(1, client_code="A1"), person(2, client_code="A2"))
    edit(batch, admin, {2: (0, {"client_code": "A2"})})
    assert row(batch, 2).bucket == Bucket.ONLY_IN_IMPORT
    assert row(batch, 3).problems == "row.repeated"


def test_a_row_that_becomes_somebody_known_leaves_the_list_of_those_only_here(staged, admin, known):
    customer = known(client_code="K7")
    batch = staged(person(1))
    assert batch.only_here.filter(customer=customer).exists()
    change = edit(batch, admin, {2: (0, {"client_code": "K7"})})
    assert row(batch, 2).bucket == Bucket.DOUBLE
    assert not batch.only_here.filter(customer=customer).exists()
    undo(batch, admin, change)
    assert row(batch, 2).bucket == Bucket.ONLY_IN_IMPORT
    assert batch.only_here.filter(customer=customer).exists()


def test_all_suggestions_of_one_kind_are_accepted_at_once(staged, admin):
    batch = staged(*(person(n, mobile=f"0478 12 34 5{n}") for n in range(5)), person(9))
    change = at_once(batch, admin, Accept("mobile.country_code_missing"))
    assert change.rows == 5
    assert not batch.rows.filter(bucket=Bucket.INVALID).exists()
    assert opened(row(batch, 2)).values["mobile"] == "+32478123450"
    undo(batch, admin, change)
    assert batch.rows.filter(bucket=Bucket.INVALID).count() == 5


def test_each_wrong_value_stands_once_and_is_put_right_wherever_it_stands(staged, admin):
    batch = staged(*(person(n, language="duits" if n % 2 else "swahili") for n in range(5)))
    found = wrong_values(batch, "language.unknown")
    assert [(value.before, value.times, value.rows) for value in found] == [
        ("swahili", 3, (2, 4, 6)),
        ("duits", 2, (3, 5)),
    ]
    at_once(batch, admin, Replace("language.unknown", "language", "duits", "french"))
    assert [r.language for r in batch.rows.order_by("number")] == ["", "french", "", "french", ""]


def test_a_missing_address_is_let_by_only_when_asked_and_stays_so(staged, admin):
    batch = staged(person(1, email=""), person(2, email="", language=""))
    change = at_once(batch, admin, AllowWithoutEmail())
    assert change.rows == 1
    assert row(batch, 2).bucket == Bucket.ONLY_IN_IMPORT
    edit(batch, admin, {2: (row(batch, 2).revision, {"city": "Aalst"})})
    assert row(batch, 2).bucket == Bucket.ONLY_IN_IMPORT


def test_a_column_is_set_for_the_chosen_rows(staged, admin):
    batch = staged(person(1), person(2), person(3))
    choose_rows(batch, batch.rows.filter(number=4), selected=False)
    at_once(batch, admin, SetColumn("language", "language", {}, "french"))
    assert [r.language for r in batch.rows.order_by("number")] == ["french", "french", "dutch"]


def test_steps_are_undone_one_after_the_other_the_last_one_first(staged, admin):
    batch = staged(person(1, email="wrong"))
    first = edit(batch, admin, {2: (0, {"email": "a@x.example"})})
    second = edit(batch, admin, {2: (row(batch, 2).revision, {"email": "b@x.example"})})
    with pytest.raises(CannotUndo) as refused:
        undo(batch, admin, first)
    assert refused.value.rows == [2]
    undo(batch, admin, second)
    assert row(batch, 2).email == "a@x.example"
    undo(batch, admin, first)
    assert row(batch, 2).email == "wrong"
    with pytest.raises(CannotUndo):
        undo(batch, admin, first)


NUMBERS = ["85073003328", "93051822361", "", "85073003329"]
PEOPLE = st.fixed_dictionaries(
    {
        "first_name": st.sampled_from(["An", "Bo", ""]), "last_name": st.just("Claes"),
        "email": st.sampled_from(["a@x.example", "b@x.example", "wrong"]),
        "national_number": st.sampled_from(NUMBERS), "spouse_national_number": st.sampled_from(["", *NUMBERS]),
        "client_code": st.sampled_from(["", "A", "B"]), "language": st.sampled_from(["dutch", "duits"]),
    }
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=st.lists(PEOPLE, min_size=2, max_size=5), other=PEOPLE, at=st.integers(0, 4))
def test_after_an_edit_all_rows_are_as_if_the_corrected_list_had_been_uploaded(staged, admin, people, other, at):
    at %= len(people)
    batch = staged(*people)
    before = state(batch)
    change = edit(batch, admin, {at + 2: (0, other)})
    assert state(batch) == state(staged(*people[:at], other, *people[at + 1 :]))
    if change:
        undo(batch, admin, change)
        assert state(batch) == before
