"""What imports left on a customer: which field from what to what, by whom, and what an undo took back of it."""

import pytest

from accounton.customers.models import Customer
from accounton.importing.models import Overwritten
from accounton.importing.overwriting import choose_column, choose_dossiers
from accounton.importing.traces import FieldTrace, traces
from accounton.importing.undoing import claim_undo, continue_undoing
from tests.importing.conftest import person
from tests.importing.test_overwriting import NUMBER, add, again, by_hand

pytestmark = pytest.mark.database
OTHER = "93051822361"


@pytest.fixture
def customer(known) -> Customer:
    return known(national_number=NUMBER, mobile="+32470123000", email="oud@x.example", box="3", street="Kerkstraat",
                 client_code="K1")  # fmt: skip


def overwrite(batch, user, *keys):
    for key in keys:
        choose_column(batch, user, key, on=True)
    return add(batch, user)


def undo(batch, user):
    claim_undo(batch, user)
    return continue_undoing(batch)


def test_what_was_overwritten_stands_with_who_from_where_and_both_values(customer, staged, admin):
    batch = overwrite(staged(again(mobile="+32495551000", language="french")), admin, "mobile", "language")
    changed, made = traces(customer)
    assert (changed.what, changed.who, changed.batch_id) == ("Overschreven uit lijst.xlsx, rij 2", str(admin), batch.pk)
    assert changed.fields == [
        FieldTrace("Mobiel nummer", "+32470123000", "+32495551000", is_code=True),
        FieldTrace("Taal", "Nederlands", "Frans", is_code=False),
    ]
    assert (changed.undone, made.undone, made.fields) == ("", "", [])
    assert made.what == "Toegevoegd uit lijst.xlsx, rij 2"


def test_national_numbers_are_masked_on_both_sides(customer, staged, admin):
    row = {"national_number": OTHER, "client_code": "K1", "spouse_national_number": "17073003384"}
    by_hand(customer, national_number="")
    overwrite(staged(again(**row)), admin, "national_number", "spouse_national_number")
    by_key = {each.header: (each.before, each.after) for each in traces(customer)[0].fields}
    assert by_key == {
        "Rijksregisternummer": ("", "93.05.18-***.**"), "Rijksregisternummer partner": ("", "17.07.30-***.**"),
    }  # fmt: skip


def test_a_dossier_alone_is_said_too(customer, staged, admin):
    batch = staged(again(), assessment_year=2027)
    choose_dossiers(batch, admin, on=True)
    add(batch, admin)
    assert traces(customer)[0].what == "Dossier 2027 gemaakt uit lijst.xlsx, rij 2"
    both = staged(again(mobile="+32495551000"), assessment_year=2028)
    choose_dossiers(both, admin, on=True)
    overwrite(both, admin, "mobile")
    assert traces(customer)[0].what == "Overschreven uit lijst.xlsx, rij 2, en dossier 2028 gemaakt"


def test_an_undo_says_who_when_and_what_stayed(customer, staged, admin):
    batch = overwrite(staged(again(mobile="+32495551000", email="nieuw@x.example")), admin, "mobile", "email")
    by_hand(Customer.objects.get(pk=customer.pk), mobile="+32499999999")
    undo(batch, admin)
    changed, _made = traces(customer)
    assert changed.undone.startswith(f"Ongedaan gemaakt door {admin} op ")
    assert changed.undone.endswith("Wat bleef: Mobiel nummer: sindsdien gewijzigd.")
    assert len(changed.fields) == 2


def test_a_customer_whom_an_undo_left_here_says_why(staged, admin):
    batch = add(staged(person(1)), admin)
    customer = Customer.objects.get()
    by_hand(customer, mobile="+32499999999")
    undo(batch, admin)
    [made] = traces(customer)
    assert "Wat bleef: Mobiel nummer: sindsdien gewijzigd." in made.undone


def test_without_their_key_the_fields_are_named_and_no_values(customer, staged, admin):
    overwrite(staged(again(mobile="+32495551000")), admin, "mobile")
    Overwritten.objects.update(sealed=b"x" * 60)
    assert traces(customer)[0].fields == [FieldTrace("Mobiel nummer", "", "", is_code=True)]


def test_nothing_is_said_of_who_came_by_hand_or_of_other_customers(customer, known, staged, admin):
    overwrite(staged(again(mobile="+32495551000")), admin, "mobile")
    other = known(client_code="K2", first_name="Ander")
    assert [each.what for each in traces(other)] == ["Toegevoegd uit lijst.xlsx, rij 2"]
    assert traces(Customer(pk=999, office_id=other.office_id)) == []


def test_however_many_imports_it_asks_few_times(customer, staged, admin, django_assert_max_num_queries):
    for number in range(4):
        overwrite(staged(again(mobile=f"+3249555100{number}")), admin, "mobile")
    with django_assert_max_num_queries(3):
        assert len(traces(customer)) == 5
