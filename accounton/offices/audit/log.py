"""The log of an office as its admins read it: filtered, the newest first, in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, Q, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from accounton.offices.audit.actions import ACTIONS, Kind, actions_of
from accounton.offices.audit.subjects import Shown, found_by_name, is_subject, shown
from accounton.offices.models import AuditEntry, Office, User
from accounton.rows.columns import BY_KEY

PAGE = 50
MOST = 10_000
"""So many entries are shown and downloaded: the newest ones. From and to find earlier ones."""
COUNTS = ("added", "customers", "entries", "left", "rows")
BY_ITSELF = "none"


@dataclass(frozen=True)
class Line:
    """An entry as it is shown: the sentence with and without links, and what else it says."""

    at: datetime
    who: str
    sentence: SafeString
    text: str
    about: str
    kind: str
    more: str
    position: int | None


class Log:
    """What is shown; `params` are those of the address: who, kind, about, from, to, page."""

    def __init__(self, params: Mapping[str, str], office: Office) -> None:
        self.staff = list(User.objects.filter(office=office).order_by("name", "email"))
        self.kinds = Kind.choices
        who = params.get("who", "")
        self.who = who if who == BY_ITSELF or any(str(user.pk) == who for user in self.staff) else ""
        self.kind = params.get("kind", "") if params.get("kind") in Kind.values else ""
        self.about = params.get("about", "").strip()[:100]
        self.start, self.end = _day(params.get("from", "")), _day(params.get("to", ""))
        self._page = params.get("page")
        self._names = {user.pk: str(user) for user in self.staff}

    @property
    def is_filtered(self) -> bool:
        """Whether only a part is shown."""
        return bool(self.who or self.kind or self.about or self.start or self.end)

    @property
    def page(self) -> Page[Any]:
        """Return the page that was asked for."""
        return Paginator(self.entries(), PAGE).get_page(self._page)

    @property
    def about_words(self) -> str:
        """Return what the filter is about, as the reader calls it."""
        return shown([self.about])[self.about].text if is_subject(self.about) else self.about

    def entries(self) -> QuerySet[AuditEntry]:
        """Return the entries, the newest first, no more than are shown."""
        found: QuerySet[AuditEntry] = AuditEntry.objects.filter(self._wanted())
        if self.start:
            found = found.filter(at__gte=_midnight(self.start))
        if self.end:
            found = found.filter(at__lt=_midnight(self.end + timedelta(days=1)))
        return found.order_by(*_order(by_subject=bool(self.about)))[:MOST]

    def lines(self, entries: Sequence[AuditEntry]) -> Iterator[Line]:
        """Yield entries in words; names are looked up for all of them at once."""
        subjects = shown([entry.subject for entry in entries])
        for entry in entries:
            yield self._line(entry, subjects[entry.subject])

    def _wanted(self) -> Q:
        wanted = Q()
        if self.who:
            wanted &= Q(user=None) if self.who == BY_ITSELF else Q(user_id=int(self.who))
        if self.kind:
            wanted &= Q(action__in=actions_of(self.kind))
        if self.about:
            subjects = [self.about] if is_subject(self.about) else found_by_name(self.about)
            wanted &= Q(subject__in=subjects)
        return wanted

    def _line(self, entry: AuditEntry, about: Shown) -> Line:
        who = self._names.get(entry.user_id or 0, "") or (
            gettext("colleague %(id)s") % {"id": entry.user_id} if entry.user_id else gettext("Accounton")
        )
        action = ACTIONS.get(entry.action)
        sentence = str(action.sentence) if action else f"%(who)s: {entry.action}, %(subject)s"
        counts = (entry.details[name] for name in COUNTS if name in entry.details)
        values = {"who": who, "subject": about.text, "count": next(counts, "")}
        linked = format_html('<a href="{}">{}</a>', about.url, about.text) if about.url else about.text
        escaped = {name: conditional_escape(value) for name, value in (values | {"subject": linked}).items()}
        return Line(
            entry.at,
            who,
            SafeString(conditional_escape(sentence) % escaped),
            sentence % values,
            about.text,
            str(action.kind.label) if action else "",
            ", ".join(_more(entry.details)),
            entry.position,
        )


class _Sorted(Func):
    """A column that SQLite sorts by instead of walking all of the office's entries in its order."""

    template = "%(expressions)s"

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **options: Any) -> Any:
        return super().as_sql(compiler, connection, template="+%(expressions)s", **options)


def _order(*, by_subject: bool) -> tuple[Any, ...]:
    return (_Sorted(F("at")).desc(), "-pk") if by_subject else ("-at", "-pk")


def _more(details: Mapping[str, Any]) -> Iterator[str]:
    """Yield what an entry says beside its sentence."""
    language = get_language() or "nl"
    for key in details.get("fields", ()):
        yield BY_KEY[key].headers[language] if key in BY_KEY else str(key)
    if details.get("column") == "spouse_national_number":
        yield gettext("of the partner")
    if row := details.get("row"):
        yield gettext("row %(row)s") % {"row": row}
    if details.get("known_browser") is False:
        yield gettext("in a browser that was not known")
    if "before" in details and "after" in details:
        roles = dict(User.Role.choices)
        yield f"{roles.get(details['before'], details['before'])} → {roles.get(details['after'], details['after'])}"


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date(2000, 1, 1) <= day < date(9000, 1, 1) else None
