"""Nobody is their own partner, and the names of one partner never come to stand beside the number of another."""

import pytest
from django.utils import translation

from accounton.customers.models import Customer
from accounton.customers.numbers import take
from accounton.customers.saving import put_values, values_of
from accounton.importing.comparing import look as sides_of
from accounton.importing.couples import merge
from accounton.importing.double_cells import OTHER_NUMBER
from accounton.importing.invariants import broken
from accounton.importing.models import COUPLES, Batch, Bucket, Reason
from accounton.importing.near import look
from accounton.importing.overwriting import choose_column, choose_fields, choose_proposed, counts
from accounton.importing.proposals import open_proposals
from accounton.importing.repairing import edit
from tests.importing.conftest import person
from tests.importing.test_overwriting import add, differs
from tests.importing.test_two_numbers import FATHER, JAN, SON, THIRD, jan, stand, take_all

pytestmark = pytest.mark.database
PARTNER = ("spouse_first_name", "spouse_last_name", "spouse_mobile", "spouse_enterprise_number")


def test_the_customers_own_number_is_never_taken_for_that_of_the_partner(known, staged, admin):
    customer = known(**JAN, national_number=FATHER)
    batch = staged(jan(spouse_national_number=FATHER), person(7))
    row = batch.rows.get(number=2)
    assert (row.bucket, row.match_id, row.problems) == (Bucket.INVALID, customer.pk, "spouse_national_number.same")
    take_all(batch)
    customer.refresh_from_db()
    assert take(customer, "spouse_national_number") == ""
    batch.refresh_from_db()
    edit(batch, admin, {2: (batch.revision, {"mobile": "+32478123456"})})
    assert batch.rows.get(number=2).problems == "spouse_national_number.same"
    batch.refresh_from_db()
    edit(batch, admin, {2: (batch.revision, {"spouse_national_number": ""})})
    assert stand(batch)[2] == ("double", customer.pk)
    assert list(broken()) == []


def test_what_became_the_customers_own_number_meanwhile_is_not_put_on_the_partner(known, staged):
    customer = known(**JAN)
    batch = staged(jan(spouse_national_number=FATHER))
    choose_proposed(batch, None, on=True)
    put_values(customer, {"national_number": FATHER}, {})
    customer.save()
    [sides] = sides_of(batch, list(batch.rows.all()))
    batch.differences.update(seen=sides.seen(batch.office_id))
    batch.refresh_from_db()
    add(batch)
    customer.refresh_from_db()
    assert take(customer, "spouse_national_number") == ""
    assert batch.result["moved"] == [2]


def test_doctor_names_a_customer_who_is_their_own_partner(known):
    customer = known(**JAN, national_number=FATHER)
    put_values(customer, {"spouse_national_number": FATHER}, {})
    customer.save()
    assert list(broken()) == [f"customer {customer.pk}: said to be their own partner, by one national number"]


def test_a_row_with_the_customers_name_and_the_partners_number_is_asked_about(known, staged):
    customer = known(**JAN, spouse_national_number=FATHER)
    batch = staged(jan(FATHER))
    look(batch)
    assert stand(batch) == {2: ("invalid", None)}
    assert open_proposals(batch, (Reason.PARTNER,)).get().customer_id == customer.pk
    take_all(batch)
    customer.refresh_from_db()
    assert customer.spouse_first_name == ""


@pytest.fixture
def remarried(staged, admin):
    """A review in which a known customer has another partner than in the last list."""

    def couple(number: str, **partner) -> Batch:
        batch = staged(jan(FATHER, spouse_national_number=number), person(2, national_number=number, **partner))
        look(batch)
        batch.refresh_from_db()
        merge(batch, admin, open_proposals(batch, COUPLES).get().pk, 2, batch.revision)
        batch.refresh_from_db()
        return batch

    an = {"first_name": "An", "last_name": "Claes", "mobile": "+32478123456", "enterprise_number": "0403019261"}
    add(couple(THIRD, **an))
    fatima = {"first_name": "Fatima", "last_name": "Haddad", "mobile": "+32478123457"}
    return couple(SON, **fatima, enterprise_number="0417497106")


def test_nothing_of_another_partner_is_proposed_beside_the_known_number(remarried, admin):
    before = {key: text for key, text in values_of(Customer.objects.get()).items() if key.startswith("spouse")}
    [(differing, proposed)] = differs(remarried).values()
    assert all(f",{key}," in differing for key in PARTNER)
    assert "spouse" not in proposed
    assert not [each.key for each in counts(remarried).columns if each.key.startswith("spouse")]
    choose_proposed(remarried, admin, on=True)
    for key in PARTNER:
        choose_column(remarried, admin, key, on=True)
    remarried.refresh_from_db()
    add(remarried)
    after = values_of(Customer.objects.get())
    assert {key: after[key] for key in before} == before


def test_another_partner_is_taken_over_where_somebody_says_so(remarried, admin, client_as):
    page = client_as(admin).get(f"/imports/{remarried.pk}/?bucket=double").content.decode()
    with translation.override("nl"):
        assert page.count(str(OTHER_NUMBER)) == len(PARTNER) + 1
    keys = [*PARTNER, "spouse_national_number"]
    choose_fields(remarried, admin, 2, keys, on=True, seen="", is_confirmed=True)
    remarried.refresh_from_db()
    add(remarried)
    after = values_of(Customer.objects.get())
    assert [after[key] for key in keys] == ["Fatima", "Haddad", "+32478123457", "0417497106", SON]
