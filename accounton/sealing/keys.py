"""Encryption keys as they stand in the environment: base64 texts of 32 random bytes, the newest first."""

import base64
import binascii
import os

KEY_BYTES = 32


class UnusableKeys(ValueError):
    """A key is absent, of the wrong length or there twice. The message never holds the key."""


def generate_key() -> str:
    """Give a new random key as url-safe base64 text."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


def parse_keys(text: str) -> list[bytes]:
    """Turn comma-separated base64 keys into bytes, in the same order.

    Raises UnusableKeys where there is none, one is not 32 bytes, or one stands there twice.
    """
    keys = [_decoded(part.strip(), position) for position, part in enumerate(text.split(","), 1) if part.strip()]
    if not keys:
        raise UnusableKeys("no encryption key is given")
    if len(set(keys)) != len(keys):
        raise UnusableKeys("an encryption key is given twice")
    return keys


def _decoded(part: str, position: int) -> bytes:
    try:
        key = base64.urlsafe_b64decode(part)
    except (binascii.Error, ValueError) as error:
        raise UnusableKeys(f"encryption key {position} is not base64") from error
    if len(key) != KEY_BYTES:
        raise UnusableKeys(f"encryption key {position} has {len(key)} bytes where {KEY_BYTES} are needed")
    return key
