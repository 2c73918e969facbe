"""What a page sends: changed cells as JSON, and the rows that it shows.

Cells are a list of {row, revision, key, text}; instead of a text `accept` names the code of what is suggested there:
the page may not have the value itself.
"""

from typing import Any, NamedTuple

import orjson

from accounton.importing.drafts import QUESTIONNAIRE
from accounton.importing.posted import as_number
from accounton.importing.screening import is_masked
from accounton.importing.wording import questionnaire_of
from accounton.rows.columns import BY_KEY
from accounton.rows.long_texts import LONGEST
from accounton.rows.messages import is_code

MOST_CELLS = 5000
MOST_ROWS = 500
"""More than a page shows."""
GREATEST = 2**31 - 1
"""No row or revision is greater, and every database takes it."""


class Suggested(NamedTuple):
    """In the place of a text: what is suggested in the cell under a code."""

    code: str


Edits = dict[int, tuple[int, dict[str, str | Suggested]]]
"""By sheet row: the revision that was shown, and by column key the texts, or what is accepted."""


class BadEdits(Exception):
    """What came is not what our pages send."""


def edits_of(text: str) -> Edits:
    """Read changed cells. Raises BadEdits."""
    try:
        cells = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadEdits("no JSON") from error
    if not isinstance(cells, list) or not 0 < len(cells) <= MOST_CELLS:
        raise BadEdits("no list of cells, or too many")
    edits: Edits = {}
    for cell in cells:
        row, revision, key, new = _cell(cell)
        texts = edits.setdefault(row, (revision, {}))[1]
        if key != QUESTIONNAIRE or isinstance(new, Suggested):
            texts[key] = new
        elif not new or questionnaire_of(new):  # anything else, pasted over it, is no questionnaire
            texts[key] = new and (questionnaire_of(new) or "")
    return edits


def masks_in(edits: Edits) -> int:
    """Count the texts that are masks in the place of a number: none of them is put in."""
    cells = (cell for _revision, texts in edits.values() for cell in texts.items())
    return sum(isinstance(text, str) and is_masked(key, text) for key, text in cells)


def shown_of(text: str) -> dict[int, int]:
    """Read which rows a page shows, with the revision of each: "2:0 3:14". What is none of ours is left out."""
    pairs = (pair.partition(":") for pair in text.split()[:MOST_ROWS])
    numbers = ((as_number(row), as_number(revision)) for row, _, revision in pairs)
    return {row: revision for row, revision in numbers if 0 < row <= GREATEST and 0 <= revision <= GREATEST}


def _cell(cell: Any) -> tuple[int, int, str, str | Suggested]:
    match cell:
        case {"row": int(row), "revision": int(revision), "key": str(key)}:
            is_ours = 0 < row <= GREATEST and 0 <= revision <= GREATEST and key in (*BY_KEY, QUESTIONNAIRE)
            if is_ours and (new := _new(cell)) is not None:
                return row, revision, key, new
    raise BadEdits("not a cell of ours")


def _new(cell: dict[str, Any]) -> str | Suggested | None:
    match cell:
        case {"accept": str(code)} if is_code(code):
            return Suggested(code)
        case {"text": str(text)} if len(text) <= LONGEST:
            return text.strip()
    return None
