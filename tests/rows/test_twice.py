"""Rows of one list that look like one person: found in blocks, losing nobody and asking about few."""

from datetime import date
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from accounton.rows.looks import Person
from accounton.rows.near import ALIKE, LARGE_BLOCK, MOST_OF_A_ROW, likeness
from accounton.rows.twice import Twice, twice

BORN = date(1985, 7, 30).toordinal()


def someone(at, name="jan peeters", address="", birth=0, *, has_number=False):
    return Person(at, name, "", address, birth, has_number or bool(birth))


def found(*people):
    return list(twice(people))


def test_alike_in_name_and_born_on_one_day():
    assert found(someone(2, birth=BORN), someone(3, "jan peters", birth=BORN)) == [Twice("again_birth", 2, 3)]
    assert found(someone(2, birth=BORN), someone(3, birth=BORN + 1)) == []
    assert found(someone(2, birth=BORN), someone(3, "an claes", birth=BORN)) == []
    assert found(someone(2), someone(3)) == []


def test_namesakes_at_one_address_where_a_number_is_missing():
    assert found(someone(7, address="h", birth=BORN), someone(3, address="h")) == [Twice("again_address", 3, 7)]
    assert found(someone(2, address="h"), someone(3, address="h")) == [Twice("again_address", 2, 3)]
    assert found(someone(2, address="h"), someone(3, address="g")) == []


def test_father_and_son_of_one_name_are_told_apart_by_their_numbers():
    assert found(someone(2, address="h", birth=BORN), someone(3, address="h", birth=BORN + 9000)) == []
    assert found(someone(2, address="h", has_number=True), someone(3, address="h", has_number=True)) == []


def test_who_lives_together_under_another_name_is_somebody_else():
    assert found(someone(2, "vandenbroucke dirk", "h"), someone(3, "vandenbroucke dina", "h")) == []


def test_who_has_no_name_is_nobodys_namesake():
    assert (
        found(*(someone(at, "", "h") for at in range(3)), *(someone(at, "", birth=BORN) for at in range(9, 40))) == []
    )


def test_however_often_a_name_stands_there_a_row_is_put_beside_a_few():
    many = [someone(at, address="h") for at in range(2, 2000)]
    pairs = found(*many)
    assert len(pairs) <= LARGE_BLOCK * MOST_OF_A_ROW
    assert pairs[0] == Twice("again_address", 2, 3)


def test_of_very_many_born_on_one_day_only_the_same_names_are_compared():
    others = [someone(at, f"jan {chr(97 + at % 26)}{at}", birth=BORN) for at in range(10, 10 + LARGE_BLOCK * 3)]
    assert found(*others, someone(2, birth=BORN), someone(3, birth=BORN)) == [Twice("again_birth", 2, 3)]


PEOPLE = st.lists(
    st.builds(
        someone, st.integers(2, 50), st.sampled_from(["", "an claes", "jan peeters", "jan peters", "jan m peeters"]),
        st.sampled_from(["", "home", "away"]), st.sampled_from([0, BORN, BORN + 1]),
    ),
    max_size=4, unique_by=lambda person: person.id,
)  # fmt: skip


@given(PEOPLE)
def test_blocks_lose_nobody(people):
    expected = set()
    for pair in combinations(people, 2):
        one, other = sorted(pair)
        if one.name and other.name and one.birth and one.birth == other.birth and likeness(one[1], other[1]) >= ALIKE:
            expected.add(Twice("again_birth", one.id, other.id))
        same_home = one.address and one[1:2] == other[1:2] and one.address == other.address
        if one.name and same_home and not (one.has_number and other.has_number):
            expected.add(Twice("again_address", one.id, other.id))
    assert set(twice(people)) == expected


@given(PEOPLE, st.randoms())
def test_the_order_of_the_rows_says_nothing(people, chance):
    shuffled = list(people)
    chance.shuffle(shuffled)
    assert set(twice(shuffled)) == set(twice(people))
