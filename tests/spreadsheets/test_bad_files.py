"""Each bad file gets one clear sentence, soon, and leaves nothing on disk."""

import tempfile
import time

import pytest

from accounton.spreadsheets import child
from accounton.spreadsheets.limits import DEFAULT, Limits
from accounton.spreadsheets.looking import Marks, look
from accounton.spreadsheets.problems import MESSAGES, UnusableFile
from tests.spreadsheets.bad_files import BAD, GOOD, replaced
from tests.spreadsheets.building import table, workbook
from tests.spreadsheets.together import read, values


def test_the_good_workbook_is_good():
    assert values(GOOD) == ["Firstname", "Email", "An", "an@voorbeeld.be"]
    assert read(replaced())[1] == {1: ["x"]}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_by_the_look_for_one_clear_reason(name):
    content, code = BAD[name]
    assert refusal(content) == code


def test_limits_are_told_with_their_numbers():
    rows = table([[n, n] for n in range(1, 101)])
    content = workbook(rows)
    assert sentence(content, Limits(bytes=1000)).startswith("The file is larger than 0 MB")
    assert "more than 99 rows" in sentence(content, Limits(rows=99))
    assert "more than 199 cells" in sentence(content, Limits(cells=199))
    assert "Cell B1 is" in sentence(content, Limits(columns=1))
    assert "Cell A51 is" in sentence(content, Limits(area=100))
    assert refusal(content, Limits(unzipped_bytes=1000)) == "file.unzips_too_large"
    assert refusal(content, Limits(parts=4)) == "file.unzips_too_large"
    assert look(content, Limits(rows=100, cells=200, columns=2, area=200)).chosen.cells == 200


def test_the_look_names_the_cell_that_lies_far_away():
    assert "Cell XFD1048576 " in sentence(BAD["far cell"][0])
    assert "Cell XFD9 " in sentence(BAD["far cell without reference"][0])
    assert "Cell B1 shows the error #WAT!" in sentence(BAD["error nobody knows"][0])


@pytest.mark.parametrize("name", ["far cell", "number of strings that lies", "two corners"])
def test_should_the_look_miss_it_only_the_child_dies(name):
    began = time.monotonic()
    with pytest.raises(UnusableFile) as caught:
        read_without_look(BAD[name][0])
    assert caught.value.code == "file.too_heavy"
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "name", ["the first half", "password", "error nobody knows", "Latin-1", "row number too high for 32 bits"]
)
def test_should_the_look_miss_it_the_reader_refuses_it(name):
    with pytest.raises(UnusableFile) as caught:
        read_without_look(BAD[name][0])
    assert caught.value.code in {"file.damaged", "file.encrypted"}


def test_nothing_is_written_anywhere(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    read(GOOD)
    for name in ("far cell", "the first half", "entities in the sheet"):
        assert refusal(BAD[name][0])
    with pytest.raises(UnusableFile):
        read_without_look(BAD["far cell"][0])
    assert list(tmp_path.iterdir()) == []


def test_every_reason_has_one_sentence_that_says_what_to_do():
    for code, message in MESSAGES.items():
        assert code.startswith("file.")
        assert message.endswith(".")
    assert {code for _, code in BAD.values()} <= set(MESSAGES)


def refusal(content: bytes, limits: Limits = DEFAULT) -> str:
    with pytest.raises(UnusableFile) as caught:
        look(content, limits)
    assert "%(" not in caught.value.text()
    return caught.value.code


def sentence(content: bytes, limits: Limits = DEFAULT) -> str:
    with pytest.raises(UnusableFile) as caught:
        look(content, limits)
    return caught.value.text()


def read_without_look(content: bytes) -> None:
    with child.start("tests.spreadsheets.whole_reading", file=content) as reader:
        reader.send({"sheet": "customers", "rows": 4000, "marks": Marks().as_message()})
        while reader.receive() is not None:
            continue
