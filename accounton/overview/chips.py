"""The filters of the overview as chips: those that are on, and those one can add, with what can be chosen."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext

from accounton.customers.models import Customer, Language
from accounton.dossiers.models import Dossier, Status, TaskFlow
from accounton.offices.models import Office, User
from accounton.overview.filters import NOBODY, Filters

CHOOSABLE = ("label", "status", "language", "responsible", "joint", "email", "year", "archived")
SWITCHES = {"email": NOBODY, "archived": "yes"}
"""Filters with nothing to choose: they are on or off. What they are set to when they are on."""
SHOWN_LABELS = 500
Pair = tuple[str | int, str]


@dataclass(frozen=True)
class Choice:
    """One thing to filter by, with the address that does."""

    text: str
    query: str


@dataclass(frozen=True)
class Chip:
    """A filter. `value` is what it is set to, "" while it is off; `query` takes it off, or asks for its choices.

    `choices` are there at once, except those that take a moment to find: then `is_late`.
    """

    key: str
    name: str
    query: str
    value: str = ""
    choices: list[Choice] = field(default_factory=list)
    is_late: bool = False
    is_on: bool = False

    @property
    def is_switch(self) -> bool:
        """Whether there is nothing to choose: it is on or off."""
        return self.key in SWITCHES


def chips(filters: Filters, office: Office, chosen: str = "") -> list[Chip]:
    """Give all chips, those that are on first. `chosen` is the key of the one whose choices are to be found at once."""
    names = _names()
    on = [
        Chip(key, names[key], filters.but(**{key: ""}).query(), _value(filters, key, office), is_on=True)
        for key in CHOOSABLE
        if key != "year" and getattr(filters, key)
    ]
    if not filters.is_this_year:
        on.append(Chip("year", names["year"], filters.this_year().query(), str(filters.year), is_on=True))
    return [*on, *_addable(filters, office, names, chosen)]


def _addable(filters: Filters, office: Office, names: dict[str, str], chosen: str) -> Iterable[Chip]:
    for key in CHOOSABLE:
        if filters.is_this_year if key == "year" else not getattr(filters, key):
            is_late = key == "label" and chosen != "label"
            values = [] if is_late else _choices(filters, key, office)
            choices = [Choice(text, filters.but(**{key: value}).query()) for value, text in values]
            if choices or is_late or key in SWITCHES:
                query = filters.but(**{key: SWITCHES[key]}).query() if key in SWITCHES else _asking(filters, key)
                yield Chip(key, names[key], query, choices=choices, is_late=is_late)


def _asking(filters: Filters, key: str) -> str:
    return "&".join(filter(None, (filters.query(), f"choose={key}")))


def _names() -> dict[str, str]:
    return {
        "label": gettext("Label"),
        "status": gettext("Status"),
        "language": gettext("Language"),
        "responsible": gettext("Responsible"),
        "joint": gettext("Return"),
        "email": gettext("Without e-mail"),
        "year": gettext("Assessment year"),
        "archived": gettext("Archived"),
    }


def _choices(filters: Filters, key: str, office: Office) -> list[Pair]:
    finders: dict[str, Callable[[], list[Pair]]] = {
        "label": lambda: [(label, label) for label in _labels()],
        "status": lambda: [(status.value, str(status.label)) for status in Status],
        "language": lambda: [(code.value, str(code.label)) for code in Language if code in office.languages],
        "responsible": lambda: [*((str(user.pk), str(user)) for user in _staff(office)), (NOBODY, gettext("Nobody"))],
        "joint": lambda: [("yes", gettext("Joint return")), ("no", gettext("Individual return"))],
        "year": lambda: [(year, str(year)) for year in _years() if year != filters.year],
        **{key: lambda: [] for key in SWITCHES},
    }
    return finders[key]()


def _value(filters: Filters, key: str, office: Office) -> str:
    value = getattr(filters, key)
    if key == "label":
        return str(value)
    if key in SWITCHES:
        return ""
    known = {str(choice): text for choice, text in _choices(filters, key, office)}
    return known.get(value, str(value))


def _labels() -> list[str]:
    packed = Customer.objects.order_by().values_list("labels", flat=True).distinct()
    return sorted({label for labels in packed for label in labels}, key=str.casefold)[:SHOWN_LABELS]


def _staff(office: Office) -> list[User]:
    return list(User.objects.filter(office=office).order_by("name", "email"))


def _years() -> list[int]:
    dossiers = Dossier.objects.filter(task_flow=TaskFlow.PERSONENBELASTING)
    years = dossiers.order_by().values_list("assessment_year", flat=True).distinct()
    return sorted(years, reverse=True)
