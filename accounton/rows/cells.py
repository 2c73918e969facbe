"""From a cell as the reader gives it to the text that a person sees there, without what nobody sees."""

import datetime
import math
import re
import unicodedata
from typing import NamedTuple

from accounton.rows.findings import Outcome, problem
from accounton.spreadsheets.reading import Cell, ErrorCell

# Zero-width characters, soft hyphens, marks of direction, and halves of characters that no file should hold.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_ISO_DATE = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]", re.ASCII)
_ERROR = re.compile(
    r"#(?:N/[ABDVW]|NV|REF!?|VERW!?|VALUE!|VALEUR!|WAARDE!|WERT!|DIV/0!|DEEL/0!|NAME\?|NAAM\?|NOM\?|NUM!|GETAL!|NOMBRE!"
    r"|NULL!|LEEG!|NUL!|SPILL!|CALC!|GETTING_DATA|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!)",
    re.IGNORECASE,
)
NOT_CALCULATED = "="
"""What the text of a formula without a stored value begins with."""


class Text(NamedTuple):
    """What stands in a cell. `is_number` and `is_date` tell of Excel's own types, where the text may be gone."""

    text: str
    is_number: bool = False
    is_date: bool = False


def tidy(text: str) -> str:
    """Take out what nobody sees and fold white space. Line breaks and non-breaking spaces become spaces."""
    return unicodedata.normalize("NFC", " ".join(without_controls(text).split()))


def without_controls(text: str) -> str:
    """Take out control and invisible characters, but keep white space and line breaks."""
    return _INVISIBLE.sub("", _CONTROLS.sub("", text))


def shown(cell: Cell) -> Text:
    """Give a cell as a person sees it: whole numbers without .0, dates as 2026-10-16, booleans as TRUE or FALSE."""
    if isinstance(cell, str):
        return Text(cell)
    if isinstance(cell, bool):
        return Text("TRUE" if cell else "FALSE")
    if isinstance(cell, int | float):
        return Text(number_text(cell), is_number=True)
    if isinstance(cell, ErrorCell):
        return Text(cell.text)
    if isinstance(cell, datetime.datetime):
        midnight = cell.time() == datetime.time()
        return Text(cell.date().isoformat() if midnight else cell.isoformat(" "), is_date=True)
    return Text(str(cell) if isinstance(cell, datetime.timedelta) else cell.isoformat(), is_date=True)


def number_text(number: float) -> str:
    """Give a number as Excel shows it in a wide cell: 85073003328 and 2.1, never 85073003328.0 or 8.5E+10."""
    if isinstance(number, int) or number.is_integer():
        return str(int(number))
    return f"{number:.15g}" if math.isfinite(number) else ""


def unreadable(key: str, text: str) -> Outcome | None:
    """Say so where a text is an Excel error or a formula that was never calculated; None where it is neither."""
    if _ERROR.fullmatch(text):
        return problem(key, "cell.error", text, detail=text)
    if text.startswith(NOT_CALCULATED) and len(text) > 1:
        return problem(key, "cell.not_calculated", text)
    return None


def is_date_text(text: str) -> bool:
    """Say whether a text is a date in the form that a program writes, not a person: a house number was there once."""
    return _ISO_DATE.fullmatch(text[:10]) is not None and text[10:] in {"", " 00:00:00", "T00:00:00"}
