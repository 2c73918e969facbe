"""What entries are about ("customer:12"): what it is called, how it is found by name, and the page it has.

Rooms that stand above offices say it of their own; names are looked up when a page is shown, and stored nowhere.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounton.offices.models import Office, User
from accounton.offices.scoping import active_office_id

MOST_FOUND = 50


def _no_names(_ids: Collection[int]) -> Mapping[int, str]:
    return {}


def _nobody(_query: str, _most: int) -> Iterable[int]:
    return ()


@dataclass(frozen=True)
class SubjectKind:
    """A kind of subject. `words` name one without a name ("customer %(id)s") and with ("customer %(name)s").

    `names` gives the names of those of the active office that are still there; `found` the ids of those whose name fits
    a query, at most so many. `url_name` is an address that takes the id.
    """

    name: str
    without_name: str | Promise
    with_name: str | Promise = "%(name)s"
    url_name: str = ""
    names: Callable[[Collection[int]], Mapping[int, str]] = _no_names
    found: Callable[[str, int], Iterable[int]] = _nobody


@dataclass(frozen=True)
class Shown:
    """A subject as pages show it; without a page of its own `url` is ""."""

    text: str
    url: str = ""


KINDS: dict[str, SubjectKind] = {}


def register(kind: SubjectKind) -> None:
    """Have a kind of subject known."""
    KINDS[kind.name] = kind


def is_subject(text: str) -> bool:
    """Return whether a text names a subject by its id: "customer:12"."""
    kind, _colon, pk = text.partition(":")
    return kind in KINDS and pk.isascii() and pk.isdigit() and len(pk) < 19


def shown(subjects: Iterable[str]) -> dict[str, Shown]:
    """Return how each subject is shown, with one query for each kind."""
    ids: dict[str, set[int]] = {}
    for subject in subjects:
        kind, _colon, pk = subject.partition(":")
        ids.setdefault(kind, set()).add(int(pk) if is_subject(subject) else 0)
    found: dict[str, Shown] = {}
    for name, pks in ids.items():
        kind_of = KINDS.get(name)
        names = kind_of.names(pks) if kind_of else {}
        for each in pks:
            found[f"{name}:{each}"] = _shown(kind_of, each, names.get(each, "")) if kind_of else Shown(f"{name} {each}")
    return {subject: found.get(subject) or _unnumbered(subject) for subject in subjects}


def found_by_name(query: str) -> list[str]:
    """Return the subjects of the active office whose name fits a query."""
    return [f"{kind.name}:{pk}" for kind in KINDS.values() for pk in kind.found(query, MOST_FOUND)]


def _shown(kind: SubjectKind, pk: int, name: str) -> Shown:
    if not name:
        return Shown(str(kind.without_name) % {"id": pk})
    try:
        url = reverse(kind.url_name, args=[pk]) if kind.url_name else ""
    except NoReverseMatch:
        url = ""
    return Shown(str(kind.with_name) % {"name": name, "id": pk}, url)


def _unnumbered(subject: str) -> Shown:
    kind = KINDS.get(subject.partition(":")[0])
    return Shown(str(kind.without_name) % {"id": ""} if kind else subject)


def _staff_names(ids: Collection[int]) -> Mapping[int, str]:
    return {user.pk: str(user) for user in User.objects.filter(pk__in=ids, office_id=active_office_id())}


def _staff_found(query: str, most: int) -> Iterable[int]:
    staff = User.objects.filter(office_id=active_office_id(), name__icontains=query)
    return staff.values_list("pk", flat=True)[:most]


def _office_names(ids: Collection[int]) -> Mapping[int, str]:
    return dict(Office.objects.filter(pk__in=ids, pk=active_office_id()).values_list("pk", "name"))


register(SubjectKind("user", _("colleague %(id)s"), names=_staff_names, found=_staff_found))
register(SubjectKind("office", _("office %(id)s"), names=_office_names))
register(SubjectKind("account", _("an account that nobody has")))
