"""What a page sends: changed cells as JSON, a list of {row, revision, key, text}, and the rows that it shows."""

from typing import Any

import orjson

from accounton.importing.drafts import QUESTIONNAIRE
from accounton.importing.posted import as_number
from accounton.importing.wording import questionnaire_of
from accounton.rows.columns import BY_KEY

MOST_CELLS = 5000
LONGEST = 2000
MOST_ROWS = 500
"""More than a page shows."""
GREATEST = 2**31 - 1
"""No row or revision is greater, and every database takes it."""
Edits = dict[int, tuple[int, dict[str, str]]]
"""By sheet row: the revision that was shown, and the texts by column key."""


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
        row, revision, key, text = _cell(cell)
        texts = edits.setdefault(row, (revision, {}))[1]
        if key != QUESTIONNAIRE:
            texts[key] = text
        elif not text or questionnaire_of(text):  # anything else, pasted over it, is no questionnaire
            texts[key] = text and (questionnaire_of(text) or "")
    return edits


def shown_of(text: str) -> dict[int, int]:
    """Read which rows a page shows, with the revision of each: "2:0 3:14". What is none of ours is left out."""
    pairs = (pair.partition(":") for pair in text.split()[:MOST_ROWS])
    numbers = ((as_number(row), as_number(revision)) for row, _, revision in pairs)
    return {row: revision for row, revision in numbers if 0 < row <= GREATEST and 0 <= revision <= GREATEST}


def _cell(cell: Any) -> tuple[int, int, str, str]:
    match cell:
        case {"row": int(row), "revision": int(revision), "key": str(key), "text": str(text)}:
            if (
                0 < row <= GREATEST
                and 0 <= revision <= GREATEST
                and key in (*BY_KEY, QUESTIONNAIRE)
                and len(text) <= LONGEST
            ):
                return row, revision, key, text.strip()
    raise BadEdits("not a cell of ours")
