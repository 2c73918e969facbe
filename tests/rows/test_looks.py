"""What rows are compared by, worked out a column at a time: the same as one by one."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from accounton.rows.couples import may_name_two, two_people
from accounton.rows.firms import is_firm, may_be_firm
from accounton.rows.looks import UNKNOWN, Looks, Person, address_key, birth_of, looks_of, person_of
from accounton.rows.names import name_key

WORDS = st.sampled_from(
    ["Jan", "en", "An", "Peeters", "BV", "s.a.", "&", "SA", "Cv", "de", "Maes,", "(nv)", "Et", "Zonen"]
)
NAME = st.lists(WORDS, max_size=4).map(" ".join)
ROW = st.fixed_dictionaries(
    {"first_name": NAME, "last_name": NAME},
    optional={
        "national_number": st.sampled_from(["85073003328", "00000100364", "8507300332", "", "geen"]),
        "email": st.sampled_from(["An@X.be", ""]), "street": st.sampled_from(["Kerk straat", ""]),
        "house_number": st.sampled_from(["12 A", ""]), "postal_code": st.sampled_from(["9300", ""]),
        "spouse_first_name": st.sampled_from(["Bo", ""]), "spouse_last_name": st.sampled_from(["Claes", ""]),
        "spouse_national_number": st.sampled_from(["93051822361", ""]),
    },
)  # fmt: skip


def looks(*rows: dict[str, str]) -> Looks:
    keys = {key for row in rows for key in row}
    values = {key: [row.get(key, "") for row in rows] for key in keys}
    names = [name_key(row.get("first_name", ""), row.get("last_name", "")) for row in rows]
    return looks_of(list(range(2, 2 + len(rows))), [bool(row.get("national_number")) for row in rows], values, names)


@given(st.lists(ROW, max_size=5))
def test_rows_together_look_as_they_do_one_by_one(rows: list[dict[str, str]]) -> None:
    found = zip(*looks(*rows), strict=True)
    for row, (number, kind, name, email, address, born, has_number, _last, _partner) in zip(rows, found, strict=True):
        first, last = row["first_name"], row["last_name"]
        person = Person(number, name, email, address, born, has_number)
        assert person == person_of(number, row, has_number=bool(row.get("national_number")))
        assert (kind == "firm") == is_firm(first, last)
        named = row.get("spouse_first_name", "") + row.get("spouse_last_name", "")
        assert (kind == "two_people") == (kind != "firm" and not named and two_people(first, last) is not None)


@given(NAME, NAME)
def test_nobody_is_passed_over_by_the_quick_look_at_each_name(first: str, last: str) -> None:
    assert not is_firm(first, last) or may_be_firm(first) or may_be_firm(last)
    assert two_people(first, last) is None or may_name_two(first) or may_name_two(last)


def test_partners_are_named_or_known_to_be_there() -> None:
    both = {"spouse_first_name": "An", "spouse_last_name": "Claes", "spouse_national_number": "93051822361"}
    rows = looks({"last_name": "Maes", **both}, {"last_name": "Maes", "spouse_national_number": "93051822361"}, {})
    assert rows.partners == ["an claes", UNKNOWN, ""]
    assert list(looks({"last_name": "Maes"}).partners) == [""]


def test_some_of_the_rows_can_be_taken_out() -> None:
    three = looks({"last_name": "Maes"}, {"last_name": "Claes"}, {"last_name": "Bo", "email": "a@x"})
    assert three.only({2, 3, 4}) is three
    two = three.only({2, 4})
    assert (two.numbers, two.names, two.emails) == ([2, 4], ["maes", "bo"], ["", "a@x"])
    assert list(map(len, three.only(set()))) == [0] * 9


def test_a_birth_date_comes_out_of_a_number() -> None:
    assert birth_of("85073003328") == date(1985, 7, 30).toordinal()
    assert birth_of("") == birth_of("8507300332") == birth_of("85000003354") == 0


def test_spellings_of_one_address_meet() -> None:
    assert address_key("Kerk straat", "12 A", "9300") == address_key("KERKSTRAAT", "12a", "9300")
    assert address_key("Kerkstraat", "12", "") == address_key("", "12", "9300") == ""
