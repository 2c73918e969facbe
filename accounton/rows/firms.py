"""Telling a company by its name: NV, BV, SRL, VZW and the other legal forms of Belgium and its neighbours."""

import re

_SURE = (
    "nv bv bvba ebvba srl sprl sprlu scrl scs snc sca cvba cva vof gcv commv scomm vzw ivzw asbl aisbl bvv gmbh sarl"
    " sasu ltd"
)
# Also words of people's names (Sá, Cv): only in capitals or with dots, at the end, and not behind a particle.
_UNSURE = "sa cv sc se ag sas"
_SIGNS = re.compile(r"[.\s]+")
_DOTTED = re.compile(r"\b(?:[A-Za-z]{1,4}\.\s?){1,4}(?:[A-Za-z]{1,4}\b\.?)?")
_PARTICLES = frozenset("de da do dos das di van el".split())
_FORMS = frozenset(_SURE.split())
_MAYBE = frozenset(_UNSURE.split())
_FORMS_OF_ALL = _FORMS | _MAYBE


def is_firm(first_name: str, last_name: str) -> bool:
    """Say whether the name in a row is a company's."""
    if not (may_be_firm(first_name) or may_be_firm(last_name)):
        return False
    return any(_has_form(text) for text in (first_name, last_name, f"{first_name} {last_name}"))


def may_be_firm(name: str) -> bool:
    """Say whether a first or last name has anything of a legal form: of most no word is one. Quicker than `is_firm`."""
    return "." in name or not _FORMS_OF_ALL.isdisjoint(_words(name.lower()))


def _has_form(text: str) -> bool:
    joined = _DOTTED.sub(_without_dots, text) if "." in text else text
    words = _words(joined)
    if len(words) < 2:
        return False
    for place in (0, -1):
        if words[place].strip(".").lower() in _FORMS:
            return True
    last, before = words[-1].strip("."), words[-2].lower()
    is_all_capitals = text.upper() == text and "." not in text
    return last.lower() in _MAYBE and last.isupper() and not is_all_capitals and before not in _PARTICLES


def _words(text: str) -> list[str]:
    return text.replace(",", " ").replace("(", " ").replace(")", " ").split()


def _without_dots(found: re.Match[str]) -> str:
    return f" {_SIGNS.sub('', found[0])} " if "." in found[0][:-1] else found[0]
