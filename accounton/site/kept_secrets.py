"""The secrets of an installation; a local run makes them for itself once and keeps them under its data directory."""

import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from accounton.sealing import UnusableKeys, generate_key, parse_keys
from accounton.site.database import is_in_use
from accounton.site.environment import UnusableEnvironment, text

# As Django's own check (security.W009), and what people leave standing of an example.
LEAST_SECRET, LEAST_DIFFERENT = 50, 5
_PLACEHOLDER = re.compile(r"django-insecure|change.?(me|this|it)|place.?holder|your.?secret|secret.?key|example", re.I)


def secret_key(data_dir: Path, local: bool) -> str:
    """Return Django's key. Raises UnusableEnvironment where it is absent in production, or could be guessed.

    A local run whose key is lost makes another: it signs sessions and queued jobs only. Everybody signs in again, and
    what was queued is found by the sweeper.
    """
    key = kept_secret("SECRET_KEY", data_dir, local)
    if len(key) < LEAST_SECRET or len(set(key)) < LEAST_DIFFERENT or _PLACEHOLDER.search(key):
        raise UnusableEnvironment(
            f"ACCOUNTON_SECRET_KEY can be guessed: it needs at least {LEAST_SECRET} random characters, such as "
            """python3 -c 'import secrets; print(secrets.token_urlsafe(50))' prints"""
        )
    if any(part.strip() and part.strip() in key for part in text("ENCRYPTION_KEYS").split(",")):
        raise UnusableEnvironment("ACCOUNTON_SECRET_KEY holds an encryption key: give each a secret of its own")
    return key


def encryption_keys(data_dir: Path, local: bool, database: Mapping[str, Any]) -> list[bytes]:
    """Return the encryption keys, the newest first. Raises UnusableEnvironment where one is absent or unusable.

    A local run makes one where nothing is in the database yet. A lost one is never made anew: with another
    key nobody in the database would be recognised, and the next import would add everybody a second time.
    """

    def made() -> str:
        if is_in_use(database):
            raise UnusableEnvironment(
                f"The encryption keys are gone: {path} is not there, but the database is, and only they open the "
                "national numbers in it. Put the file back from your backup, or set ACCOUNTON_ENCRYPTION_KEYS; no new "
                "key is made. To begin anew, move the database away too."
            )
        return generate_key()

    path = data_dir / "encryption_keys"
    try:
        return parse_keys(kept_secret("ENCRYPTION_KEYS", data_dir, local, made))
    except UnusableKeys as error:
        where = "ACCOUNTON_ENCRYPTION_KEYS" if text("ENCRYPTION_KEYS") else str(path)
        raise UnusableEnvironment(
            f"The encryption keys in {where} cannot be used: {error}. A key is 32 random bytes in base64; put the one "
            "back with which this database was made."
        ) from None


def kept_secret(
    name: str, data_dir: Path, local: bool, make: Callable[[], str] = lambda: secrets.token_urlsafe(50)
) -> str:
    """Return the secret ACCOUNTON_<name>; a local run makes it once and keeps it under the data directory.

    Raises UnusableEnvironment in production where it is absent, and where it cannot be read or kept.
    """
    if given := text(name):
        return given
    if not local:
        raise UnusableEnvironment(f"ACCOUNTON_{name} must be set: ACCOUNTON_BASE_URL is not a local address")
    path = data_dir / name.lower()
    try:
        if not path.exists():
            _keep(path, make())
        return path.read_text("utf-8-sig").strip()  # Notepad marks its files
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not text"
        raise UnusableEnvironment(f"{path} can be neither read nor made: {reason}") from error


def _keep(path: Path, secret: str) -> None:
    """Write a secret to a file whole or not at all; where another process was first, its own stays."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # for its owner's eyes only
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()
