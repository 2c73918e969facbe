"""What the address of the overview asks for: filters, search, sort and page, each checked against what there is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from accounton.customers.models import Language
from accounton.dossiers.models import Status

NOBODY = "none"
NARROWING = ("q", "label", "status", "language", "responsible", "joint", "email", "archived")
"""What narrows the list, but for the year."""
SORTS = ("name", "joint", "status", "language", "responsible", "deadline", "code", "questionnaire")
LATEST_PAGE = 100_000


@dataclass(frozen=True)
class Filters:
    """One view of the overview. Empty texts filter nothing; whatever the address has that is unknown is left out."""

    year: int
    current_year: int
    q: str = ""
    label: str = ""
    status: str = ""
    language: str = ""
    responsible: str = ""
    joint: str = ""
    email: str = ""
    archived: str = ""
    sort: str = "name"
    page: int = 1

    @classmethod
    def of(cls, params: Mapping[str, str], this_year: int) -> "Filters":
        """Read the parameters of an address."""

        def one_of(key: str, allowed: tuple[str, ...]) -> str:
            return params.get(key, "") if params.get(key, "") in allowed else ""

        year = _whole(params.get("year", ""), 2000, 2100) or this_year
        responsible = params.get("responsible", "")
        sort = params.get("sort", "")
        return cls(
            year=year,
            current_year=this_year,
            q=params.get("q", "").replace("\0", "").strip()[:200],
            label=params.get("label", "").replace("\0", "").strip(" ,")[:100],
            status=one_of("status", tuple(Status.values)),
            language=one_of("language", tuple(Language.values)),
            responsible=responsible if responsible == NOBODY or _whole(responsible, 1, 2**62) else "",
            joint=one_of("joint", ("yes", "no")),
            email=one_of("email", (NOBODY,)),
            archived=one_of("archived", ("yes",)),
            sort=sort if sort.removeprefix("-") in SORTS else "name",
            page=_whole(params.get("page", ""), 1, LATEST_PAGE) or 1,
        )

    @property
    def is_this_year(self) -> bool:
        """Whether the dossiers of the current assessment year are shown."""
        return self.year == self.current_year

    @property
    def sort_key(self) -> str:
        """The key of what is sorted by, without its direction."""
        return self.sort.removeprefix("-")

    @property
    def is_descending(self) -> bool:
        """Whether the last comes first."""
        return self.sort.startswith("-")

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the year narrows the list."""
        return any(getattr(self, key) for key in NARROWING)

    @property
    def joins_customers(self) -> bool:
        """Whether counting must look at every customer: an index answers the other filters by itself."""
        return any((self.label, self.language, self.responsible, self.joint, self.email))

    def but(self, **changes: str | int) -> "Filters":
        """Give the same view with something changed, from its first page on."""
        return replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]

    def cleared(self) -> "Filters":
        """Give the view of the same year without any filter."""
        return Filters(year=self.year, current_year=self.current_year, sort=self.sort)

    def this_year(self) -> "Filters":
        """Give the same view of the current assessment year."""
        return self.but(year=self.current_year)

    def query(self) -> str:
        """Give the address of this view after the "?", "" for the plain overview."""
        values: dict[str, str | int] = {key: getattr(self, key) for key in NARROWING if getattr(self, key)}
        if not self.is_this_year:
            values["year"] = self.year
        if self.sort != "name":
            values["sort"] = self.sort
        if self.page > 1:
            values["page"] = self.page
        return urlencode(values)


def _whole(text: str, lowest: int, highest: int) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
    return number if lowest <= number <= highest else 0
