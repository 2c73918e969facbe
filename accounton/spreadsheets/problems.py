"""Why a file cannot be used at all: one code and one clear sentence each, saying what to do."""

from collections.abc import Callable
from typing import Any


def N_(text: str) -> str:
    """Mark a text for translation at the edge."""
    return text


MESSAGES: dict[str, str] = {}


class UnusableFile(Exception):
    """The file as a whole cannot be used. `code` is stable, `message` an English msgid, `params` fill it in."""

    def __init__(self, code: str, message: str = "", **params: Any) -> None:
        """Take a code of MESSAGES; another room with a code of its own gives its message too (marked with N_)."""
        self.code = code
        self.message = message or MESSAGES[code]
        self.params = params
        super().__init__(code)

    def text(self, gettext: Callable[[str], str] = str) -> str:
        """Give the sentence in the language of `gettext`; without it in English."""
        return gettext(self.message) % self.params
