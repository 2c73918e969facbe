"""Good workbooks with bytes changed at random: each either reads or is refused, and nothing else ever happens."""

import io
import random
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from accounton.spreadsheets.limits import Limits
from accounton.spreadsheets.looking import look
from accounton.spreadsheets.problems import UnusableFile
from tests.spreadsheets.building import cell, parts, relationships, row, sheet, strings, table, zipped
from tests.spreadsheets.together import read

LIMITS = Limits(look_seconds=2, seconds=5)
TOKENS = [
    b"<",
    b">",
    b"/",
    b'"',
    b"'",
    b"&",
    b"<!--",
    b"]]>",
    b"<![CDATA[",
    b"<!DOCTYPE x>",
    b"\0",
    b"\xff",
    b"r=",
    b"</row>",
]
TOKENS += [
    b"9999999",
    b"XFD1048576",
    b"<row ",
    b"<c ",
    b"&#0;",
    b"&x;",
    b't="e"',
    b"<sheetData>",
    b"</sheetData>",
    b" ",
]


def a_bit_of_everything() -> dict[str, bytes]:
    rows = table([["Firstname", "Email", 3, True], ["An", "an@voorbeeld.be", 4.5, False]])
    rows += row(
        3,
        '<c r="A3" t="s"><v>0</v></c>',
        '<c r="B3" t="e"><v>#N/A</v></c>',
        '<c r="C3"><f>1+1</f></c>',
        cell("D3", 46311, 1),
    )
    rows += "<!-- x -->" + row(4, "<c><v>1</v></c>")
    links = '<hyperlinks><hyperlink ref="B2" r:id="rId1"/></hyperlinks>'
    content = parts({"customers": sheet(rows, before='<dimension ref="A1:D4"/>', after=links), "two": sheet("")})
    content["xl/sharedStrings.xml"] = strings("<t>een</t>", "<r><t>t</t></r>")
    target = {"rId1": ("hyperlink", "mailto:an@voorbeeld.be")}
    content["xl/worksheets/_rels/sheet1.xml.rels"] = relationships(target, external=True)
    return {name: text.encode() for name, text in content.items()}


PARTS = a_bit_of_everything()
FILES = [zipped(PARTS), zipped(PARTS, zipfile.ZIP_STORED)]
LIBREOFFICE = Path(__file__).parent / "files" / "libreoffice.xlsx"


def changed(data: bytes, chance: random.Random) -> bytes:
    result = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5))):
        at = chance.randrange(len(result) + 1)
        match chance.randrange(4):
            case 0:
                result[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                result[at:at] = chance.choice(TOKENS)
            case 2:
                del result[at : at + chance.choice((1, 4, 30))]
            case 3:
                result[at:at] = result[at : at + chance.randrange(60)]
    return bytes(result)


def survives(content: bytes) -> bool:
    """Tell whether the look lets it pass; anything but a verdict fails the test."""
    try:
        look(content, LIMITS)
    except UnusableFile:
        return False
    return True


@pytest.mark.parametrize("seed", range(4))
def test_a_file_with_changed_bytes_is_read_or_refused(seed):
    chance = random.Random(seed)
    originals = [*FILES, LIBREOFFICE.read_bytes()]
    passed = [content for _ in range(250) if survives(content := changed(chance.choice(originals), chance))]
    assert passed
    for content in passed[:3]:
        read_or_refuse(content)


@pytest.mark.parametrize("seed", range(4))
def test_a_file_with_changed_parts_is_read_or_refused(seed):
    chance = random.Random(seed)
    passed = []
    for _ in range(200):
        name = chance.choice(list(PARTS))
        content = zipped(PARTS | {name: changed(PARTS[name], chance)}, zipfile.ZIP_STORED)
        if survives(content):
            passed.append(content)
    assert passed
    for content in passed[:8]:
        read_or_refuse(content)


@pytest.mark.parametrize("original", FILES)
def test_a_file_cut_short_anywhere_is_refused(original):
    for length in range(0, len(original), max(1, len(original) // 150)):
        assert not survives(original[:length])


def test_the_originals_are_read():
    for content in FILES:
        look_seen, rows = read(content)
        assert look_seen.chosen.marks.links
        assert len(rows) == 4
        assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None


def read_or_refuse(content: bytes) -> None:
    with suppress(UnusableFile):
        read(content, LIMITS)
