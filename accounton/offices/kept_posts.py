"""What a form sent when nobody was signed in any more: kept sealed in the session until the same person signs in."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import time
from typing import Any

import orjson
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse, UnreadablePostError

from accounton.offices.keys import sealer
from accounton.offices.sessions import person_of
from accounton.sealing import CannotOpen

KEY, CONTEXT = "kept_post", b"kept post"
MOST_BYTES = 256 * 1024
KEPT_SECONDS = 3600


@dataclass(frozen=True)
class KeptPost:
    """A form that was sent: by whom, from which page, to which address, with what."""

    person: str
    page: str
    address: str
    fields: list[tuple[str, str]]
    at: int


def keep_post(request: HttpRequest, page: str) -> bool:
    """Keep what a request sends, and return whether that can be done: no files, not too much, by a known person."""
    person = last_person(request)
    try:
        fields = [
            (name, value) for name, values in request.POST.lists() for value in values if name != "csrfmiddlewaretoken"
        ]
        # Nothing at all: a file of which nothing was read (site/refused_bodies.py). The token alone is a button.
        if not person or request.FILES or not request.POST:
            return False
    except (RequestDataTooBig, TooManyFieldsSent, UnreadablePostError):
        return False
    content = orjson.dumps(KeptPost(person, page, request.get_full_path(), fields, int(time())))
    if len(content) > MOST_BYTES:
        return False
    request.session[KEY] = base64.b64encode(sealer().seal(content, CONTEXT)).decode()
    return True


def kept_post(session: SessionBase, user: Any) -> KeptPost | None:
    """Return what is kept for this person; None where nothing is, or not for them, or not any more."""
    kept = _opened(session)
    return kept if kept and kept.person == person_of(user) else None


def forget_sent(request: HttpRequest) -> None:
    """Forget what was kept once it has been sent again, or is too old. What another person sent stays for them."""
    if KEY in request.session and request.method == "POST":
        kept = _opened(request.session)
        is_own = kept is not None and kept.person == person_of(request.user)
        if kept is None or (is_own and kept.address == request.get_full_path()):
            del request.session[KEY]


@contextmanager
def kept_beyond(request: HttpRequest) -> Iterator[None]:
    """Keep what is kept over the end of a session: its sender may sign in after somebody else at the same counter."""
    sealed = request.session.get(KEY) if _opened(request.session) else None
    yield
    if sealed:
        request.session[KEY] = sealed


def _opened(session: SessionBase) -> KeptPost | None:
    if KEY not in session:
        return None
    try:
        content = orjson.loads(sealer().open(base64.b64decode(session[KEY]), CONTEXT))
    except CannotOpen:
        return None
    kept = KeptPost(**{**content, "fields": [(name, value) for name, value in content["fields"]]})
    return kept if time() - kept.at < KEPT_SECONDS else None


def last_person(request: HttpRequest) -> str:
    """Return who is signed in, or who was so in this browser the last time."""
    return person_of(request.user) or _remembered(request)


def remember_person(request: HttpRequest, response: HttpResponse) -> None:
    """Let the browser remember who is signed in, for last_person()."""
    person = person_of(request.user)
    if person and _remembered(request) != person:
        response.set_signed_cookie(
            settings.PERSON_COOKIE_NAME, person, max_age=_age(), httponly=True,
            secure=settings.SESSION_COOKIE_SECURE, samesite="Lax",
        )  # fmt: skip


def _remembered(request: HttpRequest) -> str:
    try:
        return request.get_signed_cookie(settings.PERSON_COOKIE_NAME, "", max_age=_age()) or ""
    except BadSignature:
        return ""


def _age() -> int:
    # Longer than any session, so that one that has just ended still says whose it was.
    return 2 * settings.SESSION_COOKIE_AGE
