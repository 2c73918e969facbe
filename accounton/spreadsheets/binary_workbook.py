"""The list of sheets of an .xlsb workbook, which of them is read, and its shared strings."""

from accounton.spreadsheets.archive import Archive
from accounton.spreadsheets.biff12 import number, records, wide_text
from accounton.spreadsheets.binary_sheet import has_data
from accounton.spreadsheets.choosing import in_order
from accounton.spreadsheets.limits import Limits
from accounton.spreadsheets.problems import UnusableFile
from accounton.spreadsheets.workbook import Sheet, targets

BINARY_WORKBOOK = "xl/workbook.bin"
BINARY_STRINGS = "xl/sharedStrings.bin"
_LINKS = "xl/_rels/workbook.bin.rels"
_SHEET, _END_OF_SHEETS = 0x009C, 0x0090
_STRINGS, _STRING = 0x009F, 0x0013
_VISIBLE = 0


def sheets(archive: Archive) -> list[Sheet]:
    """List the worksheets in workbook order; charts and macro sheets are left out. Raises UnusableFile."""
    parts = targets(archive, _LINKS)
    found = []
    for name, visible, key in _entries(archive):
        kind, target = parts.get(key, ("", ""))
        if kind == "worksheet":
            found.append(Sheet(name, visible, f"xl/{target}"))
    if not found:
        raise UnusableFile("file.no_sheet")
    if len({sheet.name.lower() for sheet in found}) != len(found):
        raise UnusableFile("file.damaged")
    return found


def chosen(archive: Archive, among: list[Sheet]) -> Sheet:
    """Choose the sheet that is read, by the rule of `choosing`. Raises UnusableFile where none has any data."""
    for sheet in in_order((sheet.name, sheet.visible, sheet) for sheet in among):
        if has_data(archive.chunks(sheet.part)):
            return sheet
    raise UnusableFile("file.no_data")


def look_through_strings(archive: Archive, limits: Limits) -> None:
    """Go through the shared strings: a lying or too high number of them, damage. Raises UnusableFile."""
    if BINARY_STRINGS not in archive:
        return
    strings = 0
    for kind, data in records(archive.chunks(BINARY_STRINGS)):
        strings += kind == _STRING
        if strings > limits.cells or (kind == _STRINGS and number(data, 4) > limits.cells):
            raise UnusableFile("file.too_many_cells", limit=limits.cells)


def _entries(archive: Archive) -> list[tuple[str, bool, str]]:
    """Give name, visibility and key of each sheet that has a part."""
    found: list[tuple[str, bool, str]] = []
    for kind, data in records(archive.chunks(BINARY_WORKBOOK)):
        if kind == _END_OF_SHEETS:
            return found
        if kind == _SHEET:
            key, end = wide_text(data, 8)
            if key:
                found.append((wide_text(data, end)[0], number(data, 0) == _VISIBLE, key))
    raise UnusableFile("file.damaged")
