"""The columns of a file whose headers need not be ours: the header row is found, and each column gets its target.

Lists with our own headers, which most are after the first time, never get further than the first function.
"""

import datetime
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from accounton.belgium.numbers_in_text import masked_in
from accounton.rows.cells import shown, tidy
from accounton.rows.columns import REQUIRED
from accounton.rows.head import FileColumn, FileNotice, letter_of
from accounton.rows.headers import SEARCHED_ROWS, Headers, find_headers, named, squeezed
from accounton.rows.mapping_targets import is_imported, seen_list
from accounton.rows.mapping_wishes import NO_HEADER_ROW, Wishes
from accounton.rows.messages import COLUMNS_MISSING, NO_HEADERS, NO_SUCH_ROW
from accounton.rows.rules import Rules
from accounton.spreadsheets.problems import UnusableFile
from accounton.spreadsheets.reading import Cell

if TYPE_CHECKING:
    from accounton.rows.mapping import Source

_ENOUGH = 2
_LONGEST_HEADER = 200
_SAMPLE = 300
_FEW_DIGITS = 3
_SAMPLES_SHOWN = 3
_ROWS_SHOWN = 8
_COLUMNS_SHOWN = 200
_NUMBERS = ("national_number", "spouse_national_number")
_TOGETHER = (("street", "house_number"), ("postal_code", "city"))
"""Where one of these has no column of its own, it may stand in that of the other."""
Rows = Sequence[Sequence[Cell]]


def map_columns(rows: Rows, first_row: int, wishes: Wishes, rules: Rules) -> Headers:
    """Find the header row among the first rows of a sheet and the target of each column.

    Raises UnusableFile where required columns are missing and nobody is to be asked (`wishes.ask`).
    """
    found = _ours(rows, first_row, wishes)
    if found is None:
        found = _matched(rows, first_row, wishes, rules)
    if found.missing and wishes.ask == "never":
        _refuse(found, rows)
    return found


def layout(rows: Rows, first_row: int, headers: Headers, rules: Rules) -> dict[str, Any]:
    """Give what a person needs to see to match the columns: samples, proposals, the first rows; nothing readable of
    national numbers.
    """
    below = rows[headers.row + 1 :][:_SAMPLE]
    numbers = {column.place for column in headers.columns if set(column.keys).intersection(_NUMBERS)}
    columns = []
    for column in headers.columns[:_COLUMNS_SHOWN]:
        texts = (_seen(row[column.place]) for row in below if row[column.place] != "")
        samples = list(dict.fromkeys(filter(None, texts)))[:_SAMPLES_SHOWN]
        hidden = [_masked(text, rules, column.place in numbers) for text in samples]
        columns.append({**column._asdict(), "letter": column.letter, "samples": hidden})
    shown_rows = [
        [first_row + at, [_masked(_seen(cell), rules, place in numbers) for place, cell in enumerate(row[:12])]]
        for at, row in enumerate(rows[: max(_ROWS_SHOWN, headers.row + 3)][:SEARCHED_ROWS])
    ]
    return {"columns": columns, "rows": shown_rows, "missing": headers.missing, "certain": headers.certain}


def _ours(rows: Rows, first_row: int, wishes: Wishes) -> Headers | None:
    """Give the columns of a list with our own headers; None where anything about them is open."""
    if wishes.columns is not None or wishes.header_row is not None or wishes.given:
        return None
    try:
        found = find_headers(rows, first_row)
    except UnusableFile:
        return None
    if found.notices or any((one in found.places) is not (other in found.places) for one, other in _TOGETHER):
        return None
    learnt = {**wishes.office, **wishes.user}
    if any(learnt.get(squeezed(column.header), column.target) != column.target for column in found.columns):
        return None
    return found


def _matched(rows: Rows, first_row: int, wishes: Wishes, rules: Rules) -> Headers:
    # Loaded only for lists with headers that are not ours.
    from accounton.rows.mapping import propose  # noqa: PLC0415
    from accounton.rows.mapping_naming import name_given  # noqa: PLC0415

    rows = [["" if _is_blank(cell) else cell for cell in row] for row in rows]
    texts = _merged([[_text(cell) for cell in row] for row in rows[:SEARCHED_ROWS]])
    index = _header_row(rows, texts, first_row, wishes, rules)
    sources = _sources(rows, index, texts, rules)
    name_given(sources, wishes.given)
    proposed = propose(sources, wishes, rules)
    columns = proposed.columns
    keys = {key for column in columns for key in column.keys} | set(wishes.fixed)
    fixed = dict(wishes.fixed)
    if is_for_all := bool(wishes.list_language) and "language" not in keys:
        fixed["language"] = wishes.list_language
        keys.add("language")
    missing = [key for key in REQUIRED if key not in keys]
    is_seen = index >= 0 and seen_list((column.header, column.target) for column in columns) in wishes.seen
    notices = [] if wishes.columns is not None else list(_notices(columns, first_row + max(index, 0), proposed.unsure))
    if is_seen:
        notices = [notice for notice in notices if notice.code != "column.guessed"]
    if is_for_all:
        notices.append(FileNotice(f"language.all_{wishes.list_language}"))
    return Headers(index, columns, notices, (proposed.certain or is_seen) and not missing, missing, fixed)


def _merged(texts: list[list[str]]) -> list[list[str]]:
    """Give the rows, with headers that were merged over two rows also in the lower one: programs leave it empty."""
    from accounton.rows.synonyms import exactly  # noqa: PLC0415

    merged = texts[:1]
    for above, row in pairwise(texts):
        own = sum(exactly(text) is not None for text in row if text)
        heads = [text if text and exactly(text) else "" for text in above] if own >= _ENOUGH else []
        merged.append([text or head for text, head in zip(row, heads, strict=True)] if heads else row)
    return merged


def _header_row(rows: Rows, texts: list[list[str]], first_row: int, wishes: Wishes, rules: Rules) -> int:
    """Give the place of the header row, -1 where there is none."""
    from accounton.rows.synonyms import exactly  # noqa: PLC0415

    if wishes.header_row == NO_HEADER_ROW:
        return -1
    if wishes.header_row is not None:
        index = wishes.header_row - first_row
        if index not in range(len(rows)):
            raise UnusableFile("file.no_such_row", NO_SUCH_ROW, row=wishes.header_row)
        return index
    learnt = {*wishes.office, *wishes.user, *map(squeezed, wishes.given)}
    scores = [len({text for text in row if text and (squeezed(text) in learnt or exactly(text))}) for row in texts]
    best = max(range(len(scores)), key=lambda at: (scores[at], -at), default=-1)
    if best >= 0 and scores[best] >= _ENOUGH:
        return best
    return _unknown_header_row(rows, texts, rules)


def _unknown_header_row(rows: Rows, texts: list[list[str]], rules: Rules) -> int:
    """Tell whether the first row with two filled cells is a header: it is not what stands below it."""
    from accounton.rows.recognising import recognised  # noqa: PLC0415

    index = next((at for at, row in enumerate(texts) if sum(map(bool, row)) >= _ENOUGH), -1)
    if index < 0 or any(sum(map(str.isdigit, text)) > _FEW_DIGITS for text in texts[index]):
        return -1
    votes = 0
    for place, cell in enumerate(rows[index]):
        below = [row[place] for row in rows[index + 1 :][:_SAMPLE] if row[place] != ""]
        found = recognised(below, rules)
        if found and cell != "":
            own = recognised([cell], rules)
            votes += -1 if own and own.target == found.target else 1
    return index if votes > 0 or (not any("@" in text for text in texts[index]) and votes == 0) else -1


def _sources(rows: Rows, index: int, texts: list[list[str]], rules: Rules) -> "list[Source]":
    from accounton.rows.mapping import Source  # noqa: PLC0415

    below = rows[index + 1 :][:_SAMPLE]
    # A person may name a row far below those that are searched.
    heads = texts[index] if index < len(texts) else [_text(cell) for cell in rows[index]]
    sources = []
    for place in range(len(rows[0]) if rows else 0):
        header = masked_in(heads[place], rules.today)[:_LONGEST_HEADER] if index >= 0 else ""
        cells = [row[place] for row in below]
        filled = [cell for cell in cells if cell != ""]
        if header or filled:
            sources.append(Source(place, header, filled, cells))
    return sources


def _notices(columns: Sequence[FileColumn], row: int, unsure: frozenset[int]) -> list[FileNotice]:
    notices = []
    for column in columns:
        cell = f"{column.letter}{row}"
        if column.by in ("close", "values") or (column.place in unsure and column.by != "none"):
            if is_imported(column.target):
                notices.append(FileNotice("column.guessed", column.header or column.letter, cell))
        elif is_imported(column.target) or column.by in ("given", "user", "office"):
            continue
        elif not column.header:
            notices.append(FileNotice("column.without_header", letter_of(column.place), cell))
        elif not column.detail:
            notices.append(FileNotice("column.unknown", column.header, cell))
        else:
            is_same = squeezed(column.detail) == squeezed(column.header)
            notices.append(FileNotice("column.repeated" if is_same else "column.taken", column.header, cell))
    return notices


def _refuse(found: Headers, rows: Rows) -> None:
    known = [column for column in found.columns if column.by in ("given", "person", "user", "office", "header")]
    if found.row < 0 or len(known) < _ENOUGH:
        raise UnusableFile("file.no_headers", NO_HEADERS)
    texts = [_text(cell) for cell in rows[found.row]]
    raise UnusableFile("file.columns_missing", COLUMNS_MISSING, columns=named(found.missing, texts))


def _is_blank(cell: Cell) -> bool:
    """Say whether a cell only looks empty: spaces in it would pass for any value."""
    return isinstance(cell, str) and not any(map(str.isalnum, cell)) and not tidy(cell)


def _text(cell: Cell) -> str:
    return tidy(shown(cell).text)


def _seen(cell: Cell) -> str:
    """Give a cell as it is shown: a day as people write it."""
    if isinstance(cell, datetime.date):
        has_time = isinstance(cell, datetime.datetime) and cell.time() != datetime.time()
        return _text(cell) if has_time else f"{cell:%d/%m/%Y}"
    return _text(cell)


def _masked(text: str, rules: Rules, is_number: bool = False) -> str:
    if not any(sign.isdigit() for sign in text):
        return text[:200]
    from accounton.rows.mapping_masking import masked  # noqa: PLC0415

    return masked(text, rules, is_number=is_number)
