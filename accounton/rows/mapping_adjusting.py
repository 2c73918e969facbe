"""Where a header alone misleads: what its neighbours and its values say of it. The traps stand here, one by one."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from accounton.belgium.folding import fold
from accounton.rows.headers import squeezed
from accounton.rows.mapping_splits import (
    address,
    number_and_box,
    phone,
    postal_code_and_city,
    second_phone,
    street_and_number,
)
from accounton.rows.mapping_targets import NONE, is_imported, keys_of
from accounton.rows.recognising import (
    is_full_name,
    order_of_names,
    recognised,
    share_of_landlines,
    share_of_texts,
    text_of,
    valid,
)
from accounton.rows.rules import Rules

if TYPE_CHECKING:
    from accounton.rows.mapping import Source

Verdict = tuple[str, bool]
"""The target, and whether it should be confirmed by a person."""
_HALF = 50
_MOST = 80
_FEW = 20
NUMBER_HEADERS = frozenset({"nr", "nummer", "numero", "n", "no", "number", "num"})
_FULL = ("full_name", "last_name")
_STREET = frozenset({"street", "street_and_number", "address"})


def adjusted(source: "Source", sources: Sequence["Source"], rules: Rules) -> Verdict:
    """Give the target of a column known by its header, as its neighbours and values would have it."""
    target = source.target
    if source.whose.who == "partner":
        own = target if target.startswith("spouse_") else f"spouse_{target}"
        if own in _ADJUST:
            return _ADJUST[own](source, sources, rules)
        return (own if keys_of(own) else NONE), False
    is_doubtful = False
    if _is_number(source):
        has_code = any(each.target == "client_code" and not _is_number(each) and _comes_once(each) for each in sources)
        is_doubtful = _precedes_street(source, sources)
        if _follows_street(source, sources) or (is_doubtful and (has_code or not _comes_once(source))):
            target = "house_number"
        elif has_code:
            return NONE, False
    adjust = _ADJUST.get(target)
    found, is_unsure = adjust(source, sources, rules) if adjust else (target, False)
    return (found if is_imported(found) else NONE), is_unsure or is_doubtful


def _is_number(source: "Source") -> bool:
    return squeezed(source.header) in NUMBER_HEADERS


def _follows_street(source: "Source", sources: Sequence["Source"]) -> bool:
    """Say whether the column at its left is a street; an empty one between the two does not count."""
    left = max((each for each in sources if each.place < source.place), key=lambda each: each.place, default=source)
    return left.target in _STREET


def _precedes_street(source: "Source", sources: Sequence["Source"]) -> bool:
    """Say whether a street without numbers begins at its right, as in "12 | Rue Haute", and has no number elsewhere."""
    right = min((each for each in sources if each.place > source.place), key=lambda each: each.place, default=source)
    others = [each for each in sources if each is not source and _is_number(each)]
    return (
        right.target in _STREET
        and not any(street_and_number(text)[1] for text in right.texts)
        and not _others(source, sources, "house_number")
        and not any(_follows_street(each, sources) for each in others)
    )


def _others(source: "Source", sources: Sequence["Source"], *keys: str) -> list["Source"]:
    return [each for each in sources if each is not source and set(keys).intersection(keys_of(each.target))]


def _name(source: "Source", sources: Sequence["Source"], _rules: Rules) -> Verdict:
    """Naam, Nom and Name are the last name only beside a first name; else they are the whole name."""
    # A column of first names in which nothing stands says nothing.
    firsts = [each for each in _others(source, sources, "first_name") if each.cells or not source.cells]
    if source.target == "full_name" and _others(source, sources, "last_name"):
        return NONE, False
    if firsts:
        if _holds(source, firsts[0]) > _HALF:
            return order_of_names(source.texts), True
        return "last_name", False
    if source.texts and share_of_texts(is_full_name)(source.cells, _rules) >= _HALF:
        return order_of_names(source.texts), True
    return ("last_name", False) if source.target == "last_name" else (order_of_names(source.texts), True)


def _holds(full: "Source", first: "Source") -> int:
    """Count how many of a hundred cells have the first name of their row in them."""
    pairs = [(fold(text_of(a)), fold(text_of(b))) for a, b in zip(full.rows, first.rows, strict=True) if a != "" != b]
    return sum(name in whole.split() for whole, name in pairs) * 100 // len(pairs) if pairs else 0


def _joined_names(source: "Source", _sources: Sequence["Source"], _rules: Rules) -> Verdict:
    # The header says the order, and those who typed the list mostly kept to it.
    return source.target, True


def _code(source: "Source", sources: Sequence["Source"], rules: Rules) -> Verdict:
    """A column is the client code only where no code comes twice; "Code" beside the town is often the postal code."""
    if squeezed(source.header) == "code" and any(abs(each.place - source.place) == 1 for each in _towns(sources)):
        found = recognised(source.cells, rules)
        if found and found.target == "postal_code":
            return "postal_code", True
    return ("client_code", False) if _comes_once(source) else (NONE, True)


def _towns(sources: Sequence["Source"]) -> list["Source"]:
    return [source for source in sources if source.target == "city"]


def _comes_once(source: "Source") -> bool:
    codes = [text.casefold() for text in source.texts]
    return len(set(codes)) == len(codes)


def _phone(source: "Source", sources: Sequence["Source"], _rules: Rules) -> Verdict:
    """A telephone column is taken for its mobile numbers; beside a column of those, where that one has none."""
    landlines = share_of_landlines(source.cells)
    if source.target == "phone":
        mobiles = [each for each in _others(source, sources, "mobile") if each.target == "mobile"]
        if source.cells and landlines == len(source.cells):
            return NONE, False
        if mobiles:
            return ("second_phone", True) if has_more_phones(source, mobiles[0]) else (NONE, False)
        return "phone", True
    return ("phone", True) if any(phone(text) != (text,) for text in source.texts) else ("mobile", False)


def has_more_phones(source: "Source", first: "Source") -> bool:
    """Say whether a mobile number stands in a telephone column where the first of two such columns has none."""
    pairs = zip(source.rows, first.rows, strict=True)
    is_empty = (lambda cell: phone(text_of(cell)) == ("",)) if first.target == "phone" else (lambda cell: cell == "")
    return any(second_phone(text_of(cell)) and is_empty(other) for cell, other in pairs if cell != "")


def _street(source: "Source", sources: Sequence["Source"], rules: Rules) -> Verdict:
    """A street has its number in it or not, by what stands there."""
    if not source.cells:
        return ("street" if source.target == "street" else "street_and_number"), False
    numbered = share_of_texts(lambda text: address(text)[1])(source.cells, rules)
    coded = share_of_texts(lambda text: address(text)[3])(source.cells, rules)
    if coded >= _HALF and not all(_others(source, sources, key) for key in ("postal_code", "city")):
        return "address", True
    if numbered >= _FEW and not _others(source, sources, "house_number"):
        return "street_and_number", True
    return "street", False


def _number(source: "Source", sources: Sequence["Source"], rules: Rules) -> Verdict:
    boxed = share_of_texts(lambda text: number_and_box(text)[1])(source.cells, rules)
    return ("number_and_box", True) if boxed and not _others(source, sources, "box") else ("house_number", False)


def _place(source: "Source", sources: Sequence["Source"], rules: Rules) -> Verdict:
    """A column of postal codes or of towns often has both in it."""
    both = share_of_texts(lambda text: all(postal_code_and_city(text)))(source.cells, rules)
    other = "city" if source.target == "postal_code" else "postal_code"
    if source.target == "postal_code_and_city" or (both >= _HALF and not _others(source, sources, other)):
        return "postal_code_and_city", False
    return source.target, False


def _only_if_valid(key: str) -> Callable[["Source", Sequence["Source"], Rules], Verdict]:
    """Make the rule of a column that is left out where hardly any of its values could be taken."""

    def rule(source: "Source", _sources: Sequence["Source"], rules: Rules) -> Verdict:
        if not source.cells or valid(key)(source.cells, rules) >= _HALF:
            return key, False
        return NONE, True

    return rule


_ADJUST: dict[str, Callable[["Source", Sequence["Source"], Rules], Verdict]] = {
    **dict.fromkeys(_FULL, _name),
    **dict.fromkeys(("last_first", "first_last"), _joined_names),
    **dict.fromkeys(("phone", "mobile"), _phone),
    **dict.fromkeys(_STREET, _street),
    **dict.fromkeys(("postal_code", "city", "postal_code_and_city"), _place),
    "client_code": _code,
    "house_number": _number,
    "responsible": _only_if_valid("responsible"),
    "deadline": _only_if_valid("deadline"),
    "enterprise_number": _only_if_valid("enterprise_number"),
    "spouse_enterprise_number": _only_if_valid("spouse_enterprise_number"),
}
