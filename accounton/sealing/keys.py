"""Encryption keys as they stand in the environment: base64 texts of 32 random bytes, the newest first."""

import base64
import binascii
import hashlib
import itertools
import os
import string

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
KEY_ID_BYTES = 4
# Of 32 random bytes 30 differ; that 17 or fewer do happens to one key in 10^11.
LEAST_DIFFERENT = 18
_PRINTABLE = set(string.printable.encode())


class UnusableKeys(ValueError):
    """A key is absent, of the wrong length, guessable or there twice. The message never holds the key."""


def generate_key() -> str:
    """Return a new random key as url-safe base64 text."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


def parse_keys(text: str) -> list[bytes]:
    """Return comma-separated base64 keys as bytes, in the same order.

    Raises UnusableKeys where there is none, one is not 32 random bytes, or one stands there twice.
    """
    keys = [_decoded(part.strip(), position) for position, part in enumerate(text.split(","), 1) if part.strip()]
    if not keys:
        raise UnusableKeys("no encryption key is given")
    if len(set(keys)) != len(keys):
        raise UnusableKeys("an encryption key is given twice")
    return keys


def key_id(key: bytes) -> bytes:
    """Return the name of a key, which stands in front of all that is sealed with it."""
    return hashlib.sha256(b"accounton key id" + key).digest()[:KEY_ID_BYTES]


def check_value(key: bytes) -> bytes:
    """Return what only the holder of a key can work out, and what says nothing about it (decision 026)."""
    return derived(key, b"accounton key check")


def derived(key: bytes, purpose: bytes) -> bytes:
    """Return the key for one purpose that follows from a key; none tells anything of another."""
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose).derive(key)


def _decoded(part: str, position: int) -> bytes:
    # Both alphabets of base64 are in use, and tools that make keys leave the = at the end out.
    padded = part.translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        key = base64.b64decode(padded + "=" * (-len(padded) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnusableKeys(f"encryption key {position} is not base64") from error
    if len(key) != KEY_BYTES:
        raise UnusableKeys(f"encryption key {position} has {len(key)} bytes where {KEY_BYTES} are needed")
    if _is_guessable(key):
        raise UnusableKeys(f"encryption key {position} is not random: it repeats itself, counts up, or is text")
    return key


def _is_guessable(key: bytes) -> bool:
    steps = {(after - before) % 256 for before, after in itertools.pairwise(key)}
    return len(set(key)) < LEAST_DIFFERENT or len(steps) == 1 or set(key) <= _PRINTABLE
