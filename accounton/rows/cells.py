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
_ODD_SPACES = re.compile("[\x0b\x0c\x1c-\x1f\x85]")
_TIME = r"[0-9]+:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?"
_MOMENT = re.compile(rf"[0-9]{{4}}-[01][0-9]-[0-3][0-9](?:[ T]{_TIME})?|-?{_TIME}", re.ASCII)
_ERROR = re.compile(
    r"#(?:N/[ABDVW]|NV|REF!?|VERW!?|VALUE!|VALEUR!|WAARDE!|WERT!|DIV/0!|DEEL/0!|NAME\?|NAAM\?|NOM\?|NUM!|GETAL!|NOMBRE!"
    r"|NULL!|LEEG!|NUL!|SPILL!|CALC!|GETTING_DATA|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!)",
    re.IGNORECASE,
)
_DECIMAL = re.compile(r"\+?[0-9]+\.0", re.ASCII)
NOT_CALCULATED = "="
"""What the text of a formula without a stored value begins with."""


class Text(NamedTuple):
    """What stands in a cell. `is_number` and `is_date` tell of Excel's own types, where the text may be gone."""

    text: str
    is_number: bool = False
    is_date: bool = False


def tidy(text: str) -> str:
    """Take out what nobody sees and fold white space. Line breaks and non-breaking spaces become spaces."""
    return " ".join(readable(text).split())


def readable(text: str) -> str:
    """Take out control and invisible characters and compose accents, but keep spaces and line breaks."""
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", _CONTROLS.sub("", _ODD_SPACES.sub(" ", text))))


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
    return Text(_moment_text(cell), is_date=True)


def _moment_text(cell: datetime.date | datetime.time | datetime.timedelta) -> str:
    if isinstance(cell, datetime.timedelta):
        minutes, seconds = divmod(int(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(" ")
    return cell.isoformat()


def number_text(number: float) -> str:
    """Give a number as Excel shows it in a wide cell: 85073003328 and 2.1, never 85073003328.0 or 8.5E+10."""
    if isinstance(number, int) or number.is_integer():
        return str(int(number))
    return f"{number:.15g}" if math.isfinite(number) else ""


def without_decimal(text: str) -> str:
    """Take the .0 off a number that a program wrote out as a decimal one; other texts stay."""
    return text[:-2] if _DECIMAL.fullmatch(text) else text


def unreadable(key: str, text: str) -> Outcome | None:
    """Say so where a text is an Excel error or a formula that was never calculated; None where it is neither."""
    if _ERROR.fullmatch(text):
        return problem(key, "cell.error", text, detail=text)
    if text.startswith(NOT_CALCULATED) and len(text) > 1:
        return problem(key, "cell.not_calculated", text)
    return None


def is_moment(text: str) -> bool:
    """Say whether a text is a date or time as a program writes it, not a person: something else stood there once."""
    return _MOMENT.fullmatch(text) is not None
