"""An address is one thing: who moves takes no part of the old one along."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounton.belgium.folding import fold
from accounton.rows.changes import Change
from accounton.rows.groups import change_of, keys_of

KEYS = keys_of("address")
HOME = {
    "street": "Kerkstraat",
    "house_number": "208",
    "box": "3",
    "postal_code": "9300",
    "city": "Aalst",
    "country": "",
}
NOTHING = dict.fromkeys(KEYS, "")


def compared(said: dict[str, str], known: dict[str, str] = HOME) -> tuple[str, str]:
    """What kind of change it is, and the address afterwards in one line."""
    change = change_of("address", NOTHING | known, NOTHING | said)
    return change.kind, " ".join(filter(None, change.after.values()))


def test_an_address_has_six_columns():
    assert KEYS == ("street", "house_number", "box", "postal_code", "city", "country")


@pytest.mark.parametrize(
    ("said", "kind", "after"),
    [
        # Who moves to a house without a box.
        ({**HOME, "street": "Molenstraat", "house_number": "5", "box": ""}, "changed", "Molenstraat 5 9300 Aalst"),
        # Of a list without a column for boxes the same holds.
        ({"street": "Molenstraat", "house_number": "5", "postal_code": "9300", "city": "Aalst"}, "changed",
         "Molenstraat 5 9300 Aalst"),
        ({"house_number": "210"}, "changed", "Kerkstraat 210 9300 Aalst"),
        ({"street": "kerkstraat", "house_number": "210", "box": "1"}, "changed", "kerkstraat 210 1 9300 Aalst"),
        ({"box": "4"}, "changed", "Kerkstraat 208 4 9300 Aalst"),
        ({"street": "Markt", "house_number": "1", "postal_code": "9000", "city": "Gent"}, "changed",
         "Markt 1 9000 Gent"),
        ({"street": "Kerkstraat", "house_number": "208", "postal_code": "9000", "city": "Gent"}, "changed",
         "Kerkstraat 208 9000 Gent"),
        ({"street": "Markt", "house_number": "1", "city": "Gent"}, "changed", "Markt 1 Gent"),
        ({**HOME, "country": "NL"}, "changed", "Kerkstraat 208 3 9300 Aalst NL"),
    ],
)  # fmt: skip
def test_who_moves_keeps_nothing_of_the_old_address(said, kind, after):
    assert compared(said) == (kind, after)


@pytest.mark.parametrize(
    ("said", "after"),
    [
        # A new street without its town, a new town without its street, a street without its number.
        ({"street": "Molenstraat", "house_number": "5"}, "Molenstraat 5 9300 Aalst"),
        ({"postal_code": "9000", "city": "Gent"}, "9000 Gent"),
        ({"city": "Gent"}, "Gent"),
        ({"street": "Molenstraat", "postal_code": "9300", "city": "Aalst"}, "Molenstraat 9300 Aalst"),
        ({"country": "NL"}, "NL"),
        ({"street": "Kerkstraat", "house_number": "208", "country": "NL"}, "Kerkstraat 208 NL"),
    ],
)
def test_what_the_row_does_not_say_of_a_new_address_is_never_proposed_by_itself(said, after):
    assert compared(said) == ("incomplete", after)


@pytest.mark.parametrize(
    "said",
    [
        {},
        HOME,
        {**HOME, "country": "BE"},
        {"street": "Kerkstraat", "house_number": "208"},
        {"street": "Kerkstraat", "house_number": "208", "postal_code": "9300", "city": "Aalst"},
        {"postal_code": "9300"},
        {"city": "Aalst"},
        {"country": "BE"},
        {"box": "3"},
    ],
)
def test_what_says_the_same_or_less_is_no_change(said):
    assert compared(said) == ("same", "Kerkstraat 208 3 9300 Aalst")


@pytest.mark.parametrize(
    ("said", "after"),
    [
        ({"street": "KERKSTRAAT", "house_number": "208", "city": "AALST"}, "KERKSTRAAT 208 3 9300 AALST"),
        ({"street": "Kerkstraat", "house_number": "208/3"}, "Kerkstraat 208/3 9300 Aalst"),
        ({"street": "Kerkstraat 208 bus 3"}, "Kerkstraat 208 bus 3 9300 Aalst"),
        ({"street": "Kerkstraat", "house_number": "208", "box": "bus 3"}, "Kerkstraat 208 bus 3 9300 Aalst"),
        ({"postal_code": "9300", "city": "Alost"}, "Kerkstraat 208 3 9300 Alost"),
    ],
)
def test_another_spelling_moves_nobody_and_costs_no_box(said, after):
    assert compared(said) == ("spelling", after)


@pytest.mark.parametrize(("number", "other"), [("12", "12B"), ("12A", "12B"), ("20", "208"), ("12/1", "12/2")])
def test_a_house_number_with_another_letter_is_another_house(number, other):
    known = {**HOME, "house_number": number}
    assert compared({"street": "Kerkstraat", "house_number": other}, known) == (
        "changed", f"Kerkstraat {other} 9300 Aalst",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("known", "said", "after"),
    [
        ({}, HOME, "Kerkstraat 208 3 9300 Aalst"),
        ({"street": "Kerkstraat", "house_number": "208"}, {"box": "3"}, "Kerkstraat 208 3"),
        ({"street": "Kerkstraat", "house_number": "208"}, {"postal_code": "9300", "city": "Aalst"},
         "Kerkstraat 208 9300 Aalst"),
        ({"city": "Aalst"}, {"street": "Kerkstraat", "postal_code": "9300"}, "Kerkstraat 9300 Aalst"),
        ({}, {"country": "NL"}, "NL"),
    ],
)  # fmt: skip
def test_what_was_unknown_is_filled(known, said, after):
    assert compared(said, known) == ("filled", after)


def test_a_code_that_does_not_fit_the_known_town_is_another_town():
    assert compared({"postal_code": "9000"}, {**HOME, "postal_code": ""}) == ("incomplete", "9000")


@pytest.mark.parametrize(
    ("said", "country"),
    [
        ({"postal_code": "9300", "city": "Aalst"}, ""),
        ({"city": "Aalst"}, ""),
        ({"postal_code": "5038 CB", "city": "Tilburg"}, "NL"),
        ({"postal_code": "9300", "city": "Aalst", "country": "BE"}, "BE"),
    ],
)
def test_who_comes_from_abroad_lives_here_where_the_town_is_one_of_ours(said, country):
    breda = {"street": "Markt", "house_number": "1", "postal_code": "4811 AB", "city": "Breda", "country": "NL"}
    said = NOTHING | {"street": "Markt", "house_number": "1"} | said
    assert change_of("address", NOTHING | breda, said).after["country"] == country


def test_a_country_that_was_written_out_stays_written_out():
    said = {**HOME, "street": "Markt", "postal_code": "9000", "city": "Gent"}
    assert change_of("address", {**HOME, "country": "BE"}, said).after["country"] == "BE"


PARTS = {
    "street": ["", "Kerkstraat", "KERKSTRAAT", "Molenstraat"], "house_number": ["", "208", "5", "208/3"],
    "box": ["", "3", "bus 3", "4"], "postal_code": ["", "9300", "9000", "4811 AB"],
    "city": ["", "Aalst", "Alost", "Gent", "Breda"], "country": ["", "BE", "NL"],
}  # fmt: skip
ADDRESSES = st.fixed_dictionaries({key: st.sampled_from(texts) for key, texts in PARTS.items()})


def is_other(one: str, other: str) -> bool:
    return bool(one and other) and fold(one) != fold(other)


@given(known=ADDRESSES, said=ADDRESSES)
def test_whatever_two_addresses_say_they_are_never_mixed(known, said):
    change: Change = change_of("address", known, said)
    after = change.after
    assert set(after) == set(KEYS)
    if change.kind == "same":
        assert after == known
        return
    assert after != known
    # What the row says stands there, and where a part is another one, nothing smaller of the old address is left.
    assert all(after[key] == said[key] for key in KEYS if said[key] and key != "country")
    moved = False
    for key in ("postal_code", "street", "house_number", "box"):
        if moved:
            assert after[key] == said[key]
        moved = moved or (is_other(known[key], said[key]) and not _is_same_line(known, said))
    assert change.kind != "filled" or all(after[key] == known[key] for key in KEYS if known[key])
    # Taking it over once is enough.
    again = change_of("address", after, said)
    assert again.kind == "same"


def _is_same_line(known, said) -> bool:
    def line(cells):
        words = fold(" ".join(cells[key] for key in ("street", "house_number", "box"))).split()
        return [word for word in words if word != "bus"]

    return (
        said["street"] != "" and line(known) == line(said) and not is_other(known["postal_code"], said["postal_code"])
    )
