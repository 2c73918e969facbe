"""What columns whose headers say nothing are by their values, for keys that no other column feeds."""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from accounton.belgium.folding import fold
from accounton.rows import synonyms
from accounton.rows.mapping_adjusting import has_more_phones
from accounton.rows.mapping_targets import keys_of
from accounton.rows.recognising import is_first_name, is_full_name, is_house_number, is_street, order_of_names
from accounton.rows.rules import Rules

if TYPE_CHECKING:
    from accounton.rows.mapping import Source

NAMES = 80
FIRST_NAMES = 35
_STREETS = 50
_SECOND = re.compile(r"[\s(]*2\)?$")


def think_by_values(sources: Sequence["Source"], rules: Rules) -> None:
    """Look at the values of columns whose headers say nothing, for keys that no column feeds."""
    taken = {key for source in sources for key in source.keys}
    unknown = [
        each for each in sources if each.by == "none" and not each.detail and each.whose.who in ("own", "partner")
    ]
    for source in sorted(unknown, key=lambda each: -len(each.cells)):
        found = source.recognised(rules)
        if found is None:
            continue
        target = found.target if source.whose.who == "own" else f"spouse_{found.target}"
        if target == "email" and "email" in taken and _are_colleagues(source, rules):
            target = "responsible"
        if target == "address" and taken.issuperset(("postal_code", "city")):
            target = "street_and_number"
        if keys_of(target) and not taken.intersection(keys_of(target)):
            source.set(target, "values", found.share)
            taken.update(source.keys)
    unknown = [source for source in unknown if source.whose.who == "own"]
    _think_of_second_phones(sources, rules)
    _think_of_streets(unknown, sources, taken)
    names, left = taken.intersection(("first_name", "last_name")), [each for each in unknown if each.by == "none"]
    if not names:
        _think_of_names(left)
    elif names == {"first_name"}:
        _think_of_last_name(left, sources)
    elif names == {"last_name"}:
        _think_of_first_name(left)


def _think_of_second_phones(sources: Sequence["Source"], rules: Rules) -> None:
    """Take the mobile numbers of a "Tel 2" where no other column holds any: it is the customer's too."""
    first = next((source for source in sources if "mobile" in source.keys), None)
    for source in sources:
        bare = _SECOND.sub("", source.header)
        if source.by in ("none", "header") and bare != source.header and synonyms.exactly(bare) in ("phone", "mobile"):
            found = source.recognised(rules)
            if found and found.target == "phone" and (first is None or has_more_phones(source, first)):
                source.set("phone" if first is None else "second_phone", "values", found.share)
                return


def _think_of_streets(unknown: Sequence["Source"], sources: Sequence["Source"], taken: set[str]) -> None:
    """Take a column of street names, and the numbers at its right."""
    if "street" in taken:
        return
    for source in unknown:
        if source.by == "none" and source.texts and (share := share_of(source, is_street)) >= _STREETS:
            source.set("street", "values", share)
            right = [each for each in sources if each.place == source.place + 1 and each in unknown]
            if right and right[0].texts and (numbers := share_of(right[0], is_house_number)) >= NAMES:
                right[0].set("house_number", "values", numbers)
            return


def _are_colleagues(source: "Source", rules: Rules) -> bool:
    return rules.staff is not None and all(text.lower() in rules.staff for text in source.texts)


def _think_of_names(unknown: Sequence["Source"]) -> None:
    named = [source for source in unknown if source.texts and share_of(source, is_full_name) >= NAMES]
    if named:
        source = max(named, key=lambda each: len({fold(text) for text in each.texts}))
        source.set(order_of_names(source.texts), "values", share_of(source, is_full_name))
    elif first := _think_of_first_name(unknown):
        _think_of_last_name([each for each in unknown if each is not first], [first])


def _think_of_first_name(unknown: Sequence["Source"]) -> "Source | None":
    firsts = [source for source in unknown if source.texts and share_of(source, is_first_name) >= FIRST_NAMES]
    if not firsts:
        return None
    source = max(firsts, key=lambda each: share_of(each, is_first_name))
    source.set("first_name", "values", share_of(source, is_first_name))
    return source


def _think_of_last_name(unknown: Sequence["Source"], sources: Sequence["Source"]) -> None:
    """Take the column of words that stands beside the first name."""
    first = next(source for source in sources if "first_name" in source.keys)
    beside = [each for each in unknown if abs(each.place - first.place) == 1 and each.texts]
    named = [each for each in beside if share_of(each, lambda text: text[:1].isalpha() and "@" not in text) >= NAMES]
    for source in named[:1]:
        source.set("last_name", "values", share_of(source, lambda text: text[:1].isalpha()))


def share_of(source: "Source", test: Callable[[str], object]) -> int:
    return sum(bool(test(text)) for text in source.texts) * 100 // len(source.texts)
