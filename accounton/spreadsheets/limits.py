"""How large a file may be, and how much the process that reads it may take."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one file. Passing any of them raises UnusableFile, never anything else.

    `rows` and `columns` bound where the furthest cell lies, not how many are filled: the reader reserves room for
    the whole rectangle up to it, which may hold `area` cells. `ratio` bounds how much smaller a part may have become
    by zipping. `look_seconds` bounds the processor time of the look; `seconds` bounds the processor time of the
    child, and likewise the time spent waiting for it.
    """

    bytes: int = 50 * MIB
    rows: int = 200_000
    columns: int = 512
    cells: int = 6_000_000
    area: int = 16_000_000
    parts: int = 2_000
    unzipped_bytes: int = 600 * MIB
    ratio: int = 200
    memory: int = 1024 * MIB
    look_seconds: int = 8
    seconds: int = 60


DEFAULT = Limits()
