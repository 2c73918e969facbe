"""What the page shows on which columns are matched, and what comes in from it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounton.customers.models import Language
from accounton.importing.mapping_layouts import SEEN, kept_choices, opened_layout
from accounton.importing.models import Batch
from accounton.importing.posted import as_number
from accounton.importing.wording import header_of
from accounton.offices.models import Office
from accounton.rows.columns import BY_KEY
from accounton.rows.head import FILLING
from accounton.rows.mapping_targets import JOINED, NONE, is_imported, keys_of, missing_of
from accounton.rows.messages import describe_code

NAMES = {
    "phone": _("Mobile number, without landlines"),
    "second_phone": _("Mobile number, where the other column has none"),
    SEEN: _("This list is not asked about again"),
}
REASONS = {
    "user": _("remembered from your last import"),
    "office": _("remembered from your office"),
    "header": _("certain"),
    "given": _("certain"),
    "person": "",
    "none": "",
}


@dataclass(frozen=True)
class ColumnView:
    """One column of the file on the page."""

    place: int
    letter: str
    header: str
    samples: list[str]
    target: str
    reason: str
    is_twice: bool

    @property
    def name(self) -> str:
        """How it is called: by its header, or by its letter."""
        return self.header or gettext("Column %(letter)s") % {"letter": self.letter}

    @property
    def field(self) -> str:
        """The name of its choice in the form."""
        return f"column-{self.place}"


def target_name(target: str) -> str:
    """Give the name of a target in the reader's language: "Last name + First name"."""
    if target in NAMES:
        return str(NAMES[target])
    return " + ".join(header_of(key) for key in keys_of(target)) or gettext("Do not import")


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Give the targets in groups: required columns, what is taken apart, the others."""
    required = [key for key, column in BY_KEY.items() if column.required]
    others = [key for key in BY_KEY if key not in (*required, "extra_pb")]
    apart = [*JOINED, *FILLING]
    groups = ((gettext("Required"), required), (gettext("Taken apart"), apart), (gettext("Other"), others))
    return [(label, [(target, target_name(target)) for target in targets]) for label, targets in groups]


def chosen_from(data: Mapping[str, str]) -> dict[int, str]:
    """Read the targets by place from a form."""
    places = ((name.removeprefix("column-"), target) for name, target in data.items() if name.startswith("column-"))
    return {as_number(place): target for place, target in places}


def mapping_context(batch: Batch, office: Office, data: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Give all that the page shows: the proposals, or what somebody chose instead, as `data` or else what is kept."""
    layout = opened_layout(batch)
    chosen, language = kept_choices(layout)
    if data is not None:
        chosen, language = chosen_from(data), data.get("language", "")
    elif not language:
        language = office.list_language
    targets = {each["place"]: chosen.get(each["place"], each["target"]) for each in layout["columns"]}
    counts = Counter(key for target in targets.values() for key in keys_of(target))
    views = [_view(each, targets[each["place"]], counts) for each in layout["columns"]]
    shown = [view for view in views if not _is_aside(view, layout)]
    there = {*counts, *(["language"] if language else [])}
    sheets = [name for name, is_visible in layout["sheets"] if is_visible and name]
    others = [name for name in sheets if name != layout["sheet"]]
    return {
        "section": "imports",
        "batch": batch,
        "layout": layout,
        "columns": sorted(shown, key=lambda view: (not _feeds_required(view.target), view.target == NONE)),
        "aside": [view for view in views if view not in shown],
        "used": sum(view.target != NONE for view in views),
        "choices": choices(),
        "missing": [header_of(key) for key in missing_of(there)],
        "twice": [header_of(key) for key, count in counts.items() if count > 1],
        "needs_language": not counts["language"],
        "languages": [(code, label) for code, label in Language.choices if code in office.languages],
        "language": language,
        "sheets": sheets,
        "not_read": describe_code("sheet.others", ", ".join(others), gettext) if others else "",
    }


def columns_context(batch: Batch) -> dict[str, Any]:
    """Give what became of each column of a file that was read."""
    columns = [
        {
            "header": each["header"] or each["letter"],
            "target": target_name(each.get("target", NONE)),
            "is_imported": is_imported(each.get("target", NONE)),
        }
        for each in batch.columns
    ]
    return {"section": "imports", "batch": batch, "columns": columns}


def _view(column: dict[str, Any], target: str, counts: Counter[str]) -> ColumnView:
    names = ("place", "letter", "header", "samples")
    reason = _reason(column) if target == column["target"] else ""
    twice = any(counts[key] > 1 for key in keys_of(target))
    return ColumnView(**{name: column[name] for name in names}, target=target, reason=reason, is_twice=twice)


def _is_aside(view: ColumnView, layout: dict[str, Any]) -> bool:
    """Whether a column need not be looked at: nothing stands in it, or it was known to be nothing of ours."""
    column = next(each for each in layout["columns"] if each["place"] == view.place)
    is_known = column["target"] == NONE and column["by"] in ("header", "user", "office")
    return view.target == NONE and (not view.samples or is_known)


def _feeds_required(target: str) -> bool:
    return any(BY_KEY[key].required for key in keys_of(target))


def _reason(column: dict[str, Any]) -> str:
    by, target, detail = column["by"], column["target"], column["detail"]
    if target == NONE:
        return gettext("“%(header)s” is this already") % {"header": detail} if by == "none" and detail else ""
    if by == "values":
        reason = gettext("recognised by its values: %(share)s %% valid") % {"share": column["share"]}
    elif by == "close":
        reason = gettext("looks like “%(header)s”") % {"header": detail}
    else:
        reason = str(REASONS[by])
    if target in ("phone", *FILLING):
        return gettext("%(reason)s, landline numbers are left out") % {"reason": reason}
    return gettext("%(reason)s, taken apart") % {"reason": reason} if target in JOINED else reason
