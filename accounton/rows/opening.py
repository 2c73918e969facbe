"""Opening a file before it is known whose list it is: a child takes its sheet in while the rest gets ready."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from accounton.spreadsheets import child
from accounton.spreadsheets.limits import DEFAULT, Limits

_CHILD = "accounton.rows.inside"


@dataclass(frozen=True)
class Opened:
    """A file that `reader` takes in, under these limits; `sheet` names its sheet, "" for the one chosen by the rule."""

    file: Path | bytes
    limits: Limits
    sheet: str
    reader: child.Child


@contextmanager
def opened(file: Path | bytes, limits: Limits = DEFAULT, sheet: str = "") -> Iterator[Opened]:
    """Have a child take a file's sheet in; leaving the block ends it. Raises UnusableFile."""
    with child.start(_CHILD, file=file, limits=limits) as reader:
        # Loaded only now, while the child starts.
        from accounton.spreadsheets.looking import choose  # noqa: PLC0415

        reader.send({"sheet": choose(file, limits, sheet)})
        yield Opened(file, limits, sheet, reader)
