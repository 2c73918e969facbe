"""The child's side of `child`: limits first, then the module, then its `main`. Imports as little as can be."""

import ctypes
import importlib
import os
import resource
import signal
import sys
from contextlib import suppress
from types import TracebackType
from typing import Any, BinaryIO

from accounton.spreadsheets import frames
from accounton.spreadsheets.limits import Limits
from accounton.spreadsheets.problems import UnusableFile

_PR_SET_PDEATHSIG = 1


class Parent:
    """The way back to the process that started this one, and the file to work on."""

    def __init__(self, channel: int, file: BinaryIO, limits: Limits) -> None:
        self.file = file
        self.limits = limits
        self._channel = channel

    def send(self, message: Any, raw: bytes = b"") -> None:
        """Send what orjson can write, and bytes beside it."""
        frames.send(self._channel, frames.MESSAGE, message, raw, _at_once)

    def receive(self) -> tuple[Any, bytes] | None:
        """Wait for the next message; None where the parent has ended."""
        received = frames.receive(self._channel, _at_once)
        return received and received[1:]


def serve(arguments: list[str]) -> None:
    """Run `main(parent)` of the module named first among the arguments, under limits, and report how it ended."""
    module, *numbers = arguments
    channel, file, parent_id, *bounds = map(int, numbers)
    limits = Limits(*bounds)
    _die_with(parent_id)
    _limit(limits)
    try:
        main = importlib.import_module(module).main
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # from here on nothing of a customer list goes to disk
        with os.fdopen(file, "rb") as opened:
            main(Parent(channel, opened, limits))
    except frames.Gone:
        pass
    except UnusableFile as problem:
        _report(channel, frames.UNUSABLE, [problem.code, problem.message, problem.params])
    except MemoryError:
        _report(channel, frames.UNUSABLE, ["file.too_heavy", "", {}])
    except Exception as error:  # noqa: BLE001 - the parent raises ChildFailed from it
        _report(channel, frames.FAILED, [type(error).__name__, _places(error.__traceback__)])
    os._exit(0)  # without giving back the memory piece by piece


def _limit(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 1))


def _die_with(parent_id: int) -> None:
    """Ask the kernel to kill this process when its parent ends; leave at once where it has ended already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent_id:
        os._exit(0)


def _report(channel: int, kind: int, report: list[Any]) -> None:
    with suppress(frames.Gone):
        frames.send(channel, kind, report, b"", _at_once)


def _places(traceback: TracebackType | None) -> list[str]:
    """Say where an error came from, by file name and line; the text of an error may hold what stands in a cell."""
    places = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        places.append(f"{code.co_filename}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return places


def _at_once() -> None:
    """Reads and writes of the child simply block."""
