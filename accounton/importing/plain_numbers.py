"""Where a national number stands unsealed: what came in before they were looked for in every column."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils import timezone

from accounton.belgium.numbers_in_text import found_in, may_hold
from accounton.customers.models import Customer
from accounton.customers.saving import TEXTS
from accounton.importing.models import Batch, Change, Decision, LearntColumn, StagedRow
from accounton.rows.couples import SPOUSE

NAMED = 50
_CHUNK = 2000
PLACES: tuple[tuple[type[models.Model], tuple[str, ...]], ...] = (
    (Customer, (*TEXTS, *SPOUSE, "labels", "search")),
    (StagedRow, ("search", "email", "name_key", "client_code", "traits")),
    (Batch, ("file_name", "sheet", "columns", "notices", "problem", "mapping")),
    (Change, ("code",)),
    (Decision, ("name",)),
    (LearntColumn, ("header", "key")),
)
"""The columns of the active office that hold what a list or a person said, as it is."""


def in_plain() -> Iterator[str]:
    """Yield a line for each such column with a number in it: the ids of its rows, and nothing of the number."""
    for model, columns in PLACES:
        found: dict[str, list[int]] = {}
        rows: Any = model._default_manager.order_by("pk").values_list("pk", *columns)
        for pk, *values in rows.iterator(chunk_size=_CHUNK):
            for column, value in zip(columns, values, strict=True):
                if _holds_number(value):
                    found.setdefault(column, []).append(pk)
        for column, ids in found.items():
            more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
            named = ", ".join(map(str, ids[:NAMED]))
            yield f"{model._meta.verbose_name} {named}{more}: a national number stands in {column}"


def _holds_number(value: Any) -> bool:
    text = value if isinstance(value, str) else str(value)
    return may_hold(text) and bool(found_in(text, timezone.localdate()))
