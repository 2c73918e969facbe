"""AES-256-GCM with a key id in front, and keyed hashes to find a value without being able to read it.

A sealed value is: version (1 byte), key id (4 bytes), nonce (12 bytes), ciphertext with its 16-byte tag.
"""

import hmac
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from accounton.sealing.keys import KEY_ID_BYTES, derived, key_id

VERSION = b"\x01"
NONCE_BYTES = 12
HEAD_BYTES = len(VERSION) + KEY_ID_BYTES
HASH_BYTES = 16


class CannotOpen(Exception):
    """A sealed value was altered, belongs to another place, or its key is not among ours."""


class Sealer:
    """Seals with the first key, opens with any; hashes with a key derived from the last (oldest) one.

    The oldest key must stay until the hashes are made anew: they have no key id of their own.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        """Take keys of 32 bytes each, the newest first."""
        ciphers = [(key_id(key), AESGCM(derived(key, b"accounton seal"))) for key in keys]
        self._head = VERSION + ciphers[0][0]
        self._encrypt = ciphers[0][1].encrypt
        self._ciphers = dict(ciphers)
        self._hash_key = derived(keys[-1], b"accounton hash")

    def seal(self, plain: bytes, context: bytes) -> bytes:
        """Encrypt `plain` so that it opens only under the same `context` (its office and place)."""
        nonce = os.urandom(NONCE_BYTES)
        return self._head + nonce + self._encrypt(nonce, plain, context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """Decrypt what `seal` made under the same context. Raises CannotOpen."""
        cipher = self._ciphers.get(bytes(sealed[1:HEAD_BYTES]))
        if sealed[:1] != VERSION or cipher is None:
            raise CannotOpen("sealed with a key or in a form that is not known here")
        nonce = sealed[HEAD_BYTES : HEAD_BYTES + NONCE_BYTES]
        try:
            return cipher.decrypt(nonce, sealed[HEAD_BYTES + NONCE_BYTES :], context)
        except InvalidTag as error:
            raise CannotOpen("altered, or moved from another place") from error

    def hash(self, text: str, office_id: int) -> bytes:
        """Give the 16-byte keyed hash by which `text` is found again inside one office only."""
        return hmac.digest(self._hash_key, b"%d:%b" % (office_id, text.encode()), "sha256")[:HASH_BYTES]
