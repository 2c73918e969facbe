"""Merging the two rows of a couple keeps the partner's e-mail address and mobile number, wherever they are shown."""

from importlib import import_module
from io import BytesIO
from types import SimpleNamespace

import openpyxl
import pytest
from django.apps import apps
from django.db import connection

from accounton.customers.models import Customer
from accounton.customers.searching import holds_all
from accounton.importing.choosing import choose
from accounton.importing.couples import merge
from accounton.importing.handing_out import handed_out
from accounton.importing.models import Batch
from accounton.importing.overwriting import choose_proposed
from accounton.importing.repairing import edit
from accounton.importing.review import Review
from accounton.importing.sealed_rows import opened
from accounton.importing.starting import start
from accounton.importing.traces import FieldTrace, traces
from accounton.importing.undoing import claim_undo, continue_undoing
from accounton.importing.undoing_changes import undo as undo_change
from accounton.rows.couples import combined, joint
from tests.adminpulse import HEADERS, by_openpyxl
from tests.adminpulse import office as adminpulse
from tests.importing.conftest import person, workbook
from tests.importing.test_couples import AN, JAN, proposal
from tests.importing.test_overwriting import add
from tests.importing.test_repairing import row

pytestmark = pytest.mark.database
EMAIL, MOBILE = "noor2@x.example", "+32478123456"


def couple(*, main: dict[str, str] | None = None, **partner) -> tuple[dict[str, str], dict[str, str]]:
    jan = person(1, first_name="Jan", last_name="Peeters", national_number=JAN, spouse_national_number=AN,
                 mobile="+32470111222", **(main or {}))  # fmt: skip
    an = person(2, **{"first_name": "An", "last_name": "Claes", "national_number": AN, "mobile": MOBILE, **partner})
    return jan, an


@pytest.fixture
def merged(staged, admin):
    """A review in which the couple is merged, and the change that did it."""

    def merged(**said):
        batch = staged(*couple(**said))
        return batch, merge(batch, admin, proposal(batch).pk, main=2, seen=batch.revision)

    return merged


def contacts(customer: Customer) -> tuple[str, str, str, str]:
    customer.refresh_from_db()
    return customer.email, customer.mobile, customer.spouse_email, customer.spouse_mobile


ALL = ("noor1@x.example", "+32470111222", EMAIL, MOBILE)


def found_by(query: str) -> list[str]:
    return [customer.name for customer in Customer.objects.filter(holds_all(query))]


def test_what_the_partner_is_reached_by_stands_in_the_merged_row_and_an_undo_takes_it_out(merged, admin):
    batch, change = merged()
    values = opened(row(batch, 2)).values
    assert (values["spouse_email"], values["spouse_mobile"]) == (EMAIL, MOBILE)
    assert b"noor2@x" not in bytes(row(batch, 2).content.sealed)
    undo_change(batch, admin, change)
    assert "spouse_email" not in opened(row(batch, 2)).values
    assert opened(row(batch, 3)).values["email"] == EMAIL


def test_it_is_added_found_and_gone_with_the_import(merged, admin):
    batch, _change = merged()
    for query in ("an claes", EMAIL, "0478123456", "+32 478 12 34 56", "0478/12.34.56", "0032478123456"):
        assert Review(batch, {"q": query}).page.paginator.count == 1, query
    add(batch, admin)
    customer = Customer.objects.get()
    assert contacts(customer) == ALL
    for query in ("claes", "an claes jan", EMAIL, "0478 12 34 56", "0478/123456", "0478.12.34.56", "+32478123456",
                  "+32470111222", "0470", "0032 478"):  # fmt: skip
        assert found_by(query) == ["Jan Peeters"], query
    for query in ("0479123456", "claessens"):
        assert found_by(query) == [], query
    claim_undo(batch, admin)
    continue_undoing(batch)
    assert not Customer.objects.exists()


def test_a_partner_without_their_own_has_none_and_what_is_typed_is_checked(merged, admin):
    batch, _change = merged(mobile="", email="")
    values = opened(row(batch, 2)).values
    assert (values.get("spouse_email", ""), values.get("spouse_mobile", "")) == ("", "")
    edit(batch, admin, {2: (row(batch, 2).revision, {"spouse_email": "an@", "spouse_mobile": "0495/55.10.0"})})
    assert row(batch, 2).bucket == "invalid"
    view = Review(batch, {"bucket": "invalid"}).view_of(row(batch, 2))
    assert any(reason.startswith("E-mail van de partner: ") for reason in view.reasons)
    edit(batch, admin, {2: (row(batch, 2).revision, {"spouse_email": " an@x.example ", "spouse_mobile": ""})})
    assert opened(row(batch, 2)).values["spouse_email"] == "an@x.example"
    assert row(batch, 2).bucket == "only_in_import"


def test_a_wrong_address_of_the_partner_is_a_problem_and_not_dropped(merged):
    batch, _change = merged(email="an@@x")
    assert row(batch, 2).bucket == "invalid"
    page = [column.key for column in Review(batch, {"bucket": "invalid"}).columns]
    assert "spouse_email" in page


def test_the_main_declarant_without_an_address_takes_the_partners_and_the_partner_keeps_it(merged):
    batch, _change = merged(main={"email": ""})
    values = opened(row(batch, 2)).values
    assert (values["email"], values["spouse_email"]) == (EMAIL, EMAIL)


def test_a_later_list_proposes_the_partners_new_number_and_an_undo_puts_the_old_one_back(merged, staged, admin):
    add(merged()[0], admin)
    customer = Customer.objects.get()
    later = staged(*couple(mobile="+32495551000"))
    merge(later, admin, proposal(later).pk, main=2, seen=later.revision)
    assert later.differences.get().proposed == ",spouse_mobile,"
    choose_proposed(later, admin, on=True)
    add(later, admin)
    assert contacts(customer) == (*ALL[:3], "+32495551000")
    assert found_by("0495551000") == ["Jan Peeters"]
    assert traces(customer)[0].fields == [
        FieldTrace("Mobiel nummer van de partner", MOBILE, "+32495551000", is_code=True)
    ]
    claim_undo(later, admin)
    continue_undoing(later)
    assert contacts(customer) == ALL
    assert found_by("0495551000") == []


def test_the_workbook_of_the_review_has_both(merged, admin):
    batch, _change = merged()
    book = openpyxl.load_workbook(BytesIO(handed_out(batch, admin, "review")))
    headers, *rows = book.worksheets[0].values
    line = dict(zip(headers, rows[0], strict=True))
    assert line["E-mail van de partner"] == EMAIL
    assert line["Mobiel nummer van de partner"] == MOBILE
    add(batch, admin)
    other = Batch.objects.get(pk=start_of_other(admin).pk)
    book = openpyxl.load_workbook(BytesIO(handed_out(other, admin, "review")))
    headers, only_here = list(book.worksheets[1].values)
    assert dict(zip(headers, only_here, strict=True))["E-mail van de partner"] == EMAIL


def start_of_other(admin) -> Batch:
    return start(admin, "ander.xlsx", workbook(person(9)), task_flow="personenbelasting", assessment_year=2026)


def test_partners_of_adminpulses_linked_sheet_keep_theirs(admin):
    content = adminpulse()
    louis = next(line for line in content["Relaties"] if "Louis" in line)
    louis[HEADERS.index("E-mail")] = "louis@telenet.be"
    batch = start(admin, "migratie.xlsx", by_openpyxl(content), task_flow="personenbelasting", assessment_year=2026)
    assert row(batch, 5).bucket == "merged"
    emma = opened(row(batch, 4)).values
    assert (emma["email"], emma["spouse_email"]) == ("emma@telenet.be", "louis@telenet.be")
    choose(batch, questionnaire="personenbelasting")
    add(batch, admin)
    assert found_by("louis@telenet.be") == ["Emma Peeters"]


def test_joining_rows_keeps_what_stands_there_and_gives_each_their_own():
    jan = {"email": "jan@x.be", "mobile": "", "spouse_mobile": "+32470000001"}
    an = {"email": "an@x.be", "mobile": "+32470000002", "spouse_email": "jan2@x.be"}
    cells = joint(jan, an)
    assert "email" not in cells
    assert cells["spouse_email"] == "an@x.be"
    assert "spouse_mobile" not in cells
    assert cells["mobile"] == "+32470000002"
    assert joint(jan, an, frozenset({"spouse_mobile"}))["spouse_mobile"] == "+32470000002"
    assert joint({**jan, "email": ""}, an)["email"] == "jan2@x.be"
    assert combined({"email": "a@x.be"}, {"spouse_email": "b@x.be"})["spouse_email"] == "b@x.be"


def test_who_was_there_before_the_migration_is_found_by_partner_and_mobile_too(merged, admin, monkeypatch):
    add(merged()[0], admin)
    Customer.objects.update(search="peeters jan noor1@x.example", spouse_email="", spouse_mobile="")
    assert found_by("claes") == []
    migration = import_module("accounton.customers.migrations.0002_partner_contacts")
    monkeypatch.setattr(migration, "AT_ONCE", 1)
    migration.refresh_search(apps, SimpleNamespace(connection=connection))
    assert found_by("an claes") == found_by("0470111222") == found_by("jan peeters") == ["Jan Peeters"]
    customer = Customer.objects.get()
    assert customer.search == "peeters jan noor1@x.example +32470111222 0470111222 claes an"


def test_a_row_that_was_staged_before_the_migration_is_found_by_its_mobile_once_added(staged, admin):
    batch = staged(person(1, mobile=MOBILE))
    batch.rows.update(search="declercq noor1 noor1@x.example")
    add(batch, admin)
    assert found_by("0478123456") == ["Noor1 Declercq"]


def test_a_national_number_among_what_is_the_partners_is_found_and_searched_by_nobody(merged, admin):
    batch, _change = merged()
    cells = {"spouse_first_name": "An 93.05.18-223.61", "spouse_email": "93051822361@x.example"}
    edit(batch, admin, {2: (row(batch, 2).revision, cells)})
    staged = row(batch, 2)
    assert staged.bucket == "invalid"
    assert "national_number.misplaced" in staged.problems
    assert "93051822361" not in staged.search
    assert "223" not in staged.search
