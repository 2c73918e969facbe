"""The list of who looked at whose national number, for the admins of an office."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from accounton.customers.models import Customer
from accounton.importing.cells import NAMES
from accounton.importing.models import Batch, StagedRow
from accounton.importing.screening import shown
from accounton.importing.sealed_rows import opened
from accounton.offices.models import AuditEntry, Office, User
from accounton.offices.reveals import LIFTED, LISTED, REVEALED, stopped_among

PAGE = 50
Rows = dict[tuple[int, int], StagedRow]


@dataclass(frozen=True)
class Person:
    """Somebody whose number was shown; `url` leads to the customer or to the row."""

    name: str
    url: str = ""
    where: str = ""


@dataclass(frozen=True)
class Line:
    """One line of the list."""

    at: datetime
    who: str
    what: str
    people: Sequence[Person] = ()


class Reveals:
    """What the page shows; `params` are those of its address (colleague, day, page)."""

    def __init__(self, params: Mapping[str, str], office: Office) -> None:
        self.staff = list(User.objects.filter(office=office).order_by("name", "email"))
        wanted = params.get("colleague", "")
        self.colleague = next((user for user in self.staff if str(user.pk) == wanted), None)
        self.day = _day(params.get("day", ""))
        self.stopped = stopped_among(self.staff)
        self.page: Page[Any] = Paginator(self._entries(), PAGE).get_page(params.get("page"))
        self.lines = _lines(list(self.page.object_list), {f"user:{user.pk}": str(user) for user in self.staff})

    @property
    def is_filtered(self) -> bool:
        """Whether only a part is shown."""
        return self.colleague is not None or self.day is not None

    def _entries(self) -> QuerySet[AuditEntry]:
        entries: QuerySet[AuditEntry] = AuditEntry.objects.filter(action__in=LISTED).select_related("user")
        if self.colleague is not None:
            entries = entries.filter(Q(user=self.colleague) | Q(subject=f"user:{self.colleague.pk}"))
        if self.day is not None:
            start = timezone.make_aware(datetime.combine(self.day, time()))
            end = timezone.make_aware(datetime.combine(self.day + timedelta(days=1), time()))
            entries = entries.filter(at__gte=start, at__lt=end)
        return entries.order_by("-at", "-pk")


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date(2000, 1, 1) <= day < date(9000, 1, 1) else None


def _lines(entries: Sequence[AuditEntry], staff: Mapping[str, str]) -> list[Line]:
    looks = [entry for entry in entries if entry.action == REVEALED]
    customers = Customer.objects.in_bulk({pk for entry in looks if (pk := _id(entry, "customer"))})
    places = {place for entry in looks for place in _places(entry)}
    batches = Batch.objects.in_bulk({batch for batch, _row in places})
    rows = _rows(places)
    return [
        Line(entry.at, str(entry.user or "—"), _look_words(entry), _people(entry, customers, batches, rows))
        if entry.action == REVEALED
        else _limit_line(entry, staff)
        for entry in entries
    ]


def _limit_line(entry: AuditEntry, staff: Mapping[str, str]) -> Line:
    name = {"name": staff.get(entry.subject, "—")}
    if entry.action == LIFTED:
        return Line(entry.at, str(entry.user or "—"), gettext("Allowed %(name)s to see more numbers") % name)
    return Line(entry.at, staff.get(entry.subject, "—"), gettext("Reached the limit of a day"))


def _look_words(entry: AuditEntry) -> str:
    if entry.details.get("numbers", 1) > 1:
        return gettext("National numbers of two")
    if entry.details.get("column") == "spouse_national_number":
        return gettext("National number of the partner")
    return gettext("National number")


def _people(
    entry: AuditEntry, customers: Mapping[int, Customer], batches: Mapping[int, Batch], rows: Rows
) -> list[Person]:
    people = []
    if pk := _id(entry, "customer"):
        found = customers.get(pk)
        url = reverse("customers:customer", args=[pk]) if found else ""
        people.append(Person(found.name if found else gettext("a customer who is no longer here"), url))
    for place in _places(entry):
        people.append(_row_person(place, batches.get(place[0]), rows.get(place)))
    return people


def _row_person(place: tuple[int, int], batch: Batch | None, row: StagedRow | None) -> Person:
    number = place[1]
    if batch is None or row is None:
        return Person(gettext("row %(row)s of an import that is no longer here") % {"row": number})
    values = opened(row).values
    name = " ".join(shown(key, values.get(key, "")) for key in NAMES).strip()
    where = gettext("row %(row)s of %(file)s") % {"row": number, "file": batch.file_name}
    return Person(name or where, reverse("importing:row", args=place), where if name else "")


def _places(entry: AuditEntry) -> list[tuple[int, int]]:
    """Return the rows whose numbers were shown: import and sheet row."""
    batch = _id(entry, "batch") or entry.details.get("batch")
    numbers = (entry.details.get(name) for name in ("row", "other"))
    return [(batch, number) for number in numbers if batch and number]


def _rows(places: Iterable[tuple[int, int]]) -> Rows:
    wanted = Q()
    for batch, number in places:
        wanted |= Q(batch=batch, number=number)
    if not wanted:
        return {}
    found = StagedRow.objects.filter(wanted).select_related("content")
    return {(row.batch_id, row.number): row for row in found}


def _id(entry: AuditEntry, kind: str) -> int:
    """Return the id of the entry's subject where it is of this kind, 0 for any other."""
    name, _colon, pk = entry.subject.partition(":")
    return int(pk) if name == kind else 0
