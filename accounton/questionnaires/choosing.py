"""An office's rules that choose the questionnaire of a customer: the first that fits decides. Pure: no database."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from accounton.rows.traits import SELF_EMPLOYED, packed_label

BY_RULES = "by-rules"
"""What is chosen instead of one questionnaire; no key of a definition has a dash."""
SELF_EMPLOYED_TRAIT = f",{SELF_EMPLOYED},"


class Facts(NamedTuple):
    """What is known of a customer when a questionnaire is chosen; `traits` as in rows.traits."""

    language: str
    is_joint: bool
    traits: str


@dataclass(frozen=True)
class Rule:
    """One rule: all conditions that are given must hold; "" and None say that it does not matter."""

    questionnaire: str
    language: str = ""
    label: str = ""
    self_employed: bool | None = None
    joint: bool | None = None

    @property
    def conditions(self) -> dict[str, Any]:
        """The conditions that are given, by name; the label as labels are compared."""
        given = asdict(self) | {"label": packed_label(self.label)}
        return {name: value for name, value in given.items() if name != "questionnaire" and value not in ("", None)}

    def fits(self, facts: Facts) -> bool:
        """Whether every condition holds."""
        return (
            self.language in ("", facts.language)
            and packed_label(self.label) in facts.traits
            and self.self_employed in (None, SELF_EMPLOYED_TRAIT in facts.traits)
            and self.joint in (None, facts.is_joint)
        )


@dataclass(frozen=True)
class Rules:
    """All rules of an office in their order, and the questionnaire of everybody whom none fits."""

    rules: tuple[Rule, ...]
    rest: str

    def choose(self, facts: Facts) -> str:
        """Give the key of the questionnaire of somebody."""
        return next((rule.questionnaire for rule in self.rules if rule.fits(facts)), self.rest)

    @property
    def keys(self) -> set[str]:
        """All questionnaires that may come out."""
        return {self.rest, *(rule.questionnaire for rule in self.rules)}

    def shadowed(self) -> Mapping[int, int]:
        """Give the places of rules that nobody reaches, each with the place of an earlier one that fits all of them."""
        found = {}
        for place, rule in enumerate(self.rules):
            wanted = rule.conditions.items()
            earlier = (at for at, other in enumerate(self.rules[:place]) if other.conditions.items() <= wanted)
            if (at := next(earlier, None)) is not None:
                found[place] = at
        return found

    def as_json(self) -> dict[str, Any]:
        """Give them as plain data, to be kept with what was done by them."""
        return {"rules": [asdict(rule) for rule in self.rules], "rest": self.rest}

    @property
    def mark(self) -> str:
        """Give what stands for these very rules, so that whoever saw others is noticed."""
        return hashlib.sha256(json.dumps(self.as_json(), sort_keys=True).encode()).hexdigest()[:16]


def rules_from_json(kept: Mapping[str, Any]) -> Rules:
    """Give rules back from what `as_json` gave."""
    rules: Sequence[Mapping[str, Any]] = kept["rules"]
    return Rules(tuple(Rule(**rule) for rule in rules), kept["rest"])
