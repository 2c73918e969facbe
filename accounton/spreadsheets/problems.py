"""Why a file cannot be used at all: one code and one clear sentence each, saying what to do."""

from collections.abc import Callable
from typing import Any

from accounton.belgium.numbers_in_text import masked_name


def N_(text: str) -> str:
    """Mark a text for translation at the edge."""
    return text


MESSAGES: dict[str, str] = {
    "file.damaged": N_(
        "This workbook is damaged and cannot be read. Open it in Excel or LibreOffice, save it again as .xlsx and "
        "choose that file."
    ),
    "file.empty": N_("The file is empty (0 bytes). Save it again in your spreadsheet program and choose it anew."),
    "file.encrypted": N_(
        "This workbook is protected with a password. Open it, remove the password, save it and choose it again."
    ),
    "file.encoding": N_(
        "This file holds characters that cannot be read as text. Open it in Excel or LibreOffice, check the names with "
        "accents, save it as .xlsx or as CSV UTF-8 and choose that file."
    ),
    "file.entities": N_(
        "This workbook holds XML definitions that no spreadsheet program writes, so it is not opened. "
        "Open it in Excel or LibreOffice, save it again as .xlsx and choose that file."
    ),
    "file.far_cell": N_(
        "Cell %(cell)s is filled in, far away from the rest of the list. Delete the rows and columns outside the "
        "list, save the workbook and choose it again."
    ),
    "file.long_line": N_(
        "This file has a line of more than a million characters, so it is no list with one customer a row. Save the "
        "list again as .xlsx or .csv and choose that file."
    ),
    "file.no_data": N_(
        "No visible sheet of this workbook has anything filled in. Fill in the list, or make its sheet visible, save "
        "the workbook and choose it again."
    ),
    "file.no_sheet": N_("This workbook has no sheet with rows and columns. Choose the workbook that holds the list."),
    "file.no_such_sheet": N_("There is no sheet %(sheet)s in this workbook."),
    "file.not_a_workbook": N_(
        "This is not a list that can be read. Choose one that was saved as .xlsx, .xls, .xlsb, .ods, .csv or .tsv."
    ),
    "file.not_calculated": N_(
        "More than %(limit)s cells hold formulas without a result. Open the workbook in Excel or LibreOffice, save it "
        "and choose it again."
    ),
    "file.not_found": N_("The file cannot be opened: it is not there, or may not be read."),
    "file.not_xlsx": N_(
        "This is a %(kind)s file. Open it in your spreadsheet program, save it as Excel workbook (.xlsx) and choose "
        "that file."
    ),
    "file.open_quote": N_(
        "In row %(row)s a quotation mark opens that never closes, so what follows cannot be told apart. Repair or "
        "remove that quotation mark, or save the list as .xlsx, and choose it again."
    ),
    "file.too_heavy": N_(
        "Reading this workbook takes more memory than is allowed. Copy the list alone into a new workbook, save that "
        "as .xlsx and choose it."
    ),
    "file.too_large": N_(
        "The file is larger than %(megabytes)s MB. Leave pictures and other sheets out, or divide the list over "
        "several files."
    ),
    "file.too_many_cells": N_(
        "The sheet has more than %(limit)s cells. Divide the list over several files, or leave out what does not "
        "belong to it."
    ),
    "file.too_many_errors": N_(
        "More than %(limit)s cells show an error such as #N/A. Repair the formulas, save the workbook and choose it "
        "again."
    ),
    "file.too_many_rows": N_("The sheet has more than %(limit)s rows. Divide the list over several files."),
    "file.too_old": N_(
        "This workbook was written by a version of Excel from before 1995. Open it in Excel or LibreOffice, save it as "
        ".xlsx and choose that file."
    ),
    "file.too_slow": N_(
        "Reading this workbook takes longer than is allowed. Copy the list alone into a new workbook, save that as "
        ".xlsx and choose it."
    ),
    "file.unknown_error": N_(
        "Cell %(cell)s shows the error %(error)s. Repair or empty that cell, save the workbook and choose it again."
    ),
    "file.unusual": N_(
        "This workbook is written in a way that cannot be read faithfully. Open it in Excel or LibreOffice, save it "
        "again as .xlsx and choose that file."
    ),
    "file.unzips_too_large": N_(
        "This workbook grows far too large when it is opened. Copy the list alone into a new workbook, save that as "
        ".xlsx and choose it."
    ),
}


class UnusableFile(Exception):
    """The file as a whole cannot be used. `code` is stable, `message` an English msgid, `params` fill it in."""

    def __init__(self, code: str, message: str = "", **params: Any) -> None:
        """Take a code of MESSAGES; another room with a code of its own gives its message too (marked with N_)."""
        self.code = code
        self.message = message or MESSAGES[code]
        # What a file calls its sheets and columns is kept and shown: nothing of a national number in it.
        self.params = {name: masked_name(value) if isinstance(value, str) else value for name, value in params.items()}
        super().__init__(code)

    def text(self, gettext: Callable[[str], str] = str) -> str:
        """Give the sentence in the language of `gettext`; without it in English."""
        shown = {
            name: f"{value:,}".replace(",", "\u202f") if type(value) is int else value
            for name, value in self.params.items()
        }
        return gettext(self.message) % shown

    def as_message(self) -> dict[str, Any]:
        """Give a form that can be kept as JSON."""
        return {"code": self.code, "message": self.message, "params": self.params}

    def __str__(self) -> str:
        """Give the code alone: params may hold what stands in a cell, which no log may see."""
        return self.code


def _shown(value: Any) -> Any:
    """Write numbers with a narrow space between thousands, which all three languages read."""
    return f"{value:,}".replace(",", "\u202f") if isinstance(value, int) else value
