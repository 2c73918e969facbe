"""The same customer twice in a file, and couples on two rows, in one block and over several."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounton.rows.firsts import Firsts
from tests.rows.people import check_rows, codes, person

OTHER_NUMBER = "93051822361"
THIRD_NUMBER = "17073003384"


def several(*rows: dict[str, str], size: int = 0) -> list[list[tuple[str, str, str]]]:
    """Check rows, and give for each what was said about it being there twice: code, column, row named."""
    checker, blocks = check_rows(*rows, size=size)
    said: dict[int, list[tuple[str, str, str]]] = {}
    for block in blocks:
        for index, findings in block.findings.items():
            said[block.numbers[index]] = [(f.code, f.column, f.detail) for f in findings if f.detail.isdigit()]
    for row, finding in checker.late:
        said.setdefault(row, []).append((finding.code, finding.column, finding.detail))
    return [said.get(number, []) for number in range(2, 2 + len(rows))]


def single(**cells: str) -> dict[str, str]:
    return person(**{"spouse_national_number": "", "client_code": "", "national_number": "", **cells})


@pytest.mark.parametrize("size", [1, 2, 9])
def test_the_same_number_is_the_same_customer_whatever_else_differs(size: int) -> None:
    first = single(national_number="85073003328", email="a@x.be", client_code="1")
    again = single(national_number="85.07.30-033.28", email="b@x.be", client_code="2", first_name="An")
    other = single(national_number=OTHER_NUMBER)
    assert several(first, other, again, again | {"client_code": "3"}, size=size) == [
        [],
        [],
        [("row.repeated", "national_number", "2")],
        [("row.repeated", "national_number", "2")],
    ]


@pytest.mark.parametrize("size", [1, 9])
def test_the_same_code_is_the_same_customer_where_a_number_is_missing(size: int) -> None:
    first = single(client_code="K1", email="a@x.be", national_number="85073003328")
    again = single(client_code="K1", email="b@x.be")
    assert several(first, again, size=size) == [[], [("row.repeated", "client_code", "2")]]
    assert several(again, first, size=size) == [[], [("row.repeated", "client_code", "2")]]


def test_the_same_code_with_another_number_is_taken() -> None:
    first = single(client_code="K1", email="a@x.be", national_number="85073003328")
    other = single(client_code="K1", email="b@x.be", national_number=OTHER_NUMBER)
    assert several(first, other) == [[], [("client_code.taken", "client_code", "2")]]
    assert several(first, other | {"client_code": "k1"}) == [[], []]


def test_the_same_code_with_a_wrong_number_may_be_the_same_customer() -> None:
    first = single(client_code="K1", email="a@x.be", national_number="85073003328")
    typo = single(client_code="K1", email="b@x.be", national_number="85073003329")
    assert several(first, typo) == [[], [("row.repeated", "client_code", "2")]]


@pytest.mark.parametrize("size", [1, 9])
@pytest.mark.parametrize(
    ("numbers", "repeated"),
    [
        (("", ""), True),
        (("85073003328", ""), True),
        (("", "85073003328"), True),
        (("85073003328", OTHER_NUMBER), False),
    ],
)
def test_mailbox_and_name_count_where_a_number_is_missing(numbers: tuple[str, str], repeated: bool, size: int) -> None:
    first = single(national_number=numbers[0], first_name="Zoë", last_name="Van den Bossche", email="Zoe@x.be")
    again = single(national_number=numbers[1], first_name="van den bossche", last_name="ZOE", email="zoe@X.be")
    assert several(first, again, size=size)[1] == ([("row.repeated", "email", "2")] if repeated else [])


def test_a_mailbox_alone_is_a_family() -> None:
    rows = [single(first_name=name) for name in ("Jan", "An", "Bo")]
    assert several(*rows) == [[], [], []]


def test_a_name_alone_is_a_namesake() -> None:
    assert several(single(email="a@x.be"), single(email="b@x.be")) == [[], []]


def test_in_one_mailbox_the_row_without_a_number_is_found_behind_one_with() -> None:
    numbered = single(national_number="85073003328")
    without = single()
    other = single(national_number=OTHER_NUMBER)
    assert several(numbered, without, other) == [
        [],
        [("row.repeated", "email", "2")],
        [("row.repeated", "email", "3")],
    ]


def test_thousands_in_one_mailbox_take_no_time() -> None:
    rows = [single(first_name=f"N{number}") for number in range(3000)]
    assert several(*rows, rows[0])[-1] == [("row.repeated", "email", "2")]


@pytest.mark.parametrize("size", [1, 2, 9])
def test_a_partner_on_a_row_of_their_own_is_noticed_there(size: int) -> None:
    joint = single(national_number="85073003328", spouse_national_number=OTHER_NUMBER, email="a@x.be")
    partner = single(national_number=OTHER_NUMBER, email="b@x.be", first_name="An")
    other = single(national_number=THIRD_NUMBER, email="c@x.be")
    notice = [("national_number.partner_of_row", "national_number")]
    assert several(joint, other, partner, size=size) == [[], [], [(*notice[0], "2")]]
    assert several(partner, other, joint, size=size) == [[(*notice[0], "4")], [], []]


def test_a_partner_on_a_row_of_their_own_stays_valid() -> None:
    joint = single(national_number="85073003328", spouse_national_number=OTHER_NUMBER, email="a@x.be")
    partner = single(national_number=OTHER_NUMBER, email="b@x.be", first_name="An")
    _, [block] = check_rows(joint, partner)
    assert block.problems(1) == []
    assert codes(block, 1, "notice") == ["national_number.partner_of_row"]


def test_a_wrong_number_identifies_nobody() -> None:
    wrong = single(national_number="85073003329", email="a@x.be")
    assert several(wrong, wrong | {"email": "b@x.be"}) == [[], []]
    joint = single(national_number="85073003328", spouse_national_number="85073003329", email="c@x.be")
    assert several(wrong, joint) == [[], []]


@given(st.lists(st.lists(st.sampled_from(["", "a", "b", "c", "d", "e"]), max_size=6), max_size=6))
def test_where_keys_stand_first(blocks: list[list[str]]) -> None:
    firsts, everything = Firsts(), list[str]()
    for block in blocks:
        expected = [
            (index, (everything + block).index(key))
            for index, key in enumerate(block)
            if key and (everything + block).index(key) != len(everything) + index
        ]
        assert firsts.again(block) == expected
        everything += block
    for key in "abcdef":
        assert firsts.position(key) == (everything.index(key) if key in everything else None)
