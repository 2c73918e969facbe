"""Running commands as whole processes, in turn, and taking medians: start-up included, the largest process's memory."""

import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass
class Measured:
    """Seconds and MiB of each counted run of one command."""

    seconds: list[float] = field(default_factory=list)
    mebibytes: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The median of the seconds."""
        return statistics.median(self.seconds)

    @property
    def peak(self) -> float:
        """The largest process of all runs, in MiB."""
        return max(self.mebibytes)


class TooLong(Exception):
    """A command was stopped because it took longer than it was given."""


def run(command: Sequence[str], env: Mapping[str, str] | None = None, most: float = 0) -> tuple[float, float]:
    """Run one command to its end; give seconds and the peak memory (MiB) of the largest process in it.

    Raises TooLong where it takes more than `most` seconds (0: as long as it likes).
    """
    # As on a user's machine, where compiled modules are kept from one start to the next.
    inherited = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    started = time.perf_counter()
    process = subprocess.Popen(command, env={**inherited, **(env or {})}, stdout=subprocess.DEVNULL)
    alarm = threading.Timer(most, process.send_signal, [signal.SIGKILL])
    if most:
        alarm.start()
    _, status, usage = os.wait4(process.pid, 0)
    alarm.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode == -signal.SIGKILL:
        raise TooLong
    if process.returncode not in (0, 1):
        sys.exit(f"{command} ended with {process.returncode}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def in_turn(
    commands: Mapping[str, Sequence[str]],
    rounds: int,
    before: Callable[[str], Mapping[str, str]] = lambda _name: {},
    most: float = 0,
) -> dict[str, Measured]:
    """Run all commands round by round (A B A B ...), so that a machine that slows down slows all of them.

    `before` prepares each run (a fresh copy of a database) outside the clock, and gives its environment.
    Raises TooLong where a command takes more than `most` seconds.
    """
    measured = {name: Measured() for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            seconds, mebibytes = run(command, before(name), most)
            measured[name].seconds.append(seconds)
            measured[name].mebibytes.append(mebibytes)
    return measured


def ratio(over: Measured, under: Measured) -> float:
    """Give the median of the ratios round by round."""
    return statistics.median(a / b for a, b in zip(over.seconds, under.seconds, strict=True))
