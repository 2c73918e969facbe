"""Near matches by themselves: names that sound alike, blocks, reasons; and firms told by their names."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounton.rows.firms import is_firm
from accounton.rows.looks import Person
from accounton.rows.names import name_key
from accounton.rows.near import LARGE_BLOCK, Customers, households, likeness, near_reason, sound

BORN = date(1985, 7, 30).toordinal()


def someone(at=1, name="jan peeters", email="", address="", birth=0, has_number=False):
    return Person(at, name, email, address, birth, has_number or bool(birth))


ALIKE = [
    ("Jan Van den Berghe", "Jan Vandenberghe"), ("Clément Dûpont", "Klement Dupont"), ("Jan Peeters", "Jan Peters"),
    ("Noor De Clercq", "Noor Declerck"), ("Els Huyghe", "Els Huijghe"), ("Jan Peeters", "Jan Marie Peeters"),
    ("Sofie Thys", "Sofie Tijs"), ("Peeters Jan", "Jan Peeters"),
]  # fmt: skip
UNLIKE = [
    ("Jan Peeters", "An Peeters"),
    ("Jan Peeters", "Piet Peeters"),
    ("Jan Claes", "Jan Maes"),
    ("Lies Bo", "Bo Ka"),
]


@pytest.mark.parametrize("pair", ALIKE, ids=" / ".join)
def test_spellings_of_one_name_are_alike(pair):
    assert likeness(*(name_key(*name.split(" ", 1)) for name in pair)) >= 86


@pytest.mark.parametrize("pair", UNLIKE, ids=" / ".join)
def test_other_names_are_not(pair):
    assert likeness(*(name_key(*name.split(" ", 1)) for name in pair)) < 86


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_goes_both_ways_and_never_raises(one, other):
    one, other = name_key(one, ""), name_key(other, "")
    assert likeness(one, other) == likeness(other, one)
    assert sound(one) == sound(" ".join(reversed(one.split())))


REASONS = {
    "birth": (someone(birth=BORN), someone(birth=BORN, name="jan peters")),
    "email": (someone(email="a@x"), someone(email="a@x", name="an claes")),
    "address": (someone(address="h", birth=BORN), someone(address="h")),
}
NONE = {
    "father and son": (
        someone(address="h", birth=BORN, email="a@x"), someone(address="h", birth=BORN + 9000, email="a@x"),
    ),
    "both have numbers": (someone(address="h", has_number=True), someone(address="h", has_number=True)),
    "another at this address": (someone(address="h"), someone(address="h", name="an peeters")),
    "born on one day": (someone(birth=BORN), someone(birth=BORN, name="an claes", email="")),
    "nothing known": (someone(), someone()),
}  # fmt: skip


@pytest.mark.parametrize("reason", REASONS)
def test_why_a_row_looks_like_a_customer(reason):
    row, customer = REASONS[reason]
    [found] = Customers([customer._replace(id=9)]).like(row)
    assert (found.reason, found.row, found.customer) == (reason, 1, 9)


@pytest.mark.parametrize("pair", NONE.values(), ids=NONE)
def test_who_is_certainly_another_is_not_shown(pair):
    row, customer = pair
    assert not Customers([customer]).like(row)


def test_the_most_alike_come_first():
    customers = Customers(
        someone(at, name="jan peeters" if at == 13 else f"an claes{at}", email="a@x") for at in range(LARGE_BLOCK)
    )
    found = customers.like(someone(email="a@x"))
    assert len(found) == LARGE_BLOCK
    assert found[0].customer == 13


def test_in_a_large_block_only_the_same_names_are_compared():
    many = [someone(at, name=f"jan {chr(97 + at % 26)}{at}", email="office@x") for at in range(LARGE_BLOCK * 3)]
    customers = Customers(many)
    assert [found.customer for found in customers.like(many[7]._replace(id=900))] == [7]
    assert not customers.like(someone(901, name="nobody here", email="office@x"))


PEOPLE = st.lists(
    st.builds(
        Person, st.integers(0, 50), st.sampled_from(["an claes", "jan peeters", "jan peters"]),
        st.sampled_from(["", "a@x", "b@x"]), st.sampled_from(["", "home"]), st.sampled_from([0, BORN, BORN + 1]),
        st.just(True),
    ),
    max_size=8, unique_by=lambda person: person.id,
)  # fmt: skip


@given(PEOPLE, PEOPLE)
def test_blocks_lose_nobody(people, customers):
    blocks = Customers(customers)
    for row in people:
        every = {each.id for each in customers if near_reason(row, each, likeness(row.name, each.name))}
        assert {near.customer for near in blocks.like(row)} == every


def couples(*people, last=None, partners=None):
    names = last or {each.id: each.name.split()[-1] for each in people}
    return list(households(people, names, partners or {}))


def test_two_of_one_address_and_name_may_be_a_couple():
    jan, an = someone(1, address="h"), someone(2, name="an peeters", address="h")
    assert couples(jan, an) == [(1, 2)]
    assert couples(jan, an._replace(address="other")) == []
    assert couples(jan, an, someone(3, name="bo peeters", address="h")) == []


def test_parent_and_child_are_no_couple():
    father = someone(1, address="h", birth=BORN)
    son = someone(2, name="piet peeters", address="h", birth=BORN + timedelta(days=365 * 30).days)
    assert couples(father, son) == []


def test_who_is_named_as_partner_may_have_another_last_name():
    jan, an = someone(1, address="h"), someone(2, name="an claes", address="h")
    assert couples(jan, an, partners={1: "an claes"}) == [(1, 2)]
    assert couples(jan, an) == []


FIRMS = [
    ("Bakkerij", "Peeters NV"), ("", "Peeters B.V."), ("Peeters", "Comm.V"), ("Garage Dupont", "S.A."),
    ("vzw", "De Hoop"), ("Dupont SA", ""), ("Peeters & Co", "BVBA"), ("Le Coin", "SRL"), ("ASBL", "Les Amis"),
    ("Peeters", "bv"),
]  # fmt: skip
PERSONS = [("João", "de Sá"), ("JOAO", "DE SA"), ("Maria", "Sa"), ("J.P.", "Claes"), ("J. C.", "Van Damme"),
           ("An", "Claes"), ("Nv", ""), ("", "")]  # fmt: skip


@pytest.mark.parametrize("names", FIRMS, ids=" | ".join)
def test_a_firm_is_told_by_its_legal_form(names):
    assert is_firm(*names)


@pytest.mark.parametrize("names", PERSONS, ids=" | ".join)
def test_a_person_is_no_firm(names):
    assert not is_firm(*names)
