"""Matching columns: what a person decides is checked, carried out, and learnt for the next file."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounton.importing.jobs import read_on
from accounton.importing.mapping_layouts import SEEN, header_row_of, keep_choices, opened_layout
from accounton.importing.models import Batch, LearntColumn, State
from accounton.offices.models import User
from accounton.rows.headers import squeezed
from accounton.rows.mapping_targets import NONE, TARGETS, keys_of, missing_of, seen_list
from accounton.rows.rules import LANGUAGES


class NotMatched(Exception):
    """The choices cannot be carried out: `missing` required keys, `twice` keys with several columns."""

    def __init__(self, missing: list[str], twice: list[str]) -> None:
        super().__init__("columns")
        self.missing, self.twice = missing, twice


class MatchedMeanwhile(Exception):
    """Somebody else has matched the columns, or looked at another sheet, since the page was shown."""


def go_on(batch: Batch, user: User, revision: int, columns: Mapping[int, str], language: str = "") -> None:
    """Read the file with a target for each place, and learn what was chosen.

    `language` goes for all customers where no column says theirs.
    Raises NotMatched and MatchedMeanwhile; nothing is changed then.
    """
    layout = opened_layout(batch)
    places = {column["place"] for column in layout["columns"]}
    chosen = {place: target for place, target in columns.items() if target in TARGETS and place in places}
    keys = Counter(key for target in chosen.values() for key in keys_of(target))
    fixed = {"language": language} if language in LANGUAGES and not keys["language"] else {}
    missing, twice = missing_of({*keys, *fixed}), [key for key, count in keys.items() if count > 1]
    if missing or twice:
        raise NotMatched(missing, twice)
    wished = {"columns": {str(place): target for place, target in chosen.items()}, "fixed": fixed, "ask": "never"}
    with transaction.atomic():
        _claim(batch, revision, {**wished, "sheet": layout["sheet"], "header_row": layout["header_row"]})
        _learn(user, layout, chosen)
    _read(batch)


def keep(batch: Batch, revision: int, columns: Mapping[int, str], language: str | None = None) -> None:
    """Keep what is chosen so far, until the file is read. `language` is None where there is nothing to choose.

    Raises MatchedMeanwhile.
    """
    with transaction.atomic():
        waiting = Batch.objects.filter(pk=batch.pk, state=State.MAPPING, revision=revision)
        if not waiting.update(touched_at=timezone.now()):  # which also makes others wait for their turn
            raise MatchedMeanwhile
        places = {column["place"] for column in opened_layout(batch)["columns"]}
        chosen = {place: target if target in TARGETS else NONE for place, target in columns.items() if place in places}
        if chosen:
            keep_choices(batch, chosen, language if language in ("", *LANGUAGES) else None)


def look_again(batch: Batch, revision: int, sheet: str, header_row: int | None) -> None:
    """Look at another sheet or another header row of the file: 0 for none, None for the one looked at earlier.

    `sheet` is "" for the one that is looked at. Raises MatchedMeanwhile.
    """
    if batch.state != State.MAPPING:
        raise MatchedMeanwhile
    layout = opened_layout(batch)
    if sheet and sheet not in {name for name, _is_visible in layout["sheets"]}:
        raise MatchedMeanwhile
    sheet = sheet or layout["sheet"]
    header_row = header_row_of(layout, sheet) if header_row is None else header_row
    _claim(batch, revision, {"ask": "always", "sheet": sheet, "header_row": header_row})
    _read(batch)


def forget(user: User, learnt_id: int | None = None) -> int:
    """Forget one thing that was learnt, or all that this user and the office have. Gives how many."""
    known = learnt_columns(user)
    deleted: tuple[int, dict[str, int]] = (known if learnt_id is None else known.filter(pk=learnt_id)).delete()
    return deleted[0]


def learnt_columns(user: User) -> Any:
    """Give what was learnt from this user and for the whole office."""
    return LearntColumn.objects.filter(user=user) | LearntColumn.objects.filter(user=None)


def _claim(batch: Batch, revision: int, wished: dict[str, Any]) -> None:
    waiting = Batch.objects.filter(pk=batch.pk, state=State.MAPPING, revision=revision)
    changes = {"state": State.WAITING, "mapping": wished, "attempts": 0, "touched_at": timezone.now()}
    if not waiting.update(revision=F("revision") + 1, **changes):
        raise MatchedMeanwhile


def _read(batch: Batch) -> None:
    batch.refresh_from_db()
    read_on(batch)
    batch.refresh_from_db()


def _learn(user: User, layout: dict[str, Any], chosen: Mapping[int, str]) -> None:
    """Keep what somebody chose instead of what was proposed, and that the list was looked at.

    A choice of what would be proposed without memory forgets what was learnt; a header that stands twice in the file
    teaches nothing.
    """
    columns = layout["columns"]
    targets = [(column["header"], chosen.get(column["place"], NONE)) for column in columns]
    headers = Counter(squeezed(header) for header, _ in targets)
    taught: dict[str, tuple[str, str]] = {}
    forgotten: list[str] = []
    for column, (header, target) in zip(columns, targets, strict=True):
        key = squeezed(header)[:200]
        if not key or headers[squeezed(header)] > 1 or target == column["target"]:
            continue
        if target == column.get("plain"):
            forgotten.append(key)
        else:
            taught[key] = (header[:200], target)
    if layout["header_row"] and (taught or not layout["certain"]):
        names = ", ".join(header for header, _ in targets if header)
        taught[seen_list(targets)] = (names[:200], SEEN)
    for owner in (user, None):
        LearntColumn.objects.filter(user=owner, key__in=[*taught, *forgotten]).delete()
        LearntColumn.objects.bulk_create(
            LearntColumn(user=owner, key=key, header=header, target=target) for key, (header, target) in taught.items()
        )
