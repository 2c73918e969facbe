"""What the page on which columns are matched needs of a file, sealed as long as the file itself; and what is wished."""

from collections.abc import Mapping
from typing import Any

import orjson
from django.db import transaction

from accounton.importing.models import Batch, LearntColumn, State, Upload
from accounton.offices.keys import sealer
from accounton.rows.mapping_wishes import Wishes
from accounton.spreadsheets.problems import UnusableFile

LAYOUT_CONTEXT = b"layout:%d"
NOTHING_KEPT: dict[str, Any] = {"language": "", "choices": []}
MOST_KEPT = 20
"""So many other sheets and header rows have their choices kept: whoever looks at more of them chooses nothing."""
SEEN = "seen"
"""Stands for a target where a whole list was looked at, and need not be again: its key is that of seen_list."""


def wishes_of(batch: Batch) -> Wishes:
    """Give what was chosen for the file of a batch, and what its user and its office taught earlier."""
    return Wishes.from_message({**batch.mapping, **learnt_for(batch.created_by_id)})


def learnt_for(user_id: int | None) -> dict[str, Any]:
    """Give the learnt targets by squeezed header, of the user and of the office, and the lists that were looked at."""
    user: dict[str, str] = {}
    office: dict[str, str] = {}
    seen: dict[str, str] = {}
    for owner, key, target in LearntColumn.objects.order_by("id").values_list("user_id", "key", "target"):
        if owner in (None, user_id):
            known = seen if target == SEEN else office if owner is None else user
            known[key] = target
    return {"user": user, "office": office, "seen": list(seen)}


def keep_layout(batch: Batch, layout: dict[str, Any]) -> None:
    """Let a batch wait for somebody to match its columns; the choices made for other sheets and header rows stay."""
    with transaction.atomic():
        earlier = Upload.objects.get(batch=batch).layout is not None
        kept = _kept_in(opened_layout(batch)) if earlier else NOTHING_KEPT
        _seal(batch, {**layout, "kept": kept})
        batch.state, batch.attempts, batch.problem = State.MAPPING, 0, {}
        batch.sheet, batch.rows_expected = layout["sheet"], layout["rows_expected"]
        batch.revision += 1
        batch.save()


def back_to_layout(batch: Batch, error: UnusableFile) -> None:
    """Let a batch wait on with the columns that were known, and say why what was tried cannot be."""
    batch.state, batch.attempts, batch.problem = State.MAPPING, 0, error.as_message()
    batch.revision += 1
    batch.save()


def opened_layout(batch: Batch) -> dict[str, Any]:
    """Give what ColumnsUnsure told of the file of a batch that waits to be matched, with the choices that are kept."""
    sealed = Upload.objects.get(batch=batch).layout
    layout: dict[str, Any] = orjson.loads(sealer().open(bytes(sealed), LAYOUT_CONTEXT % batch.office_id))
    return layout


def keep_choices(batch: Batch, columns: Mapping[int, str], language: str | None) -> None:
    """Keep the targets chosen by place for the sheet and header row that are looked at, and the language for all."""
    layout = opened_layout(batch)
    kept, sheet, row = _kept_in(layout), layout["sheet"], layout["header_row"]
    others = [each for each in kept["choices"] if (each["sheet"], each["header_row"]) != (sheet, row)]
    chosen = {str(place): target for place, target in columns.items()}
    these = {"sheet": sheet, "header_row": row, "columns": chosen}
    said = kept["language"] if language is None else language
    _seal(batch, {**layout, "kept": {"language": said, "choices": [*others[-MOST_KEPT:], these]}})


def kept_choices(layout: dict[str, Any]) -> tuple[dict[int, str], str]:
    """Give the targets by place that were chosen earlier for this sheet and header row, and the language for all."""
    kept = _kept_in(layout)
    for each in kept["choices"]:
        if (each["sheet"], each["header_row"]) == (layout["sheet"], layout["header_row"]):
            return {int(place): target for place, target in each["columns"].items()}, kept["language"]
    return {}, kept["language"]


def header_row_of(layout: dict[str, Any], sheet: str) -> int | None:
    """Give the header row that was last looked at in a sheet; None where it was not looked at."""
    rows = [each["header_row"] for each in _kept_in(layout)["choices"] if each["sheet"] == sheet]
    return rows[-1] if rows else None


def _kept_in(layout: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = layout.get("kept") or NOTHING_KEPT
    return kept


def _seal(batch: Batch, layout: dict[str, Any]) -> None:
    sealed = sealer().seal(orjson.dumps(layout), LAYOUT_CONTEXT % batch.office_id)
    Upload.objects.filter(batch=batch).update(layout=sealed)
