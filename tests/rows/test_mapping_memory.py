"""What was learnt from earlier lists, beside the columns that stand in this one."""

from typing import Any

import pytest

from accounton.rows.mapping_headers import layout, map_columns
from accounton.rows.mapping_targets import NONE, seen_list
from accounton.rows.mapping_wishes import Wishes
from tests.rows.people import RULES

FULL = (["Naam", "Mail", "Taal"], ["Bart De Smet", "b@x.be", "nl"], ["An Claes", "a@x.be", "nl"])
PARTS = (["Naam", "Voornaam", "Mail", "Taal"], ["De Smet", "Bart", "b@x.be", "nl"], ["Claes", "An", "a@x.be", "fr"])


def targets(*rows: list[Any], **learnt: str) -> list[str]:
    return [column.target for column in map_columns(rows, 1, Wishes(ask="unsure", office=learnt), RULES).columns]


@pytest.mark.parametrize("split", ["first_last", "last_first"])
def test_a_learnt_split_takes_nothing_that_has_a_column_of_its_own(split: str) -> None:
    assert targets(*PARTS, naam=split) == ["last_name", "first_name", "email", "language"]
    assert targets(["Naam", "Voornaamm", *PARTS[0][2:]], *PARTS[1:], naam=split)[:2] == ["last_name", "first_name"]
    # Even where that column was not wanted beside full names.
    assert targets(*PARTS, naam=split, voornaam=NONE) == ["last_name", "first_name", "email", "language"]


def test_an_address_and_a_town_stand_in_columns_of_their_own_too() -> None:
    rows = (["Voornaam", "Naam", "Mail", "Taal", "Adres", "Postcode"], ["An", "Claes", "a@x.be", "nl", "Markt", "9300"])
    assert targets(*rows, adres="address")[4:] == ["street", "postal_code"]
    assert targets(*rows, postcode=NONE, adres="address")[4:] == ["street", "postal_code"]


def test_a_learnt_split_holds_where_the_names_stand_in_it() -> None:
    assert targets(*FULL, naam="last_first")[0] == "last_first"
    call = [["Naam", "Voornaam", "Mail", "Taal"], ["Bart De Smet", "Bart", "b@x.be", "nl"]]
    assert targets(*call, naam="last_first")[:2] == ["last_first", NONE]


@pytest.mark.parametrize("half", ["first_name", "last_name"])
def test_half_a_name_holds_only_beside_the_other_half(half: str) -> None:
    assert targets(*FULL, naam=half)[0] == "first_last"
    assert targets(*PARTS, naam="last_name")[:2] == ["last_name", "first_name"]


def test_a_learnt_half_stands_beside_one_that_is_known_by_its_values_alone() -> None:
    rows = [["Wie", "Zzz", "Mail", "Taal"], ["Bart", "7", "b@x.be", "nl"], ["Jan", "8", "j@x.be", "fr"]]
    assert targets(*rows, zzz="last_name") == ["first_name", "last_name", "email", "language"]


def test_a_choice_between_two_columns_holds_where_both_stand_again() -> None:
    rows = (["Voornaam", "Naam", "E-mail", "E-mail 2", "Taal"], ["An", "Claes", "a@x.be", "b@x.be", "nl"])
    assert targets(*rows, email=NONE, email2="email")[2:4] == [NONE, "email"]


def test_two_columns_that_claim_the_same_are_asked_about() -> None:
    rows = (["Voornaam", "Naam", "E-mail", "Mail kl.", "Taal"], ["An", "Claes", "a@x.be", "b@x.be", "nl"])
    found = map_columns(rows, 1, Wishes(ask="unsure", user={"mailkl": "email"}), RULES)
    assert [column.target for column in found.columns[2:4]] == ["email", NONE]
    assert not found.certain


def test_what_would_stand_there_without_memory_is_said() -> None:
    wishes = Wishes(ask="always", user={"naam": "last_first", "mail": NONE})
    rows = (["Naam", "Mail", "E-mail", "Taal"], ["Bart De Smet", "b@x.be", "c@x.be", "nl"])
    shown = layout(rows, 1, map_columns(rows, 1, wishes, RULES), RULES)["columns"]
    assert [(each["target"], each["plain"]) for each in shown] == [
        ("last_first", "first_last"), (NONE, "email"), ("email", NONE), ("language", "language"),
    ]  # fmt: skip


def test_a_list_that_somebody_has_looked_at_is_not_asked_about_again() -> None:
    unsure = map_columns(FULL, 1, Wishes(ask="unsure"), RULES)
    assert not unsure.certain
    assert unsure.notices
    key = seen_list((column.header, column.target) for column in unsure.columns)
    seen = Wishes.from_message(Wishes(ask="unsure", seen=[key]).as_message())
    again = map_columns(FULL, 1, seen, RULES)
    assert (again.certain, again.notices) == (True, [])
    # Other headers, or the same with something else in them, are another list.
    turned = [FULL[0], ["De Smet, Bart", "b@x.be", "nl"]]
    assert not map_columns(turned, 1, seen, RULES).certain
    assert not map_columns([["Naam", "E-mail", "Taal"], *FULL[1:]], 1, seen, RULES).certain
