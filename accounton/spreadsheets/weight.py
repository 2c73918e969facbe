"""Whether a file is light: read while somebody waits for a page, and not in the background."""

import io
from pathlib import Path

from accounton.spreadsheets.archive import Archive
from accounton.spreadsheets.kinds import recognised
from accounton.spreadsheets.limits import MIB, Limits
from accounton.spreadsheets.problems import UnusableFile
from accounton.spreadsheets.separated import SEPARATORS
from accounton.spreadsheets.signs import Kind

LIGHT = Limits(
    bytes=300 * 1024, rows=2_000, cells=60_000, area=1_000_000, parts=100, unzipped_bytes=6 * MIB, look_seconds=1
)
"""A file of 200 KiB can hold 190,000 rows: what counts is what stands in it, unzipped and counted."""
_SHEETS = 5
_TAGS_OF_A_CELL = 6
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
"""How XML begins in two bytes a character, in which no tag is found."""
_PASSED = frozenset(
    {
        *("file.far_cell", "file.long_line", "file.too_large", "file.too_many_cells", "file.too_many_errors"),
        *("file.too_many_rows", "file.too_slow", "file.unzips_too_large"),
    }
)
"""What the look says of a file that passes its limits. What it says of others it says again at once."""


def is_light(file: bytes | Path) -> bool:
    """Return whether no sheet that might be read passes LIGHT. Takes some milliseconds, whatever is in the file."""
    size = file.stat().st_size if isinstance(file, Path) else len(file)
    if size > LIGHT.bytes:
        return False
    content = file.read_bytes() if isinstance(file, Path) else file
    try:
        return _is_light(content)
    except UnusableFile as error:
        return error.code not in _PASSED


def _is_light(content: bytes) -> bool:
    kind, archive = recognised(io.BytesIO(content), LIGHT)
    if kind is Kind.TEXT:
        return _is_light_text(content)
    if kind is Kind.XLSX and archive is not None:
        return _is_light_xml(archive)
    # Loaded only now: a command that reads a large list starts without it.
    from accounton.spreadsheets.looking import look  # noqa: PLC0415

    seen = look(content, LIGHT)
    # Another sheet is read where the first one holds no customers.
    others = [sheet.name for sheet in seen.sheets if sheet.visible and not sheet.looked_at]
    if kind is Kind.XLSB:
        if len(others) > _SHEETS:
            return False
        for name in others:
            look(content, LIGHT, name)
    return True


def _is_light_xml(archive: Archive) -> bool:
    """Return whether all parts together are light: whatever they are called, one of them may be read as a sheet.

    The directory says how large they are, and the look refuses a file in which one is larger.
    """
    rows = tags = 0
    for part in archive:
        for place, chunk in enumerate(archive.chunks(part)):
            # A row that holds cells has an end, with or without a prefix.
            rows += chunk.count(b"/row") + chunk.count(b":row")
            tags += chunk.count(b"<")
            if rows > LIGHT.rows or tags > LIGHT.cells * _TAGS_OF_A_CELL or (not place and chunk[:2] in _WIDE):
                return False
    return True


def _is_light_text(content: bytes) -> bool:
    # A byte that is no line's end or separator, in UTF-16, makes a text heavier than it is: that does no harm.
    lines = content.count(b"\n") + content.count(b"\r")
    cells = lines + max(content.count(sign.encode()) for sign in SEPARATORS)
    return lines <= LIGHT.rows * 2 and cells <= LIGHT.cells
