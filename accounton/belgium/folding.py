"""The one fold by which spellings are compared: case, accents and signs do not count."""

import unicodedata
from functools import lru_cache

# Letters that carry no separable accent but are typed without it all the same.
_SPECIAL = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


@lru_cache(maxsize=20_000)  # names come back, within a row already
def fold(text: str) -> str:
    """Give a text in small letters without accents, its words parted by single spaces."""
    if text.isascii() and text.isalpha():
        return text.lower()
    letters = unicodedata.normalize("NFKD", text.casefold().translate(_SPECIAL))
    kept = "".join(char if char.isalnum() else " " for char in letters if not unicodedata.combining(char))
    return " ".join(kept.split())
