"""What the environment says."""

import os
from urllib.parse import urlsplit

from accounton.site.startup import CannotStart

LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "::1"}


class UnusableEnvironment(CannotStart):
    """A setting is absent, cannot be used, or is not safe."""


def text(name: str, default: str = "") -> str:
    """Give the setting ACCOUNTON_<name>, or the default where it is absent or empty."""
    return os.environ.get(f"ACCOUNTON_{name}", "") or default


def base_url() -> str:
    """Return the address people type, which every link in a mail begins with; a local run answers on PORT.

    Beyond one's own machine it must be https: national numbers travel over it. Raises UnusableEnvironment.
    """
    url = text("BASE_URL", f"http://127.0.0.1:{os.environ.get('PORT') or 8000}").rstrip("/")
    example = "write it like https://accounton.example"
    try:
        parts = urlsplit(url)
        is_site = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        is_site = False
    if not is_site or parts.path or parts.query or parts.fragment:
        raise UnusableEnvironment(f"ACCOUNTON_BASE_URL is not the address of a site: {example}")
    if parts.username is not None or parts.password is not None:
        raise UnusableEnvironment(f"ACCOUNTON_BASE_URL must hold no user name or password: {example}")
    if parts.scheme == "http" and not is_local(url):
        raise UnusableEnvironment(
            "ACCOUNTON_BASE_URL must begin with https:// beyond one's own machine: "
            "with http:// passwords and national numbers could be read on their way"
        )
    return url


def number(name: str, default: int, least: int = 1) -> int:
    """Return the setting ACCOUNTON_<name> as a whole number. Raises UnusableEnvironment."""
    given = text(name, str(default))
    if not (given.isascii() and given.isdecimal() and int(given) >= least):
        raise UnusableEnvironment(f"ACCOUNTON_{name} must be a whole number of at least {least}")
    return int(given)


def max_upload_bytes() -> int:
    """Return how large an uploaded file may be."""
    return number("MAX_UPLOAD_BYTES", 50 * 1024 * 1024)


def list_limits() -> dict[str, int]:
    """Return those limits of spreadsheets/limits.py for a list that are set; the others keep their defaults."""
    names = ("rows", "columns", "cells", "unzipped_bytes", "ratio", "memory", "seconds")
    return {name: number(f"LIST_{name.upper()}", 1) for name in names if text(f"LIST_{name.upper()}")}


def reveals(name: str, default: int) -> int:
    """Give how many national numbers a colleague may see; `name` ends the setting. Raises UnusableEnvironment."""
    given = text(f"REVEALS_{name}", str(default))
    if not (given.isascii() and given.isdecimal() and int(given) > 0):
        raise UnusableEnvironment(f"ACCOUNTON_REVEALS_{name} must be a whole number above 0")
    return int(given)


def session_limits() -> tuple[int, int]:
    """Give after how many seconds a session ends: without use, and whatever happens.

    Raises UnusableEnvironment where that makes no sense.
    """
    idle, most = text("SESSION_IDLE_MINUTES", "60"), text("SESSION_MAX_HOURS", "12")
    if not (idle.isdecimal() and most.isdecimal() and 1 <= int(idle) <= int(most) * 60):
        raise UnusableEnvironment(
            "ACCOUNTON_SESSION_IDLE_MINUTES and ACCOUNTON_SESSION_MAX_HOURS must be whole numbers from 1, "
            "and the minutes no longer than the hours"
        )
    return int(idle) * 60, int(most) * 3600


def is_local(base_url: str) -> bool:
    """Tell whether this is somebody's own machine: the address is a loopback one."""
    return (urlsplit(base_url).hostname or "") in LOOPBACK
