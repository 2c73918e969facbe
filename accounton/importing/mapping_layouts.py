"""What the page on which columns are matched needs of a file, sealed as long as the file itself; and what is wished."""

from typing import Any

import orjson
from django.db import transaction

from accounton.importing.models import Batch, LearntColumn, State, Upload
from accounton.offices.keys import sealer
from accounton.rows.mapping_wishes import Wishes
from accounton.spreadsheets.problems import UnusableFile

LAYOUT_CONTEXT = b"layout:%d"
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
    """Let a batch wait for somebody to match its columns."""
    with transaction.atomic():
        sealed = sealer().seal(orjson.dumps(layout), LAYOUT_CONTEXT % batch.office_id)
        Upload.objects.filter(batch=batch).update(layout=sealed)
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
    """Give what ColumnsUnsure told of the file of a batch that waits to be matched."""
    sealed = Upload.objects.get(batch=batch).layout
    layout: dict[str, Any] = orjson.loads(sealer().open(bytes(sealed), LAYOUT_CONTEXT % batch.office_id))
    return layout
