"""The header row: where it stands, and which column of the file feeds which column of ours."""

from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from accounton.belgium.folding import fold
from accounton.rows.cells import shown, tidy
from accounton.rows.columns import BY_KEY, COLUMNS, REQUIRED
from accounton.rows.head import FILLING, FileColumn, FileNotice, letter_of
from accounton.rows.messages import COLUMNS_MISSING, NO_HEADERS
from accounton.spreadsheets.problems import UnusableFile
from accounton.spreadsheets.reading import Cell

SEARCHED_ROWS = 50
"""How far down a header row is looked for, under titles and notes."""
_ENOUGH = 2
MOST_FIT = 2 * len(REQUIRED)
"""How well a list fits that has all required columns under headers that are known."""
_KNOWN = frozenset({"given", "person", "user", "office", "header"})


class Headers(NamedTuple):
    """What the header row says. `row` is its place, from 0, in the rows that were searched; -1 where there is none.

    `certain` says that nobody need be asked, `missing` which required columns the file does not have, `fixed` gives one
    value for all rows by key.
    """

    row: int
    columns: list[FileColumn]
    notices: list[FileNotice]
    certain: bool = True
    missing: Sequence[str] = ()
    fixed: Mapping[str, str] = MappingProxyType({})

    @property
    def places(self) -> dict[str, int]:
        """The place in a row of each of our columns that the file has."""
        return {key: column.place for column in self.columns for key in column.keys}

    @property
    def fit(self) -> int:
        """How well a sheet fits, up to MOST_FIT: each required column counts once, under a known header twice."""
        fed = {key for column in self.columns for key in column.keys}
        known = {column.target for column in self.columns if column.by in _KNOWN}
        return sum((key in fed) + (key in known) for key in REQUIRED)

    @property
    def is_spread(self) -> bool:
        """Whether a column of the file holds several of ours, or one value goes for all rows."""
        is_own = all(column.keys in ((), (column.target,)) and column.target not in FILLING for column in self.columns)
        return bool(self.fixed) or not is_own


def find_headers(rows: Sequence[Sequence[Cell]], first_row: int) -> Headers:
    """Find the header row among the first rows of a sheet, `first_row` being the sheet row of the first of them.

    It is the row with most of our headers, in any of three languages, any order and any case. Raises UnusableFile
    once for all required columns that are missing.
    """
    texts = [[tidy(shown(cell).text) for cell in row] for row in rows[:SEARCHED_ROWS]]
    scores = [len({key for text in row if (key := key_of(text))}) for row in texts]
    best = max(range(len(scores)), key=lambda index: (scores[index], -index), default=0)
    if not scores or scores[best] < _ENOUGH:
        raise UnusableFile("file.no_headers", NO_HEADERS)
    headers = _read(texts[best], best, first_row + best)
    missing = [key for key in REQUIRED if key not in headers.places]
    if missing:
        raise UnusableFile("file.columns_missing", COLUMNS_MISSING, columns=named(missing, texts[best]))
    return headers._replace(notices=headers.notices + _without_header(rows, headers, first_row))


def key_of(header: str) -> str | None:
    """Give the key of our column with this header, also where a header names it in two languages ("Langue / Taal")."""
    known = _keys_by_header()
    if key := known.get(squeezed(header)):
        return key
    parts = {known.get(squeezed(part)) for part in header.split("/")}
    return parts.pop() if len(parts) == 1 else None


def _read(texts: Sequence[str], index: int, row: int) -> Headers:
    columns: list[FileColumn] = []
    notices: list[FileNotice] = []
    taken: set[str] = set()
    for place, text in enumerate(texts):
        if not text:
            continue
        key = key_of(text)
        if key is None or key in taken:
            notices.append(FileNotice("column.repeated" if key else "column.unknown", text, f"{letter_of(place)}{row}"))
            columns.append(FileColumn(text, place))
        else:
            taken.add(key)
            columns.append(FileColumn(text, place, (key,), key, "header", plain=key))
    return Headers(index, columns, notices)


def _without_header(rows: Sequence[Sequence[Cell]], headers: Headers, first_row: int) -> list[FileNotice]:
    """Name the columns that have cells below but no header: they are not read."""
    named = {column.place for column in headers.columns}
    row = first_row + headers.row
    below = rows[headers.row + 1 :]
    return [
        FileNotice("column.without_header", letter_of(place), f"{letter_of(place)}{row}")
        for place in range(len(rows[0]) if rows else 0)
        if place not in named and any(cells[place] != "" for cells in below)
    ]


def named(keys: Sequence[str], texts: Sequence[str]) -> str:
    """Name columns by their headers in the language that most of the file's own headers are in."""
    there = {squeezed(text) for text in texts}
    counts = {
        language: sum(squeezed(column.headers[language]) in there for column in COLUMNS)
        for language in ("en", "nl", "fr")
    }
    language = max(counts, key=lambda name: counts[name])
    return ", ".join(BY_KEY[key].headers[language] for key in keys)


def squeezed(header: str) -> str:
    """Give a header without case, accents, signs and spaces, by which spellings are compared."""
    return fold(header).replace(" ", "")


@cache
def _keys_by_header() -> dict[str, str]:
    keys: dict[str, str] = {}
    for column in COLUMNS:
        # "Type" means other things in other lists: only our own header stands for the kind of client.
        own_key = () if column.key == "type" else (column.key,)
        for header in (*column.headers.values(), *column.aliases, *own_key):
            keys.setdefault(squeezed(header), column.key)
    return keys
