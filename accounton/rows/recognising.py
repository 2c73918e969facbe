"""What a column is by its values, whatever it is called."""

import datetime
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from accounton.belgium import countries, postal_codes
from accounton.belgium.folding import fold
from accounton.rows.cells import shown, tidy
from accounton.rows.choices import is_language
from accounton.rows.columns import BY_KEY
from accounton.rows.findings import Outcome
from accounton.rows.mapping_splits import address, kind_of_phone, postal_code_and_city, shows_order, street_and_number
from accounton.rows.parsing import parse
from accounton.rows.rules import Rules
from accounton.spreadsheets.reading import Cell

_EMPTY = Outcome("")
_NAME = re.compile(r"[^\W\d_][^\d_@]*")
_STREET = re.compile(
    r"(?:straat|laan|weg|plein|dreef|baan|lei|dijk|kaai|markt|hof|berg|veld|pad)\b"
    r"|\b(?:rue|avenue|av|chauss[ée]e|boulevard|bd|place|chemin|all[ée]e|clos|square|quai|route|dr[èe]ve|sentier)\b",
    re.IGNORECASE,
)
_HOUSE_NUMBER = re.compile(r"[0-9]{1,4}\s?[A-Za-z]?(?:[/\-][0-9A-Za-z]+)?")
# A dossier number as likely as a telephone number that lost its 0.
_PLAIN_NUMBER = re.compile(r"[1-9][0-9]{7,8}")
_FEW = 20
_HALF = 50
_FIRST_NAMES = frozenset(
    "jan piet jean pierre marie maria anna an anne els luc marc mark paul peter patrick dirk johan koen geert tom "
    "bart wim kris kurt stefan steven sven filip philippe michel andre daniel david thomas nicolas alexandre julien "
    "maxime emma louise olivia mila lina noor nora ella elise julie laura sarah sara eva lotte lore fien amber "
    "hanne louis arthur noah adam lucas liam victor jules mathis gabriel mohamed mohammed ahmed youssef ali hugo "
    "leon finn matteo lars vince stan milan rune seppe nathan robbe jef jos jozef joseph frans francois willy roger "
    "georges robert rita monique nicole martine christine christiane chantal nathalie isabelle sophie veronique "
    "anita linda carine karin karen katrien kathleen kristof wouter pieter joris bram jonas simon ruben jeroen tim "
    "kevin glenn ann greet hilde lieve ingrid inge ilse sandra sabine sylvie valerie catherine caroline charlotte "
    "camille alice chloe lea zoe manon clara elisabeth francoise brigitte dominique pascal pascale eric erik didier "
    "thierry alain bernard christian christophe frederic frederik olivier laurent vincent benoit fabrice stephane "
    "sebastien antoine guy guido rik rudi rudy ronny danny eddy freddy walter werner yves yvonne simonne godelieve "
    "annie lucienne jeannine denise josee fatima amina mehmet mustafa fatma hans klaus petra ursula wolfgang john "
    "james mary william george emily".split()
)


class Recognised(NamedTuple):
    """What values are, and how many of a hundred are valid."""

    target: str
    share: int


def recognised(cells: Sequence[Cell], rules: Rules) -> Recognised | None:
    """Say what the filled cells of a column are; None where that is not clear."""
    if not cells:
        return None
    for target, least, share_of in _TESTS:
        share = share_of(cells, rules)
        if share >= least:
            return Recognised(target, share)
    return None


def valid(key: str) -> Callable[[Sequence[Cell], Rules], int]:
    """Make the count of how many of a hundred cells are valid under a key."""
    column = BY_KEY[key]

    def share(cells: Sequence[Cell], rules: Rules) -> int:
        good = 0
        for cell in cells:
            outcome = parse(key, column.parser, cell, rules, empty=_EMPTY, longest=column.longest)
            good += not any(finding.kind == "problem" for finding in outcome.findings)
        return _percent(good, len(cells))

    return share


def share_of_national_numbers(cells: Sequence[Cell], rules: Rules) -> int:
    """Count how many of a hundred cells are valid national numbers; none where they are enterprise numbers as well.

    Excel drops the zero of an enterprise number, and most then pass for a national number that lost two.
    """
    share = valid("national_number")(cells, rules)
    return share if share and share > valid("enterprise_number")(cells, rules) else 0


def share_of_texts(test: Callable[[str], object]) -> Callable[[Sequence[Cell], Rules], int]:
    """Make the count of how many of a hundred cells, as text, pass a test."""

    def share(cells: Sequence[Cell], _rules: Rules) -> int:
        return _percent(sum(bool(test(text_of(cell))) for cell in cells), len(cells))

    return share


def text_of(cell: Cell) -> str:
    """Give a cell as a person sees it, tidy."""
    return tidy(shown(cell).text)


def share_of_landlines(cells: Sequence[Cell]) -> int:
    """Count the cells that hold a landline number."""
    return sum(kind_of_phone(text_of(cell)) == "landline" for cell in cells)


def is_first_name(word: str) -> bool:
    """Say whether a word is one of the first names that are frequent here."""
    return fold(word) in _FIRST_NAMES


def order_of_names(texts: Sequence[str]) -> str:
    """Say whether full names have the last name first, as most lists do, or the first name."""
    first = last = 0
    for text in texts:
        words = text.split()
        if len(words) > 1 and "," not in text:
            shown_order = shows_order(text)
            first += is_first_name(words[0]) - is_first_name(words[-1]) + (shown_order == "first_last")
            last += shown_order == "last_first"
    return "first_last" if first > last else "last_first"


def is_street(text: str) -> bool:
    """Say whether a text looks like the name of a street, without its number."""
    return _STREET.search(text) is not None


def is_house_number(text: str) -> bool:
    """Say whether a text looks like a house number."""
    return _HOUSE_NUMBER.fullmatch(text) is not None


def is_full_name(text: str) -> bool:
    """Say whether a text may be a first and a last name."""
    return len(text.split()) > 1 and _NAME.fullmatch(text) is not None


def _percent(part: int, whole: int) -> int:
    return part * 100 // whole if whole else 0


def _languages(cells: Sequence[Cell], rules: Rules) -> int:
    # All rows with one letter, such as N for no, say nothing.
    different = {text_of(cell).lower() for cell in cells}
    if len(different) < 2 and all(len(text) < 2 for text in different):
        return 0
    return share_of_texts(is_language)(cells, rules)


def _coming_dates(cells: Sequence[Cell], rules: Rules) -> int:
    """Count dates that may be a deadline: none that has gone by."""
    good = 0
    for cell in cells:
        outcome = parse("deadline", BY_KEY["deadline"].parser, cell, rules, empty=_EMPTY, longest=10)
        wrong = any(finding.kind == "problem" for finding in outcome.findings)
        good += not wrong and rules.today <= datetime.date.fromisoformat(outcome.value)
    return _percent(good, len(cells))


def _many(test: Callable[[Sequence[Cell], Rules], int], least: int) -> Callable[[Sequence[Cell], Rules], int]:
    """Make a test that says nothing of fewer than `least` cells."""
    return lambda cells, rules: test(cells, rules) if len(cells) >= least else 0


def _is_code(text: str) -> bool:
    return len(text) == 4 and postal_codes.is_known(text)


def _phones(cells: Sequence[Cell], _rules: Rules) -> int:
    """Count telephone numbers, where there are mobile ones among them: dates and codes may look like landlines."""
    texts = [text for text in map(text_of, cells) if not _PLAIN_NUMBER.fullmatch(text)]
    kinds = [kind for text in texts if (kind := kind_of_phone(text))]
    return _percent(len(kinds), len(cells)) if _percent(kinds.count("mobile"), len(cells)) >= _FEW else 0


def _places(parts: Callable[[str], tuple[str, str]]) -> Callable[[Sequence[Cell], Rules], int]:
    """Make the count of cells with a postal code and a town in them, where there are towns among them that are known.

    Without that an account number, a licence plate and "Dossier 2025" would pass.
    """

    def share(cells: Sequence[Cell], _rules: Rules) -> int:
        towns = [town for code, town in map(parts, map(text_of, cells)) if _is_place(code, town)]
        return _percent(len(towns), len(cells)) if _percent(sum(map(_is_town, towns)), len(cells)) >= _FEW else 0

    return share


def _is_place(code: str, town: str) -> bool:
    return bool(code and town) and not any(map(str.isdigit, town)) and (not code.isdigit() or _is_code(code))


def _is_town(text: str) -> bool:
    return bool(postal_codes.codes_of(text))


def _numbered_streets(cells: Sequence[Cell], _rules: Rules) -> int:
    """Count streets with a number, where half are called as streets are: anything may have a number behind it."""
    streets = [street for street, number, _ in map(street_and_number, map(text_of, cells)) if number]
    return _percent(len(streets), len(cells)) if _percent(sum(map(is_street, streets)), len(cells)) >= _HALF else 0


def _is_country(text: str) -> bool:
    return len(text) > 1 and countries.code_of(text) is not None


_TESTS: tuple[tuple[str, int, Callable[[Sequence[Cell], Rules], int]], ...] = (
    ("national_number", 50, share_of_national_numbers),
    ("email", 70, share_of_texts(lambda text: "@" in text and "." in text.rpartition("@")[2])),
    # Some enterprise numbers look like mobile numbers; hardly any mobile number is a valid enterprise number.
    ("enterprise_number", 80, valid("enterprise_number")),
    ("phone", 80, _phones),
    ("language", 95, _languages),
    ("address", 70, _places(lambda text: address(text)[3:])),
    ("postal_code_and_city", 80, _places(postal_code_and_city)),
    ("postal_code", 90, _many(share_of_texts(_is_code), 2)),
    ("deadline", 95, _many(_coming_dates, 3)),
    ("street_and_number", 80, _numbered_streets),
    ("country", 95, share_of_texts(_is_country)),
    ("city", 70, share_of_texts(_is_town)),
)
