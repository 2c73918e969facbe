"""The keyed hashes of entries, of the links of a chain and of its end: nobody makes them without encryption keys."""

import hmac
import json
import os
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.conf import settings

from accounton.sealing.keys import derived

NONCE_BYTES = 8
HASH_BYTES = 16
Said = tuple[int, datetime, int | None, str, str, dict[str, Any]]
"""What an entry says: office, when, user, action, subject, details."""


def own_hash(said: Said) -> bytes:
    """Return the hash of what an entry says, with a nonce in front: no two entries have the same."""
    return _own_hash(os.urandom(NONCE_BYTES), said)


def is_own_hash(stored: bytes, said: Said) -> bool:
    """Return whether a stored hash is the one of what an entry says."""
    return hmac.compare_digest(stored, _own_hash(stored[:NONCE_BYTES], said))


def start_hash(chain: int) -> bytes:
    """Return what stands in the place of a link before the first one."""
    return _keyed(b"start", b"%d" % chain)


def chain_hash(before: bytes, position: int, entry_id: int, own: bytes) -> bytes:
    """Return the link of an entry to the one before it."""
    return _keyed(b"link", b"%b|%d|%d|%b" % (before, position, entry_id, own))


def head_hash(chain: int, position: int, last: bytes) -> bytes:
    """Return the hash of the end of a chain. It does not follow from links: who cuts a tail off cannot make it."""
    return _keyed(b"head", b"%d|%d|%b" % (chain, position, last))


def _own_hash(nonce: bytes, said: Said) -> bytes:
    office_id, at, user_id, action, subject, details = said
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    content = json.dumps(
        [office_id, moment, user_id, action, subject, details], sort_keys=True, separators=(",", ":")
    ).encode()
    return nonce + _keyed(b"entry", nonce + content)[:HASH_BYTES]


def _keyed(purpose: bytes, content: bytes) -> bytes:
    return hmac.digest(_key(), purpose + b"|" + content, "sha256")


@cache
def _key() -> bytes:
    # Of the oldest key, as the hashes that customers are found by: new keys come in front of it (decision 026).
    return derived(settings.ENCRYPTION_KEYS[-1], b"accounton audit")
