"""The bounded look through a workbook as a stream, before and beside the reading.

It never holds more than a few mebibytes of a part in memory, refuses whatever passes the limits, and finds what the
reader does not tell: error cells, formulas without a stored value, the targets of links.
"""

import io
import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from accounton.spreadsheets import (
    binary,
    binary_sheet,
    binary_workbook,
    opendocument,
    scanning,
    strings,
    workbook,
)
from accounton.spreadsheets.archive import Archive
from accounton.spreadsheets.choosing import beside, first_fitting, named
from accounton.spreadsheets.kinds import recognised
from accounton.spreadsheets.limits import DEFAULT, Limits
from accounton.spreadsheets.marks import Marks
from accounton.spreadsheets.parsing import Ignoring, parse
from accounton.spreadsheets.positions import Position, positions
from accounton.spreadsheets.problems import UnusableFile
from accounton.spreadsheets.scanning import Found
from accounton.spreadsheets.signs import Kind

__all__ = ["Look", "Marks", "SheetLook", "choose", "look"]

_CELLS_OF_ONE_LINK = 1000
_MACROS = "xl/vbaProject.bin"
_OF_EXCEL = (Kind.XLSX, Kind.XLSB)


@dataclass(frozen=True, slots=True)
class SheetLook:
    """One sheet. Counts and marks are filled in only for those that will be read (`looked_at`)."""

    name: str
    visible: bool
    looked_at: bool = False
    furthest_row: int = 0
    """The furthest row with a filled cell; cells that only have a format do not count here."""
    furthest_column: int = 0
    rows: int = 0
    """Rows with filled cells."""
    cells: int = 0
    """Cells, formatted ones included."""
    marks: Marks = field(default_factory=Marks)


@dataclass(frozen=True, slots=True)
class Look:
    """All sheets with rows and columns in workbook order, the one that will be read, and the one read together with it.

    In a file of separated fields there is one sheet without a name.
    """

    sheets: list[SheetLook]
    chosen: SheetLook
    macros: bool = False
    kind: Kind = Kind.XLSX
    beside: SheetLook | None = None


def look(file: BinaryIO | bytes | Path, limits: Limits = DEFAULT, sheet: str = "") -> Look:
    """Look through the whole file within the limits; `sheet` names the one to read, "" the one chosen by the rule.

    Raises UnusableFile.
    """
    with _opened(file) as opened:
        kind, archive = recognised(opened, limits)
        if archive is None or kind not in _OF_EXCEL:
            return _other_kind(kind, opened, archive, limits, sheet)
        sheets, chosen = _choice(kind, archive, sheet)
        (strings if kind is Kind.XLSX else binary_workbook).look_through_strings(archive, limits)
        other = beside(chosen.name, ((each.name, each.visible) for each in sheets))
        looks = [
            _sheet(kind, archive, each, limits)
            if each is chosen or each.name == other
            else SheetLook(each.name, each.visible)
            for each in sheets
        ]
        return _together(looks, chosen.name, other, kind, macros=_MACROS in archive)


def choose(file: BinaryIO | bytes | Path, limits: Limits = DEFAULT, sheet: str = "") -> str:
    """Name the sheet that will be read: the one named `customers` in any case, else the first visible one with data.

    Takes some milliseconds: it reads the list of sheets and the beginning of some. The name is "" where the kind of
    file has no sheets, or where only its reader can tell, which then chooses by the same rule. A `sheet` that is named
    goes before the rule. Raises UnusableFile.
    """
    with _opened(file) as opened:
        kind, archive = recognised(opened, limits)
        if archive is None or kind not in _OF_EXCEL:
            return "" if kind is Kind.TEXT else sheet
        return _choice(kind, archive, sheet)[1].name


def _choice(kind: Kind, archive: Archive, name: str) -> tuple[list[workbook.Sheet], workbook.Sheet]:
    """List the sheets of a zipped workbook of Excel, and say which is read."""
    its = workbook if kind is Kind.XLSX else binary_workbook
    sheets = its.sheets(archive)
    return sheets, _named(sheets, name) if name else its.chosen(archive, sheets)


def _named(sheets: list[workbook.Sheet], name: str) -> workbook.Sheet:
    meant = named(name, (sheet.name for sheet in sheets))
    for sheet in sheets:
        if sheet.name == meant:
            return sheet
    raise UnusableFile("file.no_such_sheet", sheet=name)


@contextmanager
def _opened(file: BinaryIO | bytes | Path) -> Iterator[BinaryIO]:
    if isinstance(file, bytes):
        yield io.BytesIO(file)
    elif isinstance(file, Path):
        try:
            opened = file.open("rb")
        except OSError as error:
            raise UnusableFile("file.not_found") from error
        with opened:
            yield opened
    else:
        yield file


def _other_kind(kind: Kind, file: BinaryIO, archive: Archive | None, limits: Limits, name: str) -> Look:
    """Look through a file of another kind than .xlsx and .xlsb as far as can be done cheaply."""
    if kind is Kind.TEXT:
        # How far it reaches only its reader can tell: lines are not rows.
        only = SheetLook("", True, True)
        return Look([only], only, kind=kind)
    if archive is not None:
        return _of_sheets(opendocument.look_through(archive, limits), kind, name)
    return _of_sheets(binary.look_through(file, limits), kind, name)


def _of_sheets(found: list[opendocument.SheetFound], kind: Kind, name: str) -> Look:
    meant = named(name, (sheet.name for sheet in found)) if name else ""
    if meant is None:
        raise UnusableFile("file.no_such_sheet", sheet=name)
    chosen = meant or first_fitting((sheet.name, sheet.visible, bool(sheet.found.furthest_row)) for sheet in found)
    other = beside(chosen, ((sheet.name, sheet.visible) for sheet in found))
    looks = [
        SheetLook(sheet.name, sheet.visible, True, *_counts(sheet.found), _marks(sheet.found))
        if sheet.name in (chosen, other)
        else SheetLook(sheet.name, sheet.visible)
        for sheet in found
    ]
    return _together(looks, chosen, other, kind)


def _together(looks: list[SheetLook], chosen: str, other: str, kind: Kind, *, macros: bool = False) -> Look:
    by_name = {each.name: each for each in looks}
    return Look(looks, by_name[chosen], macros, kind, by_name.get(other) if other else None)


def _counts(found: Found) -> tuple[int, int, int, int]:
    return found.furthest_row, found.furthest_column, found.rows, found.cells


def _marks(found: Found, links: dict[Position, str] | None = None) -> Marks:
    return Marks(found.error_cells, found.formulas_without_value, links or {})


def _sheet(kind: Kind, archive: Archive, sheet: workbook.Sheet, limits: Limits) -> SheetLook:
    found = (scanning if kind is Kind.XLSX else binary_sheet).scan(archive.chunks(sheet.part), limits)
    marks = _marks(found, _links(archive, sheet.part, found.links))
    return SheetLook(sheet.name, sheet.visible, True, *_counts(found), marks)


def _links(archive: Archive, part: str, links: list[tuple[str, str]]) -> dict[Position, str]:
    """Find the mail addresses that the links of a sheet lead to."""
    folder, name = posixpath.split(part)
    targets_part = f"{folder}/_rels/{name}.rels"
    if not links or targets_part not in archive:
        return {}
    targets = _MailTargets()
    parse(archive.chunks(targets_part), targets)
    return {
        at: targets.found[key]
        for reference, key in links
        if key in targets.found
        for at in positions(reference, _CELLS_OF_ONE_LINK)
    }


class _MailTargets(Ignoring):
    """The relationships that lead to a mail address."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        target = attributes.get("Target", "")
        if name == "Relationship" and target[:7].lower() == "mailto:":
            self.found[attributes.get("Id", "")] = target
