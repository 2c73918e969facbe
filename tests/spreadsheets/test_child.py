import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from accounton.spreadsheets import child
from accounton.spreadsheets.limits import MIB, Limits
from accounton.spreadsheets.problems import UnusableFile

OBEDIENT = "tests.spreadsheets.obedient"


def told(order: str, limits: Limits | None = None, **words):
    """Start the obedient module, tell it one thing, and give its first answer."""
    with child.start(OBEDIENT, file=b"content", limits=limits or Limits()) as reader:
        reader.send({"do": order, "with": words})
        return reader.receive()


def test_messages_and_bytes_go_both_ways():
    with child.start(OBEDIENT, file=b"") as reader:
        for raw in (b"", b"\0\xff" * 5, bytes(3 * MIB)):
            reader.send({"do": "echo", "with": {"word": "é€"}}, raw)
            assert reader.receive() == ({"word": "é€"}, raw)
        reader.send({"do": "end"})
        assert reader.receive() is None
        assert reader.receive() is None


def test_the_file_arrives_whether_it_is_bytes_or_a_path(tmp_path):
    content = os.urandom(3 * MIB)
    path = tmp_path / "lijst.xlsx"
    path.write_bytes(content)
    for file in (content, path):
        with child.start(OBEDIENT, file=file) as reader:
            reader.send({"do": "read_file"})
            assert reader.receive()[0] == {"again": True}
            assert reader.receive()[1] == content


def test_the_child_has_limits_and_nothing_of_our_environment(monkeypatch):
    monkeypatch.setenv("ACCOUNTON_ENCRYPTION_KEYS", "geheim")
    seen, _ = told("describe", Limits(memory=700 * MIB, seconds=9, rows=77))
    assert seen["address_space"] == [700 * MIB] * 2
    assert (seen["time"], seen["core"]) == ([9, 10], [0, 0])
    assert seen["environment"] == {"LC_ALL": "C.UTF-8"}
    assert seen["session"] is True
    assert seen["limits"] == 77
    assert seen["descriptors"] <= 6
    assert not {"site", "subprocess", "socket", "zipfile", "django"} & set(seen["modules"])


@pytest.mark.parametrize(
    ("order", "code"),
    [
        ("exhaust_memory", "file.too_heavy"),
        ("abort_for_memory", "file.too_heavy"),
        ("abort", "file.damaged"),
        ("crash", "file.damaged"),
        ("half_a_frame", "file.damaged"),
        ("refuse", "file.far_cell"),
    ],
)
def test_each_way_to_end_badly_becomes_one_clear_sentence(order, code):
    with pytest.raises(UnusableFile) as caught:
        told(order)
    assert caught.value.code == code
    assert "033.28" not in caught.value.text()


def test_the_reason_of_the_child_arrives_with_its_params_and_words():
    with pytest.raises(UnusableFile) as caught:
        told("refuse")
    assert "Cell XFD7 is filled in" in caught.value.text()
    with pytest.raises(UnusableFile) as caught:
        told("refuse_in_own_words")
    assert (caught.value.code, caught.value.text()) == ("list.strange", "Strange: list")


def test_a_defect_in_the_module_is_told_by_place_and_without_its_text():
    with pytest.raises(child.ChildFailed) as caught:
        told("fail")
    assert caught.value.args[0] == "ZeroDivisionError"
    assert "obedient.py" in caught.value.args[-1]
    assert "85.07" not in str(caught.value)


def test_a_module_that_is_not_there_is_a_defect_and_no_bad_file():
    with (
        pytest.raises(child.ChildFailed, match="ModuleNotFoundError"),
        child.start("tests.nowhere", file=b"") as reader,
    ):
        reader.receive()


@pytest.mark.parametrize("order", ["spin", "wait", "no_frame"])
def test_a_child_that_takes_too_long_is_ended(order):
    began = time.monotonic()
    with child.start(OBEDIENT, file=b"", limits=Limits(seconds=1)) as reader:
        reader.send({"do": order})
        with pytest.raises(UnusableFile) as caught:
            reader.receive()
        assert not alive(reader.pid)
    assert caught.value.code == "file.too_slow"
    assert time.monotonic() - began < 15


def test_sending_to_a_child_that_does_not_listen_ends_too():
    with child.start(OBEDIENT, file=b"", limits=Limits(seconds=1)) as reader:
        reader.send({"do": "wait"})
        with pytest.raises(UnusableFile, match=r"file\.too_slow"):
            reader.send({}, bytes(8 * MIB))


def test_sending_to_a_child_that_has_refused_the_file_tells_its_reason():
    with child.start(OBEDIENT, file=b"") as reader:
        reader.send({"do": "refuse"})
        with pytest.raises(UnusableFile, match=r"file\.far_cell"):
            reader.send({}, bytes(100 * MIB))


def test_a_slow_consumer_does_not_use_up_the_time_of_its_reader(monkeypatch):
    real, away = time.monotonic, [0]
    monkeypatch.setattr(time, "monotonic", lambda: real() + away[0])
    with child.start(OBEDIENT, file=b"", limits=Limits(seconds=20)) as reader:
        reader.send({"do": "many", "with": {"count": 4, "size": 2 * MIB}})
        for number in range(4):
            assert reader.receive() == (number, bytes(2 * MIB))
            away[0] += 1000


def test_leaving_the_block_early_ends_the_child():
    with child.start(OBEDIENT, file=b"") as reader:
        reader.send({"do": "spin"})
        assert alive(reader.pid)
    assert not alive(reader.pid)
    with pytest.raises(KeyError), child.start(OBEDIENT, file=b"") as reader:
        raise KeyError
    assert not alive(reader.pid)
    reader.kill()


def test_the_child_ends_when_the_process_that_started_it_is_killed():
    script = (
        "from accounton.spreadsheets import child\n"
        f"with child.start({OBEDIENT!r}, file=b'') as reader:\n"
        "    reader.send({'do': 'describe'}); reader.receive(); reader.send({'do': 'spin'})\n"
        "    print(reader.pid, flush=True); reader.receive()\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=Path.cwd()) as parent:
        pid = int(parent.stdout.readline())
        assert alive(pid)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    deadline = time.monotonic() + 20
    while alive(pid) and time.monotonic() < deadline:
        os.sched_yield()
    assert not alive(pid)


def test_what_the_child_prints_is_bounded_and_it_can_write_no_file(tmp_path):
    assert told("print_much")[0]["refused"]
    target = tmp_path / "leak"
    with pytest.raises(child.ChildFailed, match="OSError"):
        told("write_file", path=str(target))
    assert target.stat().st_size == 0


def test_a_path_that_cannot_be_opened_and_a_file_too_large_start_no_child(tmp_path):
    for file in (tmp_path / "nowhere.xlsx", tmp_path):
        with pytest.raises(UnusableFile, match=r"file\.not_found"), child.start(OBEDIENT, file=file):
            pytest.fail("started")
    big = tmp_path / "groot.xlsx"
    big.write_bytes(bytes(MIB + 1))
    for file in (big, big.read_bytes()):
        with (
            pytest.raises(UnusableFile, match=r"file\.too_large"),
            child.start(OBEDIENT, file=file, limits=Limits(MIB)),
        ):
            pytest.fail("started")


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
