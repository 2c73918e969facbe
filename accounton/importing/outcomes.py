"""What became of a row of a file, in words: added, overwritten, left out, or nothing and why not."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounton.importing.cells import RowView
from accounton.importing.models import Aside, Bucket, Overwritten, StagedRow, State
from accounton.importing.wording import header_of
from accounton.offices.models import User
from accounton.rows.columns import BY_KEY

PLACES = {**dict(Bucket.choices), **dict(Aside.choices)}


def place_words(row: StagedRow) -> str:
    """Name the bucket of a row, or where it was put aside."""
    return str(PLACES[row.bucket])


def overwritten_by_row(rows: Sequence[StagedRow]) -> dict[int, Overwritten]:
    """Give by row what it changed of a known customer and was not undone."""
    found = Overwritten.objects.filter(row__in=[row.pk for row in rows], undone_at=None).select_related("chosen_by")
    return {each.row_id: each for each in found.defer("sealed").order_by("id")}


def became(view: RowView, overwritten: Overwritten | None) -> str:
    """Say what became of a row, and by whom."""
    batch, row = view.batch, view.row
    if view.customer_id:
        return _("Added by %(name)s on %(moment)s") % _by(batch.applied_by, batch.applied_at)
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
    by = _by(overwritten.chosen_by, overwritten.at)
    headers = ", ".join(header_of(key) for key in overwritten.keys.split(",") if key in BY_KEY)
    if not headers:
        return _("File made for the known customer by %(name)s on %(moment)s") % by
    return _("Changed of the known customer by %(name)s on %(moment)s: %(columns)s") % {**by, "columns": headers}


def _by(user: User | None, moment: datetime | None) -> dict[str, str]:
    return {"name": str(user or "—"), "moment": moment_words(moment)}


def moment_words(moment: datetime | None) -> str:
    """Give a moment as people write it: 16/10/2026 14:02."""
    return date_format(timezone.localtime(moment), "d/m/Y H:i") if moment else ""
