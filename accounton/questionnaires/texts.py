"""Texts in Dutch, French and English side by side. Pure: the language is the customer's, not that of the page."""

import re
from dataclasses import dataclass
from typing import Literal

Language = Literal["nl", "fr", "en"]
LANGUAGES: tuple[Language, ...] = ("nl", "fr", "en")
OF_CUSTOMERS: dict[str, Language] = {"dutch": "nl", "french": "fr", "english": "en"}

# What a text may leave open, to be filled in with the years of the dossier.
YEARS = ("income_year", "assessment_year")
# French has a space before these signs and inside its quotes, at which a line must not break.
_FRENCH_SPACE = re.compile(r" (?=[?!:;»])|(?<=«) ")
_OPENING = re.compile(r"\{(\w*)\}")


class UnknownLanguage(ValueError):
    """A language that is neither one of the screens (nl, fr, en) nor one of the customers (dutch, french, english)."""


def language_code(language: str) -> Language:
    """Give nl, fr or en for those same codes and for dutch, french and english. Raises UnknownLanguage."""
    if language in LANGUAGES:
        return language
    try:
        return OF_CUSTOMERS[language]
    except KeyError:
        raise UnknownLanguage(f"{language!r} is not one of {', '.join((*LANGUAGES, *OF_CUSTOMERS))}") from None


@dataclass(frozen=True)
class Text:
    """One text in three languages. `{income_year}` and `{assessment_year}` in it are filled in when it is shown."""

    nl: str
    fr: str
    en: str

    def in_language(self, language: str, assessment_year: int | None = None) -> str:
        """Give the text in one language, with the years of a dossier filled in where a year is given.

        Raises UnknownLanguage.
        """
        code = language_code(language)
        text: str = getattr(self, code)
        if code == "fr":
            text = _FRENCH_SPACE.sub("\N{NO-BREAK SPACE}", text)
        if assessment_year is None:
            return text
        # The income year is the one before the assessment year.
        return text.format(income_year=assessment_year - 1, assessment_year=assessment_year)


def stray_openings(text: str) -> list[str]:
    """Give what stands between braces in a text but is not one of YEARS; a brace without its other half counts too."""
    strays = [name for name in _OPENING.findall(text) if name not in YEARS]
    return strays + re.findall(r"[{}]", _OPENING.sub("", text))


YES = Text("Ja", "Oui", "Yes")
MAIN_DECLARANT = Text("Hoofdaangever", "Déclarant principal", "Main declarant")
PARTNER = Text("Partner", "Partenaire", "Partner")
BOX = Text("bus", "bte", "box")
