"""Files made to use up our time or memory."""

import pytest

from accounton.spreadsheets import child
from accounton.spreadsheets.limits import MIB, Limits
from accounton.spreadsheets.problems import UnusableFile
from tests.spreadsheets.bad_files import replaced
from tests.spreadsheets.building import cell, row, sheet, table
from tests.spreadsheets.together import read


def flood(inner: str, size: int) -> str:
    return inner * (size // len(inner))


def tall(xml: str, rows: int, columns: str) -> str:
    return "".join(row(n, *(xml.format(at=f"{column}{n}") for column in columns)) for n in range(1, rows + 1))


LITTLE_MEMORY = Limits(ratio=2000, look_seconds=2, memory=150 * MIB, seconds=10)

HEAVY = {
    "elements": (lambda: table([["x"]]) + flood("<a/><bc/>", 60 * MIB), "file.too_slow"),
    "cells without anything": (lambda: table([["x"]]) + flood("<row><c/></row>", 60 * MIB), "file.too_slow"),
    "one long attribute": (lambda: f'<row r="1" spans="{" " * 30 * MIB}"/>' + table([["x"]]), "file.damaged"),
    "one long comment": (lambda: f"<!--{'<' * 30 * MIB}-->" + table([["x"]]), "file.damaged"),
    "one long value": (lambda: row(1, cell("A1", "x" * 10 * MIB)), "file.damaged"),
    "errors": (lambda: tall('<c r="{at}" t="e"><v>#N/A</v></c>', 20_000, "ABCDEF"), "file.too_many_errors"),
    "formulas without values": (lambda: tall('<c r="{at}"><f>A1</f></c>', 20_000, "ABCDEF"), "file.not_calculated"),
    "rows": (lambda: tall('<c r="{at}"><v>1</v></c>', 200_100, "A"), "file.too_many_rows"),
}


def look_in_little_memory(content: bytes, limits: Limits = LITTLE_MEMORY):
    with child.start("tests.spreadsheets.looking_inside", file=content, limits=limits) as looker:
        return looker.receive()[0]


@pytest.mark.parametrize("name", HEAVY)
def test_a_file_made_to_exhaust_us_is_refused_soon_and_in_little_memory(name):
    make, code = HEAVY[name]
    with pytest.raises(UnusableFile) as caught:
        look_in_little_memory(replaced(sheet=sheet(make())))
    assert caught.value.code == code


def test_a_long_honest_list_is_looked_through_in_little_memory():
    lines = table([["An", "Peeters", number, "an@voorbeeld.be", "+32478123456", "Gent"] for number in range(60_000)])
    assert look_in_little_memory(replaced(sheet=sheet(lines))) == ["customers", 60_000, 360_000]


def test_cells_and_strings_are_counted_while_they_stream_by():
    content = replaced(sheet=sheet(tall('<c r="{at}"/>', 3000, "ABCDEFGHIJ") + table([["x"]])))
    with pytest.raises(UnusableFile, match=r"file\.too_many_cells"):
        read(content, Limits(cells=30_000))
    content = replaced(strings=f"<sst>{flood('<si><t/></si>', 30 * MIB)}</sst>")
    with pytest.raises(UnusableFile, match=r"file\.too_many_cells"):
        read(content, Limits(ratio=2000, cells=1_000_000))


@pytest.mark.parametrize("filler", ["<a/><bc/>", "<row><c/></row>", " "])
def test_what_shrinks_more_than_a_list_ever_does_is_not_unzipped(filler):
    content = replaced(sheet=sheet(table([["x"]]) + flood(filler, 20 * MIB)))
    with pytest.raises(UnusableFile, match=r"file\.unzips_too_large"):
        read(content)
    with pytest.raises(UnusableFile, match=r"file\.unzips_too_large"):
        read(content, Limits(ratio=2000, unzipped_bytes=20 * MIB))
