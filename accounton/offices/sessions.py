"""The sessions of colleagues: they end after a while without use, and after a fixed time whatever happens."""

from collections.abc import Callable, Mapping
from time import time
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseSession
from django.http import HttpRequest, HttpResponse

from accounton.offices.models import User

SIGNED_IN_AT, USED_AT = "signed_in_at", "used_at"
# As the office has it, which the session learns from the user of each page; absent where the host decides.
IDLE_SECONDS = "idle_seconds"
# Use is written down this often at most: a write for each page would add to the queries of every page.
NOTED_EVERY = 120


class SessionStore(DatabaseSession):
    """A session in the database that is empty once one of its limits has passed."""

    def __setitem__(self, key: str, value: Any) -> None:
        """Store a value. Who is signed in is stored with the time."""
        super().__setitem__(key, value)
        if key == SESSION_KEY:
            super().__setitem__(SIGNED_IN_AT, int(time()))
            super().__setitem__(USED_AT, int(time()))

    def load(self) -> dict[str, Any]:
        """Return what the session holds, nothing where it has ended."""
        data: dict[str, Any] = super().load()
        if SESSION_KEY in data and seconds_left(data) <= 0:
            self.delete()
            self._session_key = None
            return {}
        return data


class SessionUseMiddleware:
    """Renew the session of a colleague by use. What a page asks for by itself is no use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session:
            follow_office(request)
        return self._get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> None:
        """Note that the session is in use."""
        if SESSION_KEY in request.session and not getattr(view, "is_background", False):
            note_use(request.session)


def follow_office(request: HttpRequest) -> None:
    """Have the session end as the office of its user wants it; at once where that makes it too old."""
    user, session = request.user, request.session
    if not isinstance(user, User):
        return
    minutes = user.office.idle_minutes if user.office else None  # loaded with the user
    wanted = minutes * 60 if minutes else None
    if session.get(IDLE_SECONDS) == wanted:
        return
    if wanted is None:
        del session[IDLE_SECONDS]
    else:
        session[IDLE_SECONDS] = wanted
    if seconds_left(session) <= 0:
        session.flush()
        request.user = AnonymousUser()


def background(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view that pages ask for by themselves, over and over: it renews no session."""
    view.is_background = True  # type: ignore[attr-defined]
    return view


def note_use(session: SessionBase) -> None:
    """Save that a session is in use, unless that was done just now."""
    now = int(time())
    if now - session.get(USED_AT, 0) >= min(NOTED_EVERY, idle_seconds(session) // 10):
        session.setdefault(SIGNED_IN_AT, now)
        session[USED_AT] = now


def idle_seconds(session: SessionBase | Mapping[str, Any]) -> int:
    """Return how long a session lasts without use: what the office chose, and never more than the host allows."""
    return min(int(session.get(IDLE_SECONDS, settings.SESSION_IDLE_SECONDS)), settings.SESSION_IDLE_SECONDS)


def seconds_left(session: SessionBase | Mapping[str, Any]) -> int:
    """Return after how many seconds without use a session ends."""
    return min(_idle_left(session), _most_left(session))


def can_stay(session: SessionBase | Mapping[str, Any]) -> bool:
    """Return whether use makes a session last longer."""
    return _idle_left(session) < _most_left(session)


def _idle_left(session: SessionBase | Mapping[str, Any]) -> int:
    now = int(time())
    return int(session.get(USED_AT, now)) + idle_seconds(session) - now


def _most_left(session: SessionBase | Mapping[str, Any]) -> int:
    now = int(time())
    return int(session.get(SIGNED_IN_AT, now)) + settings.SESSION_COOKIE_AGE - now


def person_of(user: Any) -> str:
    """Return who is signed in, and for which office, as pages carry it. Nobody is ""."""
    return f"{user.office_id or 0}-{user.pk}" if isinstance(user, User) else ""


def is_closed(person: str) -> bool:
    """Return whether the account of somebody, as person_of() gives it, was closed."""
    _office, _dash, pk = person.partition("-")
    return pk.isdecimal() and User.objects.filter(pk=pk, is_active=False).exists()
