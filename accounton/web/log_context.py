"""What each log line says beside its message: the request or job that it belongs to, and who asks."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

REQUEST_ID_HEADER = "X-Request-ID"
_GIVEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}", re.ASCII)
_LONG_NUMBER = re.compile(r"\d{9,}")
# Said over the telephone: no letters and digits that are taken for one another.
_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
_HALF = 5

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
user_id: ContextVar[int | None] = ContextVar("user_id", default=None)
office_id: ContextVar[int | None] = ContextVar("office_id", default=None)
job_id: ContextVar[str | None] = ContextVar("job_id", default=None)


def new_request_id() -> str:
    """Return an id that can be read out: k7m3q-x9w2p."""
    half = ["".join(secrets.choice(_SIGNS) for _ in range(_HALF)) for _ in range(2)]
    return "-".join(half)


def chosen_request_id(given: str, *, is_trusted: bool) -> str:
    """Return the id that a trusted proxy gave where it is well-formed and holds no long number, else a new one."""
    well_formed = _GIVEN.fullmatch(given) and (not _LONG_NUMBER.search(given) or _is_hexadecimal(given))
    return given if is_trusted and well_formed else new_request_id()


@contextmanager
def in_log(variable: "ContextVar[str | None] | ContextVar[int | None]", value: str | int | None) -> Iterator[None]:
    """Have the lines that are logged inside the block say this."""
    token = variable.set(value)  # type: ignore[arg-type]
    try:
        yield
    finally:
        variable.reset(token)  # type: ignore[arg-type]


def _is_hexadecimal(text: str) -> bool:
    # nginx gives 32 of these, among which many digits may follow one another.
    return len(text.replace("-", "")) == 32 and not set(text.lower()) - set("0123456789abcdef-")
