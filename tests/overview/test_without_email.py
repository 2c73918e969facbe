"""Customers who came in without an e-mail address: edited, said to be reached by letter or telephone, and found."""

import re

import pytest

from accounton.customers.models import Customer
from accounton.importing.applying import claim, continue_applying
from accounton.importing.overwriting import choose_column
from accounton.importing.pieces import at_once
from accounton.importing.repairing import AllowWithoutEmail
from accounton.importing.undoing import claim_undo, continue_undoing
from accounton.offices.models import AuditEntry
from tests.importing.conftest import person, staged  # noqa: F401 a fixture
from tests.importing.test_overwriting import add
from tests.overview.conftest import LOUIS
from tests.overview.test_adding import errors

pytestmark = pytest.mark.django_db
URL = "/customers/"


@pytest.fixture
def anna(staged, admin) -> Customer:  # noqa: F811
    """Somebody whom an import let in without an e-mail address."""
    batch = staged(person(1, first_name="Anna", last_name="Claeys", email="", client_code="K1"))
    at_once(batch, admin, AllowWithoutEmail())
    claim(batch, admin, batch.revision)
    continue_applying(batch)
    return Customer.objects.get(first_name="Anna")


@pytest.fixture
def save(staff, anna):
    """Save the form of Anna with something changed."""

    def save(customer=anna, **changes):
        page = staff.get(f"{URL}{customer.pk}/edit/")
        data = {key: value or "" for key, value in page.context["form"].initial.items()}
        return staff.post(f"{URL}{customer.pk}/edit/", {**data, **changes})

    return save


def test_who_came_in_without_an_address_can_be_edited(save, anna):
    assert save(mobile="+32478123456", city="Aalst").status_code == 302
    anna.refresh_from_db()
    assert (anna.email, anna.mobile, anna.city) == ("", "+32478123456", "Aalst")
    assert AuditEntry.objects.get(action="customer.edited").details == {"fields": ["city", "mobile"]}
    assert save(mobile="").status_code == 302
    anna.refresh_from_db()
    assert anna.mobile == ""


@pytest.mark.parametrize("email", ["anna@", "anna x@y.be", "anna@a.be; an@b.be"])
def test_an_address_that_is_given_must_be_valid(save, anna, email):
    assert list(errors(save(email=email))) == ["email"]
    anna.refresh_from_db()
    assert anna.email == ""


def test_other_problems_are_said_all_the_same(save):
    assert list(errors(save(mobile="12", first_name=""))) == ["first_name", "mobile"]
    assert set(errors(save(first_name="", last_name="", language=""))) == {"first_name", "last_name", "language"}


def test_who_got_an_address_needs_one_from_then_on(save, anna, staff):
    assert save(email="anna@x.example").status_code == 302
    assert list(errors(save(email=""))) == ["email"]
    page = staff.get(f"{URL}{anna.pk}/").content.decode()
    assert "Staat klaar om te versturen" in page
    assert "Zonder e-mail" not in page


def test_two_without_an_address_are_two(save, make):
    make({**LOUIS, "first_name": "Anna", "last_name": "Claeys", "email": ""})
    assert save(city="Aalst").status_code == 302


def test_who_has_none_any_more_after_an_undo_can_be_edited_too(save, anna, staged, admin):  # noqa: F811
    batch = staged(person(1, first_name="Anna", last_name="Claeys", email="anna@x.example", client_code="K1"))
    choose_column(batch, admin, "email", on=True)
    add(batch, admin)
    anna.refresh_from_db()
    assert anna.email == "anna@x.example"
    claim_undo(batch, admin)
    continue_undoing(batch)
    assert save(city="Aalst").status_code == 302


def test_the_page_says_how_they_are_reached_and_the_form_asks_for_no_address(staff, anna):
    page = staff.get(f"{URL}{anna.pk}/").content.decode()
    assert "Zonder e-mail: per brief of telefoon." in page
    assert "Staat klaar om te versturen" not in page
    form = staff.get(f"{URL}{anna.pk}/edit/").content.decode()
    [field] = re.findall(r'<input[^>]*name="email"[^>]*>', form)
    assert "aria-required" not in field
    assert "aria-required" in re.findall(r'<input[^>]*name="first_name"[^>]*>', form)[0]


def test_they_are_marked_and_filtered_in_the_overview(staff, anna, make):
    make(LOUIS)
    page = staff.get(URL).content.decode()
    assert page.count("zonder e-mail") == 1
    response = staff.get(URL, {"email": "none"})
    assert [row.customer.pk for row in response.context["rows"]] == [anna.pk]
    assert [(chip.name, chip.query) for chip in response.context["chips"] if chip.is_on] == [("Zonder e-mail", "")]
    off = next(chip for chip in staff.get(URL).context["chips"] if chip.key == "email")
    assert (off.is_switch, off.query) == (True, "email=none")
    assert len(staff.get(URL, {"email": "x"}).context["rows"]) == 2
    both = staff.get(URL, {"email": "none", "q": "goossens"})
    assert list(both.context["rows"]) == []
