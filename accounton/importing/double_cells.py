"""Rows of the tab with double customers: each differing field with what stands there, what the list says, and why it is
proposed or not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounton.importing.cells import CODES, MATCHED_BY, RowView, known_text
from accounton.importing.comparing import Comparison, look
from accounton.importing.models import Difference
from accounton.importing.review import Review
from accounton.importing.screening import value_words
from accounton.importing.sides import KEYS, OF_DOSSIER, SHOWN_AS_IT_IS, is_partner, known_as, unpacked
from accounton.importing.wording import header_of

ADDRESS = ("street", "house_number", "box", "postal_code", "city", "country")
GROUPS: dict[str, tuple[str, ...]] = {"address": ADDRESS}
SAID = (*SHOWN_AS_IT_IS, *OF_DOSSIER)
BASE = ("email", "mobile", "address")
BY_RULE = {"labels": _("Labels of your list are added; none is taken away.")}
"""What is said of columns that are not simply replaced."""
MOVED = {
    "proposed": _("Only your list changed since the last import: proposed."),
    "kept": _("Your list says what it said at the last import: what stands here is kept, unless you tick it."),
    "asked": _("Both changed since the last import, or nobody knows: you decide."),
}


def group_of(key: str) -> str:
    """Give the column of the table in which a field stands: the parts of an address stand in one."""
    return next((name for name, keys in GROUPS.items() if key in keys), key)


def group_header(group: str) -> str:
    """Give the header of a column of the table."""
    return gettext("Address") if group == "address" else header_of(group)


def keys_of(group: str) -> tuple[str, ...]:
    """Give the fields that stand in a column of the table."""
    return GROUPS.get(group, (group,))


@dataclass(frozen=True)
class Field:
    """One cell. `keys` are the fields in it that differ; none of them: nothing to choose."""

    group: str
    keys: tuple[str, ...]
    now: str
    new: str
    is_chosen: bool
    is_emptied: bool
    is_taken: bool
    """Whether any field in it will change."""
    is_proposed: bool
    why: str

    @property
    def is_code(self) -> bool:
        """Whether it is shown in a monospaced face."""
        return self.group in CODES

    @property
    def joined(self) -> str:
        """The fields as the page sends them back."""
        return ",".join(self.keys)


class DoubleRow:
    """One row beside the customer it was recognised as."""

    def __init__(self, view: RowView, sides: Comparison, difference: Difference | None, office_id: int) -> None:
        self.view, self.sides, self.difference = view, sides, difference
        self.seen = sides.seen(office_id).hex()

    @cached_property
    def chosen(self) -> set[str]:
        """The columns that will be overwritten or emptied."""
        return set(unpacked(self.difference.chosen)) if self.difference else set()

    @property
    def all_keys(self) -> str:
        """All differing fields, as the page sends them back."""
        return ",".join(self.sides.differs)

    @property
    def is_all_chosen(self) -> bool:
        """Whether every differing field is chosen."""
        return bool(self.sides.differs) and self.chosen.issuperset(self.sides.differs)

    @property
    def is_choosable(self) -> bool:
        """Whether there is anything to choose in this row."""
        return bool(self.sides.differs) or self.sides.lacks_dossier

    @property
    def wants_dossier(self) -> bool:
        """Whether the customer will get a dossier."""
        return self.difference is not None and self.difference.wants_dossier

    @property
    def new_deadline(self) -> str:
        """The deadline that a new dossier would get, in words."""
        return value_words("deadline", self.sides.file["deadline"]) if self.sides.lacks_dossier else ""

    @property
    def matched_by(self) -> str:
        """Why the row was taken for this customer."""
        if self.view.known and is_partner(self.view.row.number_hash, self.sides.known):
            return gettext("partner of %(name)s") % {"name": self.view.known.name}
        return str(MATCHED_BY.get(self.view.row.matched_by, ""))

    def field(self, group: str) -> Field:
        """Give one cell of the table."""
        keys = tuple(key for key in keys_of(group) if key in self.sides.differs)
        emptied = [key for key in keys_of(group) if key in self.chosen and key in self.sides.empties]
        states = {self.sides.moved(key) for key in keys}
        state = next((name for name in ("asked", "kept", "proposed") if name in states), "")
        after = self.sides.taken([*keys, *emptied])
        return Field(
            group, keys, self._text(group, {}), self._text(group, after) or gettext("empty"),
            is_chosen=bool(keys) and self.chosen.issuperset(keys), is_emptied=bool(emptied),
            is_taken=not self.chosen.isdisjoint(keys_of(group)), is_proposed=state == "proposed",
            why=self._why(group, keys, state),
        )  # fmt: skip

    def _text(self, group: str, after: Mapping[str, str]) -> str:
        texts = {key: after[key] if key in after else self._known(key) for key in keys_of(group)}
        if group != "address":
            return value_words(group, texts[group])
        street = " ".join(filter(None, (texts["street"], texts["house_number"], texts["box"] and f"/ {texts['box']}")))
        town = " ".join(filter(None, (texts["postal_code"], texts["city"])))
        country = "" if texts["country"] == "BE" else texts["country"]
        return ", ".join(filter(None, (street, town, country)))

    def _known(self, key: str) -> str:
        customer = self.view.known
        if customer is None:
            return ""
        if key == "labels":
            return ",".join(customer.labels)
        if key in OF_DOSSIER:
            return self.sides.known[key]
        if key == "responsible":
            return customer.responsible.email if customer.responsible else ""
        return known_text(customer, key)

    def _why(self, group: str, keys: Sequence[str], state: str) -> str:
        if not state:
            return ""
        base = self.sides.base if all(self.sides.is_known_before(key) for key in keys) else None
        if base is None and state == "asked":
            return gettext("This customer did not come from a list that is still here: you decide.")
        words = [str(MOVED[state]), *(str(words) for name, words in BY_RULE.items() if name == group)]
        said = [value_words(key, base.file[key]) for key in keys if key in SAID] if base else []
        if text := " ".join(filter(None, said)):
            words.append(gettext("Your list said at the last import: %(value)s.") % {"value": text})
        return " ".join(words)


def double_rows(review: Review) -> list[DoubleRow]:
    """Give the rows of the page beside their customers."""
    views = list(review.page.object_list)
    batch = review.batch
    customers = known_as(view.known for view in views if view.known)
    sides = {each.row_id: each for each in look(batch, [view.row for view in views], customers, proposals=True)}
    return [
        DoubleRow(view, sides[view.row.pk], getattr(view.row, "difference", None), batch.office_id)
        for view in views
        if view.row.pk in sides
    ]


def table_columns(rows: Sequence[DoubleRow]) -> list[dict[str, Any]]:
    """Give the columns of the table: the usual ones, and those in which something differs or is emptied here."""
    found = {group_of(key) for row in rows for key in (*row.sides.differs, *row.chosen)}
    groups = dict.fromkeys([*BASE, *(group_of(key) for key in KEYS)])
    return [{"key": key, "header": group_header(key)} for key in groups if key in found or key in BASE]
