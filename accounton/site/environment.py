"""What the environment says, and the secrets that a local run makes for itself and keeps."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "::1"}


class UnusableEnvironment(Exception):
    """A setting that production needs is absent or cannot be used."""


def text(name: str, default: str = "") -> str:
    """Give the setting ACCOUNTON_<name>, or the default where it is absent or empty."""
    return os.environ.get(f"ACCOUNTON_{name}", "") or default


def base_url() -> str:
    """Return the address people type, which every link in a mail begins with; a local run answers on PORT."""
    return text("BASE_URL", f"http://127.0.0.1:{os.environ.get('PORT') or 8000}").rstrip("/")


def email_url(local: bool) -> str:
    """Return the address of the mail server; a local run may have none. Raises UnusableEnvironment in production."""
    url = text("EMAIL_URL")
    if not url and not local:
        raise UnusableEnvironment(
            "ACCOUNTON_EMAIL_URL must be set (smtp://user:password@host:587): nobody can reset a password without it"
        )
    return url


def max_upload_bytes() -> int:
    """Give how large an uploaded file may be."""
    return int(text("MAX_UPLOAD_BYTES", str(50 * 1024 * 1024)))


def list_limits() -> dict[str, int]:
    """Give those limits of spreadsheets/limits.py for a list that are set; the others keep their defaults."""
    names = ("rows", "columns", "cells", "unzipped_bytes", "ratio", "memory", "seconds")
    return {name: int(value) for name in names if (value := text(f"LIST_{name.upper()}"))}


def reveals(name: str, default: int) -> int:
    """Give how many national numbers a colleague may see; `name` ends the setting. Raises UnusableEnvironment."""
    given = text(f"REVEALS_{name}", str(default))
    if not (given.isascii() and given.isdecimal() and int(given) > 0):
        raise UnusableEnvironment(f"ACCOUNTON_REVEALS_{name} must be a whole number above 0")
    return int(given)


def is_local(base_url: str) -> bool:
    """Tell whether this is somebody's own machine: the address is a loopback one."""
    return (urlsplit(base_url).hostname or "") in LOOPBACK


def kept_secret(
    name: str, data_dir: Path, local: bool, make: Callable[[], str] = lambda: secrets.token_urlsafe(50)
) -> str:
    """Give the secret ACCOUNTON_<name>; a local run makes it once and keeps it under the data directory.

    Raises UnusableEnvironment in production where it is absent.
    """
    if given := text(name):
        return given
    if not local:
        raise UnusableEnvironment(f"ACCOUNTON_{name} must be set: ACCOUNTON_BASE_URL is not a local address")
    path = data_dir / name.lower()
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(make())
    return path.read_text().strip()
