"""Belgian couples: one return for two people. Splitting a row that names both, and joining the cells of two rows."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from accounton.belgium.folding import fold
from accounton.rows.groups import keys_of

SPOUSE_NAMES = ("spouse_first_name", "spouse_last_name")
SPOUSE = (*SPOUSE_NAMES, "spouse_email", "spouse_mobile")
"""What is known of a partner without a column in the template; a staged row may hold it beside its columns."""
PAIRED = {
    "national_number": "spouse_national_number", "enterprise_number": "spouse_enterprise_number",
    "email": "spouse_email", "mobile": "spouse_mobile",
}  # fmt: skip
"""The main declarant's columns that are known of a partner too: what the one row says of the other's person."""
FILLED = ("email", "mobile", "labels", "language", "client_code", "deadline", "responsible")
ADDRESS = keys_of("address")
Cells = Mapping[str, str]

_AND = re.compile(r"\s+(?:en|et|and|und)\s+|\s*[&+/]\s*", re.IGNORECASE)
_AND_SIGNS, _AND_WORDS = frozenset("&+/"), frozenset({"en", "et", "and", "und"})
_TITLE = re.compile(
    r"^(?:de heer|dhr\.?|heer|monsieur|mr\.?|m\.|mevrouw|mevr\.?|mvr\.?|mw\.?|madame|mme\.?|mrs\.?|ms\.?)(?:\s+|$)",
    re.IGNORECASE,
)
# After "en" these make a firm or a family of what stands before, not a second person.
_NO_PERSON = frozenset(
    "zonen zoon zn dochter dochters fils filles frere freres gebroeders co cie compagnie partners associes consorten"
    " vennoten cons kinderen enfants".split()
)


class TwoPeople(NamedTuple):
    """Two people whom one row names. Where the second has no last name of their own, it is `shared` with the first."""

    first_name: str
    last_name: str
    partner_first_name: str
    partner_last_name: str
    shared: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether every name is known, so that nobody needs to fill anything in."""
        return all((self.first_name, self.last_name, self.partner_first_name, self.partner_last_name))


def two_people(first_name: str, last_name: str) -> TwoPeople | None:
    """Split the names of a row that is about two people; None where it is about one."""
    if not (may_name_two(first_name) or may_name_two(last_name)):
        return None
    if not (_AND.search(first_name) or _AND.search(last_name)):
        return None
    firsts, lasts = _parts(first_name), _parts(last_name)
    if firsts is None or lasts is None or len(firsts) > 2 or len(lasts) > 2 or len(firsts) + len(lasts) < 3:
        return None
    if len(firsts) == 2 and len(lasts) == 2:
        return TwoPeople(firsts[0], lasts[0], firsts[1], lasts[1])
    if len(lasts) == 2:
        return _second_in_last(firsts[0], lasts)
    return _both_in_first(firsts, lasts[0])


def may_name_two(name: str) -> bool:
    """Say whether a first or last name has a sign or word that joins two people. Quicker than `two_people`."""
    return not (_AND_SIGNS.isdisjoint(name) and _AND_WORDS.isdisjoint(name.lower().split()))


def _second_in_last(first: str, lasts: list[str]) -> TwoPeople | None:
    """Jan | Peeters en An Claes: the second person stands whole behind the last name."""
    if not lasts[0]:  # only a title stood there: M. et Mme Dupont
        own, _, last = lasts[1].rpartition(" ") if not first else (first, "", lasts[1])
        return TwoPeople(own, last, "", last, shared=True)
    if " " not in lasts[1]:
        return None
    if not first:
        return _from_whole_names(*lasts)
    partner_first, _, partner_last = lasts[1].partition(" ")
    return TwoPeople(first, lasts[0], partner_first, partner_last)


def _both_in_first(firsts: list[str], last: str) -> TwoPeople | None:
    """Jan en An | Peeters, Jan en An | Peeters-Claes, Jan Peeters en An Claes | (empty), M. et Mme Jean | Dupont."""
    if not last:
        return _from_whole_names(*firsts)
    if not firsts[0]:  # only a title stood there: M. et Mme
        return TwoPeople(firsts[1], last, "", last, shared=True)
    one, sign, other = (part.strip() for part in last.partition("-"))
    if sign and one and other and "-" not in other:
        return TwoPeople(firsts[0], one, firsts[1], other)
    return TwoPeople(firsts[0], last, firsts[1], last, shared=True)


def _from_whole_names(one: str, other: str) -> TwoPeople | None:
    first, _, last = one.partition(" ")
    partner_first, _, partner_last = other.partition(" ")
    if not (last or partner_last):
        return None
    return TwoPeople(
        first, last or partner_last, partner_first, partner_last or last, shared=not (last and partner_last)
    )


def _parts(text: str) -> list[str] | None:
    """Give the people of a cell without titles, one where nothing parts them; None where it is a firm's name."""
    parts = [part.strip() for part in _AND.split(text.strip())]
    if len(parts) > 1 and (not all(parts) or any(set(fold(part).split()) & _NO_PERSON for part in parts[1:])):
        return None
    return [_TITLE.sub("", part).strip() for part in parts]


def joint(main: Cells, partner: Cells, wrong: frozenset[str] = frozenset()) -> dict[str, str]:
    """Give the cells that change in the main declarant's row when the partner's row is merged into it.

    What stands with the main declarant stays; what is empty there is filled from the partner, whose own e-mail address
    and mobile number are kept as the partner's all the same. An address is filled only as a whole, where what stands
    of it agrees. `wrong` are the main declarant's cells that are not valid: the partner's own value takes their place.
    """
    cells = {}
    for key in FILLED:
        if not main.get(key) and partner.get(key):
            cells[key] = partner[key]
    if _agree(main, partner):
        cells |= {key: partner[key] for key in ADDRESS if not main.get(key) and partner.get(key)}
    labels = _united(main.get("labels", ""), partner.get("labels", ""))
    if labels != main.get("labels", ""):
        cells["labels"] = labels
    for own, theirs in PAIRED.items():
        if partner.get(own) and (not main.get(theirs) or theirs in wrong):
            cells[theirs] = partner[own]
        if partner.get(theirs) and not main.get(own):
            cells[own] = partner[theirs]
    for key in SPOUSE_NAMES:
        cells[key] = partner.get(key.removeprefix("spouse_"), "")
    return cells


def combined(kept: Cells, other: Cells) -> dict[str, str]:
    """Give the cells that change in a row when those of another row of the same customer fill what is empty in it."""
    fillable = {*FILLED, *PAIRED, *PAIRED.values(), *SPOUSE, "first_name", "last_name"} - {"labels"}
    cells = {key: other[key] for key in sorted(fillable) if not kept.get(key) and other.get(key)}
    if _agree(kept, other):
        cells |= {key: other[key] for key in ADDRESS if not kept.get(key) and other.get(key)}
    labels = _united(kept.get("labels", ""), other.get("labels", ""))
    return cells | ({"labels": labels} if labels != kept.get("labels", "") else {})


def _agree(one: Cells, other: Cells) -> bool:
    return all(
        not one.get(key) or fold(one[key]) == fold(other.get(key, ""))
        for key in ADDRESS
        if key not in ("box", "country")
    )


def _united(one: str, other: str) -> str:
    return ",".join(dict.fromkeys(label for label in f"{one},{other}".split(",") if label))
