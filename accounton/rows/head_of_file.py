"""The head of a file, put together from what the child sent and what the look saw."""

from typing import TYPE_CHECKING, Any

from accounton.belgium.numbers_in_text import masked_name
from accounton.rows.head import OUR_SHEETS, FileColumn, FileNotice, Head
from accounton.spreadsheets.choosing import SHEET_NAME
from accounton.spreadsheets.problems import UnusableFile

if TYPE_CHECKING:
    from accounton.spreadsheets.looking import Look


def head_of(message: dict[str, Any], seen: "Look") -> Head:
    """Put together what the child says of a file and what the look saw. Raises UnusableFile where they disagree."""
    columns = [FileColumn(*column)._replace(keys=tuple(column[2])) for column in message["columns"]]
    read = set(message["read"])
    # Only beside our own list are these sheets our own; elsewhere a sheet of such a name is one like others.
    ours = OUR_SHEETS if message["sheet"].lower() == SHEET_NAME else frozenset()
    others = [each for each in all_sheets(message, seen) if each[0] not in read | ours]
    notices = [FileNotice(*notice) for notice in message["notices"]] + _sheets_not_read(others)
    if seen.chosen.name not in ("", message["sheet"]):  # look and reader disagree on which sheet holds data
        raise UnusableFile("file.unusual")
    return Head(
        sheet=masked_name(message["sheet"]),
        header_row=message["header_row"],
        columns=[
            {
                "header": each.header,
                "letter": each.letter,
                "keys": list(each.keys),
                "target": each.target,
                "by": each.by,
            }
            for each in columns
        ],
        notices=[notice._asdict() for notice in notices],
        rows_expected=max((seen.chosen.furthest_row or message["last_row"]) - message["header_row"], 0),
    )


def all_sheets(message: dict[str, Any], seen: "Look") -> list[tuple[str, bool, bool]]:
    """Give name, visibility and whether it is read of each sheet, as the child knows them where the look cannot."""
    if message["sheets"]:
        return [(name, visible, name == message["sheet"]) for name, visible in message["sheets"]]
    return [(sheet.name, sheet.visible, sheet is seen.chosen) for sheet in seen.sheets]


def _sheets_not_read(sheets: list[tuple[str, bool, bool]]) -> list[FileNotice]:
    others = [(name, visible) for name, visible, is_read in sheets if not is_read]
    named = {
        "sheet.others": ", ".join(name for name, visible in others if visible),
        "sheet.hidden": ", ".join(name for name, visible in others if not visible),
    }
    return [FileNotice(code, masked_name(names)) for code, names in named.items() if names]
