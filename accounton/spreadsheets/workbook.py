"""The list of sheets of an .xlsx workbook, and which of them is read."""

import re
from dataclasses import dataclass

from accounton.spreadsheets.archive import Archive
from accounton.spreadsheets.choosing import in_order
from accounton.spreadsheets.parsing import Ignoring, check_byte_order, parse
from accounton.spreadsheets.problems import UnusableFile

WORKBOOK = "xl/workbook.xml"
STRINGS = "xl/sharedStrings.xml"
_WORKBOOK_LINKS = "xl/_rels/workbook.xml.rels"
_FILLED = re.compile(rb"<(?:[A-Za-z0-9_.-]+:)?(?:[vt](?: [^<>]*+)?>(?:[^<]|<!)|f[ >/])")
"""The beginning of a value that is not empty (in <v>, or in <t> of an inline text), or of a formula."""
_OVERLAP = 64


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with rows and columns, and the part it lies in."""

    name: str
    visible: bool
    part: str


def sheets(archive: Archive) -> list[Sheet]:
    """List the worksheets in workbook order; charts and macro sheets are left out. Raises UnusableFile."""
    entries = _Entries()
    parse(archive.chunks(WORKBOOK), entries)
    parts = targets(archive, _WORKBOOK_LINKS)
    found = []
    for name, visible, key in entries.found:
        kind, target = parts.get(key, ("", ""))
        if kind == "worksheet":
            found.append(Sheet(name, visible, _part(target)))
    if not found:
        raise UnusableFile("file.no_sheet")
    if len({sheet.name.lower() for sheet in found}) != len(found):
        raise UnusableFile("file.damaged")
    return found


def targets(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """Give kind and target of each link of a part of links, by its key. Raises UnusableFile."""
    found = _Relationships()
    parse(archive.chunks(part), found)
    return found.found


def chosen(archive: Archive, among: list[Sheet]) -> Sheet:
    """Choose the sheet that is read: visible and named `customers`, else the first visible one with data.

    A sheet `customers` without data gives way to another with data. Raises UnusableFile where none has any.
    """
    for sheet in in_order((sheet.name, sheet.visible, sheet) for sheet in among):
        if _has_data(archive, sheet.part):
            return sheet
    raise UnusableFile("file.no_data")


def _has_data(archive: Archive, part: str) -> bool:
    rest = b""
    for number, chunk in enumerate(archive.chunks(part)):
        if not number:
            check_byte_order(chunk)
        if _FILLED.search(rest + chunk):
            return True
        rest = chunk[-_OVERLAP:]
    return False


def _part(target: str) -> str:
    """Resolve a target exactly as the reader does, which knows no "..", so that both look at the same part."""
    return target[1:] if target.startswith("/") else f"xl/{target}"


class _Entries(Ignoring):
    """The <sheet> elements of the workbook part."""

    def __init__(self) -> None:
        self.found: list[tuple[str, bool, str]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            key = next((value for key, value in attributes.items() if key.rpartition(":")[1:] == (":", "id")), "")
            self.found.append((attributes.get("name", ""), attributes.get("state", "visible") == "visible", key))


class _Relationships(Ignoring):
    """The <Relationship> elements of a part that links to others: the last part of the type, and the target."""

    def __init__(self) -> None:
        self.found: dict[str, tuple[str, str]] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.found[attributes.get("Id", "")] = (kind, attributes.get("Target", ""))
