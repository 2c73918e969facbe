"""How large the body of a request may be, decided by its route before anything of it is read."""

from typing import NamedTuple, TypeVar

from django.conf import settings
from django.urls import Resolver404, resolve

FORM_SECONDS, FILE_SECONDS = 60, 900
# What stands beside the file in its form: fields, the token, the borders between them.
FORM_BESIDE_FILE_BYTES = 512 * 1024
View = TypeVar("View")


class Allowance(NamedTuple):
    """What a route takes of a body. `policy`: whose bodies are read at all (access.may_open), "" for anybody's."""

    bytes: int
    seconds: int
    policy: str = ""


def takes_file(view: View) -> View:
    """Let a view take one file of up to MAX_UPLOAD_BYTES, from those who may open it only."""
    view.takes_file = True  # type: ignore[attr-defined]
    return view


def allowance_of(path: str) -> Allowance:
    """Return what may be sent to a path."""
    try:
        view = resolve(path).func
    except Resolver404:
        view = None
    if getattr(view, "takes_file", False):
        return Allowance(settings.MAX_UPLOAD_BYTES + FORM_BESIDE_FILE_BYTES, FILE_SECONDS, view.policy)  # type: ignore[union-attr]
    return Allowance(settings.DATA_UPLOAD_MAX_MEMORY_SIZE, FORM_SECONDS)
