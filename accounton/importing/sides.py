"""The two sides of a comparison, each as text by column key: what a row says, and what is known of a customer.

National numbers stand here by their keyed hash, colleagues by their id: both sides then compare without being opened.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from accounton.customers.models import Customer
from accounton.customers.numbers import COLUMNS as NUMBERS
from accounton.customers.saving import TEXTS
from accounton.importing.models import Batch
from accounton.offices.keys import sealer
from accounton.offices.models import User
from accounton.offices.scoping import active_office_id
from accounton.rows.couples import SPOUSE, SPOUSE_NAMES

Side = dict[str, str]
Hash = bytes | memoryview | None
SHOWN_AS_IT_IS = (*TEXTS, *SPOUSE)
OF_CUSTOMER = (*SHOWN_AS_IT_IS, "labels", "responsible", *NUMBERS)
"""All that a row can say about a customer himself."""
OF_DOSSIER = ("deadline",)
"""What it says about the dossier of the task flow and year that its list was read for."""
KEYS = (*OF_CUSTOMER, *OF_DOSSIER)
COMPARED_BEFORE = (*TEXTS, *SPOUSE_NAMES, "labels", "responsible", *NUMBERS)
"""What was compared before release 0.1.0, in the order of its digests: reviews open then keep their choices."""
OF_PARTNER = frozenset({*SPOUSE, "spouse_enterprise_number"})
NO_DOSSIER = dict.fromkeys(OF_DOSSIER, "")
PARTNER = ("first_name", "last_name", "email", "mobile", "national_number", "enterprise_number")
"""What is known of a partner too, under spouse_ and the same name."""


class Known(NamedTuple):
    """One customer: what is known of him, and where he came from."""

    side: Side
    import_row: int | None
    created_at: datetime
    archived_at: datetime | None


def colleagues() -> dict[str, int]:
    """Give the ids of the office's colleagues by their e-mail address, in lower case."""
    found = User.objects.filter(office_id=active_office_id()).values_list("email", "id")
    return {email.lower(): pk for email, pk in found}


def staff_names() -> dict[int, str]:
    """Give the names of the office's colleagues by their id."""
    return {user.pk: str(user) for user in User.objects.filter(office_id=active_office_id())}


def known(customers: QuerySet[Customer]) -> dict[int, Known]:
    """Give customers by their id; what is known of their dossiers is not in it."""
    columns = ("id", "import_row", "created_at", "archived_at", "labels", "responsible_id")
    hashes = [f"{column}_hash" for column in NUMBERS]
    found = {}
    for pk, row, created, archived, labels, responsible, *rest in customers.values_list(
        *columns, *hashes, *SHOWN_AS_IT_IS
    ):
        side = dict(zip(SHOWN_AS_IT_IS, rest[len(hashes) :], strict=True))
        side |= {"labels": _in_order(labels), "responsible": str(responsible or "")}
        side |= {column: _hex(value) for column, value in zip(NUMBERS, rest, strict=False)} | NO_DOSSIER
        found[pk] = Known(side, row, created, archived)
    return found


def known_as(customers: Iterable[Customer]) -> dict[int, Known]:
    """Give customers that are loaded already by their id, as known() gives them."""
    found = {}
    for each in customers:
        side = {key: str(getattr(each, key)) for key in SHOWN_AS_IT_IS}
        side |= {"labels": _in_order(each.labels), "responsible": str(each.responsible_id or "")}
        side |= {column: _hex(getattr(each, f"{column}_hash")) for column in NUMBERS} | NO_DOSSIER
        found[each.pk] = Known(side, each.import_row, each.created_at, each.archived_at)
    return found


def said_by(
    values: Mapping[str, str], hashes: Iterable[bytes | memoryview | None], known_colleagues: Mapping[str, int]
) -> Side:
    """Give what a row says: its values by column key, and the keyed hashes of its two national numbers."""
    side = {key: values.get(key, "") for key in SHOWN_AS_IT_IS}
    side["labels"] = _in_order(values.get("labels", "").split(","))
    side["responsible"] = str(known_colleagues.get(values.get("responsible", "").lower(), ""))
    side |= {column: _hex(value) for column, value in zip(NUMBERS, hashes, strict=True)}
    return side | {key: values.get(key, "") for key in OF_DOSSIER}


def is_partner(number: Hash, side: Side) -> bool:
    """Say whether a row with this hash of a national number is the partner of the customer with this side."""
    return number is not None and _hex(number) == side["spouse_national_number"]


def said_by_partner(values: Mapping[str, str]) -> dict[str, str]:
    """Give what the row of a partner says of the customer: who the partner is, and when their return is due."""
    said = {f"spouse_{key}": values.get(key, "") for key in PARTNER}
    return said | {"deadline": values.get("deadline", "")}


def in_plain(values: Mapping[str, str], office_id: int, known_colleagues: Mapping[str, int]) -> Side:
    """Give the side of values that hold national numbers in plain (values_of), without what they say nothing about."""
    numbers = (values.get(column, "") for column in NUMBERS)
    hashes = [sealer().hash(number, office_id) if number else None for number in numbers]
    side = said_by(values, hashes, known_colleagues)
    return {key: text for key, text in side.items() if key not in OF_DOSSIER or key in values}


def add_of(batch: Batch, made_at: datetime) -> dict[str, Any]:
    """Give what is kept of the add by which a customer was made of a row; nothing for none."""
    adds = [add for add in batch.adds if datetime.fromisoformat(add["since"]) <= made_at]
    return adds[-1] if adds else {}


def language_of_add(batch: Batch, made_at: datetime) -> str:
    """Give the language that was chosen for all when a customer was made of a row: "" for as in the file."""
    return str(add_of(batch, made_at).get("language", batch.language))


def with_partner(guarded: Iterable[str]) -> set[str]:
    """Return the columns in which another national number is known, with all that is said of the partner it is of.

    Another number is another partner: the names of one never come to stand beside the number of the other unasked.
    """
    keys = set(guarded)
    return keys | OF_PARTNER if "spouse_national_number" in keys else keys


def packed(keys: Iterable[str]) -> str:
    """Give column keys as they are stored: ",email,mobile,", "" for none."""
    text = ",".join(keys)
    return f",{text}," if text else ""


def unpacked(text: str) -> list[str]:
    """Give the column keys of a stored list."""
    return [key for key in text.split(",") if key]


def _in_order(labels: Iterable[str]) -> str:
    return ",".join(sorted({label for label in labels if label}))


def _hex(value: Any) -> str:
    return bytes(value).hex() if value else ""
