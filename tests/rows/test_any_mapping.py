"""Lists put together at random: whatever their headers, order and cells, the mapping keeps its promises."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounton.rows import synonyms
from accounton.rows.columns import REQUIRED
from accounton.rows.headers import squeezed
from accounton.rows.mapping_adjusting import NUMBER_HEADERS
from accounton.rows.mapping_headers import layout, map_columns
from accounton.rows.mapping_targets import NONE, TARGETS, keys_of
from accounton.rows.mapping_wishes import Wishes
from accounton.rows.whose import whose_each
from tests.rows.people import RULES
from tests.rows.test_mapping import spellings

CELLS = {
    "first_name": ("Emma", "Louis", "An"),
    "last_name": ("Peeters", "Van den Berghe", "De Smet"),
    "email": ("e@telenet.be", "l@skynet.be", "a@x.be"),
    "mobile": ("+32478123456", "+32479123456", "+33612345678"),
    "national_number": ("85073003328", "93.05.18-223.61", "80010100107"),
    "spouse_national_number": ("75061500397", "", "05050500514"),
    "street": ("Kerkstraat", "Rue Haute", "Markt"),
    "house_number": ("12", "4A", "7"),
    "box": ("3", "", "b"),
    "postal_code": ("9300", "1000", "4700"),
    "city": ("Aalst", "Bruxelles", "Eupen"),
    "country": ("BE", "België", "Belgique"),
    "language": ("N", "F", "N"),
    "client_code": ("K1", "K2", "K3"),
    "enterprise_number": ("0403019261", "", "0428759497"),
}
NUMBERS = ("85073003328", "93.05.18-223.61", "93051822361", "80010100107", "75061500397", "05050500514")
ASKING = Wishes(ask="unsure")


def own(header: str) -> bool:
    """Whether a header by itself is the customer's and means the same wherever it stands."""
    [whose] = whose_each([header], synonyms.exactly)
    return (whose.who == "own" or header in spellings_of("spouse_national_number")) and squeezed(header) not in {
        *NUMBER_HEADERS,
        "code",
    }


def spellings_of(target: str) -> list[str]:
    return sorted(header for header in spellings() if synonyms.exactly(header) == target)


HEADERS = {key: [header for header in spellings_of(key) if own(header)] for key in CELLS}
NOISE = st.one_of(
    st.sampled_from(sorted(spellings())),
    st.text(max_size=12),
    st.sampled_from(["Nr", "Kolom2", "E-mail 2", "RR vader"]),
)


@st.composite
def clear_lists(draw):
    """Give headers and rows of a list whose headers are all known, in any order, some with a space or a star more."""
    keys = draw(st.lists(st.sampled_from(sorted(CELLS)), unique=True).map(lambda some: [*REQUIRED, *some]))
    keys = draw(st.permutations(sorted(set(keys))))
    headers = [draw(st.sampled_from(HEADERS[key])) for key in keys]
    spelt = [draw(st.sampled_from([header, header.upper(), f" {header} *", header.lower()])) for header in headers]
    return keys, spelt, [list(row) for row in zip(*(CELLS[key] for key in keys), strict=True)]


@settings(max_examples=300, deadline=None)
@given(clear_lists())
def test_known_headers_are_known_in_any_order_beside_any_others(made) -> None:
    keys, headers, rows = made
    found = map_columns([headers, *rows], 1, ASKING, RULES)
    assert {column.header: column.keys for column in found.columns} == {
        " ".join(header.split()): (key,) for header, key in zip(headers, keys, strict=True)
    }


@st.composite
def any_lists(draw):
    width = draw(st.integers(1, 8))
    cells = st.one_of(
        st.sampled_from([cell for some in CELLS.values() for cell in some]), st.text(max_size=8), st.integers(0, 10**11)
    )
    row = st.lists(cells, min_size=width, max_size=width)
    return [draw(st.lists(NOISE, min_size=width, max_size=width)), *draw(st.lists(row, max_size=5))]


@settings(max_examples=300, deadline=None)
@given(any_lists(), st.sampled_from([None, 0, 1]))
def test_whatever_a_list_holds_no_column_of_ours_is_fed_twice_and_no_number_shows(rows, header_row) -> None:
    found = map_columns(rows, 1, Wishes(ask="unsure", header_row=header_row), RULES)
    fed = Counter(key for column in found.columns for key in column.keys)
    assert set(fed.values()) <= {1}
    assert list(found.missing) == [key for key in REQUIRED if key not in fed]
    assert not (found.missing and found.certain)
    for column in found.columns:
        assert column.target in {*TARGETS, NONE}
        assert column.keys == keys_of(column.target)
    shown = str(layout(rows, 1, found, RULES)) + str(found)
    assert not [number for number in NUMBERS if number in shown]


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u200b", "\n", " \u00a0 "])
@pytest.mark.parametrize("filled", [0, 3])
def test_cells_with_only_spaces_are_empty(blank: str, filled: int) -> None:
    headers = ["Naam", "Voornaam", "Mail", "Taal", "Klantnr", "Zzz"]
    rows = [["Peeters", f"J{n}", f"j{n}@x.be", "N", blank, "belt" if n < filled else blank] for n in range(6)]
    found = map_columns([headers, *rows], 1, ASKING, RULES)
    assert [column.target for column in found.columns[4:]] == ["client_code", NONE]
    assert found.certain
