"""Which files are read while somebody waits: by what stands in them, not by how small they were made."""

import io

import openpyxl
import pytest

from accounton.spreadsheets.weight import LIGHT, is_light
from tests.spreadsheets.building import parts, row, sheet, zipped

TINY = '<row><c t="n"><v>1</v></c></row>'
HEADER = row(1, '<c r="A1" t="inlineStr"><is><t>Naam</t></is></c>')


def of(rows: str, **others: str) -> bytes:
    sheets = {"customers": HEADER + rows, **others}
    return zipped(dict(parts({name: sheet(text) for name, text in sheets.items()})))


def with_part(name: str, content: str | bytes) -> bytes:
    return zipped({**dict(parts({"customers": sheet(HEADER)})), name: content})


def ordinary(rows: int) -> bytes:
    book = openpyxl.Workbook()
    for number in range(rows):
        book.active.append([f"{number} {place}" for place in range(21)])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize("rows", [1, 500, 1900])
def test_an_ordinary_list_is_light(rows):
    assert is_light(ordinary(rows))


def test_a_list_with_a_logo_is_light():
    assert is_light(with_part("xl/media/logo.png", b"\x89PNG\0\0" + bytes(range(256)) * 4000))


@pytest.mark.parametrize(
    "content",
    [
        of(TINY * 190_000),
        of(TINY.replace("<row>", "<row >").replace("</row>", "</row\n>") * 190_000),
        of((TINY.replace("row", "x:row")) * 190_000),
        of("", second=TINY * 190_000),
        of("<row>" + '<c t="n"><v>1</v></c>' * 200_000 + "</row>"),
        of(TINY + " " * LIGHT.unzipped_bytes),
        with_part("xl/worksheets/sheet1.xml", sheet(HEADER + TINY * 90_000).encode("utf-16")),
        b"Naam;Voornaam\n" + b"a;\n" * 90_000,
        b"Naam;Voornaam\r" + b"a;\r" * 90_000,
        b"Naam;Voornaam\n" + b";" * 250_000,
        ordinary(2100),
    ],
    ids=["tiny", "spaced", "prefix", "second sheet", "cells", "spaces", "wide", "lines", "old lines", "fields", "rows"],
)
def test_a_small_file_that_holds_much_is_heavy(content):
    assert len(content) <= LIGHT.bytes
    assert not is_light(content)


def test_what_is_no_list_at_all_is_refused_at_once():
    assert is_light(b"%PDF-1.7")
    assert is_light(b"")
