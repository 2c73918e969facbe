"""Sealing, opening, keyed hashing and masking of what nobody may read. Pure: keys come in as arguments."""

from accounton.sealing.keys import UnusableKeys, generate_key, parse_keys
from accounton.sealing.sealer import CannotOpen, Sealer

__all__ = ["CannotOpen", "Sealer", "UnusableKeys", "generate_key", "parse_keys"]
