"""What came of a workbook that was taken back, in words."""

from collections.abc import Iterator, Sequence

from django.contrib.messages import INFO, SUCCESS, WARNING
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounton.importing.returning import NAMED_AT_MOST, TakenBack


def returned_words(taken: TakenBack) -> Iterator[tuple[int, str]]:
    """Give level and sentence of each thing there is to say."""
    if taken.change:
        sentence = ngettext(
            "%(count)s row was replaced: %(valid)s in order now, %(invalid)s still wrong.",
            "%(count)s rows were replaced: %(valid)s in order now, %(invalid)s still wrong.",
            taken.change.rows,
        )
        yield SUCCESS, sentence % {"count": taken.change.rows, "valid": taken.valid, "invalid": taken.invalid}
    elif taken.same:
        yield INFO, _("No cell of this workbook differs from the review. Nothing was changed.")
    for rows, sentence in _left_alone(taken):
        if rows:
            yield WARNING, sentence % {"rows": _named(rows)}


def _left_alone(taken: TakenBack) -> Iterator[tuple[Sequence[int], str]]:
    yield (
        taken.changed,
        _("Changed in the review since you downloaded this workbook, so left as they are there: rows %(rows)s."),
    )
    yield taken.added, _("Added as customers meanwhile, so left alone: rows %(rows)s. Correct them at the customer.")
    yield taken.twice, _("The same row as one above them, so neither was taken: rows %(rows)s.")
    yield taken.unknown, _("Not rows of this import, so passed over: rows %(rows)s.")


def _named(rows: Sequence[int]) -> str:
    return ", ".join(map(str, rows[:NAMED_AT_MOST])) + (", …" if len(rows) > NAMED_AT_MOST else "")
