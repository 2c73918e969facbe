"""Two national numbers are two people in reviews that were done, too: whoever is new by then can be added."""

import pytest

from accounton.customers.models import Customer
from accounton.customers.numbers import take
from accounton.customers.saving import put_values
from accounton.importing.invariants import broken
from accounton.importing.models import State
from accounton.importing.overwriting import choose_proposed
from tests.importing.conftest import person
from tests.importing.test_overwriting import add
from tests.importing.test_two_numbers import FATHER, JAN, SON, jan, stand, take_all

pytestmark = pytest.mark.database


def test_who_turns_out_to_be_new_in_a_review_that_was_done_can_be_added(known, staged):
    known(**JAN)
    done = add(staged(jan(SON, mobile="+32478123456"), person(7)))
    assert done.state == State.DONE
    take_all(staged(jan(FATHER)))
    assert stand(done)[2] == ("only_in_import", None)
    assert not done.differences.exists()
    done.refresh_from_db()
    assert done.state == State.REVIEW
    add(done)
    assert sorted(filter(None, (take(each, "national_number") for each in Customer.objects.all()))) == [FATHER, SON]
    assert list(broken()) == []


def test_who_turns_out_to_be_new_when_a_review_that_was_done_is_taken_up_is_not_stuck(known, staged):
    customer = known(**JAN)
    done = add(staged(jan(SON, mobile="+32478123456"), person(7)))
    choose_proposed(done, None, on=True)
    put_values(customer, {"national_number": FATHER}, {})
    customer.save()
    done.refresh_from_db()
    add(done)
    assert (done.state, stand(done)[2]) == (State.REVIEW, ("only_in_import", None))
    assert list(broken()) == []
