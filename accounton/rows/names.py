"""The one fold by which names are compared and sorted: case, accents and order do not count."""

import unicodedata

# Letters that carry no separable accent but are typed without it all the same.
_SPECIAL = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


def fold(text: str) -> str:
    """Give a text in small letters without accents, its words parted by single spaces."""
    if text.isascii() and text.isalpha():
        return text.lower()
    return _fold_marks(text)


def _fold_marks(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold().translate(_SPECIAL))
    return " ".join(
        "".join(char if char.isalnum() else " " for char in letters if not unicodedata.combining(char)).split()
    )


def name_key(first_name: str, last_name: str) -> str:
    """Give the key under which two spellings of one name meet: "Van den Bossche Zoë" and "zoe van den bossche" alike."""
    return " ".join(sorted(f"{fold(first_name)} {fold(last_name)}".split()))


def search_text(first_name: str, last_name: str, email: str = "", client_code: str = "") -> str:
    """Give what lists sort by and search in: last name first, folded, then the address and the office's own code."""
    return f"{fold(last_name)} {fold(first_name)} {email.lower()} {client_code.lower()}".rstrip()
