"""What a page or a workbook shows of the values and findings of a row: the one place where national numbers are masked.

Of a column of national numbers a valid number never stands there in plain. What is no number does, so that it can be
put right; a number inside it is masked all the same (decision 021). So it is in every other column (decision 022).
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounton.belgium.national_numbers import masked
from accounton.belgium.number_masks import is_mask, screened
from accounton.belgium.numbers_in_text import masked_in, may_hold
from accounton.customers.addresses import address_in_one_line
from accounton.customers.models import Language
from accounton.rows.columns import COLUMNS
from accounton.rows.findings import Finding
from accounton.rows.groups import keys_of
from accounton.rows.misplaced import MISPLACED

LINES = {"address": address_in_one_line}
"""Groups of columns that are shown in one line, and how."""
SECRET = frozenset(column.key for column in COLUMNS if column.secret)
_MASK = re.compile(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}-\*{3}\.\*{2}")


def shown(key: str, text: str) -> str:
    """Return a value as a screen may show it."""
    return masked(text) if key in SECRET else _masked_in(text)


def shown_wrong(key: str, text: str) -> str:
    """Return a value that a problem is about: as it stands, but for the national numbers in it."""
    return screened(text) if key in SECRET else _masked_in(text)


def is_hidden(key: str, text: str) -> bool:
    """Say whether a page does not give this value of a row back: it is or holds a national number."""
    return shown_wrong(key, text) != text


def name_of(values: Mapping[str, str]) -> str:
    """Return first and last name of a row (texts by column key) as a screen may show them."""
    return _masked_in(f"{values.get('first_name', '')} {values.get('last_name', '')}".strip())


def value_words(key: str, text: str) -> str:
    """Return a value as a screen may show it, a language in words and a date as people write it."""
    if key == "deadline":
        with suppress(ValueError):
            return date.fromisoformat(text).strftime("%d/%m/%Y")
    return str(Language(text).label) if key == "language" and text in Language.values else shown(key, text)


def group_words(group: str, values: Mapping[str, str]) -> str:
    """Return what stands in a column, or in columns that belong together, as a screen may show it."""
    if group in LINES:
        return LINES[group]({key: values.get(key, "") for key in keys_of(group)})
    return value_words(group, values.get(group, ""))


def on_screen(finding: Finding) -> Finding:
    """Return a finding as a screen may show it.

    What is suggested for a national number is told in words: a mask is never offered as a value.
    """
    if finding.code == MISPLACED and finding.kind == "suggestion":
        return finding._replace(
            after=_("the number from another column") if finding.column in SECRET else finding.after
        )
    if finding.column not in SECRET:
        return _of_other_column(finding)
    if _is_repair(finding):
        return finding._replace(before=_("other notation"), after=masked(finding.after))
    after = _suggestion_words(finding) if finding.kind == "suggestion" else ""
    return finding._replace(before=screened(finding.before), after=after)


def keeps(key: str, text: object, old: str) -> bool:
    """Say whether `text`, put over the value `old`, changes nothing.

    It is the same; or it is a mask, copied from a page or a workbook of ours: no mask takes the place of a number.
    """
    if text == old:
        return True
    return isinstance(text, str) and is_masked(key, text)


def is_masked(key: str, text: str) -> bool:
    """Say whether a text, put into a column, is a mask in the place of a number, or holds one."""
    return is_mask(text) if key in SECRET else _MASK.search(text) is not None


def _masked_in(text: str) -> str:
    return masked_in(text, timezone.localdate()) if may_hold(text) else text


def _of_other_column(finding: Finding) -> Finding:
    if not _is_repair(finding):
        return finding
    return finding._replace(before=_masked_in(finding.before), after=value_words(finding.column, finding.after))


def _is_repair(finding: Finding) -> bool:
    return finding.kind == "repair"


def _suggestion_words(finding: Finding) -> str:
    zeros = len(finding.after) - sum(map(str.isdecimal, finding.before))
    if zeros <= 0 or not finding.after.startswith("0" * zeros):
        return _("the number in another notation")
    return ngettext(
        "the number with a zero in front", "the number with %(count)s zeros in front", zeros
    ) % {"count": zeros}  # fmt: skip
