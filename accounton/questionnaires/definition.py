"""The questionnaires that there are: each a data file in definitions/, read once and strictly. Pure: no Django."""

from functools import cache
from pathlib import Path

from accounton.questionnaires.parsing import UnusableDefinition, parse
from accounton.questionnaires.questions import Choice, Condition, Definition, Field, Question, Section
from accounton.questionnaires.texts import LANGUAGES, Text, UnknownLanguage, language_code

__all__ = [
    "LANGUAGES",
    "Choice",
    "Condition",
    "Definition",
    "Field",
    "Question",
    "Section",
    "Text",
    "UnknownDefinition",
    "UnknownLanguage",
    "UnusableDefinition",
    "available",
    "language_code",
    "load",
]

FOLDER = Path(__file__).with_name("definitions")


class UnknownDefinition(LookupError):
    """There is no questionnaire with this key."""


def load(key: str) -> Definition:
    """Give the questionnaire with a key. Raises UnknownDefinition, and UnusableDefinition where its file is wrong."""
    try:
        return _definitions()[key]
    except KeyError:
        raise UnknownDefinition(f"there is no questionnaire {key!r}") from None


def available() -> list[Definition]:
    """Give all questionnaires, in order of key. Raises UnusableDefinition where a file is wrong."""
    return list(_definitions().values())


@cache
def _definitions() -> dict[str, Definition]:
    return {path.stem: parse(path) for path in sorted(FOLDER.glob("*.toml"))}
