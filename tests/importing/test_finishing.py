"""A review stays open while anything can be added, decided or repaired; somebody can end it before that."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounton.customers.models import Customer
from accounton.dossiers.models import Dossier
from accounton.importing.all_couples import MergeAll
from accounton.importing.applying import CannotApply, claim, continue_applying, give_back
from accounton.importing.choosing import ReviewClosed, choose_rows
from accounton.importing.finishing import finish, reopen
from accounton.importing.handing_out import handed_out
from accounton.importing.history import account, imports
from accounton.importing.invariants import broken
from accounton.importing.models import Batch, Bucket, State
from accounton.importing.overwriting import choose_column
from accounton.importing.pieces import at_once
from accounton.importing.repairing import edit
from accounton.importing.repeated import KeepFirst, keep
from accounton.importing.resuming import LEFT, resume
from accounton.importing.review import Review
from accounton.importing.undo_plan import plan
from accounton.importing.undoing import claim_undo, continue_undoing, give_undo_back
from accounton.importing.undoing_changes import CannotUndo, undo
from accounton.offices.models import AuditEntry
from tests.importing.conftest import person
from tests.importing.test_applying import NUMBER, add
from tests.importing.test_couples import couple
from tests.importing.test_repairing import row
from tests.importing.test_review_workbook import rows_of

pytestmark = pytest.mark.database


@pytest.fixture
def added(staged, admin) -> Batch:
    """One customer added, one row invalid still."""
    return add(staged(person(1), person(2, email="an@@x")), admin)


def history(batch: Batch) -> tuple[str, int, int]:
    found = account(imports().get(pk=batch.pk))
    return found.batch.state, found.added, found.left_out


def test_an_invalid_row_is_repaired_and_added_after_the_others(added, admin):
    assert (added.state, added.added) == (State.REVIEW, 1)
    edit(added, admin, {3: (row(added, 3).revision, {"email": "an@x.example"})})
    add(added, admin)
    assert (added.state, added.added, len(added.adds)) == (State.DONE, 2, 2)
    assert Customer.objects.count() == Dossier.objects.count() == 2
    assert list(broken()) == []
    assert plan(added).taken_back.counts["customer"] == 2
    claim_undo(added, admin)
    continue_undoing(added)
    assert (added.state, Customer.objects.count(), list(broken())) == (State.UNDONE, 0, [])


def test_a_repair_is_undone_until_its_row_is_added(added, admin):
    change = edit(added, admin, {3: (row(added, 3).revision, {"email": "an@x.example"})})
    undo(added, admin, change)
    assert row(added, 3).bucket == Bucket.INVALID
    again = edit(added, admin, {3: (row(added, 3).revision, {"email": "an@x.example"})})
    choose_rows(added, added.rows.filter(number=3), selected=False)
    choose_rows(added, added.rows.filter(number=3), selected=True)
    add(added, admin)
    with pytest.raises((CannotUndo, ReviewClosed)):
        undo(added, admin, again)


def test_a_row_that_becomes_somebody_who_was_added_from_the_same_list_is_double(staged, admin):
    batch = add(staged(person(1, national_number="85073003329"), person(2, national_number=NUMBER)), admin)
    assert (row(batch, 2).bucket, row(batch, 3).bucket, batch.added) == ("invalid", "only_in_import", 1)
    edit(batch, admin, {2: (0, {"national_number": NUMBER})})
    customer = Customer.objects.get()
    assert (row(batch, 2).bucket, row(batch, 2).match) == (Bucket.DOUBLE, customer)
    assert (row(batch, 3).bucket, customer.import_row) == (Bucket.ONLY_IN_IMPORT, row(batch, 3).pk)
    assert Review(batch, {}).counts["invalid"] == 0
    assert list(broken()) == []


def test_coming_back_to_what_is_left_moves_no_row_that_was_added(staged, admin):
    batch = add(staged(person(1), person(1), person(2, email="an@@x")), admin)
    Batch.objects.update(touched_at=timezone.now() - 2 * LEFT)
    Customer.objects.update(updated_at=timezone.now() + timedelta(seconds=1))
    batch.refresh_from_db()
    resume(batch)
    assert [each.bucket for each in batch.rows.order_by("number")] == ["only_in_import", "double", "invalid"]
    assert (batch.state, list(broken())) == (State.REVIEW, [])


def test_a_row_repeating_one_that_was_added_is_left_out_and_nothing_is_left(staged, admin):
    batch = add(staged(person(1), person(1), person(2), person(2)), admin)
    assert (batch.state, batch.added) == (State.REVIEW, 2)
    keep(batch, admin, 3, kept=2, seen=batch.revision)
    at_once(batch, admin, KeepFirst())
    assert Review(batch, {}).counts["left_out"] == 2
    finish(batch, admin)
    assert (batch.state, history(batch)) == (State.DONE, (State.DONE, 2, 2))


def test_what_is_left_stays_out_once_a_review_is_finished(added, admin):
    assert finish(added, admin)
    assert (added.state, history(added)) == (State.DONE, (State.DONE, 1, 1))
    assert AuditEntry.objects.filter(action="import.finished", user=admin).count() == 1
    assert list(broken()) == []
    assert not finish(added, admin)
    with pytest.raises(ReviewClosed):
        edit(added, admin, {3: (0, {"email": "an@x.example"})})


def test_new_rows_that_were_not_added_stay_out_too(staged, admin, client):
    batch = staged(person(1), person(2), person(3))
    choose_rows(batch, batch.rows.filter(number=3), selected=False)
    add(batch, admin)
    choose_rows(batch, batch.rows.filter(number=3), selected=True)
    finish(batch, admin)
    assert (history(batch), list(broken())) == ((State.DONE, 2, 1), [])
    for only_known in (False, True):
        with pytest.raises(CannotApply, match="already_adding"):
            claim(batch, admin, batch.revision, only_known=only_known)
    client.force_login(admin)
    page = client.get(f"/imports/{batch.pk}/").content.decode()
    assert "Alle klanten van deze import zijn toegevoegd." not in page
    assert "Deze import is afgerond door Els Claes op " in page


def test_only_what_was_left_out_or_stays_out_counts_as_left_out(known, staged, admin):
    known(client_code="K1")
    batch = staged(person(1000, last_name="Bekend", client_code="K1"), *couple(), person(3), person(3),
                   person(4, email="an@@x"))  # fmt: skip
    at_once(batch, admin, MergeAll())
    at_once(batch, admin, KeepFirst())
    assert history(batch) == (State.REVIEW, 0, 1)
    add(batch, admin)
    assert history(batch) == (State.REVIEW, 2, 1)
    finish(batch, admin)
    assert history(batch) == (State.DONE, 2, 2)
    claim_undo(batch, admin)
    continue_undoing(batch)
    assert history(batch) == (State.UNDONE, 0, 1)


def test_a_finished_import_stays_so_when_known_customers_are_changed_after_it(known, staged, admin):
    known(national_number=NUMBER, mobile="+32470123000")
    batch = add(staged(person(1000, last_name="Bekend", national_number=NUMBER, mobile="+32495551000"), person(1),
                       person(2, email="an@@x")), admin)  # fmt: skip
    finish(batch, admin)
    choose_column(batch, admin, "mobile", on=True)
    claim(batch, admin, batch.revision, only_known=True)
    continue_applying(batch)
    assert (batch.state, batch.changed, list(broken())) == (State.DONE, 1, [])
    choose_column(batch, admin, "mobile", on=True)
    Batch.objects.filter(pk=batch.pk).update(state=State.APPLYING)
    give_back(batch)
    batch.refresh_from_db()
    assert batch.state == State.DONE


def test_nobody_is_told_to_tick_whom_a_finished_import_leaves_out(staged, admin, client):
    batch = staged(person(1), person(2))
    choose_rows(batch, batch.rows.filter(number=3), selected=False)
    add(batch, admin)
    client.force_login(admin)
    told = "These customers are new."
    assert told in client.get(f"/imports/{batch.pk}/", headers={"Accept-Language": "en"}).content.decode()
    finish(batch, admin)
    page = client.get(f"/imports/{batch.pk}/", headers={"Accept-Language": "en"}).content.decode()
    assert told not in page
    assert "Noor2" in page


def test_an_undo_that_was_given_up_opens_a_finished_import_again(added, admin):
    finish(added, admin)
    claim_undo(added, admin)
    give_undo_back(added)
    added.refresh_from_db()
    edit(added, admin, {3: (row(added, 3).revision, {"email": "an@x.example"})})
    choose_rows(added, added.rows.all(), selected=False)
    choose_rows(added, added.rows.filter(number=3), selected=True)
    assert add(added, admin).state == State.DONE
    assert (added.added, list(broken())) == (2, [])


def test_a_review_that_is_being_added_is_not_finished(staged, admin):
    batch = staged(person(1))
    assert not finish(batch, admin)
    claim(batch, admin, batch.revision)
    assert not finish(batch, admin)
    assert continue_applying(batch).added == 1


def test_doctor_tells_of_a_review_that_was_closed_by_nobody(added):
    edit(added, None, {3: (row(added, 3).revision, {"email": "an@x.example"})})
    Batch.objects.filter(pk=added.pk).update(state=State.DONE)
    assert list(broken()) == [f"batch {added.pk}: said to be done, but 1 rows are not added"]


def test_the_page_repairs_after_an_add_and_ends_the_review(added, client, admin):
    client.force_login(admin)
    url = f"/imports/{added.pk}/"
    assert "Alle nieuwe klanten zijn toegevoegd." in client.get(url).content.decode()
    page = client.get(f"{url}?bucket=invalid").content.decode()
    assert f'data-editing="{url}edit/' in page
    assert f'action="{url}finish/"' in page
    done = client.post(f"{url}finish/", follow=True)
    assert done.redirect_chain[-1][0] == "/imports/"
    assert "Afgerond: 1 rij blijft eruit" in done.content.decode()
    assert f'action="{url}finish/"' not in client.get(url).content.decode()
    page = client.get(f"{url}?bucket=invalid").content.decode()
    assert "data-editing" not in page
    assert "Deze rijen zijn niet toegevoegd. De reden staat bij elke rij." in page
    assert Batch.objects.get().state == State.DONE


def test_there_is_nothing_to_finish_before_anything_was_added(staged, client, admin):
    batch = staged(person(1))
    client.force_login(admin)
    assert "/finish/" not in client.get(f"/imports/{batch.pk}/").content.decode()
    client.post(f"/imports/{batch.pk}/finish/")
    assert Batch.objects.get().state == State.REVIEW


def became(batch: Batch, number: int) -> str:
    _book, rows = rows_of(handed_out(batch, batch.applied_by, "review"))
    return next(each["Wat ervan kwam"] for each in rows if each["Rij"] == str(number))


def test_the_workbook_says_that_what_is_left_stays_out(staged, admin):
    batch = staged(person(1), person(2))
    choose_rows(batch, batch.rows.filter(number=3), selected=False)
    add(batch, admin)
    choose_rows(batch, batch.rows.filter(number=3), selected=True)
    assert became(batch, 3) == "Nog niet toegevoegd"
    finish(batch, admin)
    assert became(batch, 3) == "Niet toegevoegd: de import is afgerond zonder deze rij"
    assert "Afgerond" in {
        cell.value for line in rows_of(handed_out(batch, admin, "review"))[0].worksheets[2] for cell in line
    }


def test_a_finished_import_is_opened_again_and_what_was_left_can_be_added(added, client, admin):
    client.force_login(admin)
    url = f"/imports/{added.pk}/"
    client.post(f"{url}finish/")
    page = client.get(url).content.decode()
    assert "Deze import is afgerond door Els Claes op " in page
    assert f'action="{url}reopen/"' in page
    assert client.post(f"{url}reopen/").url == url
    added.refresh_from_db()
    assert (added.state, list(broken())) == (State.REVIEW, [])
    assert AuditEntry.objects.filter(action="import.reopened", user=admin).count() == 1
    edit(added, admin, {3: (row(added, 3).revision, {"email": "an@x.example"})})
    assert (add(added, admin).state, added.added) == (State.DONE, 2)


def test_what_was_finished_by_an_earlier_version_is_opened_again_too(added, admin, client):
    finish(added, admin)
    Batch.objects.update(result={**added.result, "finished": True})
    client.force_login(admin)
    assert "Deze import is afgerond." in client.get(f"/imports/{added.pk}/").content.decode()
    assert reopen(added, admin)


def test_coming_back_to_a_reopened_import_matches_it_again(added, admin, client):
    finish(added, admin)
    Batch.objects.update(touched_at=timezone.now() - 2 * LEFT)
    client.force_login(admin)
    page = client.post(f"/imports/{added.pk}/reopen/", follow=True).content.decode()
    assert "U verliet dit overzicht op" in page


def test_only_what_somebody_finished_is_opened_again(staged, admin, client):
    batch = staged(person(1))
    assert not reopen(batch, admin)
    add(batch, admin)
    assert not reopen(batch, admin)
    client.force_login(admin)
    page = client.post(f"/imports/{batch.pk}/reopen/", follow=True).content.decode()
    assert "kan nu niet opnieuw geopend worden" in page
    assert 'reopen/"' not in page
    claim_undo(batch, admin)
    continue_undoing(batch)
    assert not reopen(batch, admin)
    assert batch.state == State.UNDONE


def test_known_customers_can_be_changed_after_finishing_and_it_can_still_be_opened(known, staged, admin):
    known(national_number=NUMBER, mobile="+32470123000")
    batch = add(staged(person(1000, last_name="Bekend", national_number=NUMBER, mobile="+32495551000"), person(1),
                       person(2, email="an@@x")), admin)  # fmt: skip
    finish(batch, admin)
    choose_column(batch, admin, "mobile", on=True)
    claim(batch, admin, batch.revision, only_known=True)
    continue_applying(batch)
    assert reopen(batch, admin)
    assert batch.state == State.REVIEW
