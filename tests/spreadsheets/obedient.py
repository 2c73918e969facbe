"""A module for the child process that does what the parent tells it, to see how each end is reported."""

import ctypes
import os
import resource
import sys
import time
from pathlib import Path

from accounton.spreadsheets.inside import Parent
from accounton.spreadsheets.problems import UnusableFile


def main(parent: Parent) -> None:
    while (received := parent.receive()) is not None:
        order, raw = received
        globals()[order["do"]](parent, raw, **order.get("with", {}))


def echo(parent, raw, **words):
    parent.send(words, raw)


def read_file(parent, _raw):
    parent.send({"again": Path(f"/dev/fd/{parent.file.fileno()}").read_bytes() == parent.file.read()}, b"")
    parent.file.seek(0)
    parent.send({}, parent.file.read())


def describe(parent, _raw):
    names = {"address_space": resource.RLIMIT_AS, "time": resource.RLIMIT_CPU, "core": resource.RLIMIT_CORE}
    parent.send(
        {
            **{name: resource.getrlimit(limit) for name, limit in names.items()},
            "environment": dict(os.environ),
            "session": os.getsid(0) == os.getpid(),
            "modules": sorted(sys.modules),
            "descriptors": len(list(Path("/dev/fd").iterdir())),
            "limits": parent.limits.rows,
        }
    )


def many(parent, _raw, count, size):
    for number in range(count):
        parent.send(number, bytes(size))


def end(_parent, _raw):
    os._exit(0)


def refuse(_parent, _raw):
    raise UnusableFile("file.far_cell", cell="XFD7")


def refuse_in_own_words(_parent, _raw):
    raise UnusableFile("list.strange", "Strange: %(what)s", what="list")


def fail(_parent, _raw):
    raise ZeroDivisionError("85.07.30-033.28")


def exhaust_memory(_parent, _raw):
    bytearray(2 * 1024**3)


def abort_for_memory(_parent, _raw):
    print("memory allocation of 5 bytes failed", file=sys.stderr, flush=True)
    os.abort()


def abort(_parent, _raw):
    print("85.07.30-033.28", file=sys.stderr, flush=True)
    os.abort()


def crash(_parent, _raw):
    ctypes.string_at(0)


def spin(_parent, _raw):
    while True:
        pass


def wait(_parent, _raw):
    time.sleep(1000)


def print_much(parent, _raw):
    for _ in range(1000):
        try:
            os.write(2, b"x" * 1000)
        except OSError as error:
            parent.send({"refused": error.errno})
            return


def write_file(_parent, _raw, path):
    Path(path).write_bytes(b"x" * 100_000)


def half_a_frame(parent, _raw):
    os.write(parent._channel, b"\0\xff\0\0\0")
    os._exit(0)


def no_frame(parent, _raw):
    os.write(parent._channel, b"\xff" * 100)
    time.sleep(1000)
