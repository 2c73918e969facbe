"""What checking needs to know of the office and the day."""

import datetime
from dataclasses import dataclass
from typing import Any

LANGUAGES = ("dutch", "french", "english")


@dataclass(frozen=True)
class Rules:
    """`staff` are the e-mails of colleagues; None where they are not known, as on the command line.

    `names` are pairs of a colleague's name, folded, and e-mail address.
    """

    today: datetime.date
    languages: frozenset[str] = frozenset(LANGUAGES)
    staff: frozenset[str] | None = None
    names: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        """Keep the e-mails in small letters, by which they are compared."""
        if self.staff is not None:
            object.__setattr__(self, "staff", frozenset(email.lower() for email in self.staff))

    def as_message(self) -> dict[str, Any]:
        """Give a form that can be sent to a child."""
        staff = None if self.staff is None else sorted(self.staff)
        known = {"languages": sorted(self.languages), "staff": staff, "names": [list(pair) for pair in self.names]}
        return {"today": self.today.isoformat(), **known}

    @classmethod
    def from_message(cls, message: dict[str, Any]) -> "Rules":
        """Make it again from what `as_message` gave."""
        staff = None if message["staff"] is None else frozenset(message["staff"])
        names = tuple((name, email) for name, email in message["names"])
        return cls(datetime.date.fromisoformat(message["today"]), frozenset(message["languages"]), staff, names)
