"""What became of a row of a file, in words: added, overwritten, left out, or nothing and why not."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounton.importing.cells import RowView
from accounton.importing.models import Aside, Batch, Bucket, Overwritten, StagedRow, State
from accounton.importing.sides import add_of, unpacked
from accounton.importing.wording import headers_of

PLACES = {**dict(Bucket.choices), **dict(Aside.choices)}


def place_words(row: StagedRow) -> str:
    """Name the bucket of a row, or where it was put aside."""
    return str(PLACES[row.bucket])


def overwritten_by_row(rows: Sequence[StagedRow]) -> dict[int, Overwritten]:
    """Give by row what it changed of a known customer and was not undone."""
    found = Overwritten.objects.filter(row__in=[row.pk for row in rows], undone_at=None).select_related("chosen_by")
    return {each.row_id: each for each in found.defer("sealed").order_by("id")}


def added_by(batch: Batch, made_at: datetime, staff: Mapping[int, str]) -> str:
    """Give the name of who added a customer made at that moment, "" for nobody known; `staff` are names by id."""
    return staff.get(add_of(batch, made_at).get("by") or 0, "")


def became(view: RowView, overwritten: Overwritten | None, made_at: datetime | None, staff: Mapping[int, str]) -> str:
    """Say what became of a row, and by whom; `made_at` is when a customer was made of it."""
    row = view.row
    if made_at:
        return _("Added by %(name)s on %(moment)s") % _by(added_by(view.batch, made_at, staff), made_at)
    if overwritten is not None:
        return _changed(overwritten)
    if row.merged_into:
        return _("Merged into row %(number)s") % {"number": row.merged_into}
    return _not_added(view)


def _not_added(view: RowView) -> str:
    reasons: dict[str, str] = {
        Bucket.INVALID: _("Not added: it is invalid"),
        Bucket.DOUBLE: _("Not added: it is here already"),
        Aside.MERGED: _("Not added: it was merged into another row"),
        Aside.LEFT_OUT: _("Not added: it was left out"),
    }
    if reason := reasons.get(view.row.bucket):
        return reason
    if view.batch.state == State.UNDONE:
        return _("Not added: the import was undone")
    if not view.row.selected:
        return _("Not added: it is not selected")
    return _("Not added: the import was finished without it") if view.batch.state == State.DONE else _("Not added yet")


def _changed(overwritten: Overwritten) -> str:
    by = _by(str(overwritten.chosen_by or ""), overwritten.at)
    headers = headers_of(unpacked(overwritten.keys))
    if not headers:
        return _("File made for the known customer by %(name)s on %(moment)s") % by
    return _("Changed of the known customer by %(name)s on %(moment)s: %(columns)s") % {**by, "columns": headers}


def _by(name: str, moment: datetime | None) -> dict[str, str]:
    return {"name": name or "—", "moment": moment_words(moment)}


def moment_words(moment: datetime | None) -> str:
    """Give a moment as people write it: 16/10/2026 14:02."""
    return date_format(timezone.localtime(moment), "d/m/Y H:i") if moment else ""
