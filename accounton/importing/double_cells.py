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
from accounton.importing.screening import group_words, value_words
from accounton.importing.sides import KEYS, OF_DOSSIER, SHOWN_AS_IT_IS, is_partner, known_as, unpacked
from accounton.importing.wording import header_of
from accounton.rows.changes import Kind
from accounton.rows.groups import group_of, keys_of, with_company

SAID = (*SHOWN_AS_IT_IS, *OF_DOSSIER)
BASE = ("email", "mobile", "address")
BY_RULE = {"labels": _("Labels of your list are added; none is taken away.")}
"""What is said of columns that are not simply replaced."""
MOVED = {
    "proposed": _("Only your list changed since the last import: proposed."),
    "kept": _("Your list says what it said at the last import: what stands here is kept, unless you tick it."),
    "asked": _("Both changed since the last import, or nobody knows: you decide."),
}
BY_KIND: dict[Kind, Any] = {
    "spelling": _("Only the spelling differs: you decide."),
    "incomplete": _("Your list does not say all of the new address: look at what becomes of it before you tick it."),
}
"""What is said instead of who changed, of changes that are never proposed."""
OTHER_NUMBER = _("Another national number is known: these are two people, or one of the numbers is wrong.")


@dataclass(frozen=True)
class Field:
    """One cell: a column, or columns that belong together. `keys` are those that change; none: nothing to choose."""

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
    is_guarded: bool
    """Whether another national number is known: it is replaced on a page of its own."""

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
    def _together(self) -> list[str]:
        """The differing fields that are chosen together: all but a national number that would replace another, and
        what is said of the partner whose it is.
        """
        return [key for key in self.sides.differs if key not in self.sides.held or key in self.chosen]

    @property
    def all_keys(self) -> str:
        """The fields that the box of the row chooses, as the page sends them back."""
        return ",".join(self._together)

    @property
    def is_all_chosen(self) -> bool:
        """Whether every field is chosen that the box of the row chooses."""
        return bool(self._together) and with_company(self.chosen).issuperset(self._together)

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
        state = self.sides.moved(keys[0]) if keys else ""
        after = self.sides.taken([*keys, *emptied])
        return Field(
            group, keys, self._text(group, {}), self._text(group, after) or gettext("empty"),
            is_chosen=bool(keys) and not self.chosen.isdisjoint(keys_of(group)), is_emptied=bool(emptied),
            is_taken=not self.chosen.isdisjoint(keys_of(group)), is_proposed=state == "proposed",
            why=self._why(group, keys, state),
            is_guarded=not self.chosen.intersection(keys).issuperset(self._asked(keys)),
        )  # fmt: skip

    def _asked(self, keys: Sequence[str]) -> set[str]:
        return set(self.sides.guarded).intersection(keys)

    def _text(self, group: str, after: Mapping[str, str]) -> str:
        return group_words(group, {key: after[key] if key in after else self._known(key) for key in keys_of(group)})

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
        if not self.sides.held.isdisjoint(keys):
            return str(OTHER_NUMBER)
        base = self.sides.base if all(self.sides.is_known_before(key) for key in keys) else None
        if base is None and state == "asked" and self.sides.changes[group].kind not in BY_KIND:
            return gettext("This customer did not come from a list that is still here: you decide.")
        words = [str(self._why_asked(group, state)), *(str(words) for name, words in BY_RULE.items() if name == group)]
        text = group_words(group, base.file) if base and keys[0] in SAID else ""
        if text:
            words.append(gettext("Your list said at the last import: %(value)s.") % {"value": text})
        return " ".join(words)

    def _why_asked(self, group: str, state: str) -> Any:
        return BY_KIND.get(self.sides.changes[group].kind, MOVED["asked"]) if state == "asked" else MOVED[state]


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
    return [{"key": key, "header": header_of(key)} for key in groups if key in found or key in BASE]
