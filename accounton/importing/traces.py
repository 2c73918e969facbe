"""What imports left on one customer: who made or changed him when, from which file, field by field, and what an undo
took back. National numbers leave it masked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounton.customers.models import Customer
from accounton.importing.bases import opened_overwritten
from accounton.importing.cells import CODES
from accounton.importing.models import Batch, Outcome, Overwritten, Part, StagedRow, Undone
from accounton.importing.outcomes import added_by, moment_words
from accounton.importing.screening import group_words
from accounton.importing.sides import staff_names, unpacked
from accounton.importing.undo_words import reasons_words
from accounton.importing.wording import header_of
from accounton.rows.groups import group_of, keys_of
from accounton.sealing import CannotOpen

MOST = 100


@dataclass(frozen=True)
class FieldTrace:
    """One field that an import changed; both texts are "" where they cannot be opened any more."""

    header: str
    before: str
    after: str
    is_code: bool


@dataclass(frozen=True)
class Trace:
    """One thing that an import did. `undone` says that it was undone, and what stayed; "" where it was not."""

    at: datetime
    who: str
    what: str
    batch_id: int | None = None
    fields: list[FieldTrace] = field(default_factory=list)
    undone: str = ""


def traces(customer: Customer) -> list[Trace]:
    """Give what imports did to a customer, the last first, at most MOST changes; how he came in is always the last."""
    people = ("batch__applied_by", "batch__undone_by", "chosen_by", "row")
    changes = Overwritten.objects.filter(customer=customer).select_related(*people).order_by("-at", "-pk")
    return [*map(_changed, changes[:MOST]), *_made(customer)]


def _made(customer: Customer) -> list[Trace]:
    if customer.import_row is None:
        return []
    people = ("batch__created_by", "batch__undone_by")
    row = StagedRow.objects.filter(pk=customer.import_row).select_related(*people).first()
    if row is None:
        return [Trace(customer.created_at, "", pgettext("history", "Added by an import"))]
    batch = row.batch
    words = _("Added from %(file)s, row %(row)s") % {"file": batch.file_name, "row": row.number}
    undone = _undone(batch, batch.undone_at, row.pk, [Part.CUSTOMER]) if batch.undone_at else ""
    who = added_by(batch, customer.created_at, staff_names()) or str(batch.created_by or "")
    return [Trace(customer.created_at, who, words, batch.pk, [], undone)]


def _changed(each: Overwritten) -> Trace:
    batch = each.batch
    said = {"file": batch.file_name, "row": each.row.number, "year": batch.assessment_year}
    if not each.keys:
        words = _("File %(year)s made from %(file)s, row %(row)s") % said
    elif each.with_dossier:
        words = _("Overwritten from %(file)s, row %(row)s, and file %(year)s made") % said
    else:
        words = _("Overwritten from %(file)s, row %(row)s") % said
    undone = _undone(batch, each.undone_at, each.row_id, [Part.CHANGE, Part.FILE]) if each.undone_at else ""
    return Trace(each.at, str(each.chosen_by or batch.applied_by or ""), words, batch.pk, _fields(each), undone)


def _fields(each: Overwritten) -> list[FieldTrace]:
    keys = unpacked(each.keys)
    try:
        before, after, _archived = opened_overwritten(each)
    except CannotOpen:  # its key is gone: which fields they were is still known
        before, after = {}, {}
    groups = dict.fromkeys(map(group_of, keys))
    return [
        FieldTrace(header_of(group), group_words(group, before), group_words(group, _after(group, before, after)),
                   group in CODES)
        for group in groups
    ]  # fmt: skip


def _after(group: str, before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Give what stood in a group afterwards: what the import left of it too."""
    return {key: after.get(key, before.get(key, "")) for key in keys_of(group)}


def _undone(batch: Batch, at: datetime | None, row_id: int, parts: Iterable[Part]) -> str:
    """Say who undid it and when, and what stayed and why."""
    who = str(batch.undone_by or "—")
    words = _("Undone by %(name)s on %(moment)s.") % {"name": who, "moment": moment_words(at)}
    stays = Undone.objects.filter(batch=batch, row=row_id, part__in=list(parts)).exclude(outcome=Outcome.TAKEN_BACK)
    kept = [reasons_words(unpacked(each.keys), unpacked(each.reasons)) for each in stays.order_by("pk")]
    if not kept:
        return words
    return f"{words} " + _("What stayed: %(what)s.") % {"what": "; ".join(kept)}
