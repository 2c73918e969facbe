"""Taking cells apart that hold several things: "Peeters Emma", "Kerkstraat 12 bus 3", "9300 Aalst".

Nothing that stands in a cell is lost, except of telephone numbers: there is no column for landlines and labels.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from accounton.belgium import phones
from accounton.belgium.folding import fold
from accounton.rows.firms import is_firm
from accounton.rows.whose import names_somebody

Split = Callable[[str], tuple[str, ...]]
_REMEMBERED = 20_000
_LONGEST = 300
_PARTICLES = frozenset(
    "van vande vanden vander ver de den der d di da do dos das del della delle degli la le les lo du des ter ten te "
    "t op el al ben bin ibn von zu af st sint saint y e".split()
)
_NEVER_FIRST_NAMES = _PARTICLES - frozenset("ben al bin ibn do e y op t".split())
"""Particles with which only a last name can begin."""
_HYPHENS = frozenset({"-", "–"})
_AND = frozenset({"en", "et", "and", "und", "&", "+", "/"})
# "12B" is a house number; a b with digits behind it, as in "12 b3", is a box.
_BOX = r"[\s,]*(?<![^\W\d_])(?:(?:bus|bte|bo[iî]te|box|postbus)(?![^\W\d_])|b(?=[\s.:]*[0-9]))[\s.:]*(?P<box>[\w./\-]+)"
_NUMBER = r"[0-9]+(?:\s?(?:bis|ter|quater|[A-Za-z]{1,2})(?![^\W_]))?(?:\s?[/\-+]\s?[0-9]*[A-Za-z]?[0-9]*(?![^\W_]))*"
_NUMBERED = rf"(?:(?:nr|no|n°)\.?\s*)?(?P<number>{_NUMBER})"
_BOX_LAST = re.compile(rf"(?P<rest>.*[0-9].*?){_BOX}", re.IGNORECASE)
_NUMBER_LAST = re.compile(
    rf"(?P<street>.*[^\W\d_].*?)(?:\s*,\s*|\s+|(?<=[^\W\d_][°.]))(?P<number>{_NUMBER})", re.IGNORECASE
)
_NUMBER_FIRST = re.compile(
    rf"{_NUMBERED}(?:\s*,\s*|\s+(?=(?:rue|avenue|av\.|chauss[ée]e|boulevard|bd\.?|place|chemin|all[ée]e|impasse"
    rf"|clos|square|quai|route|dr[èe]ve|sentier|cours|rez)\s))(?P<street>[^\W\d].*)",
    re.IGNORECASE,
)
_NUMBER_ALONE = re.compile(_NUMBERED, re.IGNORECASE)
_NUMBER_WORD = re.compile(r"(?<=[^\W\d_])[\s,]+(?:nr|no|n°)\.?$", re.IGNORECASE)
_CODE = r"(?:(?:BE|B)[\s\-]*)?(?P<code>[1-9][0-9]{3}|(?:F|FR|D|DE|L|LU|CH)-[0-9]{4,5}|NL[\s\-]?[0-9]{4}\s?[A-Z]{2})"
_CODE_FIRST = re.compile(rf"{_CODE}[\s,\-]+(?P<city>[^\W\d].*)")
_CODE_LAST = re.compile(rf"(?P<city>[^\W\d].*?)[\s,(\-]+{_CODE}\)?")
_CODE_ALONE = re.compile(_CODE)
_ADDRESS = re.compile(rf"(?P<street>.+?)[\s,;\-]+{_CODE}[\s,\-]+(?P<city>[^\W\d][^0-9]*)")
_BETWEEN_PHONES = re.compile(r"\s*[;,\n|]\s*|\s+(?:of|en|ou|et|or|and|&|-|/)\s+", re.IGNORECASE)
_PHONE_SIGNS = re.compile(r"[\s().\-/\u2010-\u2015]")
_BETWEEN_TWO_PHONES = re.compile(r"\s+(?=[+(]*0|\+|[^\W\d_])")
_PHONE_LABEL = re.compile(
    r"^(?:(?:t[ée]l(?:efoon|[ée]phone)?|gsm|mob(?:iel|ile)?|portable|priv[ée]|thuis|domicile|werk)?[.:\s]*)*",
    re.IGNORECASE,
)
_REMARK = re.compile(r"\s*\((?P<remark>[^()0-9]+)\)$")


def last_first(text: str) -> tuple[str, str]:
    """Take "Peeters Emma", "Peeters, Emma" and "Van den Berghe Jan" apart: last name, first name."""
    comma = _by_comma(text)
    if comma:
        return comma
    words = text.split()
    if len(words) < 2:
        return text, ""
    start, end = _shown_last_name(text, words) or (0, _end_of_last_name(words))
    return " ".join(words[start:end]), " ".join(words[:start] + words[end:])


def first_last(text: str) -> tuple[str, str]:
    """Take "Emma Peeters", "Peeters, Emma" and "Jan Van den Berghe" apart: first name, last name."""
    comma = _by_comma(text)
    if comma:
        return comma[1], comma[0]
    words = text.split()
    if len(words) < 2:
        return "", text
    start, end = _shown_last_name(text, words) or (_start_of_last_name(words), len(words))
    return " ".join(words[:start] + words[end:]), " ".join(words[start:end])


def shows_order(text: str) -> str:
    """Give the order of a name whose spelling shows which words are the last name: "PEETERS Jan"; "" for others."""
    words = text.split()
    place = _shown_last_name(text, words) if len(words) > 1 and "," not in text else None
    return ("first_last" if place[0] else "last_first") if place else ""


def _shown_last_name(text: str, words: Sequence[str]) -> tuple[int, int] | None:
    """Say from which word up to which the last name stands, where capitals or a particle in front show it."""
    starts_with_it = len(words) > 2 and words[0].lower() in _NEVER_FIRST_NAMES
    # Most names have nothing of the kind, and a list has many.
    if (text.istitle() and not starts_with_it) or is_firm("", text):
        return None
    if not text.isupper() and (place := _in_capitals(words)):
        return place
    return (0, _end_of_last_name(words)) if starts_with_it and not _names_two(words) else None


def _in_capitals(words: Sequence[str]) -> tuple[int, int] | None:
    """Find the words in capitals before or behind those that are not: "GARCIA LOPEZ Maria", "Jan van den BERGHE"."""
    kept = [_is_upper(word) or word in _HYPHENS or (word.isupper() and _is_particle(word)) for word in words]
    end = next((at for at, is_kept in enumerate(kept) if not is_kept), len(kept))
    if end:
        return (0, end) if end < len(words) and any(map(_is_long, words[:end])) else None
    start = next((at + 1 for at in reversed(range(len(kept))) if not kept[at]), 0)
    if any(kept[:start]) or not any(map(_is_long, words[start:])) or words[0].lower() in _NEVER_FIRST_NAMES:
        return None
    while start > 1 and _is_particle(words[start - 1]):
        start -= 1
    return start, len(words)


def _by_comma(text: str) -> tuple[str, str] | None:
    last, comma, first = text.partition(",")
    last, first = last.strip(), first.strip()
    return (last, first) if comma and last and first else None


def _is_particle(word: str) -> bool:
    return fold(word).replace(" ", "") in _PARTICLES or word.lower() in {"d'", "'t", "t'"}


def _is_upper(word: str) -> bool:
    return len(word.rstrip(".")) > 1 and word.isupper()


def _is_long(word: str) -> bool:
    # "JP Dubois" begins with two initials.
    return len(word) > 2


def _names_two(words: Sequence[str]) -> bool:
    return any(word.lower() in _AND for word in words)


def _start_of_last_name(words: Sequence[str]) -> int:
    if start := next((at for at in range(1, len(words) - 1) if _is_particle(words[at])), 0):
        return start
    both = next((at for at, word in enumerate(words) if word.lower() in _AND), 0)
    return max(both - 1, 1) if both else len(words) - 1


def _end_of_last_name(words: Sequence[str]) -> int:
    end = 0
    while end < len(words) - 2 and _is_particle(words[end]):
        end += 1
    end += 1
    # "Peeters - Claes Emma" and "Peeters-Claes Emma" are one last name.
    while end < len(words) - 2 and words[end] in _HYPHENS:
        end += 2
    return end


def street_and_number(text: str) -> tuple[str, str, str]:
    """Take "Kerkstraat 12 bus 3" and "12, rue de l'Église" apart: street, number, box."""
    if len(text) > _LONGEST:
        return text, "", ""
    rest, box = _without_box(text)
    found = _NUMBER_LAST.fullmatch(rest) or _NUMBER_FIRST.fullmatch(rest)
    if found is None:
        return text, "", ""
    street = _NUMBER_WORD.sub("", found["street"].strip(" ,"))
    return street, _squeezed(found["number"]), box


def number_and_box(text: str) -> tuple[str, str]:
    """Take "12 bus 3" apart: number, box."""
    rest, box = _without_box(text) if len(text) <= _LONGEST else (text, "")
    found = _NUMBER_ALONE.fullmatch(rest)
    return (_squeezed(found["number"]), box) if found else (text, "")


def _without_box(text: str) -> tuple[str, str]:
    found = _BOX_LAST.fullmatch(text)
    return (found["rest"].rstrip(" ,"), found["box"]) if found else (text, "")


def _squeezed(number: str) -> str:
    return re.sub(r"\s*([/\-+])\s*", r"\1", number.strip())


def postal_code_and_city(text: str) -> tuple[str, str]:
    """Take "9300 Aalst", "B-9300 Aalst" and "Aalst (9300)" apart: postal code, city."""
    if len(text) > _LONGEST:
        return "", text
    if found := _CODE_FIRST.fullmatch(text) or _CODE_LAST.fullmatch(text):
        return found["code"], found["city"].strip()
    alone = _CODE_ALONE.fullmatch(text)
    return (alone["code"], "") if alone else ("", text)


def address(text: str) -> tuple[str, str, str, str, str]:
    """Take "Kerkstraat 12 bus 3, 9300 Aalst" apart: street, number, box, postal code, city."""
    found = _ADDRESS.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        return (*street_and_number(text), "", "")
    return (*street_and_number(found["street"].strip(" ,;-")), found["code"], found["city"].strip())


def phone(text: str) -> tuple[str]:
    """Give the mobile number of a cell; nothing where it only holds landline numbers; else the cell.

    Two mobile numbers stay, for it is to be asked which of them. A label before a number and a remark in brackets
    behind it are left out, unless it is somebody else's number.
    """
    if kind_of_phone(text) == "mobile":
        return (_bare_phone(text),)
    parts = _phones(text)
    kinds = [kind_of_phone(part) for part in parts]
    mobiles = [_bare_phone(part) for part, kind in zip(parts, kinds, strict=True) if kind == "mobile"]
    if mobiles:
        return (mobiles[0] if len(set(map(_last_digits, mobiles))) == 1 else text,)
    return ("",) if kinds and all(kind == "landline" for kind in kinds) else (text,)


def second_phone(text: str) -> str:
    """Give the one mobile number of a cell, "" where there is none or it is to be asked which."""
    [found] = phone(text)
    return found if kind_of_phone(found) == "mobile" else ""


def _phones(text: str) -> list[str]:
    """Part a cell into its telephone numbers; without a sign between them only where both halves are numbers."""
    if kind_of_phone(text) or len(text) > _LONGEST:
        return [text]
    parts = [part for part in _BETWEEN_PHONES.split(text) if part]
    if len(parts) == 1:
        halves = ([text[: gap.start()], text[gap.end() :]] for gap in _BETWEEN_TWO_PHONES.finditer(text))
        return next((two for two in halves if all(map(kind_of_phone, two))), parts)
    return parts


def _last_digits(number: str) -> str:
    return _PHONE_SIGNS.sub("", number)[-9:]


def _bare_phone(text: str) -> str:
    """Leave out a label before a number and a remark behind it; a remark that names another person stays."""
    remark = _REMARK.search(text) if text.endswith(")") else None
    if remark and not names_somebody(remark["remark"]):
        text = text[: remark.start()]
    return text if text[:1].isdigit() or text[:1] == "+" else _PHONE_LABEL.sub("", text)


@lru_cache(_REMEMBERED)
def kind_of_phone(text: str) -> str:
    """Say whether a text is a "mobile" number, likely ones too, a "landline" number, or "" where it is neither."""
    bare = _PHONE_SIGNS.sub("", _bare_phone(text).replace("(0)", ""))
    plus = bare.startswith(("+", "00"))
    digits = bare.removeprefix("+").removeprefix("00") if plus else bare
    if not (digits.isascii() and digits.isdigit()):
        return ""
    if phones.likely_mobile(digits) or (plus and phones.mobile("+" + digits)):
        return "mobile"
    belgian = digits.removeprefix("32") if plus or len(digits) > 9 else digits
    if (plus and len(digits) in range(8, 15)) or len(belgian.lstrip("0")) == 8:
        return "landline"
    return ""


SPLITS: dict[str, Split] = {
    "last_first": last_first,
    "first_last": first_last,
    "street_and_number": street_and_number,
    "number_and_box": number_and_box,
    "postal_code_and_city": postal_code_and_city,
    "address": address,
    "phone": phone,
}
