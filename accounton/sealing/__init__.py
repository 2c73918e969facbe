"""Sealing, opening, keyed hashing and masking of what nobody may read. Pure: keys come in as arguments."""

from accounton.sealing.keys import UnusableKeys, check_value, generate_key, key_id, parse_keys
from accounton.sealing.sealer import HEAD_BYTES, VERSION, CannotOpen, Sealer

__all__ = [
    "HEAD_BYTES",
    "VERSION",
    "CannotOpen",
    "Sealer",
    "UnusableKeys",
    "check_value",
    "generate_key",
    "key_id",
    "parse_keys",
]
