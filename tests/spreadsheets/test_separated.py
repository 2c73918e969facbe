"""Files of separated fields: every dialect and encoding reads back as written, or is refused for one clear reason."""

import codecs
import csv
import io
import string
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounton.spreadsheets.limits import DEFAULT, Limits
from accounton.spreadsheets.looking import choose
from accounton.spreadsheets.problems import UnusableFile
from accounton.spreadsheets.separated import Separated
from tests.spreadsheets.together import read, values

HEADERS = ["Voornaam", "Naam", "E-mail", "Rijksnummer"]


def rows_of(content: bytes, limits: Limits = DEFAULT) -> dict[int, list[str]]:
    """Read in this process, which for text the child does with the same code."""
    sheet = Separated(io.BytesIO(content), limits)
    return dict(enumerate(sheet.rows(), sheet.first_row))


def reason(content: bytes, limits: Limits = DEFAULT) -> str:
    """Look and read; give the code of the refusal."""
    with pytest.raises(UnusableFile) as caught:
        read(content, limits)
    assert "%(" not in caught.value.text()
    return caught.value.code


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_each_separator_encoding_and_line_end_reads_the_same(separator, encoding, end):
    text = end.join(separator.join(cells) for cells in (HEADERS, ["Zoë", "Café", "zoë@x.be", "085"])) + end
    mark = codecs.BOM_UTF16_BE if encoding == "utf-16-be" else b""
    content = mark + text.encode(encoding)
    assert rows_of(content) == {1: HEADERS, 2: ["Zoë", "Café", "zoë@x.be", "085"]}


def test_it_is_read_in_the_child_as_well():
    content = b"Voornaam;Naam\r\nZo\xeb;Caf\xe9\r\n"
    seen, rows = read(content)
    assert (seen.kind, seen.chosen.name, seen.chosen.visible) == (".csv", "", True)
    assert choose(content) == ""
    assert rows == {1: ["Voornaam", "Naam"], 2: ["Zoë", "Café"]}


def test_all_cells_are_text_and_nothing_in_them_changes():
    row = [" a ", "0123", "1,5", "true", "=1+1", "'01", "16/10/2026", "8,5E+10", "+32", "a\xa0b", '5" buis', "x'"]
    assert rows_of(";".join(row).encode() + b"\n") == {1: row}


def test_a_formula_that_keeps_zeros_is_the_text_it_shows():
    content = b'Nr;Naam\n="0123";x\n"=""0456""";"=""a""""b"""\n="0789"x;=0123\n'
    assert list(rows_of(content).values()) == [["Nr", "Naam"], ["0123", "x"], ["0456", 'a"b'], ['="0789"x', "=0123"]]


def test_rows_are_records_and_empty_ones_count():
    content = b'\n\nNaam;Adres\n"Kerkstraat 1\nbus 2";x\n\n;;;;\nAn;y;;;\n;;\n\n'
    first, last = {3: ["Naam", "Adres"], 4: ["Kerkstraat 1\nbus 2", "x"]}, {7: ["An", "y"]}
    assert rows_of(content) == first | {5: ["", ""], 6: ["", ""]} | last


def test_rows_of_other_lengths_are_filled_up():
    assert rows_of(b"a;b\nc\nd;e;f\n") == {1: ["a", "b", ""], 2: ["c", "", ""], 3: ["d", "e", "f"]}


def test_a_line_that_names_the_separator_is_no_row():
    assert rows_of(b"sep=|\r\na;b|c;d\r\n") == {1: ["a;b", "c;d"]}
    assert rows_of('"SEP=,"\nà;b,c;d\n'.encode("utf-16")) == {1: ["à;b", "c;d"]}


def test_separators_within_cells_do_not_mislead():
    assert rows_of(b"Naam;Bedrag;Adres\nAn;1,5;A, B, C\nBo;2,5;D, E, F\n")[3] == ["Bo", "2,5", "D, E, F"]
    assert rows_of(b'Naam,Labels\nAn,"a;b;c"\nBo,"d;e;f"\n')[2] == ["An", "a;b;c"]
    assert rows_of(b"Klanten, 2026\n\nNaam;Mail\nAn;a@b\nBo;b@b\n")[4] == ["An", "a@b"]


def test_a_list_glued_together_from_two_encodings_reads_right():
    content = "Naam;Plaats\nZoë;Liège\n".encode() + "Chloé;Châtelet\n€5;É\n".encode("cp1252")
    assert list(rows_of(content).values())[1:] == [["Zoë", "Liège"], ["Chloé", "Châtelet"], ["€5", "É"]]


def test_text_behind_a_quoted_field_on_one_line_is_forgiven():
    assert rows_of(b'Naam;Bijnaam\n"An" Peeters;"x"y\n') == {1: ["Naam", "Bijnaam"], 2: ["An Peeters", "xy"]}
    assert rows_of(b'Naam;Bijnaam\n"An" Peeters;x')[2] == ["An Peeters", "x"]


@pytest.mark.parametrize(
    "content",
    [
        b'Naam;Adres\nAn;"Kerkstraat\nBo;x\n',
        b'Naam;Adres\nAn;"Kerkstraat\nBo;"x"\nCis;y\n',
        b'Naam;Adres\nAn;"Kerkstraat',
        b'Naam;Adres\n"An"x;"Kerkstraat\nBo;x\n',
        b'Naam;Adres\nAn;"' + b"Kerkstraat\n" * 100_000,
    ],
    ids=["to the end", "to the next quote", "on the last line", "behind a forgiven one", "over a megabyte"],
)
def test_a_quote_that_never_closes_is_refused_and_its_row_named(content):
    assert reason(content) == "file.open_quote"
    with pytest.raises(UnusableFile, match="open_quote") as caught:
        rows_of(content)
    assert "In row 2 " in caught.value.text()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"Naam;Adres\n" + b"x" * 3_000_000, "file.long_line"),
        (b"Naam;Adres\n" + b"x;" * 3_000_000, "file.long_line"),
        (b"Naam;Adres\n" + b"x" * 200_000 + b";y\n", "file.long_line"),
        (b"Naam;Adres\nAn;\0\n", "file.encoding"),
        (b"Naam;Adres\nAn;\x81\n", "file.encoding"),
        ("Naam;Adres\nAn;x\n".encode("utf-16")[:-1], "file.encoding"),
        (b"Naam;Adres\n" + b";\n" * 50 + b"x;" * 600 + b"\n", "file.far_cell"),
        (b"Naam;Adres\n" + b"x;y\n" * 200_000, "file.too_many_rows"),
    ],
)
def test_what_cannot_be_read_faithfully_is_refused(content, code):
    assert reason(content) == code


def test_a_file_without_anything_filled_in_has_no_rows():
    assert rows_of(b";;\n;;\n") == {}
    assert read(b";;\n;;\n")[1] == {}


def test_limits_bound_cells_and_area():
    content = b"a;b;c\n" * 10
    assert reason(content, Limits(cells=29)) == "file.too_many_cells"
    assert reason(content, Limits(area=29)) == "file.far_cell"
    assert len(rows_of(content, Limits(cells=30, area=30, rows=10, columns=3))) == 10


def test_a_million_empty_rows_at_the_end_are_no_rows():
    content = b"a;b\nc;d\n" + b";\n" * 1_000_000
    assert rows_of(content) == {1: ["a", "b"], 2: ["c", "d"]}
    assert values(content) == ["a", "b", "c", "d"]


LETTERS = string.printable.replace("\x00", "") + "ÀÉëïçß"
"""None of these letters make valid UTF-8 in Windows-1252 beside each other."""
CELLS = st.text(st.sampled_from(LETTERS), max_size=12).filter(lambda text: not text.startswith('="'))


@st.composite
def tables(draw):
    width = draw(st.integers(2, 6))
    rows = draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=12))
    return [[f"Kolom {number}" for number in range(width)], *rows]


@settings(max_examples=300, deadline=None)
@given(
    tables(),
    st.sampled_from(";,\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.sampled_from(["\r\n", "\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
)
def test_what_the_csv_module_writes_in_any_dialect_reads_back_equal(rows, separator, encoding, end, quoting):
    if end == "\n" and quoting != csv.QUOTE_ALL:  # the writer then leaves a lone "\r" without its quotes
        rows = [[cell.replace("\r", "") for cell in row] for row in rows]
    target = io.StringIO()
    csv.writer(target, delimiter=separator, lineterminator=end, quoting=quoting).writerows(rows)
    found = rows_of(target.getvalue().encode(encoding))
    while not any(rows[-1]):
        rows.pop()
    assert list(found.values()) == rows


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_bytes_at_random_are_read_or_refused_and_nothing_else(content):
    with suppress(UnusableFile):
        assert all(isinstance(cell, str) for row in rows_of(content).values() for cell in row)
