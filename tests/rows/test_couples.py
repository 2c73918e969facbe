"""Rows that name two people, and the cells of two rows joined."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounton.rows.couples import TwoPeople, combined, joint, two_people

TWO = {
    ("Jan & An", "Peeters-Claes"): ("Jan", "Peeters", "An", "Claes"),
    ("Jan en An", "Peeters"): ("Jan", "Peeters", "An", "Peeters"),
    ("Jan", "Peeters en An Claes"): ("Jan", "Peeters", "An", "Claes"),
    ("", "Jan Peeters en An Claes"): ("Jan", "Peeters", "An", "Claes"),
    ("Jan Peeters en An Van den Ende", ""): ("Jan", "Peeters", "An", "Van den Ende"),
    ("Jan/An", "Peeters/Claes"): ("Jan", "Peeters", "An", "Claes"),
    ("Jean et Anne", "Dupont"): ("Jean", "Dupont", "Anne", "Dupont"),
    ("Dhr. Jan en Mevr. An", "Peeters"): ("Jan", "Peeters", "An", "Peeters"),
    ("M. et Mme Jean", "Dupont"): ("Jean", "Dupont", "", "Dupont"),
    ("M. et Mme", "Dupont"): ("", "Dupont", "", "Dupont"),
    ("", "M. et Mme Dupont"): ("", "Dupont", "", "Dupont"),
    ("Jan & Piet", "Claes - Peeters"): ("Jan", "Claes", "Piet", "Peeters"),
}
ONE = [
    ("Jan", "Van den Ende"), ("Jean-Pierre", "Dupont-Lejeune"), ("Jan", "Peeters en Zonen"), ("M. Jean", "Dupont"),
    ("Jan", "Janssens & Co"), ("Jan", "Dupont et Fils"), ("Etienne", "Peeters"), ("Jan", "Peeters & An"), ("", ""),
    ("Jan &", "Peeters"), ("Jan & An & Bo", "Peeters"), ("Henri", "et"),
]  # fmt: skip


@pytest.mark.parametrize("names", TWO, ids=" | ".join)
def test_two_people_in_one_row_are_told_apart(names):
    assert two_people(*names)[:4] == TWO[names]


@pytest.mark.parametrize("names", ONE, ids=" | ".join)
def test_one_person_or_a_firm_stays_one(names):
    assert two_people(*names) is None


NAME = st.text(st.sampled_from("abcdeéË"), min_size=1, max_size=8)


@given(first=NAME, last=NAME, partner=NAME, partners_last=NAME, sign=st.sampled_from([" en ", " & ", " et ", "/", "+"]))
def test_whole_names_parted_by_any_sign_come_out_as_they_went_in(first, last, partner, partners_last, sign):
    found = two_people(f"{first}{sign}{partner}", f"{last}{sign}{partners_last}")
    assert found == TwoPeople(first, last, partner, partners_last)
    assert found.is_whole


@given(first=st.text(max_size=30), last=st.text(max_size=30))
def test_splitting_never_raises_and_keeps_a_name(first, last):
    found = two_people(first, last)
    assert found is None or found.partner_last_name
    assert found is None or (found.first_name or found.shared)


JAN = {"first_name": "Jan", "last_name": "Peeters", "national_number": "1", "spouse_national_number": "2"}
AN = {"first_name": "An", "last_name": "Claes", "national_number": "2", "enterprise_number": "9"}


def test_the_main_declarants_cells_win_and_empty_ones_are_filled():
    cells = joint(JAN | {"email": "jan@x"}, AN | {"email": "an@x", "mobile": "+32"})
    assert cells == {"mobile": "+32", "spouse_enterprise_number": "9",
                     "spouse_first_name": "An", "spouse_last_name": "Claes",
                     "spouse_email": "an@x", "spouse_mobile": "+32"}  # fmt: skip


def test_the_other_way_round_the_numbers_change_places():
    cells = joint(AN, JAN | {"spouse_enterprise_number": "9"})
    assert cells["spouse_national_number"] == "1"
    assert cells["spouse_first_name"] == "Jan"


def test_a_wrong_number_gives_way_to_the_partners_own():
    assert (
        joint(JAN, AN | {"national_number": "3"}, frozenset({"spouse_national_number"}))["spouse_national_number"]
        == "3"
    )


def test_an_address_is_filled_only_where_it_agrees():
    home = {"street": "Kerkstraat", "house_number": "1", "postal_code": "9300", "city": "Aalst"}
    assert joint(JAN | {"city": "AALST"}, AN | home)["street"] == "Kerkstraat"
    assert "street" not in joint(JAN | {"city": "Gent"}, AN | home)


def test_labels_of_both_stay():
    assert joint(JAN | {"labels": "a,b"}, AN | {"labels": "b,c"})["labels"] == "a,b,c"


CELLS = st.dictionaries(
    st.sampled_from(["email", "mobile", "city", "street", "labels", "client_code"]), st.sampled_from("ab")
)


@given(kept=CELLS, other=CELLS)
def test_combining_overwrites_nothing_and_a_second_time_changes_nothing(kept, other):
    cells = combined(kept, other)
    assert all(key == "labels" or not kept.get(key) for key in cells)
    assert combined({**kept, **cells}, other) == {}
