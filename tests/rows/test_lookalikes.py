"""Who of a list looks like a customer, told of sealed rows: in this process and in one of its own alike."""

from contextlib import contextmanager

import orjson
import pytest

from accounton.rows.lookalikes import Contexts, Found, Lookalikes, SealedCustomers, SealedRows
from accounton.rows.lookalikes_beside import MOST_UNDER_WAY, beside
from accounton.rows.near import MOST_OF_A_ROW
from accounton.sealing import Sealer
from accounton.spreadsheets.problems import UnusableFile
from tests.rows.test_looks import looks

KEYS = [b"k" * 32]
CONTEXTS = Contexts(b"row:1", b"customer:1:national_number")
HOME = {"street": "Kerkstraat", "house_number": "12", "postal_code": "9300"}
LIES, LISE = "85073003328", "85073003427"


@contextmanager
def here(keys, contexts):
    yield Lookalikes(Sealer(keys), contexts)


@pytest.fixture(params=[here, beside])
def lookalikes(request):
    with request.param(KEYS, CONTEXTS) as lookalikes:
        yield lookalikes


def rows(*people, first=2):
    sealed = [Sealer(KEYS).seal(orjson.dumps({"values": person}), CONTEXTS.row) for person in people]
    numbers = range(first, first + len(people))
    return SealedRows(list(numbers), ["national_number" in person for person in people], sealed)


def customers(*people):
    seal = Sealer(KEYS).seal
    return SealedCustomers(
        [pk for pk, _ in enumerate(people, 1)],
        [person.get("name", "") for person in people],
        *([person.get(key, "") for person in people] for key in ("email", "street", "house_number", "postal_code")),
        [seal(p["number"].encode(), CONTEXTS.number) if "number" in p else b"" for p in people],
    )


def test_rows_are_put_beside_customers(lookalikes):
    lookalikes.add_customers(customers({"name": "bekend lies", "number": LIES}, {"name": "an claes", "email": "A@x"}))
    lookalikes.add_customers(customers())
    lookalikes.add_rows(rows({"first_name": "Lise", "last_name": "Bekend", "national_number": LISE}))
    lookalikes.add_rows(rows({"first_name": "Bo", "last_name": "Maes", "email": "a@X"}, {"first_name": "Z"}, first=3))
    assert list(lookalikes.found([], [])) == [Found("birth", 2, None, 1), Found("email", 3, None, 2)]
    assert list(lookalikes.found([2], [])) == [Found("email", 3, None, 2)]
    assert list(lookalikes.found([2], [2])) == []


def test_couples_firms_and_rows_of_two_people_are_found(lookalikes):
    jan, an = {"first_name": "Jan", "last_name": "Claes", **HOME}, {"first_name": "An", "last_name": "Claes", **HOME}
    lookalikes.add_rows(rows(jan, an, {"first_name": "Jan en An", "last_name": "Maes"}, {"last_name": "Peeters BV"}))
    found = {Found("household", 2, 3), Found("two_people", 4), Found("firm", 5)}
    assert set(lookalikes.found([], [])) == found
    # Who is married to somebody else, or was merged, is half of no couple.
    lookalikes.add_rows(rows({**an, "spouse_first_name": "Piet", "spouse_last_name": "Maes"}, first=3))
    assert set(lookalikes.found([5], [])) == {Found("two_people", 4)}


def test_a_row_that_comes_again_counts_as_it_is_now(lookalikes):
    lookalikes.add_customers(customers({"name": "an claes", "email": "a@x"}))
    lookalikes.add_rows(rows({"first_name": "Bo", "last_name": "Maes BV", "email": "a@x"}))
    lookalikes.add_rows(rows({"first_name": "Bo", "last_name": "Maes", "email": "a@x"}))
    assert list(lookalikes.found([], [])) == [Found("email", 2, None, 1)]
    lookalikes.add_rows(rows({"first_name": "Bo", "last_name": "Maes", "email": "b@x"}))
    assert list(lookalikes.found([], [])) == []


def test_of_many_who_are_alike_a_few_are_named_but_nobody_who_is_there_for_certain(lookalikes):
    lookalikes.add_customers(customers(*({"name": f"an claes{at}", "email": "a@x"} for at in range(10))))
    lookalikes.add_rows(rows({"first_name": "Bo", "last_name": "Maes", "email": "a@x"}))
    assert [each.customer for each in lookalikes.found([], [])] == [1, 2, 3]
    assert [each.customer for each in lookalikes.found([], range(1, 9))] == [9, 10]
    assert MOST_OF_A_ROW == 3


def test_what_happens_to_the_process_is_said_where_something_is_asked_of_it():
    stranger = Sealer([b"x" * 32]).seal(b"{}", CONTEXTS.row)
    with beside(KEYS, CONTEXTS) as lookalikes:
        lookalikes.add_rows(SealedRows([2], [False], [stranger]))
        with pytest.raises(Exception, match="CannotOpen"):
            list(lookalikes.found([], []))


def test_a_process_that_is_gone_is_noticed_while_rows_are_sent():
    with beside(KEYS, CONTEXTS) as lookalikes:
        lookalikes._process.kill()
        with pytest.raises(UnusableFile):  # noqa: PT012 - one of them is the first to notice
            for _ in range(MOST_UNDER_WAY * 3):
                lookalikes.add_rows(rows({"first_name": "Bo", "last_name": "x" * 100_000}))


def test_rows_that_look_like_one_another_are_found_whatever_comes_between(lookalikes):
    again = {"first_name": "Lise", "last_name": "Bekend", "national_number": LISE}
    lookalikes.add_rows(rows({"first_name": "Lies", "last_name": "Bekend", "national_number": LIES}))
    lookalikes.add_rows(rows({"first_name": "An", "last_name": "Maes", **HOME}, again, first=3))
    lookalikes.add_rows(rows({"first_name": "An", "last_name": "Maes", **HOME, "street": "kerk straat"}, first=5))
    assert set(lookalikes.found([], [])) == {Found("again_birth", 2, 4), Found("again_address", 3, 5)}
    assert set(lookalikes.found([4, 5], [])) == set()


def test_rows_that_were_compared_already_are_compared_again_once_others_come_or_go(lookalikes):
    jan, an = {"first_name": "Jan", "last_name": "Claes", **HOME}, {"first_name": "An", "last_name": "Claes", **HOME}
    lookalikes.add_rows(rows(jan, an))
    lookalikes.compare_rows()
    assert list(lookalikes.found([], [])) == [Found("household", 2, 3)]
    assert list(lookalikes.found([3], [])) == []
    lookalikes.add_rows(rows({"first_name": "Bo", "last_name": "Claes", **HOME}, first=4))
    assert list(lookalikes.found([], [])) == []  # three of one name are a family


def test_rows_of_which_it_is_known_already_what_they_look_like_are_found_likewise(lookalikes):
    people = [{"first_name": "Jan", "last_name": "Claes", **HOME}, {"first_name": "An", "last_name": "Claes", **HOME},
              {"first_name": "Lise", "last_name": "Bekend", "national_number": LISE}, {"last_name": "Peeters BV"},
              {"first_name": "Jan en An", "last_name": "Maes", "email": "a@x"}]  # fmt: skip
    lookalikes.add_customers(customers({"name": "bekend lies", "number": LIES}, {"name": "claes bo", "email": "a@x"}))
    lookalikes.add_rows(rows(*people))
    expected = list(lookalikes.found([], []))
    assert {each.reason for each in expected} == {"household", "birth", "firm", "two_people", "email"}
    lookalikes.add_looks(looks(*people))
    assert list(lookalikes.found([], [])) == expected
