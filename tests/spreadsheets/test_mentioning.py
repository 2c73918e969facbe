import io

import openpyxl
import pytest

from accounton.spreadsheets.limits import Limits
from accounton.spreadsheets.mentioning import mentions
from accounton.spreadsheets.writing import ColumnSpec, SheetSpec, write_workbook
from tests.spreadsheets.building import zipped
from tests.spreadsheets.test_other_kinds import ods, row, table, text

WORD = "accounton-row"


def ours() -> bytes:
    target = io.BytesIO()
    write_workbook(target, [SheetSpec("customers", [ColumnSpec("x"), ColumnSpec(WORD)], [["a", "b"]])])
    return target.getvalue()


def saved_again() -> bytes:
    target = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(ours())).save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    "content",
    [ours(), saved_again(), ods(table(row(text(WORD)))), f"a;{WORD}\n1;2".encode(), f"a;{WORD}".encode("utf-16")],
    ids=["written by us", "saved by openpyxl", "ods", "csv", "utf-16"],
)
def test_the_word_is_found_in_every_kind_of_file(content):
    assert mentions(content, WORD)
    assert not mentions(content, "accounton-column")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"PK\x03\x04 accounton-row", ours()[:-50]])
def test_a_file_that_cannot_be_used_mentions_nothing(content):
    assert not mentions(content, WORD)


def test_what_grows_too_large_is_not_gone_through():
    part = {"xl/sharedStrings.xml": " " * 20_000_000 + WORD}
    assert not mentions(zipped(part), WORD)
    assert not mentions(ours(), WORD, Limits(unzipped_bytes=100))
