"""How long an add, an undo or a workbook will still take, by what it did until now."""

from datetime import datetime

from django.utils.translation import ngettext

from accounton.importing.models import Batch, State


def remaining(batch: Batch, now: datetime) -> int | None:
    """Give the seconds still to go; None while too little was done to tell."""
    if batch.state == State.UNDOING:
        counts: dict[str, int] = batch.undo
        since = datetime.fromisoformat(batch.undo["since"])
    elif batch.state == State.APPLYING and batch.applying_since is not None:
        counts, since = batch.result, batch.applying_since
    else:
        return None
    return _seconds_left(counts["done"], counts["asked"], since, now)


def _seconds_left(done: int, asked: int, since: datetime, now: datetime) -> int | None:
    return round((now - since).total_seconds() * max(asked - done, 0) / done) if done else None


def left_words(done: int, asked: int, since: datetime, now: datetime) -> str:
    """Say how long work will still take of which so much was done since then, as remaining_words() does."""
    return _words(_seconds_left(done, asked, since, now))


def remaining_words(batch: Batch, now: datetime) -> str:
    """Say it: " · about 2 minutes left", "" while nobody knows."""
    return _words(remaining(batch, now))


def _words(seconds: int | None) -> str:
    if seconds is None:
        return ""
    if seconds < 60:
        return ngettext(" · about %(count)s second left", " · about %(count)s seconds left", seconds) % {
            "count": max(seconds, 1)
        }
    minutes = round(seconds / 60)
    return ngettext(" · about %(count)s minute left", " · about %(count)s minutes left", minutes) % {"count": minutes}
