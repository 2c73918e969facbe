"""Parsers of columns with a fixed choice: the kind of client and the language."""

from accounton.belgium.folding import fold
from accounton.rows.findings import Outcome
from accounton.rows.parsing import Entry
from accounton.rows.rules import LANGUAGES, Rules

PERSON = "person"
_PERSONS = {PERSON, "persoon", "personne", "natuurlijk persoon", "personne physique", "natural person", "particulier"}

_SPELLINGS = {
    "dutch": "dutch nederlands neerlandais nl n nld nlbe nederlandstalig nederlandstalige neerlandophone vlaams "
    "flamand niederlandisch",
    "french": "french frans francais fr f fra franstalig franstalige francophone frbe franzosisch",
    "english": "english engels anglais en e eng engelstalig anglophone engb enus englisch",
}
_LANGUAGE_OF = {spelling: language for language, spellings in _SPELLINGS.items() for spelling in spellings.split()}


def kind(entry: Entry, _rules: Rules) -> Outcome:
    """Take `person`; the word in Dutch or French is notation."""
    return entry.repaired(PERSON) if fold(entry.text) in _PERSONS else entry.wrong("unsupported")


def language(entry: Entry, rules: Rules) -> Outcome:
    """Take dutch, french or english, also by their names in three languages and their abbreviations."""
    found = _LANGUAGE_OF.get(fold(entry.text).replace(" ", ""))
    if found is None:
        return entry.wrong("unknown")
    if found not in rules.languages:
        enabled = [name for name in LANGUAGES if name in rules.languages]
        return entry.wrong("not_enabled", detail=", ".join(enabled))
    return entry.repaired(found)


def is_language(text: str) -> bool:
    """Say whether a text names a language that is known here."""
    return fold(text).replace(" ", "") in _LANGUAGE_OF
