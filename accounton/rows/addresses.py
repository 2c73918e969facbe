"""Addresses compared as one: who moves takes no part of the old address along.

An address goes from large to small: country, town, street, number, box. Where a part becomes another one, what is
smaller and not said by the row holds no longer and is emptied; what is larger and not said stays (decision 024).
"""

import re
from collections.abc import Mapping

from accounton.belgium import postal_codes
from accounton.belgium.countries import BELGIUM
from accounton.belgium.folding import fold
from accounton.rows.changes import Change, Kind

LINE = ("street", "house_number", "box")
PLACE = ("postal_code", "city")
_PARTS = re.compile(r"\d+|[^\W\d]+")
_BOX_WORDS = frozenset({"bus", "bte", "boite", "box"})
Cells = Mapping[str, str]


def change_of_address(keys: tuple[str, ...], known: Cells, said: Cells) -> Change:
    """Compare the address that is known with the one that a row says, as texts by column key."""
    known = {key: known[key] for key in keys}
    is_place = _is_other_place(known, said)
    is_same_line = bool(said["street"]) and _parts(said, *LINE) == _parts(known, *LINE)
    others = set() if is_same_line else {key for key in LINE if _is_other(key, known, said)}
    after = _place(known, said, is_other=is_place)
    after |= {key: said[key] for key in LINE} if is_same_line else _line(known, said, others, is_place=is_place)
    changed = {key for key in (*LINE, *PLACE) if after[key] != known[key]}
    is_country = _is_other_country(known, said)
    if not (changed or is_country):
        return Change("same", {key: known[key] for key in keys})
    after["country"] = _new_country(known, said, after, is_place=is_place)
    is_moved = is_place or bool(others) or (is_country and any(known.values()))
    kind = _kind(known, said, others, changed, is_place=is_place, is_moved=is_moved)
    return Change(kind, {key: after[key] for key in keys})


def _kind(known: Cells, said: Cells, others: set[str], changed: set[str], *, is_place: bool, is_moved: bool) -> Kind:
    if not is_moved:
        return "filled" if not any(known[key] for key in changed) else "spelling"
    knows_place = any(known[key] for key in PLACE)
    says_place = any(said[key] for key in PLACE)
    without_line = is_place and not said["street"] and any(known[key] for key in LINE)
    without_place = (is_place or "street" in others) and knows_place and not says_place
    without_number = "street" in others and bool(known["house_number"]) and not said["house_number"]
    return "incomplete" if without_line or without_place or without_number else "changed"


def _is_other_place(known: Cells, said: Cells) -> bool:
    """Whether a row names another town. One postal code has one town under several names."""
    if _is_other("postal_code", known, said):
        return True
    if said["postal_code"] and known["postal_code"]:
        return False
    if _is_other("city", known, said):
        return True
    says_place = any(said[key] for key in PLACE)
    if not says_place:
        return _is_other_country(known, said) and any(known.values())
    code, city = (said[key] or known[key] for key in PLACE)
    return bool(code and city) and not postal_codes.fits(code, city)


def _place(known: Cells, said: Cells, *, is_other: bool) -> dict[str, str]:
    return {key: said[key] or ("" if is_other else known[key]) for key in PLACE}


def _line(known: Cells, said: Cells, others: set[str], *, is_place: bool) -> dict[str, str]:
    """Give street, number and box: behind a part that is another one, what the row does not say is empty."""
    after, is_other = {}, is_place
    for key in LINE:
        is_other = is_other or key in others
        after[key] = said[key] or ("" if is_other else known[key])
    return after


def _new_country(known: Cells, said: Cells, after: Cells, *, is_place: bool) -> str:
    """Give the country of a changed address: an empty cell counts as Belgium, where the town is one of Belgium."""
    if said["country"] or not is_place or _country(known) == BELGIUM:
        return said["country"] or known["country"]
    code, city = after["postal_code"], after["city"]
    is_belgian = postal_codes.is_known(code) and postal_codes.fits(code, city) if code else postal_codes.codes_of(city)
    return "" if is_belgian else known["country"]


def _is_other_country(known: Cells, said: Cells) -> bool:
    return bool(said["country"]) and _country(said) != _country(known)


def _country(cells: Cells) -> str:
    return cells["country"] or BELGIUM


def _is_other(key: str, known: Cells, said: Cells) -> bool:
    """Whether both say something, and not the same in another notation."""
    return bool(known[key] and said[key]) and _parts(known, key) != _parts(said, key)


def _parts(cells: Cells, *keys: str) -> list[str]:
    text = " ".join(cells[key] for key in keys)
    parts: list[str] = _PARTS.findall(fold(text))
    return [part for part in parts if part not in _BOX_WORDS] or parts
